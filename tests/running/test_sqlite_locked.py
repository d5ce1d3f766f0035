"""A program that keeps SQLite's write lock: readers read on, and who writes is told within two seconds."""

import re
import sqlite3

import pytest

from tests.running.web_server import WebServer
from tests.soak import IS_FULL

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]


def test_who_writes_while_the_file_is_locked_is_told_in_time(tmp_path):
    server = WebServer(tmp_path)
    server.start(workers=1)
    page = server.get("/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    holder = sqlite3.connect(tmp_path / "hindsight.sqlite3", isolation_level=None)
    server.manage("shell", "-v0", "-c", MAKE_ALICE)

    holder.execute("BEGIN IMMEDIATE")
    reading = server.get("/")
    writing = server.post(
        "/sign-in/",
        {"csrfmiddlewaretoken": token[1], "username": "alice", "password": "correct horse"},
        Cookie=page.headers["set-cookie"].split(";")[0],
    )
    holder.execute("ROLLBACK")
    server.stop()

    print(f"locked: answered within {writing.seconds:.2f} s")
    assert (reading.status, writing.status) == (200, 503)
    assert writing.headers["retry-after"] == "10"
    assert not IS_FULL or writing.seconds <= 2


MAKE_ALICE = """
from postmortems.models import User
user = User(username="alice")
user.set_password("correct horse")
user.save()
"""
