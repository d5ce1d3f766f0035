"""The verbs of talking in a review: who may, where it hangs, what stays when something is taken back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import authoring, bin, reviews
from postmortems.document import TimelineEntry
from postmortems.models import AuditEntry, Postmortem, ReviewComment
from tests.makers import make_document, make_postmortem, make_user

MARKER = "Zanzibar"
ENTRIES = (TimelineEntry("t1", "trigger", "The upgrade begins."),)


@pytest.fixture
def draft(alice) -> Postmortem:
    """A draft of alice with a section and an entry."""
    document = make_document("Walrus", sections={"impact": "Much."}, timeline=ENTRIES)
    return authoring.create(document, by=alice)


@pytest.mark.parametrize("anchor", ["", "impact", "timeline", "t1", "summary"])
def test_a_comment_hangs_on_a_part(draft, bob, anchor):
    made = reviews.comment(draft, " Who saw it?\r\n", by=bob, anchor=anchor)

    assert (made.anchor, made.text, made.revision) == (anchor, "Who saw it?", 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"anchor": "walrus"}, "anchor"),
        ({"text": " \n\t"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"revision": 2}, "revision"),
        ({"revision": 0}, "revision"),
    ],
)
def test_a_comment_that_cannot_be_is_refused(draft, bob, given, field):
    wanted = {"text": "Why?", "anchor": ""} | given

    with pytest.raises(ValidationError) as caught:
        reviews.comment(draft, wanted.pop("text"), by=bob, **wanted)

    assert list(caught.value.message_dict) == [field]


def test_who_talks_and_who_does_not(draft, alice, bob, charlie, dana, platform):
    reader = make_user("rita", team=platform, role="reader")
    for user in (alice, bob, dana):
        reviews.comment(draft, "Yes.", by=user)

    for user in (reader, charlie):
        with pytest.raises(PermissionDenied):
            reviews.comment(draft, "No.", by=user)

    reviews.name_reviewers(draft, by=alice, reviewers=[charlie])
    assert reviews.comment(draft, "Now.", by=charlie).author == charlie


def test_a_closed_account_does_not_talk(alice, bob):
    public = make_postmortem(team=alice.teams.get(), authors=(alice,))
    bob.is_active = False
    bob.save()

    with pytest.raises(PermissionDenied):
        reviews.comment(public, "No.", by=bob)


def test_what_is_restricted_is_not_talked_about_by_the_team(alice, bob):
    restricted = authoring.create(make_document(), by=alice, visibility="restricted")

    with pytest.raises(PermissionDenied):
        reviews.comment(restricted, "No.", by=bob)


def test_an_answer_to_an_answer_joins_the_thread(draft, alice, bob):
    first = reviews.comment(draft, "Why?", by=bob, anchor="t1")
    answer = reviews.reply(first, "So.", by=alice)

    again = reviews.reply(answer, "I see.", by=bob)

    assert (again.parent, again.anchor) == (first, "t1")


def test_an_answer_opens_a_settled_thread_again(draft, alice, bob):
    first = reviews.comment(draft, "Why?", by=bob)
    reviews.settle(first, by=alice)

    reviews.reply(first, "Not so fast.", by=bob)

    first.refresh_from_db()
    assert (first.resolved_at, first.resolved_by) == (None, None)


def test_settling_and_opening_again_write_one_row_each(draft, alice, bob):
    first = reviews.comment(draft, "Why?", by=bob)

    reviews.settle(first, by=alice)
    settled = reviews.settle(first, by=bob)
    reviews.reopen(first, by=bob)
    reviews.reopen(first, by=bob)

    assert settled.resolved_by == alice
    acts = AuditEntry.objects.filter(action__endswith="-comment").order_by("number")
    assert [act.action for act in acts] == ["settle-comment", "reopen-comment"]


def test_only_who_wrote_a_comment_changes_it(draft, bob, dana):
    first = reviews.comment(draft, "Why?", by=bob)

    with pytest.raises(PermissionDenied):
        reviews.edit_comment(first, "Because.", by=dana)

    changed = reviews.edit_comment(first, "Why so?", by=bob)
    assert changed.text == "Why so?"
    assert changed.edited_at is not None


def test_a_comment_that_was_taken_back_is_gone(draft, bob):
    first = reviews.comment(draft, MARKER, by=bob)

    reviews.delete_comment(first, by=bob)
    reviews.delete_comment(first, by=bob)

    assert not ReviewComment.objects.exists()
    assert AuditEntry.objects.filter(action="delete-comment").count() == 1


def test_a_marker_stays_as_long_as_there_are_answers(draft, alice, bob, dana):
    first = reviews.comment(draft, MARKER, by=bob)
    answer = reviews.reply(first, "So.", by=alice)

    reviews.delete_comment(first, by=dana)
    first.refresh_from_db()
    assert first.text == ""
    assert first.deleted_at is not None
    with pytest.raises(ValidationError, match="taken back"):
        reviews.edit_comment(first, "Again.", by=bob)

    reviews.delete_comment(answer, by=alice)
    assert not ReviewComment.objects.exists()


def test_others_do_not_take_it_back(draft, alice, bob):
    first = reviews.comment(draft, "Why?", by=bob)

    with pytest.raises(PermissionDenied):
        reviews.delete_comment(first, by=alice)


def test_who_sees_it_no_longer_changes_nothing(draft, alice, charlie):
    reviews.name_reviewers(draft, by=alice, reviewers=[charlie])
    first = reviews.comment(draft, "Why?", by=charlie)
    reviews.name_reviewers(draft, by=alice, reviewers=[])

    acts = (
        lambda: reviews.edit_comment(first, "So?", by=charlie),
        lambda: reviews.reply(first, "So?", by=charlie),
        lambda: reviews.settle(first, by=charlie),
        lambda: reviews.delete_comment(first, by=charlie),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_what_lies_in_the_bin_is_not_talked_about(draft, alice):
    first = reviews.comment(draft, "Why?", by=alice)
    bin.throw_away(draft, by=alice)

    with pytest.raises(PermissionDenied):
        reviews.reply(first, "So.", by=alice)


def test_the_audit_log_tells_no_word_of_it(draft, alice, bob):
    first = reviews.comment(draft, MARKER, by=bob)
    reviews.edit_comment(first, f"{MARKER}!", by=bob)
    reviews.reply(first, MARKER, by=alice)
    reviews.settle(first, by=alice)
    reviews.delete_comment(first, by=bob)

    rows = list(AuditEntry.objects.values())
    assert len(rows) >= 6
    assert MARKER not in str(rows)
