"""manage.py verify_audit: what it prints, and what makes it fail."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from postmortems import accounts
from postmortems.models import AuditEntry
from tests.append_only import lifted, run, switch


@pytest.fixture
def head(alice, dana):
    """The head of a log of two entries."""
    accounts.create_team("web", by=dana)
    accounts.create_team("data", by=dana)
    return f"2:{AuditEntry.objects.get(number=2).digest}"


def test_a_whole_log_prints_its_count_speed_and_head(head, capsys):
    call_command("verify_audit", kept=[head])

    printed = capsys.readouterr().out
    assert printed.startswith("2 entries read in ")
    assert " a second." in printed
    assert printed.endswith(f"Head: {head}\n")


def test_an_empty_log_is_whole(db, capsys):
    call_command("verify_audit")

    assert "0 entries" in capsys.readouterr().out


def test_a_changed_entry_fails(head):
    with lifted():
        AuditEntry.objects.filter(number=2).update(action="other")

    with pytest.raises(CommandError, match="Entry 2 was changed after it was written"):
        call_command("verify_audit")


def test_an_entry_that_was_noted_and_is_gone_fails(head):
    with pytest.raises(CommandError, match="Entry 3 was noted, and is not there"):
        call_command("verify_audit", kept=[f"3:{'0' * 64}"])


@pytest.mark.parametrize("kept", ["", "3", "x:abc", "3:abc"])
def test_what_is_no_head_is_refused(db, kept):
    with pytest.raises(CommandError, match="is no head"):
        call_command("verify_audit", kept=[kept])


def test_a_log_that_is_no_longer_guarded_fails(head):
    name = "audit_no_update"
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        run(f"DROP TRIGGER {name}")
    else:
        switch(f"DISABLE TRIGGER {name}")

    with pytest.raises(CommandError, match="audit_no_update is missing or switched off"):
        call_command("verify_audit")
