"""The commands that bring files in and out: what they print, and how they end."""

import pytest
from django.core.management import CommandError, call_command

from postmortems.models import Postmortem
from tests.makers import SEEDS, make_postmortem

GOOD = "---\nhindsight: 1\nimport_id: good\ntitle: Good\n---\n"
BAD = "---\nhindsight: 1\nimport_id: bad\ntitle: Bad\nstarted: yesterday\n---\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with a good file and a bad one."""
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "bad.md").write_text(BAD)
    return tmp_path


def test_it_imports_a_folder_and_says_how_many(platform, capsys):
    call_command("import_postmortems", SEEDS, team="platform")

    count = len(list(SEEDS.glob("*.md")))
    assert capsys.readouterr().out == f"new: {count}  changed: 0  same: 0  problem: 0\n"
    assert Postmortem.objects.published().count() == count


def test_problems_are_told_as_an_editor_finds_them_and_the_rest_goes_in(platform, folder, capsys):
    with pytest.raises(CommandError, match="left out; the rest went in"):
        call_command("import_postmortems", folder)

    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{folder / 'bad.md'}:5: started: “yesterday” cannot be read as a time")
    assert last == "new: 1  changed: 0  same: 0  problem: 1"
    assert Postmortem.objects.get().import_id == "good"


def test_a_dry_run_lists_what_would_happen_and_keeps_nothing(platform, folder, capsys):
    with pytest.raises(CommandError, match="would go in"):
        call_command("import_postmortems", folder, dry_run=True)

    assert "good" in capsys.readouterr().out
    assert not Postmortem.objects.exists()


def test_the_team_must_be_said_when_there_are_several(platform, payments, folder):
    with pytest.raises(CommandError, match=r"Which team\?.*payments, platform"):
        call_command("import_postmortems", folder)


def test_a_team_that_is_not_there_is_answered_with_those_that_are(platform, folder):
    with pytest.raises(CommandError, match="Did you mean platform"):
        call_command("import_postmortems", folder, team="platfrom")


def test_without_a_team_there_is_nowhere_to_import_to(db, folder):
    with pytest.raises(CommandError, match="no team yet"):
        call_command("import_postmortems", folder)


def test_an_empty_folder_is_an_error(platform, tmp_path):
    with pytest.raises(CommandError, match=r"no \.md files"):
        call_command("import_postmortems", tmp_path)


def test_what_is_exported_is_imported_unchanged(platform, payments, tmp_path, capsys):
    call_command("import_postmortems", SEEDS, team="platform")
    make_postmortem(team=payments, import_id="of-others")

    call_command("export_postmortems", tmp_path)
    call_command("import_postmortems", tmp_path, team="payments")

    count = len(list(SEEDS.glob("*.md"))) + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["payments", "platform"]
    assert capsys.readouterr().out.endswith(f"new: 0  changed: 0  same: {count}  problem: 0\n")


def test_one_team_alone_can_be_exported(platform, payments, tmp_path, capsys):
    make_postmortem(team=platform, import_id="ours")
    make_postmortem(team=payments, import_id="of-others")

    call_command("export_postmortems", tmp_path, team="platform")

    assert capsys.readouterr().out == f"1 postmortems written to {tmp_path}.\n"
    assert [path.name for path in tmp_path.rglob("*.md")] == ["ours.md"]


def test_a_folder_that_cannot_be_written_is_an_error(db, tmp_path):
    make_postmortem()
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_postmortems", tmp_path / "file")
