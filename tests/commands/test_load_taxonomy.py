"""Vocabularies from the command line."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from postmortems.exchange.vocabularies import is_loaded, load_vocabularies
from postmortems.models import AuditEntry, SearchLog
from taxonomy.models import Vocabulary

SMALL = """\
hindsight: 1
vocabularies:
  weather:
    names: {en: Weather}
    kind: flat
    terms:
      rain: {names: {en: Rain}}
"""


@pytest.fixture
def path(tmp_path):
    """A file with one small vocabulary."""
    file = tmp_path / "weather.yaml"
    file.write_text(SMALL)
    return file


def test_the_shipped_file_is_loaded_by_default(db, capsys):
    call_command("load_taxonomy")

    assert capsys.readouterr().out.startswith("0 new, 0 changed, 0 retired, ")


def test_a_file_is_loaded_and_search_is_told(db, path, capsys):
    call_command("load_taxonomy", path)

    assert capsys.readouterr().out == "2 new, 0 changed, 0 retired, 0 as before.\n"
    assert Vocabulary.objects.filter(slug="weather").exists()
    assert SearchLog.objects.get().postmortem_id is None
    assert AuditEntry.objects.get().action == "load-vocabularies"


def test_the_same_file_again_tells_search_nothing(db, path):
    call_command("load_taxonomy", path)
    call_command("load_taxonomy", path)

    assert SearchLog.objects.count() == 1


def test_a_file_with_problems_changes_nothing(db, path):
    path.write_text(SMALL.replace("kind: flat", "kind: round"))

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_taxonomy", path)

    assert not Vocabulary.objects.filter(slug="weather").exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_an_error(db, tmp_path, content):
    if content:
        (tmp_path / "x.yaml").write_bytes(content)

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_taxonomy", tmp_path / "x.yaml")


def test_only_curators_load_vocabularies(alice, dana):
    with pytest.raises(PermissionDenied):
        load_vocabularies(SMALL, by=alice)

    load_vocabularies(SMALL, by=dana)

    assert is_loaded(SMALL)
    assert not is_loaded(SMALL.replace("Rain", "Snow"))
