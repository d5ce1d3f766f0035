"""Two senders at once, as threads and as processes: each mail goes out once."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection

from postmortems import outbox
from postmortems.models import Notification, User
from postmortems.notifications import notify, sending
from tests import makers
from tests.mail_server import MailServer

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 12


@pytest.fixture
def server(settings):
    """A mail server on a socket, which the site sends through."""
    with MailServer() as started:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield started


def tell_everybody():
    """Each of the team is told of one postmortem; returns their addresses."""
    team = makers.make_team("platform")
    people = [
        makers.make_user(f"user{number}", team=team, email=f"user{number}@example.org")
        for number in range(PEOPLE)
    ]
    made = makers.make_postmortem(team=team)
    with outbox.writing():
        notify("published", made, to=[user.pk for user in people], by=User.objects.system())
    return sorted(user.email for user in people)


def send_together(barrier, wrong):
    """What one of the threads does."""
    try:
        barrier.wait(60)
        sending.send_due()
    except Exception as error:
        wrong.append(repr(error))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_threads_send_each_mail_once(server):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the processes below are its test")
    addresses = tell_everybody()
    barrier, wrong = Barrier(3), []
    threads = [Thread(target=send_together, args=(barrier, wrong)) for _ in range(3)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert wrong == []
    assert sorted(taken[0][0] for taken in server.taken) == addresses
    assert not Notification.objects.filter(mail_due_at__isnull=False).exists()


PREPARE = """
from postmortems.models import User
from postmortems import outbox
from postmortems.notifications import notify
from tests import makers
makers.load_shipped_vocabularies()
team = makers.make_team("platform")
people = [makers.make_user(f"user{n}", team=team, email=f"user{n}@example.org") for n in range(12)]
made = makers.make_postmortem(team=team)
with outbox.writing():
    notify("published", made, to=[user.pk for user in people], by=User.objects.system())
"""


def test_processes_on_sqlite_send_each_mail_once(tmp_path):
    with MailServer() as server:
        variables = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "HINDSIGHT_DATA_DIR": str(tmp_path),
            "HINDSIGHT_MAIL_HOST": "127.0.0.1",
            "HINDSIGHT_MAIL_PORT": str(server.port),
            "HINDSIGHT_MAIL_SECURITY": "none",
        }

        def begin(*arguments):
            command = [sys.executable, "manage.py", *arguments]
            return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL)

        assert begin("migrate", "-v0").wait() == 0
        assert begin("shell", "-v0", "-c", PREPARE).wait() == 0
        senders = [begin("send_notifications") for _ in range(2)]
        assert [sender.wait() for sender in senders] == [0, 0]

    sent = Counter(recipients[0] for recipients, _message in server.taken)
    assert sent == {f"user{number}@example.org": 1 for number in range(PEOPLE)}
