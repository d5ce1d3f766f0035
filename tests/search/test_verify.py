"""`manage.py search`: verify names what differs from its row; rebuild and sync mend it."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from postmortems.models import Postmortem
from postmortems.search import generations, sync
from tests.makers import make_postmortem

pytestmark = pytest.mark.django_db


def test_verify_names_what_differs():
    one, two = make_postmortem(), make_postmortem()
    assert sync.verify() == []

    Postmortem.objects.filter(pk=one.pk).update(title="Written past the verbs")

    assert sync.verify() == [one.ref]
    assert one.ref != two.ref


def test_verify_names_missing_and_surplus_entries():
    kept, gone = make_postmortem(), make_postmortem()
    sync.view()
    opened = generations.current()
    with generations.writing(opened.index) as writer:
        writer.delete_documents_by_term("pk", str(kept.pk))
    opened.index.reload()
    Postmortem.objects.filter(pk=gone.pk).update(deleted_at=gone.created_at)

    assert sync.verify() == [kept.ref, f"entry {gone.pk} without a row"]


def test_the_command_verifies_rebuilds_and_follows(capsys):
    postmortem = make_postmortem()
    call_command("search", "sync")
    call_command("search", "verify")
    Postmortem.objects.filter(pk=postmortem.pk).update(title="Written past the verbs")

    with pytest.raises(CommandError, match=postmortem.ref):
        call_command("search", "verify")
    call_command("search", "rebuild")
    call_command("search", "verify")

    assert capsys.readouterr().out.splitlines() == [
        "The index is level with the log.",
        "Every entry agrees with its row.",
        "Indexed 1 postmortems.",
        "Every entry agrees with its row.",
    ]
