"""My desk: what is one's own to do, and nothing of what one may not see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import authoring, drafts, reviews, saved_searches
from postmortems.document import Action
from postmortems.models import Postmortem
from tests import makers


def in_review(platform, author, title="Walrus", **fields):
    """A postmortem that waits for a reviewer."""
    ready = makers.make_document(title, ("kind:stub",))
    made = makers.make_postmortem(ready, status="draft", team=platform, authors=(author,), **fields)
    return reviews.ask(made, by=author)


def late(platform, author, days, status="open", **fields):
    """A postmortem with an action that is so many days past its date."""
    day = timezone.now().date() - timedelta(days=days)
    action = Action("a1", f"Fence {days}", "permanent", status, due=str(day), owner="Erin")
    return makers.make_postmortem(
        makers.make_document("Fences", actions=(action,)),
        team=platform,
        authors=(author,),
        **fields,
    )


def part(client, name):
    """The titles of one part of the desk."""
    found = client.get("/desk/").context[name]
    return [row.text or row.title for row in found.rows]


def test_what_waits_for_a_review_waits_for_its_reviewers(browse, platform, alice, bob, charlie):
    in_review(platform, alice)

    assert part(browse(bob), "waiting") == ["Walrus"]
    assert part(browse(alice), "waiting") == []
    assert part(browse(charlie), "waiting") == []


def test_nobody_reviews_what_they_wrote(browse, platform, bob):
    in_review(platform, bob)

    assert part(browse(bob), "waiting") == []


def test_what_is_restricted_waits_for_no_reviewer_who_may_not_see_it(browse, platform, alice, bob):
    in_review(platform, alice, visibility="restricted")

    assert part(browse(bob), "waiting") == []


def test_drafts_are_those_that_one_wrote(browse, platform, alice, bob):
    makers.make_postmortem(
        makers.make_document("Otter"), status="draft", team=platform, authors=(alice,)
    )

    assert part(browse(alice), "drafts") == ["Otter"]
    assert part(browse(bob), "drafts") == []


def test_what_was_typed_and_not_saved_leads_back_to_it(browse, platform, alice, bob):
    drafts.keep("walrusdraft", {"title": "Half a walrus"}, by=alice)
    made = makers.make_postmortem(makers.make_document("Otter"), team=platform, authors=(alice,))
    drafts.keep("otterdraft1", {"title": "Otters"}, by=alice, postmortem=made, revision=1)
    client = browse(alice)

    rows = client.get("/desk/").context["unsaved"].rows

    assert {row.title: row.status for row in rows} == {
        "Half a walrus": "Not saved yet",
        "Otters": "Changes not saved",
    }
    for row in rows:
        assert row.title in client.get(row.url).text
    assert part(browse(bob), "unsaved") == []


def test_a_draft_of_what_is_now_hidden_is_not_shown(browse, platform, alice, bob):
    made = makers.make_postmortem(team=platform, authors=(alice,), visibility="team")
    drafts.keep("otterdraft1", {"title": "Otters"}, by=bob, postmortem=made, revision=1)
    assert part(browse(bob), "unsaved") == ["Otters"]

    authoring.change_envelope(made, by=alice, visibility="restricted")

    assert part(browse(bob), "unsaved") == []


def test_what_came_back_is_asked_of_its_author(browse, platform, alice, bob):
    draft = makers.make_postmortem(
        makers.make_document("Otter", ("kind:stub",)),
        status="draft",
        team=platform,
        authors=(alice,),
    )
    reviews.ask(draft, by=alice)
    reviews.request_changes(draft, 1, by=bob, comment="Who saw it first?")

    assert part(browse(alice), "changes") == ["Otter"]
    assert part(browse(bob), "changes") == []


def test_actions_past_their_date_are_those_of_ones_teams(browse, platform, alice, bob, charlie):
    late(platform, alice, 3)
    late(platform, alice, 5, "proposed")
    late(platform, alice, 9, "done")
    late(platform, alice, 0)

    assert part(browse(bob), "overdue") == ["Fence 5", "Fence 3"]
    assert part(browse(charlie), "overdue") == []


def test_an_action_says_nobodys_name(browse, platform, alice, bob):
    late(platform, alice, 3)

    text = browse(bob).get("/desk/").text

    assert "3 days over" in text
    assert "Erin" not in text


def test_actions_of_what_is_hidden_archived_or_thrown_away_are_not_shown(
    browse, platform, alice, bob
):
    late(platform, alice, 3, visibility="restricted")
    archived = late(platform, alice, 4)
    Postmortem.objects.filter(pk=archived.pk).update(status="archived")
    thrown = late(platform, alice, 5)
    Postmortem.objects.filter(pk=thrown.pk).update(deleted_at=timezone.now())

    assert part(browse(bob), "overdue") == []


def test_what_a_team_published_is_shown_to_the_team(browse, platform, alice, bob, charlie):
    makers.make_postmortem(makers.make_document("Otter"), team=platform)
    makers.make_postmortem(makers.make_document("Hidden"), team=platform, visibility="restricted")

    assert part(browse(bob), "published") == ["Otter"]
    assert part(browse(charlie), "published") == []


def test_saved_searches_are_ones_own(browse, alice, bob):
    saved_searches.create("Walruses", "q=walrus", by=alice)

    assert "Walruses" in browse(alice).get("/desk/").text
    assert "Walruses" not in browse(bob).get("/desk/").text


def test_more_than_fit_are_counted(browse, platform, alice):
    for number in range(10):
        makers.make_postmortem(
            makers.make_document(f"Otter {number}"),
            status="draft",
            team=platform,
            authors=(alice,),
        )

    found = browse(alice).get("/desk/").context["drafts"]

    assert (len(found.rows), found.more) == (8, 2)


def test_more_that_is_published_leads_to_all_of_it(browse, platform, alice):
    for number in range(6):
        makers.make_postmortem(makers.make_document(f"Otter {number}"), team=platform)

    page = browse(alice).get("/desk/").text

    assert '<a href="/?team=platform">and 1 more</a>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_takes_as_many_statements_whatever_lies_on_it(
    browse, platform, alice, bob, django_assert_num_queries, count
):
    for number in range(count):
        in_review(platform, alice)
        late(platform, alice, number + 1)
        drafts.keep(f"walrusdraft{number}", {"title": "Half"}, by=bob)
    client = browse(bob)
    client.get("/desk/")

    with django_assert_num_queries(11):
        client.get("/desk/")


def test_an_empty_desk_says_so(browse, charlie):
    text = browse(charlie).get("/desk/").text

    assert "Nothing waits for you." in text
    assert "You have no drafts." in text


def test_the_desk_is_offered_to_who_is_signed_in(browse, alice):
    assert 'href="/desk/"' in browse(alice).get("/").text
    assert "/desk/" not in browse().get("/").text
