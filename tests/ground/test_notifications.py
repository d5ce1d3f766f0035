"""Who is told of what, that repeats become one, and that rights are asked each time it is shown."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from postmortems import authoring, bin, outbox, reviews
from postmortems.document import Action
from postmortems.models import AuditEntry, Mailbox, Membership, Notification, User
from postmortems.notifications import (
    listening,
    mail_times,
    notify,
    preferences,
    reading,
    reminding,
)
from postmortems.reviews.events import Event
from tests import makers

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def written(platform, alice):
    """A postmortem of alice's that her team may read."""
    return makers.make_postmortem(team=platform, authors=(alice,), visibility="team")


@pytest.fixture
def mail_on(settings):
    """A mail server is named; nothing is sent to it here."""
    settings.EMAIL_HOST = "mail.example"


def tell(kind, postmortem, *people, by, **facts):
    """Notify in a transaction of its own."""
    with outbox.writing():
        notify(kind, postmortem, to=[user.pk for user in people], by=by, **facts)


def shown(user):
    """The kinds that somebody is shown, the latest first."""
    return [row.kind for row in reading.shown_to(User.objects.get(pk=user.pk))]


def test_everybody_named_is_told_but_for_who_acts(written, alice, bob):
    tell("commented", written, alice, bob, by=bob)

    assert shown(alice) == ["commented"]
    assert shown(bob) == []


def test_nobody_is_told_outside_of_a_writing_transaction(written, alice, bob):
    with pytest.raises(RuntimeError):
        notify("commented", written, to=[alice.pk], by=bob)


def test_a_kind_that_is_none_is_refused(written, alice, bob):
    with pytest.raises(ValueError, match="walrus"):
        tell("walrus", written, alice, by=bob)


def test_repeats_are_one_until_it_is_read(written, alice, bob, dana):
    tell("commented", written, alice, by=bob, comment=1)
    first = reading.shown_to(alice).get()
    tell("commented", written, alice, by=dana, comment=2)

    row = reading.shown_to(alice).get()

    assert row.pk == first.pk
    assert (row.times, row.actor, row.comment) == (2, dana, 2)


def test_after_reading_the_next_is_a_row_of_its_own(written, alice, bob):
    tell("commented", written, alice, by=bob)
    reading.mark_read(alice, [reading.shown_to(alice).get().pk])
    tell("commented", written, alice, by=bob)

    assert [row.times for row in reading.shown_to(alice)] == [1, 1]
    assert reading.unread_count(alice) == 1


def test_an_account_that_ended_is_told_nothing(written, alice, bob):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    tell("commented", written, alice, by=bob)

    assert not Notification.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_telling_many_takes_no_more_statements(
    written, bob, platform, django_assert_num_queries, count
):
    people = [makers.make_user(f"user{number}", team=platform) for number in range(count)]

    with outbox.writing(), django_assert_num_queries(4):
        notify("published", written, to=[user.pk for user in people], by=bob)


# --- Rights ---------------------------------------------------------------------------------------


def test_what_one_may_no_longer_see_is_neither_shown_nor_counted(written, alice, bob):
    tell("published", written, bob, by=alice)
    assert (shown(bob), reading.unread_count(bob)) == (["published"], 1)

    authoring.change_envelope(written, by=alice, visibility="restricted")

    assert (shown(bob), reading.unread_count(bob)) == ([], 0)


def test_what_lies_in_the_bin_is_not_shown_even_to_its_author(written, alice, bob):
    tell("published", written, alice, by=bob)

    bin.throw_away(written, by=alice)

    assert shown(alice) == []


def test_a_purge_takes_what_was_told_with_it(written, alice, bob, dana):
    tell("published", written, alice, by=bob)

    bin.throw_away(written, by=alice)
    bin.purge(written, by=dana)

    assert not Notification.objects.exists()


def test_who_left_the_team_is_told_of_no_review_of_what_everybody_reads(platform, alice, bob):
    public = makers.make_postmortem(team=platform, authors=(alice,), visibility="public")
    tell("commented", public, bob, by=alice)
    tell("published", public, bob, by=alice)
    assert shown(bob) == ["published", "commented"]

    Membership.objects.filter(user=bob).delete()

    assert shown(bob) == ["published"]


