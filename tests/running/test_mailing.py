"""The server that is told of a mail server keeps one process beside its workers that sends."""

import signal
import time
from pathlib import Path

import pytest

from tests.mail_server import MailServer
from tests.running.web_server import WebServer

PREPARE = """
from tests import makers
team = makers.make_team("platform")
makers.make_user("erin", team=team, email="erin@example.org")
"""
TELL = """
from postmortems import outbox
from postmortems.models import User
from postmortems.notifications import notify
from tests import makers
made = makers.make_postmortem()
erin = User.objects.get(username="erin")
with outbox.writing():
    notify("published", made, to=[erin.pk], by=User.objects.system())
"""


def wait_for(mails, count):
    """Until the mail server has taken so many."""
    ends = time.monotonic() + 120
    while len(mails.taken) < count:
        assert time.monotonic() < ends, f"{len(mails.taken)} mails of {count}"
        time.sleep(0.2)


def senders_of(server):
    """The process ids of senders whose parent is the server."""
    return [
        int(path.parent.name)
        for path in _statuses()
        if f"PPid:\t{server.process.pid}\n" in _read(path)
        and "send_notifications" in _read(path.with_name("cmdline"))
    ]


def _statuses():
    return Path("/proc").glob("[0-9]*/status")


def _read(path):
    try:
        return path.read_text()
    except OSError:
        return ""


@pytest.mark.slow
@pytest.mark.xdist_group("running")
def test_mail_goes_out_while_the_site_serves_and_after_a_reload(tmp_path):
    with MailServer() as mails:
        server = WebServer(
            tmp_path,
            HINDSIGHT_MAIL_HOST="127.0.0.1",
            HINDSIGHT_MAIL_PORT=str(mails.port),
            HINDSIGHT_MAIL_SECURITY="none",
        )
        server.manage("load_taxonomy", "fixtures/taxonomy.yaml")
        server.manage("shell", "-v0", "-c", PREPARE)
        server.start()
        try:
            server.manage("shell", "-v0", "-c", TELL)
            wait_for(mails, 1)
            (first,) = senders_of(server)

            server.process.send_signal(signal.SIGHUP)
            server.manage("shell", "-v0", "-c", TELL)
            wait_for(mails, 2)
            ends = time.monotonic() + 60
            while senders_of(server) in ([], [first]) or len(senders_of(server)) != 1:
                assert time.monotonic() < ends
                time.sleep(0.2)
        finally:
            server.process.terminate()
            server.process.wait(60)

    assert [taken[0] for taken in mails.taken] == [["erin@example.org"]] * 2
