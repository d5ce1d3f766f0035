"""Same defect, not similar, undo: on the read page and on the page of what is similar, with and without script."""

import pytest

from postmortems import content, similar_pairs
from postmortems.models import Dismissal, Membership
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

TERMS = ("cause.primary:network/cni-routing", "component:calico", "trigger:upgrade")
IN_PLACE = {"HX-Request": "true", "HX-Target": "similar-panel"}


@pytest.fixture
def alike(platform, payments):
    """One of each team that share rare terms, among others."""
    found = [
        make_postmortem(make_document(title, terms=TERMS), team=team)
        for title, team in (("Mine", platform), ("Theirs", payments))
    ]
    for number in range(8):
        make_postmortem(make_document(f"Else {number}", terms=("cause.primary:security",)))
    return found


def address(one, other, act):
    return f"/p/{one.ref}/similar/{other.ref}/{act}/"


def read(browse, postmortem, user=None):
    return browse(user).get(postmortem.get_absolute_url()).text


def similar(browse, postmortem, user=None, query=""):
    return browse(user).get(f"/p/{postmortem.ref}/similar/{query}").text


def links(postmortem):
    return [(item.kind, item.target) for item in content.read(postmortem).relations]


def test_who_writes_in_one_of_the_two_is_offered_both(browse, alice, charlie, alike):
    mine, theirs = alike
    confirm, dismiss = address(mine, theirs, "same-defect"), address(mine, theirs, "not-similar")

    for user in (alice, charlie):
        for text in (read(browse, mine, user), similar(browse, mine, user)):
            assert f'action="{confirm}"' in text
            assert f'action="{dismiss}"' in text


def test_a_reader_may_only_dismiss_and_a_visitor_neither(browse, bob, alike):
    mine, theirs = alike
    Membership.objects.filter(user=bob).update(role="reader")

    assert "same-defect/" not in read(browse, mine, bob)
    assert f'action="{address(mine, theirs, "not-similar")}"' in read(browse, mine, bob)
    assert "not-similar/" not in read(browse, mine)
    assert "not-similar/" not in similar(browse, mine)


def test_confirmed_it_says_so_with_a_way_back(browse, alice, alike):
    mine, theirs = alike
    client = browse(alice)

    page = client.post(address(mine, theirs, "same-defect"), follow=True)

    assert page.redirect_chain == [(f"/p/{mine.ref}/similar/?just={theirs.ref}", 302)]
    assert "Linked as same defect." in page.text
    assert f'action="{address(mine, theirs, "unlink")}"' in page.text
    assert "same-defect/" not in page.text
    assert "Known problem: 2 occurrences" in read(browse, mine)
    client.post(address(mine, theirs, "unlink"))
    assert links(mine) == links(theirs) == []


def test_dismissed_it_is_gone_for_the_reader_until_brought_back(browse, bob, charlie, alike):
    mine, theirs = alike
    Membership.objects.filter(user=bob).update(role="reader")
    other = theirs.get_absolute_url()

    page = browse(bob).post(address(mine, theirs, "not-similar"), follow=True).text

    assert "No longer shown as similar." in page
    assert page.count(other) == 1
    assert "Said not to be similar" in page
    assert other not in read(browse, mine, bob)
    assert mine.get_absolute_url() not in read(browse, theirs, bob)
    assert other in read(browse, mine)
    assert other in read(browse, mine, charlie)
    browse(bob).post(address(mine, theirs, "bring-back"))
    assert other in read(browse, mine, bob)


def test_an_editors_dismissal_hides_it_from_everybody_and_editors_bring_it_back(
    browse, alice, bob, charlie, dana, alike
):
    mine, theirs = alike
    other = theirs.get_absolute_url()

    browse(alice).post(address(mine, theirs, "not-similar"))

    for user in (None, alice, bob, charlie, dana):
        assert other not in read(browse, mine, user)
    assert "Said not to be similar" not in similar(browse, mine)
    for user in (bob, charlie, dana):
        assert f'action="{address(mine, theirs, "bring-back")}"' in similar(browse, mine, user)
    browse(charlie).post(address(mine, theirs, "bring-back"))
    assert other in read(browse, mine)


def test_a_reader_is_not_told_what_an_editor_dismissed(browse, alice, bob, alike):
    mine, theirs = alike
    Membership.objects.filter(user=bob).update(role="reader")

    browse(alice).post(address(mine, theirs, "not-similar"))

    assert theirs.get_absolute_url() not in similar(browse, mine, bob)
    assert "Said not to be similar" not in similar(browse, mine, bob)


