"""The bell, the list, marking as read, when mail comes, and the link that stops it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from postmortems import outbox, reviews
from postmortems.models import AuditEntry, Mailbox, Notification, Postmortem, User
from postmortems.notifications import notify, preferences, reading, sending
from postmortems.web import notifications as pages
from tests import makers


@pytest.fixture
def written(platform, alice):
    """A postmortem of alice's that her team may read."""
    return makers.make_postmortem(
        makers.make_document("Walruses in the rack"),
        team=platform,
        authors=(alice,),
        visibility="team",
    )


def tell(kind, postmortem, *people, by):
    """Notify in a transaction of its own."""
    with outbox.writing():
        notify(kind, postmortem, to=[user.pk for user in people], by=by)


def bell_of(client, path="/saved/"):
    """What the bell says on a page: the number of unread ones, or nothing."""
    found = re.search(r"data-unread>(\S+?)<", client.get(path).text)
    return found.group(1) if found else ""


def test_the_bell_counts_what_is_unread(browse, written, alice, bob):
    tell("published", written, alice, by=bob)
    tell("commented", written, alice, by=bob)

    assert bell_of(browse(alice)) == "2"
    assert bell_of(browse(bob)) == ""


def test_visitors_have_no_bell(browse, db):
    assert "notifications" not in browse().get("/").text


def test_the_bell_stops_counting_somewhere(browse, platform, alice, bob, monkeypatch):
    monkeypatch.setattr(reading, "MOST_COUNTED", 3)
    for _ in range(4):
        tell("published", makers.make_postmortem(team=platform), alice, by=bob)

    assert bell_of(browse(alice)) == "2+"


def test_the_list_says_who_did_what_and_leads_there(browse, written, alice, bob):
    tell("published", written, alice, by=bob)

    text = browse(alice).get("/notifications/").text

    assert "Bob published it" in text
    assert f'href="{written.get_absolute_url()}"' in text
    assert "Walruses in the rack" in text


@pytest.mark.parametrize("kind", Notification.Kind.values)
def test_every_kind_has_words(browse, written, alice, bob, kind):
    tell(kind, written, alice, by=bob)

    row = browse(alice).get("/notifications/").context["rows"][0]

    assert "Bob" in row.sentence or kind == "action-overdue"


@pytest.mark.parametrize(("name", "expected"), [("system", "Hindsight"), (None, "Somebody")])
def test_who_is_no_person_or_is_gone_has_a_name_too(browse, written, alice, bob, name, expected):
    tell("published", written, alice, by=bob)
    Notification.objects.update(actor=User.objects.system() if name else None)

    assert f"{expected} published it" in browse(alice).get("/notifications/").text


def test_repeated_comments_are_counted(browse, written, alice, bob, dana):
    tell("commented", written, alice, by=bob)
    tell("commented", written, alice, by=dana)

    assert "2 comments, the latest by Dana" in browse(alice).get("/notifications/").text


def test_what_was_read_stands_under_all(browse, written, alice, bob):
    tell("published", written, alice, by=bob)
    client = browse(alice)

    answer = client.post("/notifications/read/", {"one": Notification.objects.get().pk})

    assert answer.url == "/notifications/"
    assert "Nothing is unread." in client.get("/notifications/").text
    assert "Walruses" in client.get("/notifications/?tab=all").text
    assert bell_of(client) == ""


def test_all_are_read_at_once_up_to_what_was_shown(browse, written, alice, bob):
    tell("published", written, alice, by=bob)
    client = browse(alice)
    page = client.get("/notifications/")
    tell("approved", written, alice, by=bob)
    Notification.objects.filter(kind="approved").update(
        created_at=timezone.now() + timedelta(hours=1)
    )

    client.post("/notifications/read/", {"all": "1", "until": page.context["until"]})

    assert [row.kind for row in Notification.objects.unread()] == ["approved"]


