"""The first account of a new site, from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from postmortems.models import AuditEntry, User

PASSWORD = "seventeen quiet routers"

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    """Puts a line on standard input."""

    def give(line: str) -> None:
        monkeypatch.setattr("sys.stdin", StringIO(line))

    return give


def test_the_account_signs_in_and_administers(typed, browse, capsys):
    typed(f"{PASSWORD}\n")

    call_command("create_administrator", "erin")

    user = User.objects.get(username="erin")
    assert user.check_password(PASSWORD)
    assert (user.is_administrator, user.is_curator) == (True, True)
    assert browse(user).get("/people/invite/").status_code == 200
    assert capsys.readouterr().out == "erin can sign in and administers.\n"


def test_the_audit_log_has_it_and_not_the_password(typed):
    typed(f"{PASSWORD}\n")

    call_command("create_administrator", "erin")

    entry = AuditEntry.objects.get(object_kind="user", action="create")
    assert (entry.actor_name, entry.after["username"]) == ("system", "erin")
    assert PASSWORD not in f"{entry.__dict__}"


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("erin", "\n", "needs a password"),
        ("erin", "", "needs a password"),
        ("erin", "short\n", "too short"),
        ("system", f"{PASSWORD}\n", "already"),
        ("not a name", f"{PASSWORD}\n", "cannot be a name"),
    ],
)
def test_what_cannot_be_is_said_and_makes_nothing(typed, name, line, words):
    User.objects.system()
    before = User.objects.count()
    typed(line)

    with pytest.raises(CommandError, match=words):
        call_command("create_administrator", name)

    assert User.objects.count() == before


def test_two_passwords_that_differ_make_nothing(monkeypatch):
    answers = iter([PASSWORD, f"{PASSWORD}!"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(
        "postmortems.management.commands.create_administrator.getpass", lambda _said: next(answers)
    )

    with pytest.raises(CommandError, match="not the same"):
        call_command("create_administrator", "erin")