def test_who_only_reads_in_the_team_now_is_told_of_no_review(written, alice, bob):
    tell("commented", written, bob, by=alice)
    tell("published", written, bob, by=alice)

    Membership.objects.filter(user=bob).update(role="reader")

    assert shown(bob) == ["published"]


def test_who_is_named_to_read_but_reviews_no_longer_is_told_of_no_review(alice, charlie):
    draft = authoring.create(makers.make_document(), by=alice, visibility="restricted")
    authoring.change_envelope(draft, by=alice, named_people=[charlie])
    reviews.name_reviewers(draft, by=alice, reviewers=[charlie])
    assert shown(charlie) == ["reviewer-named", "shared-with-you"]

    reviews.name_reviewers(draft, by=alice, reviewers=[])

    assert shown(charlie) == ["shared-with-you"]


def test_an_administrator_is_shown_what_nobody_else_sees(platform, alice, dana):
    hidden = makers.make_postmortem(team=platform, authors=(alice,), visibility="restricted")
    tell("commented", hidden, dana, by=alice)

    assert shown(dana) == ["commented"]


def test_the_count_takes_one_statement(written, alice, bob, django_assert_num_queries):
    tell("published", written, alice, by=bob)
    reader = User.objects.get(pk=alice.pk)

    with django_assert_num_queries(1):
        assert reading.unread_count(reader) == 1


def test_nobody_marks_what_is_of_others(written, alice, bob, charlie):
    tell("published", written, alice, by=bob)
    row = Notification.objects.get()

    reading.mark_read(charlie, [row.pk])
    reading.mark_all_read(charlie, until=timezone.now())

    assert reading.unread_count(alice) == 1


def test_what_came_after_the_page_was_made_stays_unread(written, alice, bob):
    tell("published", written, alice, by=bob)
    tell("approved", written, alice, by=bob)
    until = timezone.now() - timedelta(hours=1)
    Notification.objects.filter(kind="published").update(created_at=until)

    reading.mark_all_read(alice, until=until)

    assert [row.kind for row in reading.shown_to(alice).unread()] == ["approved"]


# --- What verbs tell ------------------------------------------------------------------------------


def test_asking_for_a_review_tells_the_reviewers_of_the_team(platform, alice, bob, charlie):
    lead = makers.make_user("lead", team=platform, role="lead")
    ready = makers.make_document("Ready", ("kind:stub",))
    draft = makers.make_postmortem(ready, status="draft", team=platform, authors=(alice,))

    reviews.ask(draft, by=alice)

    told = Notification.objects.filter(kind="review-asked").order_by("user__username")
    assert [row.user for row in told] == [bob, lead]


def test_publishing_tells_the_authors(platform, alice, bob):
    ready = makers.make_document("Ready", ("kind:stub",))
    draft = makers.make_postmortem(ready, status="draft", team=platform, authors=(alice,))

    reviews.ask(draft, by=alice)
    reviews.approve_and_publish(draft, 1, by=bob)

    row = reading.shown_to(alice).get(kind="published")
    assert (row.actor, row.revision) == (bob, 1)


def test_who_is_newly_named_is_told_that_it_is_shared(platform, alice, bob, charlie):
    shared = makers.make_postmortem(
        team=platform, authors=(alice,), visibility="restricted", named=(bob,)
    )

    authoring.change_envelope(shared, by=alice, named_people=[bob, charlie])

    assert shown(charlie) == ["shared-with-you"]
    assert shown(bob) == []


def test_a_change_that_fails_tells_nobody(platform, alice, bob):
    unready = makers.make_postmortem(status="draft", team=platform, authors=(alice,))

    with pytest.raises(ValidationError):
        reviews.publish(unready, by=bob)

    assert not Notification.objects.exists()


def test_an_event_of_a_review_is_told_as_it_stands(written, alice, bob):
    event = Event("approved", written, bob, (alice.pk,), 7)

    with outbox.writing():
        listening.on_event(event)

    assert reading.shown_to(alice).get().revision == 7


def test_an_event_without_words_is_passed_over(written, alice, bob):
    with outbox.writing():
        listening.on_event(Event("walrus", written, bob, (alice.pk,), 1))

    assert not Notification.objects.exists()


