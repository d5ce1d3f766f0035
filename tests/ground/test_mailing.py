"""Mail that is due: what it says and to whom, what happens when the server refuses, and that senders share the work."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from postmortems import authoring, bin, outbox
from postmortems.models import Mailbox, Notification, User
from postmortems.notifications import notify, preferences, sending
from tests import makers
from tests.mail_server import MailServer

LATER = timedelta(days=8)


@pytest.fixture
def mail_on(settings):
    """A mail server is named, and what is sent stands in `mail.outbox`."""
    settings.EMAIL_HOST = "mail.example"
    settings.BASE_URL = "https://hindsight.example"
    mail.outbox.clear()


@pytest.fixture
def server(settings):
    """A mail server on a socket, which the site sends through."""
    with MailServer() as started:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.BASE_URL = "https://hindsight.example"
        yield started


@pytest.fixture
def reader(alice):
    """Alice, who has an address."""
    User.objects.filter(pk=alice.pk).update(email="alice@example.org")
    return User.objects.get(pk=alice.pk)


@pytest.fixture
def written(platform, reader):
    """A postmortem of alice's that her team may read."""
    return makers.make_postmortem(
        makers.make_document("Walruses in the rack"),
        team=platform,
        authors=(reader,),
        visibility="team",
        slug="walruses-in-the-rack",
    )


def tell(kind, postmortem, *people, by):
    """Notify in a transaction of its own."""
    with outbox.writing():
        notify(kind, postmortem, to=[user.pk for user in people], by=by)


def text_of(message):
    """All that a mail holds: headers, text and HTML."""
    return message.message().as_string() + message.body + message.alternatives[0][0]


# --- What it says -----------------------------------------------------------------------------------


def test_a_mail_says_who_did_what_with_a_link(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)

    report = sending.send_due()

    message = mail.outbox[0]
    assert report.sent == 1
    assert message.to == ["alice@example.org"]
    assert message.subject == "Bob published it: Walruses in the rack"
    assert f"https://hindsight.example{written.get_absolute_url()}" in message.body
    assert "Walruses in the rack" in message.alternatives[0][0]
    assert Notification.objects.get().mailed_at is not None


def test_a_mail_is_sent_once(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)

    sending.send_due()
    sending.send_due(timezone.now() + LATER)

    assert len(mail.outbox) == 1


