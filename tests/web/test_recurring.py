"""It happened again: three answers make a stub that is linked to what it repeats."""

import pytest
from django.core.exceptions import PermissionDenied

from postmortems import content, recurring
from postmortems.models import Membership, Postmortem, User
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem, make_user
from tests.search.asking import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def former(platform, alice) -> Postmortem:
    return make_postmortem(make_document("Disk full"), team=platform, authors=(alice,))


def test_three_answers_make_a_linked_stub(browse, alice, former):
    typed = {"started": "2024-05-01", "noticed": "pages are slow", "helped": "removed old logs"}

    answer = browse(alice).post(f"/p/{former.ref}/again/", typed)

    made = Postmortem.objects.exclude(pk=former.pk).get()
    document = content.read(made)
    assert answer.url == made.get_absolute_url()
    assert (document.title, document.started) == ("Again: Disk full", Moment("2024-05-01"))
    assert [item.text for item in document.signals] == ["pages are slow"]
    assert [item.text for item in document.workarounds] == ["removed old logs"]
    assert found("status:draft relation:same-defect", alice) == {made.ref}


def test_a_form_without_any_answer_makes_none(browse, alice, former):
    page = browse(alice).post(f"/p/{former.ref}/again/", {"started": " "}).text

    assert "one of them is enough" in page
    assert Postmortem.objects.get() == former


def test_one_answer_is_enough(browse, alice, former):
    browse(alice).post(f"/p/{former.ref}/again/", {"helped": "a restart"})

    assert Postmortem.objects.filter(title="Again: Disk full").count() == 1


def test_who_writes_in_another_team_files_it_there(browse, charlie, payments, former):
    browse(charlie).post(f"/p/{former.ref}/again/", {"noticed": "slow"})

    made = Postmortem.objects.exclude(pk=former.pk).get()
    assert (made.team, made.visibility) == (payments, former.visibility)


def test_who_writes_in_two_teams_chooses(browse, alice, payments, former):
    Membership.objects.create(user=alice, team=payments, role="author")

    page = browse(alice).get(f"/p/{former.ref}/again/").text

    assert '<option value="platform" selected>' in page
    assert '<option value="payments">' in page


def test_a_team_that_one_does_not_write_in_is_refused(browse, alice, payments, former):
    Membership.objects.create(user=alice, team=payments, role="author")
    typed = {"noticed": "slow", "team": "network"}

    page = browse(alice).post(f"/p/{former.ref}/again/", typed).text

    assert "Choose a team that you write in." in page
    assert Postmortem.objects.get() == former


def test_nobody_writes_in_a_team_by_naming_it(charlie, platform, former):
    with pytest.raises(PermissionDenied):
        recurring.happened_again(
            former, by=charlie, started=Moment(), noticed="slow", team=platform
        )


@pytest.mark.parametrize("visibility", ["team", "restricted"])
def test_in_another_team_nobody_sees_it_who_may_not_see_the_former(
    platform, payments, alice, bob, charlie, visibility
):
    make_user("carol", team=payments)
    former = make_postmortem(team=platform, authors=(alice, charlie), visibility=visibility)

    made = recurring.happened_again(
        former, by=charlie, started=Moment(), noticed="slow", team=payments
    )

    seen_by = {
        user.username
        for user in User.objects.all()
        if Postmortem.objects.visible_to(user).filter(pk=made.pk).exists()
    }
    assert seen_by == {"alice", "charlie"}


def test_an_unfinished_former_is_as_hidden_however_public_it_will_be(
    platform, payments, alice, charlie
):
    former = make_postmortem(
        team=platform, authors=(alice, charlie), visibility="public", status="draft"
    )

    made = recurring.happened_again(
        former, by=charlie, started=Moment(), noticed="slow", team=payments
    )

    assert made.visibility == "restricted"


def test_nobody_makes_one_of_what_they_may_not_see(platform, alice, bob):
    hidden = make_postmortem(team=platform, authors=(alice,), visibility="restricted")

    with pytest.raises(PermissionDenied):
        recurring.happened_again(hidden, by=bob, started=Moment(), noticed="slow")

    assert Postmortem.objects.get() == hidden


def test_a_stub_of_a_restricted_one_is_for_those_who_may_see_that(platform, alice, bob, charlie):
    former = make_postmortem(
        team=platform, authors=(alice,), named=(bob, charlie), visibility="restricted"
    )

    made = recurring.happened_again(former, by=bob, started=Moment(), noticed="slow")

    assert set(made.named_people.all()) == {alice, charlie}
    for reader in (alice, bob, charlie):
        assert Postmortem.objects.visible_to(reader).filter(pk=made.pk).exists()


def test_a_stub_of_what_a_team_may_see_names_nobody(former, bob):
    made = recurring.happened_again(former, by=bob, started=Moment(), noticed="slow")

    assert not made.named_people.exists()


def test_a_title_that_is_cut_behind_a_word_is_a_title(browse, platform, alice):
    title = f"{'a' * 292} {'b' * 7}"
    former = make_postmortem(make_document(title), team=platform, authors=(alice,))

    browse(alice).post(f"/p/{former.ref}/again/", {"helped": "x"})

    made = Postmortem.objects.exclude(pk=former.pk).get()
    assert made.title == f"Again: {'a' * 292}"


def test_a_stub_may_be_for_fewer_people_and_never_for_more(browse, platform, alice):
    former = make_postmortem(team=platform, authors=(alice,), visibility="internal")
    url, client = f"/p/{former.ref}/again/", browse(alice)

    refused = client.post(url, {"helped": "A restart", "visibility": "public"})
    kept = client.post(url, {"helped": "A restart", "visibility": "team"})

    assert "Choose a narrower one." in refused.text
    assert kept.status_code == 302
    made = Postmortem.objects.exclude(pk=former.pk).get()
    assert made.visibility == "team"
