"""Keys for tools from the command line."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from postmortems.models import ApiToken, AuditEntry


def test_it_prints_a_key_that_works_and_nothing_else(alice, capsys):
    call_command("create_token", "alice", scope="write")

    printed = capsys.readouterr().out
    token = ApiToken.objects.find(printed.strip())
    assert (token.user, token.scope, token.expires_at) == (alice, "write", None)
    assert printed == f"{printed.strip()}\n"
    assert printed not in str(token.__dict__)


def test_a_key_can_have_a_name_and_an_end(alice):
    call_command("create_token", "ALICE", scope="read", name="alerts", days=30)

    token = ApiToken.objects.get()
    assert token.name == "alerts"
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


def test_the_audit_log_names_the_key_but_not_its_secret(alice, capsys):
    call_command("create_token", "alice", scope="read")

    entry = AuditEntry.objects.get(object_kind="apitoken")
    assert (entry.actor_name, entry.after) == ("system", {"user": "alice", "scope": "read"})
    assert capsys.readouterr().out.strip() not in f"{entry.__dict__}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"user": "nobody", "scope": "read"}, "no account 'nobody'"),
        ({"user": "alice", "scope": "read", "days": 0}, "from 1 to 3650 days"),
        ({"user": "system", "scope": "admin"}, "may not sign in"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(alice, system, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("create_token", arguments.pop("user"), **arguments)

    assert not ApiToken.objects.exists()
