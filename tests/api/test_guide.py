"""Every example of the API guide does what it says against a real server."""

import os
import re
import subprocess
import sys

import pytest

from postmortems import accounts
from postmortems.models import Postmortem
from tests import makers

GUIDE = (makers.ROOT / "templates" / "help" / "api.md").read_text()
EXAMPLES = re.findall(r"```(sh|python)\n(.*?)```", GUIDE, re.S)
SET_UP = "export HINDSIGHT="


@pytest.fixture
def run(transactional_db, live_server, tmp_path):
    """Runs a program with a text, as alice, in an empty folder."""
    alice = makers.make_user("alice", team=makers.make_team("platform"))
    makers.make_postmortem(authors=(alice,))
    secret = accounts.create_token(alice, by=alice, scope="write")[1]
    environment = {**os.environ, "HINDSIGHT": live_server.url, "TOKEN": secret}

    def done(*command: str, text: str) -> str:
        ended = subprocess.run(
            command, input=text, env=environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    return done


def test_the_examples_of_the_shell_work_one_after_the_other(run):
    script = "".join(text for kind, text in EXAMPLES if kind == "sh" and SET_UP not in text)

    said = run("bash", "-euo", "pipefail", text=script)

    assert "304" in said
    made = Postmortem.objects.get(title="Checkout cannot resolve its database")
    assert made.summary == "A resolver kept an old address."


def test_the_examples_in_python_work(run):
    script = "".join(text for kind, text in EXAMPLES if kind == "python")

    run(sys.executable, "-", text=script)

    assert Postmortem.objects.get(title="Queue stood still").summary == "A consumer held the lock."


def test_every_example_says_what_it_is():
    assert re.findall(r"^```(\w*)$", GUIDE, re.M).count("sh") >= 8
    assert set(re.findall(r"^```(\w+)$", GUIDE, re.M)) <= {"sh", "python", "json"}
