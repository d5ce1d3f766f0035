"""What is new to somebody: what was published after they came and what they have not opened since."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import authoring, content, openings, reviews
from postmortems.models import Opening, Postmortem, ReadUpTo, User
from tests import makers

MINUTE = timedelta(minutes=1)


def opened(postmortem, user):
    """As the read page notes it."""
    row = openings.with_opening(user).get(pk=postmortem.pk)
    openings.note_opened(row, user)


def ago(user, **past):
    """The user's openings as if they were so old."""
    for row in Opening.objects.filter(user=user):
        row.opened_at -= timedelta(**past)
        row.save()


def mark(postmortem, user):
    return openings.marks_of([postmortem.ref], user).get(postmortem.ref, "")


def revise(postmortem, by):
    postmortem.refresh_from_db()
    changed = replace(content.read(postmortem), summary=f"After revision {postmortem.revision}")
    return authoring.edit(postmortem, changed, by=by, revision=postmortem.revision)


def test_what_is_published_after_somebody_came_is_new_until_it_is_opened(bob, platform):
    postmortem = makers.make_postmortem(team=platform)
    before = mark(postmortem, bob)

    opened(postmortem, bob)

    assert (before, mark(postmortem, bob)) == ("new", "")


def test_what_was_published_before_somebody_came_is_not_new(platform):
    postmortem = makers.make_postmortem(team=platform)
    late = makers.make_user("late", team=platform)

    assert mark(postmortem, late) == ""


def test_drafts_and_archived_ones_are_not_new(bob, platform):
    draft = makers.make_postmortem(team=platform, status="draft")
    archived = makers.make_postmortem(team=platform, status="archived")

    assert (mark(draft, bob), mark(archived, bob)) == ("", "")


def test_a_revision_after_it_was_opened_is_a_change(alice, bob, platform):
    postmortem = makers.make_postmortem(team=platform, authors=(alice,))
    opened(postmortem, bob)

    revise(postmortem, alice)

    assert (mark(postmortem, bob), mark(postmortem, alice)) == ("changed", "")


def test_a_draft_that_was_opened_is_told_of_once_it_is_published(bob, system, platform):
    postmortem = makers.make_postmortem(
        makers.make_document(terms=("kind:stub",)), team=platform, status="draft"
    )
    opened(postmortem, bob)

    reviews.publish(postmortem, by=system)

    assert mark(postmortem, bob) == "changed"


def test_an_opening_is_written_once_a_minute_at_most(alice, bob, platform):
    postmortem = makers.make_postmortem(team=platform, authors=(alice,))
    opened(postmortem, bob)
    revise(postmortem, alice)

    opened(postmortem, bob)
    within = mark(postmortem, bob)
    ago(bob, minutes=2)
    opened(postmortem, bob)

    assert (within, mark(postmortem, bob)) == ("changed", "")


def test_opening_again_what_is_known_writes_nothing(bob, platform, django_assert_num_queries):
    postmortem = makers.make_postmortem(team=platform)
    opened(postmortem, bob)
    ago(bob, days=-1)
    row = openings.with_opening(bob).get(pk=postmortem.pk)

    with django_assert_num_queries(0):
        openings.note_opened(row, bob)


def test_marking_all_as_read_holds_until_the_next_change(alice, bob, platform):
    first = makers.make_postmortem(team=platform, authors=(alice,))
    openings.mark_all_read(bob, until=timezone.now())
    marked = mark(first, bob)

    revise(first, alice)
    second = makers.make_postmortem(team=platform)

    assert (marked, mark(first, bob), mark(second, bob)) == ("", "new", "new")


def test_marking_all_as_read_never_reaches_into_the_future(bob, platform):
    openings.mark_all_read(bob, until=timezone.now() + timedelta(days=365))

    assert mark(makers.make_postmortem(team=platform), bob) == "new"


def test_marking_all_as_read_twice_does_not_go_back(bob, platform):
    postmortem = makers.make_postmortem(team=platform)
    openings.mark_all_read(bob, until=timezone.now())

    openings.mark_all_read(bob, until=postmortem.published_at - MINUTE)

    assert mark(postmortem, bob) == ""


def test_beginning_anew_makes_nothing_news(bob, platform):
    postmortem = makers.make_postmortem(team=platform)

    openings.begin_anew(User.objects.filter(pk=bob.pk))
    openings.begin_anew(User.objects.filter(pk=bob.pk))

    assert (mark(postmortem, bob), ReadUpTo.objects.count()) == ("", 1)


def test_what_one_writes_oneself_is_not_new(alice, platform):
    postmortem = authoring.create(makers.make_document(), by=alice)

    assert Opening.objects.get(user=alice).postmortem == postmortem


def test_the_system_opens_nothing(platform):
    makers.make_postmortem(team=platform)

    assert not Opening.objects.exists()


def test_openings_go_with_the_account_and_with_the_postmortem(bob, charlie, platform):
    first, second = (makers.make_postmortem(team=platform) for _ in range(2))
    for user in (bob, charlie):
        opened(first, user)
        opened(second, user)

    Postmortem.objects.filter(pk=second.pk).delete()
    charlie.delete()

    assert list(Opening.objects.values_list("user", "postmortem")) == [(bob.pk, first.pk)]


@pytest.mark.parametrize("count", [1, 3])
def test_marks_take_one_statement(bob, platform, django_assert_num_queries, count):
    refs = [makers.make_postmortem(team=platform).ref for _ in range(count)]

    with django_assert_num_queries(1):
        assert set(openings.marks_of(refs, bob)) == set(refs)