def test_in_place_the_panel_is_answered(browse, alice, alike):
    mine, theirs = alike
    client = browse(alice)

    answer = client.post(address(mine, theirs, "not-similar"), headers=IN_PLACE, follow=True)

    assert "<html" not in answer.text
    assert 'id="similar-panel"' in answer.text
    assert "No longer shown as similar." in answer.text
    assert theirs.get_absolute_url() not in answer.text
    assert "HX-Target" in answer["Vary"]


def test_in_place_the_page_is_answered_with_what_was_dismissed(browse, alice, alike):
    mine, theirs = alike
    headers = {"HX-Request": "true", "HX-Target": "similar-page"}

    text = (
        browse(alice).post(address(mine, theirs, "not-similar"), headers=headers, follow=True).text
    )

    assert "<html" not in text
    assert 'id="similar-page"' in text
    assert f'action="{address(mine, theirs, "bring-back")}"' in text


ACTS = ("same-defect", "unlink", "not-similar", "bring-back")


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_told_of_what_one_may_not_see(browse, alice, charlie, alike, act):
    mine, _theirs = alike
    hidden = make_postmortem(visibility="restricted", authors=(alice,), ref="hdd3n001")
    client = browse(charlie)
    absent = client.post(f"/p/{mine.ref}/similar/abs3n001/{act}/")

    for one, other in ((mine, hidden), (hidden, mine)):
        answer = client.post(address(one, other, act))
        assert (answer.status_code, len(answer.text)) == (404, len(absent.text))


@pytest.mark.parametrize("act", ACTS)
def test_a_visitor_signs_in_first_and_nobody_acts_by_looking(browse, alice, alike, act):
    url = address(*alike, act)

    assert "/sign-in/" in browse().post(url).url
    assert browse(alice).get(url).status_code == 405
    assert not Dismissal.objects.exists()


def test_who_may_not_link_is_refused(browse, bob, alike):
    Membership.objects.filter(user=bob).update(role="reader")

    assert browse(bob).post(address(*alike, "same-defect")).status_code == 403
    assert links(alike[0]) == []


def test_one_is_not_compared_with_itself(browse, alice, alike):
    assert browse(alice).post(address(alike[0], alike[0], "not-similar")).status_code == 404


@pytest.mark.parametrize("just", ["zzzzzzzz", "x", "\x00", "SELF", "OTHER", "HIDDEN"])
def test_what_was_not_said_is_not_claimed(browse, alice, charlie, alike, just):
    mine, theirs = alike
    hidden = make_postmortem(visibility="restricted", authors=(alice,))
    similar_pairs.dismiss(mine, hidden, by=alice)
    named = {"SELF": mine.ref, "OTHER": theirs.ref, "HIDDEN": hidden.ref}

    answer = browse(charlie).get(f"/p/{mine.ref}/similar/", {"just": named.get(just, just)})

    assert answer.status_code == 200
    assert "Undo" not in answer.text


def test_a_dismissal_of_what_is_hidden_changes_nothing_for_an_outsider(
    browse, alice, charlie, alike
):
    mine, _theirs = alike
    document = make_document("Hidden", terms=TERMS)
    hidden = make_postmortem(document, visibility="restricted", authors=(alice,))
    before = [similar(browse, mine, user) for user in (None, charlie)]

    similar_pairs.dismiss(mine, hidden, by=alice)

    after = [similar(browse, mine, user) for user in (None, charlie)]
    assert [text.split("csrf")[0] for text in after] == [text.split("csrf")[0] for text in before]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_statements_however_many_there_are(
    browse, charlie, alike, count, django_assert_num_queries
):
    mine, _theirs = alike
    for number in range(count):
        make_postmortem(make_document(f"Like it {number}", terms=TERMS))
        dismissed = make_postmortem(make_document(f"Not like it {number}", terms=TERMS))
        similar_pairs.dismiss(mine, dismissed, by=charlie)
    client = browse(charlie)
    client.get(f"/p/{mine.ref}/similar/")

    with django_assert_num_queries(20):
        client.get(f"/p/{mine.ref}/similar/")


def test_the_read_page_takes_no_statement_more_for_what_was_dismissed_or_linked(
    browse, charlie, alike, django_assert_max_num_queries
):
    mine, theirs = alike
    client = browse(charlie)
    similar_pairs.confirm(mine, theirs, by=charlie)
    for number in range(3):
        dismissed = make_postmortem(make_document(f"Not like it {number}", terms=TERMS))
        similar_pairs.dismiss(mine, dismissed, by=charlie)
    make_postmortem(make_document("Like it", terms=TERMS))
    client.get(mine.get_absolute_url())

    with django_assert_max_num_queries(12):
        client.get(mine.get_absolute_url())
