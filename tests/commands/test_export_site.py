"""The static copy holds exactly what its reader may see, and works without a server."""

import re
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from postmortems.models import Postmortem
from tests import makers

NOW = timezone.now()


@pytest.fixture
def export(tmp_path):
    """Runs the command and gives back all files of the copy."""

    def run(*arguments: str, folder: str = "copy") -> dict[str, bytes]:
        with patch("django.utils.timezone.now", return_value=NOW):
            call_command("export_site", str(tmp_path / folder), *arguments, verbosity=0)
        root = tmp_path / folder
        return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}

    return run


@pytest.fixture
def collection(platform, payments, alice, capsys):
    """A postmortem of each kind of audience."""
    kinds = {
        "pbcpage1": {"visibility": "public"},
        "pbcpage2": {"visibility": "public"},
        "nsdepag1": {"visibility": "internal"},
        "teampage": {"visibility": "team"},
        "hddnpage": {"visibility": "restricted"},
        "draftpg1": {"visibility": "public", "status": "draft"},
    }
    for ref, fields in kinds.items():
        document = makers.make_document(f"The {ref}", summary=f"canary-{ref} 升级失败")
        makers.make_postmortem(document, team=platform, ref=ref, **fields)


def refs_in(files: dict[str, bytes]) -> set[str]:
    """The postmortems that have a page."""
    return {name.split("/")[1] for name in files if name.startswith("p/")}


@pytest.mark.parametrize("name", ["visitor", "alice", "charlie", "dana"])
def test_a_copy_holds_exactly_what_its_reader_sees(collection, export, charlie, dana, name, alice):
    viewers = {"alice": alice, "charlie": charlie, "dana": dana}
    tokens = {"visitor": {"pbcpage1", "pbcpage2"}}
    seen = Postmortem.objects.visible_to(viewers[name]) if name in viewers else ()
    expected = {item.ref for item in seen} or tokens[name]

    files = export("--as", name)

    assert refs_in(files) == expected
    everything = b"".join(files.values()).decode(errors="replace")
    hidden = set(Postmortem.objects.values_list("ref", flat=True)) - expected
    assert [ref for ref in hidden if ref in everything] == []


def test_what_is_hidden_changes_no_byte(collection, export, platform):
    before = export("--as", "visitor", folder="before")
    Postmortem.objects.exclude(visibility="public", status="published").delete()

    assert export("--as", "visitor", folder="after") == before


def test_every_address_in_it_leads_to_a_file_of_it(collection, dana, export, tmp_path):
    files = export("--as", "dana")

    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        for address in re.findall(r' (?:href|src)="([^"#]+)', content.decode()):
            target = (tmp_path / "copy" / name).parent / address
            assert ":" in address or target.is_file(), f"{name} names {address}"


def test_nothing_in_it_is_inline_or_asks_a_server(collection, dana, export):
    files = export("--as", "dana")

    pages = "".join(content.decode() for name, content in files.items() if name.endswith(".html"))
    assert not re.search(r"<script(?![^>]* src=)|<form|<style| on\w+=|style=", pages)
    assert not re.search(r' (?:href|src)="/', pages)


def test_a_newer_copy_takes_the_place_of_an_older_one(collection, export):
    export()
    Postmortem.objects.filter(ref="pbcpage1").delete()

    assert refs_in(export()) == {"pbcpage2"}


def test_a_folder_with_other_things_is_left_alone(collection, export, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "thesis.txt").write_text("years of work")

    with pytest.raises(CommandError, match="something else"):
        export()

    assert (tmp_path / "copy" / "thesis.txt").exists()


def test_an_account_that_is_not_active_gets_no_copy(collection, export):
    makers.make_user("erin", is_active=False)

    with pytest.raises(CommandError, match="not active"):
        export("--as", "erin")
