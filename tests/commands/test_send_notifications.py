"""`manage.py send_notifications`: what it says, and when it fails."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from postmortems import outbox
from postmortems.document import Action
from postmortems.models import Notification
from postmortems.notifications import notify
from tests import makers


@pytest.fixture
def erin(platform, settings):
    """Who has an address, on a site with a mail server."""
    settings.EMAIL_HOST = "mail.example"
    mail.outbox.clear()
    return makers.make_user("erin", team=platform, email="erin@example.org")


def send():
    """What the command says."""
    said = io.StringIO()
    call_command("send_notifications", stdout=said)
    return said.getvalue()


def test_it_says_what_it_sent(erin, bob):
    with outbox.writing():
        notify("published", makers.make_postmortem(), to=[erin.pk], by=bob)

    assert send().startswith("Sent 1 mails; 0 failed")
    assert send().startswith("Sent 0 mails; 0 failed")
    assert [message.to for message in mail.outbox] == [["erin@example.org"]]


def test_it_reminds_of_actions_past_their_date(erin, platform):
    day = str(timezone.now().date() - timedelta(days=1))
    action = Action("a1", "Walrus", "permanent", "open", due=day)
    makers.make_postmortem(makers.make_document(actions=(action,)), team=platform, authors=(erin,))

    send()

    assert Notification.objects.get().kind == "action-overdue"
    assert mail.outbox[0].subject.startswith("An action is past its date")


def test_without_a_mail_server_it_says_what_to_set(db, settings):
    settings.EMAIL_HOST = ""

    with pytest.raises(CommandError, match="HINDSIGHT_MAIL_HOST"):
        send()


def test_it_fails_when_some_could_not_be_sent(erin, bob, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    # Nothing listens on this port of this machine.
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    with outbox.writing():
        notify("published", makers.make_postmortem(), to=[erin.pk], by=bob)

    with pytest.raises(CommandError, match="could not be sent"):
        send()