@pytest.mark.parametrize(
    "sent",
    [
        {"one": "walrus"},
        {"one": "0"},
        {"one": str(2**70)},
        {"one": "\0"},
        {"all": "1"},
        {"all": "1", "until": "walrus"},
        {"all": "1", "until": "2026-13-45T00:00:00Z"},
        {"all": "1", "until": "2026-03-14T00:00:00"},
        {"all": "1", "until": "0001-01-01T00:00:00+14:00"},
        {"all": "1", "until": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_what_makes_no_sense_marks_nothing(browse, written, alice, bob, sent):
    tell("published", written, alice, by=bob)

    assert browse(alice).post("/notifications/read/", sent).status_code == 302

    assert Notification.objects.unread().count() == 1


def test_nobody_marks_what_somebody_else_was_told(browse, written, alice, bob, charlie):
    tell("published", written, alice, by=bob)

    browse(charlie).post("/notifications/read/", {"one": Notification.objects.get().pk})

    assert Notification.objects.unread().count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_statements_whatever_its_size(
    browse, platform, alice, bob, django_assert_num_queries, count
):
    for _ in range(count):
        tell("published", makers.make_postmortem(team=platform), alice, by=bob)
    client = browse(alice)
    client.get("/notifications/")

    with django_assert_num_queries(5):
        client.get("/notifications/")


def test_a_long_list_has_pages(browse, platform, alice, bob, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    for _ in range(3):
        tell("published", makers.make_postmortem(team=platform), alice, by=bob)

    text = browse(alice).get("/notifications/?page=2").text

    assert "3–3 of 3" in text


# --- Twin worlds --------------------------------------------------------------------------------------

ADDRESSES = (
    "/notifications/",
    "/notifications/?tab=all",
    "/desk/",
    "/settings/notifications/",
    "/saved/",
)
LONG_AGO = datetime(2020, 3, 14, tzinfo=UTC)
CHANGING = re.compile(r'name="(?:csrfmiddlewaretoken|until)" value="[^"]+"')


def told(client):
    """What somebody is answered at each address, but for what changes with every answer."""
    return [CHANGING.sub("", client.get(path).text) for path in ADDRESSES]


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_what_is_hidden_leaves_no_trace_on_pages_or_in_mail(
    browse, written, alice, bob, charlie, platform, settings, name
):
    settings.EMAIL_HOST = "mail.example"
    viewer = {"bob": bob, "charlie": charlie}[name]
    User.objects.filter(pk=viewer.pk).update(email="viewer@example.org")
    tell("published", written, viewer, by=alice)
    # Long ago, so that no page says how many minutes it was.
    Notification.objects.update(mail_due_at=None, created_at=LONG_AGO)
    Postmortem.objects.update(published_at=LONG_AGO, updated_at=LONG_AGO)
    before = told(browse(viewer))

    hidden = makers.make_postmortem(team=platform, authors=(alice,), visibility="restricted")
    for kind in ("review-asked", "commented", "published", "shared-with-you", "changes-asked"):
        tell(kind, hidden, viewer, by=alice)
    assert Notification.objects.filter(postmortem=hidden).count() == 5
    after = told(browse(viewer))
    mail.outbox.clear()
    report = sending.send_due()

    assert after == before
    assert (report.sent, mail.outbox) == (0, [])


# --- When mail comes ----------------------------------------------------------------------------------


def test_the_choice_is_kept_and_shown(browse, alice):
    client = browse(alice)

    answer = client.post("/settings/notifications/", {"mail": "weekly"}, follow=True)

    assert 'value="weekly" checked' in answer.text
    assert preferences.mail_of(alice) == "weekly"


def test_a_choice_that_is_none_is_said(browse, alice):
    answer = browse(alice).post("/settings/notifications/", {"mail": "walrus"})

    assert answer.status_code == 200
    assert "cannot be chosen" in answer.text
    assert not Mailbox.objects.exists()


def test_the_page_says_when_no_mail_can_come(browse, alice, settings):
    without_server = browse(alice).get("/settings/notifications/").text
    settings.EMAIL_HOST = "mail.example"
    without_address = browse(alice).get("/settings/notifications/").text

    assert "This site has no mail server." in without_server
    assert "Your account has no mail address." in without_address


# --- The link that stops it ---------------------------------------------------------------------------


def test_opening_the_link_changes_nothing(browse, alice):
    answer = browse().get(f"/unsubscribe/{preferences.stop_key(alice)}/")

    assert "Stop mail about what is new?" in answer.text
    assert preferences.mail_of(alice) == "at-once"


def test_a_mail_program_stops_it_in_one_click(alice):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        f"/unsubscribe/{preferences.stop_key(alice)}/", {"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    assert preferences.mail_of(alice) == "never"
    assert AuditEntry.objects.get(action="choose-mail").actor == alice


def test_the_link_stops_the_mail_of_its_own_account_alone(browse, alice, bob):
    answer = browse(bob).post(f"/unsubscribe/{preferences.stop_key(alice)}/")

    assert "You get no more mail" in answer.text
    assert (preferences.mail_of(alice), preferences.mail_of(bob)) == ("never", "at-once")


def test_another_key_of_this_site_stops_nothing(browse, alice):
    key = preferences.stop_key(alice)
    for wrong in (key[:-1], key.swapcase(), "MQ:1:walrus", "walrus"):
        assert browse().post(f"/unsubscribe/{wrong}/").status_code == 404


def test_the_link_of_an_account_that_ended_is_none(browse, alice):
    key = preferences.stop_key(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    answers = [browse().get(f"/unsubscribe/{word}/") for word in (key, "walrus")]
    ended, unknown = (answer.text.split("<main")[1].split("</main>")[0] for answer in answers)

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "This link no longer stops mail" in ended
    assert 'href="/settings/notifications/"' in ended
    assert ended == unknown


def test_after_stopping_nothing_waits_to_be_sent(browse, written, alice, bob, settings):
    settings.EMAIL_HOST = "mail.example"
    User.objects.filter(pk=alice.pk).update(email="alice@example.org")
    tell("published", written, alice, by=bob)
    mail.outbox.clear()

    browse().post(f"/unsubscribe/{preferences.stop_key(alice)}/")

    assert (sending.send_due().sent, mail.outbox) == (0, [])


def test_a_review_that_is_asked_for_reaches_the_reviewers_bell(browse, platform, alice, bob):
    ready = makers.make_document("Ready", ("kind:stub",))
    draft = makers.make_postmortem(ready, status="draft", team=platform, authors=(alice,))

    reviews.ask(draft, by=alice)

    assert bell_of(browse(bob)) == "1"