def test_a_mail_says_how_to_stop_it_in_one_click(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    sending.send_due()

    headers = mail.outbox[0].message()

    url = headers["List-Unsubscribe"].strip("<>")
    assert url.startswith("https://hindsight.example/unsubscribe/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert preferences.holder_of(url.rstrip("/").rsplit("/", 1)[1]) == reader


def test_a_mail_loads_nothing_from_elsewhere(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    sending.send_due()

    html = mail.outbox[0].alternatives[0][0]

    assert re.findall(r"<(?:img|link|script|iframe|style)|\ssrc=|url\(", html) == []


def test_a_title_is_text_in_the_html(platform, reader, bob, mail_on):
    title = "<script>alert(1)</script> & more"
    made = makers.make_postmortem(makers.make_document(title), team=platform, authors=(reader,))
    tell("published", made, reader, by=bob)
    sending.send_due()

    message = mail.outbox[0]

    assert "<script" not in message.alternatives[0][0]
    assert title in message.body


def test_a_mail_speaks_the_language_of_its_reader(written, reader, bob, mail_on):
    User.objects.filter(pk=reader.pk).update(language="zh-hans", time_zone="Asia/Shanghai")
    tell("published", written, reader, by=bob)
    sending.send_due()

    assert 'lang="zh-hans"' in mail.outbox[0].alternatives[0][0]
    assert "Asia/Shanghai" in mail.outbox[0].body


def test_of_what_is_restricted_a_mail_names_nothing(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    authoring.change_envelope(written, by=reader, visibility="restricted")
    sending.send_due()

    whole = text_of(mail.outbox[0])

    assert "alrus" not in whole
    assert "restricted postmortem" in whole
    assert f"https://hindsight.example/p/{written.ref}/\n" in mail.outbox[0].body


def test_all_that_is_due_stands_in_one_mail_by_postmortem(written, reader, bob, platform, mail_on):
    preferences.choose_mail(reader, "weekly", by=reader)
    other = makers.make_postmortem(makers.make_document("Otter"), team=platform, authors=(reader,))
    tell("commented", written, reader, by=bob)
    tell("commented", other, reader, by=bob)
    tell("published", written, reader, by=bob)

    early = sending.send_due().sent
    sending.send_due(timezone.now() + LATER)

    assert early == 0
    assert [message.subject for message in mail.outbox] == ["Hindsight: 3 notifications"]
    assert mail.outbox[0].body.count("Walruses in the rack\n") == 1


# --- Rights at the moment of sending ----------------------------------------------------------------


def test_a_right_that_was_lost_meanwhile_stops_the_mail(written, reader, bob, charlie, mail_on):
    tell("published", written, reader, by=bob)
    authoring.change_envelope(
        written, by=User.objects.system(), visibility="restricted", authors=[]
    )

    report = sending.send_due()

    assert (report.sent, report.dropped, mail.outbox) == (0, 1, [])
    assert not Notification.objects.exists()


def test_what_is_hidden_leaves_no_trace_in_a_mail(written, reader, bob, platform, mail_on):
    tell("published", written, bob, by=reader)
    User.objects.filter(pk=bob.pk).update(email="bob@example.org")
    now = timezone.now()
    Notification.objects.update(mail_due_at=now)
    sending.send_due(now)
    hidden = makers.make_postmortem(team=platform, authors=(reader,), visibility="restricted")
    for kind in ("review-asked", "commented", "published"):
        tell(kind, hidden, bob, by=reader)

    Notification.objects.update(mail_due_at=now)
    sending.send_due(now)

    first, second = mail.outbox
    for name in ("subject", "body", "alternatives", "extra_headers", "to"):
        assert getattr(first, name) == getattr(second, name)


def test_of_what_is_in_the_bin_no_mail_is_sent(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    bin.throw_away(written, by=reader)

    assert (sending.send_due().sent, mail.outbox) == (0, [])
    assert not Notification.objects.exists()


def test_an_account_that_ended_gets_no_mail(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    User.objects.filter(pk=reader.pk).update(is_active=False)

    assert (sending.send_due().sent, mail.outbox) == (0, [])
    assert not Notification.objects.exists()


def test_who_has_no_address_any_more_gets_no_mail(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    User.objects.filter(pk=reader.pk).update(email="")

    assert (sending.send_due().sent, mail.outbox) == (0, [])
    assert Notification.objects.get().mail_due_at is None


# --- The server -------------------------------------------------------------------------------------


def test_a_mail_goes_through_a_real_server(written, reader, bob, server):
    tell("published", written, reader, by=bob)

    sending.send_due()

    recipients, message = server.taken[0]
    assert recipients == ["alice@example.org"]
    assert message["Subject"] == "Bob published it: Walruses in the rack"
    assert message.get_body(("plain",)).get_content().splitlines()[0] == "Walruses in the rack"
    assert "<h2" in message.get_body(("html",)).get_content()


def test_a_server_that_is_busy_is_tried_again_ever_later(written, reader, bob, server):
    tell("published", written, reader, by=bob)
    server.refusals["DATA"] = "451 not now"
    now = timezone.now()

    waits = []
    for _ in range(4):
        assert sending.send_due(now).failed == 1
        held_until = Mailbox.objects.get().held_until
        waits.append(held_until - now)
        now = held_until

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    server.refusals.clear()
    assert (sending.send_due(now).sent, Mailbox.objects.get().tries) == (1, 0)


def test_nobody_asks_again_before_it_is_time(written, reader, bob, server):
    tell("published", written, reader, by=bob)
    server.refusals["DATA"] = "451 not now"
    now = timezone.now()

    tried = [sending.send_due(now).failed, sending.send_due(now).failed]

    assert tried == [1, 0]


def test_an_address_that_is_refused_for_good_is_given_up(written, reader, bob, server):
    tell("published", written, reader, by=bob)
    server.refusals["alice@example.org"] = "550 no such person"

    assert sending.send_due().failed == 1

    assert Notification.objects.get().mail_due_at is None


def test_one_refused_address_keeps_nobody_else_back(written, reader, bob, platform, server):
    others = [
        makers.make_user(name, team=platform, email=f"{name}@example.org")
        for name in ("eve", "fay")
    ]
    tell("published", written, reader, *others, by=bob)
    server.refusals["alice@example.org"] = "451 later"

    report = sending.send_due()

    assert (report.sent, report.failed) == (2, 1)
    assert sorted(taken[0][0] for taken in server.taken) == ["eve@example.org", "fay@example.org"]


def test_a_server_that_is_away_ends_the_pass(written, reader, bob, platform, server, settings):
    eve = makers.make_user("eve", team=platform, email="eve@example.org")
    tell("published", written, reader, eve, by=bob)
    server.shutdown()
    server.server_close()

    report = sending.send_due()

    assert (report.failed, report.is_cut_short) == (1, True)
    assert Notification.objects.filter(mail_due_at__isnull=False).count() == 2


def test_after_three_days_without_a_server_a_mail_is_given_up(written, reader, bob, server):
    tell("published", written, reader, by=bob)
    server.refusals["DATA"] = "451 not now"

    sending.send_due(timezone.now() + timedelta(days=4))

    assert Notification.objects.get().mail_due_at is None


def test_a_mail_whose_answer_was_lost_comes_again_under_the_same_id(written, reader, bob, server):
    tell("published", written, reader, by=bob)
    server.breaks_off = True
    now = timezone.now()
    assert sending.send_due(now).failed == 1
    server.breaks_off = False

    sending.send_due(now + timedelta(minutes=2))

    first, second = (message["Message-ID"] for _recipients, message in server.taken)
    assert first == second


def test_news_that_come_while_a_mail_is_sent_are_sent_next(
    written, reader, bob, mail_on, monkeypatch
):
    tell("commented", written, reader, by=bob)
    compose = sending.composing.compose

    def slowly(user, rows):
        tell("commented", written, reader, by=bob)
        monkeypatch.setattr(sending.composing, "compose", compose)
        return compose(user, rows)

    monkeypatch.setattr(sending.composing, "compose", slowly)

    assert sending.send_due(timezone.now()).sent == 1
    assert sending.send_due(timezone.now() + timedelta(minutes=1)).sent == 1


def test_one_mail_that_cannot_be_made_keeps_nobody_back(
    written, reader, bob, platform, mail_on, monkeypatch
):
    eve = makers.make_user("eve", team=platform, email="eve@example.org")
    tell("published", written, reader, eve, by=bob)
    compose = sending.composing.compose

    def broken(user, rows):
        if user == reader:
            raise KeyError("walrus")
        return compose(user, rows)

    monkeypatch.setattr(sending.composing, "compose", broken)

    report = sending.send_due()

    assert (report.sent, report.failed) == (1, 1)
    assert [message.to for message in mail.outbox] == [["eve@example.org"]]


# --- Several senders --------------------------------------------------------------------------------


def test_what_one_sender_has_in_hand_no_other_takes(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    now = timezone.now()

    first, second = sending.take(now), sending.take(now)

    assert first.user == reader
    assert second is None


def test_what_a_dead_sender_had_in_hand_is_taken_over(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    now = timezone.now()
    sending.take(now)

    late = sending.take(now + sending.LEASE)

    assert late.user == reader


def test_a_sender_that_comes_back_late_undoes_nothing(written, reader, bob, mail_on):
    tell("published", written, reader, by=bob)
    now = timezone.now()
    slow = sending.take(now)
    quick = sending.take(now + sending.LEASE)

    sending._put_off(slow, is_final=False)

    assert Mailbox.objects.get().claim == quick.key