# --- Actions past their date ----------------------------------------------------------------------


def due(platform, alice, day, status="open"):
    """A postmortem with an action of that date."""
    action = Action("a1", "Walrus", "permanent", status, due=str(day))
    document = makers.make_document(actions=(action,))
    return makers.make_postmortem(document, team=platform, authors=(alice,))


@pytest.mark.parametrize(
    ("days", "status", "expected"),
    [(1, "open", 1), (7, "proposed", 1), (8, "open", 0), (0, "open", 0), (1, "done", 0)],
)
def test_authors_are_told_in_the_week_after_a_date(platform, alice, days, status, expected):
    today = timezone.now().date()
    due(platform, alice, today - timedelta(days=days), status)

    assert reminding.remind(today) == expected

    assert shown(alice) == ["action-overdue"] * expected


def test_leads_are_told_as_well_and_nobody_twice(platform, alice, bob):
    lead = makers.make_user("lead", team=platform, role="lead")
    today = timezone.now().date()
    due(platform, alice, today - timedelta(days=1))

    first, second = reminding.remind(today), reminding.remind(today + timedelta(days=1))

    assert (first, second) == (1, 0)
    assert (shown(lead), shown(bob)) == (["action-overdue"], [])
    assert set(Notification.objects.values_list("times", flat=True)) == {1}


# --- When mail is due -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "now", "expected"),
    [
        ("at-once", "2026-03-27T10:00", "2026-03-27T10:00"),
        ("daily", "2026-03-27T06:59", "2026-03-27T07:00"),
        ("daily", "2026-03-27T07:00", "2026-03-28T07:00"),
        # The clocks go forward in the night to the 29th: eight o'clock comes an hour earlier.
        ("daily", "2026-03-28T10:00", "2026-03-29T06:00"),
        ("weekly", "2026-03-27T10:00", "2026-03-30T06:00"),
        ("weekly", "2026-03-30T06:00", "2026-04-06T06:00"),
        ("never", "2026-03-27T10:00", None),
    ],
)
def test_digests_come_in_the_morning_of_ones_own_zone(mail, now, expected):
    found = mail_times.next_mail(mail, BERLIN, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == (expected and datetime.fromisoformat(expected).replace(tzinfo=UTC))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus"])
def test_who_has_no_zone_has_mornings_in_utc(alice, zone):
    alice.time_zone = zone

    assert mail_times.zone_of(alice).key == "UTC"


def test_without_a_server_or_an_address_no_mail_is_due(written, alice, bob, settings):
    settings.EMAIL_HOST = ""
    alice.email = "alice@example.org"
    alice.save()

    tell("published", written, alice, by=bob)

    assert Notification.objects.get().mail_due_at is None


def test_what_waits_follows_a_new_choice(written, alice, bob, mail_on):
    alice.email = "alice@example.org"
    alice.save()
    tell("published", written, alice, by=bob)
    due_at_once = Notification.objects.get().mail_due_at

    preferences.choose_mail(alice, "daily", by=alice)
    due_daily = Notification.objects.get().mail_due_at
    preferences.choose_mail(alice, "never", by=alice)
    due_never = Notification.objects.get().mail_due_at

    assert due_at_once < due_daily
    assert due_never is None


def test_a_choice_is_told_in_the_audit_log_once(alice):
    preferences.choose_mail(alice, "daily", by=alice)
    preferences.choose_mail(alice, "daily", by=alice)

    row = AuditEntry.objects.get(action="choose-mail")
    assert (row.before, row.after) == ({"mail": "at-once"}, {"mail": "daily"})
    assert preferences.mail_of(alice) == "daily"


def test_a_choice_that_is_none_is_refused(alice):
    with pytest.raises(ValidationError):
        preferences.choose_mail(alice, "hourly", by=alice)

    assert not Mailbox.objects.exists()


def test_reading_on_the_page_ends_the_mail(written, alice, bob, mail_on):
    alice.email = "alice@example.org"
    alice.save()
    tell("published", written, alice, by=bob)

    reading.mark_all_read(alice, until=timezone.now())

    assert Notification.objects.get().mail_due_at is None
