"""The history pages: who sees them, the list, two revisions compared, one as it was, going back."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from postmortems import authoring, content, history, reviews
from postmortems.document import Hypothesis, Lesson, Relation, TimelineEntry
from postmortems.models import AuditEntry, Revision
from postmortems.moments import Moment
from postmortems.web.history_lines import MOST_LINES
from tests.makers import make_document, make_postmortem, make_user

PAGES = ("", "1..2/", "1/", "1/restore/")


def make_two(alice, **fields):
    """A published public postmortem whose second revision takes a secret out."""
    document = make_document("Pods", summary="The password was hunter2.")
    made = make_postmortem(document, authors=(alice,), **fields)
    return change(made, alice, summary="The password was leaked.", comment="Secret out")


def change(postmortem, by, *, comment="", **fields):
    document = replace(content.read(postmortem), **fields)
    return authoring.edit(
        postmortem, document, by=by, revision=postmortem.revision, comment=comment
    )


def page_of(postmortem, rest="") -> str:
    return reverse("postmortem-history", args=[postmortem.ref]) + rest


def plain(page: str) -> str:
    """The text of a page, with `[-gone-]` and `{+come+}`."""
    for tag, opens, closes in (("del", "[-", "-]"), ("ins", "{+", "+}")):
        page = page.replace(f"<{tag}>", opens).replace(f"</{tag}>", closes)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def make_many(postmortem, by, count: int) -> None:
    """Revisions up to number `count`, each with another summary; the last is the current one."""
    data = Revision.objects.get(postmortem=postmortem, number=1).document
    Revision.objects.bulk_create(
        Revision(
            postmortem=postmortem,
            number=number,
            author=by,
            document=data | {"summary": f"Take {number}", "title": "Pods"},
        )
        for number in range(postmortem.revision + 1, count + 1)
    )
    postmortem.revision = count
    postmortem.save()


@pytest.mark.parametrize("rest", PAGES)
def test_the_history_is_for_the_team_the_authors_and_administrators(
    browse, alice, bob, charlie, dana, platform, rest
):
    reader = make_user("reader", team=platform, role="reader")
    guest = make_user("guest")
    made = make_two(alice)
    made.authors.add(guest)

    seen = {
        viewer and viewer.username: browse(viewer).get(page_of(made, rest)).status_code
        for viewer in (alice, bob, dana, reader, guest, charlie, None)
    }

    for_readers = 403 if "restore" in rest else 200
    assert browse().get(made.get_absolute_url()).status_code == 200
    assert seen == {
        **dict.fromkeys(("alice", "bob", "dana"), 200),
        **dict.fromkeys(("reader", "guest"), for_readers),
        **dict.fromkeys(("charlie", None), 404),
    }


@pytest.mark.parametrize("rest", PAGES)
def test_hidden_and_absent_ones_look_alike(browse, alice, bob, rest):
    hidden = make_two(alice, visibility="restricted")

    assert browse(bob).get(page_of(hidden, rest)).status_code == 404
    assert browse(alice).get(page_of(hidden, rest)).status_code == 200
    assert browse(alice).get(f"/p/zzzzzzzz/history/{rest}").status_code == 404


def test_the_list_names_every_revision_and_shows_the_latest_change(browse, alice):
    made = make_two(alice)

    page = browse(alice).get(page_of(made)).text

    assert "Secret out" in page
    assert "The password was [-hunter2-]{+leaked+}." in plain(page)
    assert "+1 words added −1 words removed" in plain(page)
    assert f'href="{page_of(made, "1/restore/")}"' in page


def test_one_revision_alone_has_nothing_to_compare(browse, alice):
    made = make_postmortem(authors=(alice,))

    assert "Nothing to compare yet." in browse(alice).get(page_of(made)).text


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ("?before=1&after=2", "1..2/"),
        ("?before=2&after=1", "1..2/"),
        ("?after=2", "1..2/"),
        ("?before=1", "1..2/"),
        ("?before=x&after=", "1..2/"),
        ("?before=1&after=2&view=side", "1..2/?view=side"),
    ],
)
def test_choosing_two_leads_to_their_comparison(browse, alice, query, leads_to):
    made = make_two(alice)

    response = browse(alice).get(page_of(made, query))

    assertRedirects(response, page_of(made, leads_to))


def test_the_later_one_stands_on_the_right(browse, alice):
    made = make_two(alice)

    assertRedirects(browse(alice).get(page_of(made, "2..1/")), page_of(made, "1..2/"))
    assert "Nothing differs" in browse(alice).get(page_of(made, "2..2/")).text


@pytest.mark.parametrize("rest", ["0..1/", "1..9/", "9/", "9/restore/", "9" * 30 + "/", "1..x/"])
def test_revisions_that_are_not_there_are_not_found(browse, alice, rest):
    assert browse(alice).get(page_of(make_two(alice), rest)).status_code == 404


def test_structured_parts_are_compared_by_row_and_field(browse, alice):
    made = make_postmortem(make_document("Pods", lessons=(Lesson("l1", "Test"),)), authors=(alice,))
    entry = TimelineEntry("t1", "context", "Logs jump", Moment(date="2023-03-14", time="19:00"))
    claim = Hypothesis("h1", "Disk is full")
    change(made, alice, timeline=(entry,), hypotheses=(claim,), started=entry.when, lessons=())

    page = plain(browse(alice).get(page_of(made)).text)

    assert "+ added 14 Mar 2023, 19:00 (zone unknown) · Context {+Logs jump+}" in page
    assert "+ added Open {+Disk is full+}" in page
    assert "Started" in page
    assert "{+2023-03-14 19:00+}" in page
    assert "− removed [-Test-]" in page


def test_side_by_side_keeps_each_side_to_itself(browse, alice):
    made = make_two(alice)

    page = browse(alice).get(page_of(made, "?view=side").replace("?", "1..2/?")).text

    assert '<span class="side-before">The password was <del>hunter2</del>.</span>' in page
    assert '<span class="side-after">The password was <ins>leaked</ins>.</span>' in page


def test_relations_to_what_is_hidden_are_left_out(browse, alice, bob, dana):
    hidden = make_postmortem(make_document("Hidden one"), visibility="restricted")
    made = change(make_two(alice), alice, relations=(Relation("follow-up", hidden.ref),))

    for viewer, is_told in ((bob, False), (dana, True)):
        for rest in ("2..3/", "3/"):
            page = browse(viewer).get(page_of(made, rest)).text
            assert ("Hidden one" in page) is is_told
            assert is_told or hidden.ref not in page


def test_what_was_written_is_shown_as_text(browse, alice):
    made = change(make_two(alice), alice, summary="<script>alert(1)</script> & more")

    for rest in ("", "2..3/?view=side", "2/restore/"):
        page = browse(alice).get(page_of(made, rest)).text
        assert "<script>alert" not in page
        assert "&lt;" in page


def test_long_unchanged_stretches_fold(browse, alice):
    lines = [f"Line {number}" for number in range(100)]
    made = change(make_two(alice), alice, sections={"impact": "\n".join(lines)})
    made = change(made, alice, sections={"impact": "\n".join([*lines, "The end"])})

    page = browse(alice).get(page_of(made)).text

    assert "98 lines unchanged" in page
    assert "Line 99" in plain(page)
    assert "{+The end+}" in plain(page)


def test_endless_changes_end_somewhere(browse, alice):
    text = "\n".join(f"Line {number}" for number in range(3 * MOST_LINES))
    made = change(make_two(alice), alice, sections={"impact": text})

    page = browse(alice).get(page_of(made)).text

    assert page.count("<ins>Line") == MOST_LINES


def test_an_old_revision_is_shown_as_it_was(browse, alice):
    made = change(make_two(alice), alice, sections={"impact": "Nobody could log in."})

    page = browse(alice).get(page_of(made, "1/")).text

    assert "hunter2" in page
    assert "Nobody could log in." not in page
    assert "Revision 1, not the current one." in page
    assert "Revision 3, the current one." in browse(alice).get(page_of(made, "3/")).text


def test_beside_it_stands_which_revision_last_changed_each_part(browse, alice):
    made = change(make_two(alice), alice, sections={"impact": "Nobody could log in."})

    page = plain(browse(alice).get(page_of(made, "3/")).text)

    assert "Last changed in Impact revision 3 Summary revision 2" in page


def test_restoring_shows_what_it_would_change_and_saves_nothing(browse, alice):
    made = make_two(alice)

    page = browse(alice).get(page_of(made, "1/restore/")).text

    assert "The password was [-leaked-]{+hunter2+}." in plain(page)
    assert "Save revision 3" in page
    assert Revision.objects.filter(postmortem=made).count() == 2


def test_restoring_makes_a_new_revision_and_keeps_the_envelope(browse, alice):
    made = make_two(alice)
    authoring.change_envelope(made, by=alice, visibility="team", slug="kept")

    response = browse(alice).post(page_of(made, "1/restore/"), {"revision": "2", "comment": "Back"})

    assertRedirects(response, page_of(made))
    made.refresh_from_db()
    assert (made.revision, made.summary) == (3, "The password was hunter2.")
    assert (made.status, made.visibility, made.slug) == ("published", "team", "kept")
    assert [row.number for row in made.revisions.filter(comment="Back", author=alice)] == [3]
    assert AuditEntry.objects.filter(action="edit", after={"revision": 3}).exists()


def test_what_is_said_after_restoring_has_no_heading_of_the_page(browse, alice):
    made = make_two(alice)
    typed = {"revision": "2", "comment": "Back"}

    page = browse(alice).post(page_of(made, "1/restore/"), typed, follow=True).text

    notice = re.search(r'<div class="notice good".*?</div>\s*</div>', page, re.DOTALL)[0]
    assert re.findall(r"<p>(.*?)</p>", notice) == ["Saved as revision 3."]
    assert ">just now</time>" in page


@pytest.mark.parametrize("sent", [{"revision": "2"}, {"revision": "x"}, {}])
def test_what_was_saved_meanwhile_is_never_overwritten(browse, alice, bob, sent):
    made = change(make_two(alice), bob, summary="Said better.")

    response = browse(alice).post(page_of(made, "1/restore/"), {**sent, "comment": "Mine"})

    page = response.text
    assert response.status_code == 409
    assert "Revision 3 was saved meanwhile" in page
    assert "[-Said better-]" in plain(page)
    assert 'name="revision" value="3"' in page
    assert 'value="Mine"' in page
    made.refresh_from_db()
    assert made.summary == "Said better."


def test_who_may_not_edit_may_not_restore(browse, alice, charlie, platform):
    reader = make_user("reader", team=platform, role="reader")
    made = make_two(alice)

    for viewer, status in ((reader, 403), (charlie, 404), (None, 404)):
        answer = browse(viewer).post(page_of(made, "1/restore/"), {"revision": "2"})
        assert answer.status_code == status
    assert Revision.objects.filter(postmortem=made).count() == 2


def test_restoring_the_present_content_says_so(browse, alice):
    made = make_two(alice)
    address = page_of(made, "2/restore/")

    assert "The postmortem has this content already." in browse(alice).get(address).text
    page = browse(alice).post(address, {"revision": "2"}).text
    assert "The postmortem has this content already." in page
    assert Revision.objects.filter(postmortem=made).count() == 2


def test_what_its_state_needs_is_asked_of_an_old_content_too(browse, alice, bob):
    made = make_postmortem(make_document("Draft"), status="draft", authors=(alice,))
    terms = ("kind:outage", "severity:sev3", "cause.primary:network/dns")
    made = change(made, alice, classifications=make_document(terms=terms).classifications)
    reviews.ask(made, by=alice)
    reviews.approve_and_publish(made, 2, by=bob)

    page = browse(alice).post(page_of(made, "1/restore/"), {"revision": "2", "comment": "x"}).text

    assert "is needed before publishing." in page
    assert 'value="x"' in page


def test_a_thousand_revisions_have_pages(browse, alice):
    made = make_postmortem(make_document("Pods"), authors=(alice,))
    make_many(made, alice, 1_000)
    client = browse(alice)

    first, last = (client.get(page_of(made, f"?page={number}")).text for number in (1, 99))

    assert first.count('class="revision') - first.count('class="revision-text') >= 50
    assert "1–50 of 1,000" in plain(first)
    assert "951–1,000 of 1,000" in plain(last)
    assert "251–300 of 1,000" in plain(client.get(page_of(made, "3..750/")).text)


@pytest.mark.parametrize(("rest", "most"), [("", 16), ("3..750/", 16), ("500/", 20)])
def test_a_thousand_revisions_take_few_statements(
    browse, alice, django_assert_num_queries, rest, most
):
    made = make_postmortem(make_document("Pods"), authors=(alice,))
    make_many(made, alice, 1_000)
    client = browse(alice)

    with django_assert_num_queries(most, exact=False):
        client.get(page_of(made, rest))


@pytest.mark.parametrize("count", [2, 40])
def test_what_changed_last_is_read_in_one_statement(alice, django_assert_num_queries, count):
    made = make_postmortem(make_document("Pods"), authors=(alice,))
    for number in range(2, count + 1):
        made = change(made, alice, summary=f"Take {number}")

    with django_assert_num_queries(1):
        found = history.last_changed(made)

    assert (found["summary"], found["title"]) == (count, 1)


def test_what_changed_and_came_back_was_changed_last_when_it_came_back(alice):
    made = make_two(alice)
    again = change(made, alice, summary="The password was hunter2.")

    assert history.last_changed(again)["summary"] == 3
    assert history.last_changed(again, 2)["summary"] == 2
