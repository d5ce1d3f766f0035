"""Backing up and restoring: database, attachments, secret key. Called by `manage.py backup` and `restore`."""

import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from postmortems.models import Postmortem, User
from postmortems.operations import archive, tables
from postmortems.operations.archive import Broken
from postmortems.search import sync
from taxonomy import lookup

DATABASE, ATTACHMENTS, SECRET_KEY = "database", "attachments", "secret_key"
# Its date is that of the last backup, which the figures tell.
DONE = "last_backup"

Say = Callable[[str], None]


def back_up(path: Path) -> dict[str, Any]:
    """Write one file with all that this site is; returns its manifest. Raises OSError or Broken."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as made:
        folder = Path(made)
        found, sequences = tables.dump(folder)
        facts = _facts(found, sequences)
        with archive.writing(path, facts) as writer:
            for part in sorted(folder.iterdir()):
                writer.add(f"{DATABASE}/{part.name}", part)
                part.unlink()
            # After the database: what that names is here, and what came later does no harm.
            for file in _attachments():
                writer.add(str(file.relative_to(settings.DATA_DIR)), file)
            writer.add(SECRET_KEY, _written(folder / SECRET_KEY, settings.SECRET_KEY))
    _written(settings.DATA_DIR / DONE, path.name)
    return writer.manifest


def restore(path: Path, *, replaces: bool, say: Say) -> None:
    """Make this site what the backup says, and verify that it is. Nothing is touched before every
    part of the file has been found whole. Raises Broken."""
    manifest = archive.verified(path)
    _refuse_other_versions(manifest)
    if not replaces and not is_empty():
        raise Broken(
            "This site is not empty. To put the backup in the place of all that is here: --replace"
        )
    say(f"The file is whole: {len(manifest['parts'])} parts, of {manifest['made_at']}.")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as made:
        folder = Path(made)
        archive.extract(path, folder)
        _load_database(folder / DATABASE, manifest)
        _put_in_place(folder / ATTACHMENTS, settings.DATA_DIR / ATTACHMENTS)
        say(_secret_key_restored(folder / SECRET_KEY))
    say(_compared(manifest))
    call_command("migrate", interactive=False, verbosity=0)
    shutil.rmtree(settings.SEARCH_INDEX_DIR, ignore_errors=True)
    sync.forget()
    lookup.forget()
    say(f"Indexed {sync.rebuild()} postmortems.")
    if wrong := sync.verify():
        raise Broken(f"{len(wrong)} entries of the index differ from their rows.")


def is_empty() -> bool:
    """Whether nobody has an account here and nothing is written."""
    if Postmortem._meta.db_table not in connection.introspection.table_names():
        return True
    people = User.objects.exclude(pk=User.objects.filter(username="system").values("pk")[:1])
    return not Postmortem.objects.exists() and not people.exists()


def _facts(found: tables.Tables, sequences: dict[str, int]) -> dict[str, Any]:
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "vendor": connection.vendor,
        "versions": {
            "django": django.get_version(),
            "python": platform.python_version(),
            "database": ".".join(map(str, connection.get_database_version())),
        },
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        "tables": {name: asdict(table) for name, table in found.items()},
        "sequences": sequences,
    }


def _attachments() -> list[Path]:
    folder = settings.DATA_DIR / ATTACHMENTS
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _written(path: Path, text: str) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path


def _refuse_other_versions(manifest: dict[str, Any]) -> None:
    if manifest["vendor"] != connection.vendor:
        raise Broken(
            f"The backup is of {manifest['vendor']}, and this site runs on {connection.vendor}. "
            "Set DATABASE_URL to a database of that kind."
        )
    known = MigrationExecutor(connection).loader.graph.nodes
    if newer := [name for name in map(tuple, manifest["migrations"]) if name not in known]:
        raise Broken(
            f"The backup is of a newer version of Hindsight: {newer[0][0]} {newer[0][1]} is not "
            "known here. Install that version first."
        )


def _load_database(folder: Path, manifest: dict[str, Any]) -> None:
    if connection.vendor == "postgresql":
        _make_tables_as_of([(app, name) for app, name in manifest["migrations"]])
    tables.load(folder, manifest["tables"], manifest["sequences"])


def _make_tables_as_of(applied: list[tuple[str, str]]) -> None:
    """The tables of the version that the backup is of, neither newer nor older."""
    executor = MigrationExecutor(connection)
    graph, kept = executor.loader.graph, set(applied)
    ends = [
        key
        for key in applied
        if not any(
            child.key in kept and child.key[0] == key[0] for child in graph.node_map[key].children
        )
    ]
    executor.migrate(ends)


def _put_in_place(source: Path, target: Path) -> None:
    """Exchange the folder; what was there goes when the new one stands."""
    old = target.with_name(f"{target.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    if source.exists():
        source.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _secret_key_restored(source: Path) -> str:
    if os.environ.get("HINDSIGHT_SECRET_KEY", "").strip():
        return "The secret key of this environment stays; sessions of the old site may end."
    _written(settings.DATA_DIR / SECRET_KEY, source.read_text())
    return "The secret key is that of the backup."


def _compared(manifest: dict[str, Any]) -> str:
    """Every table and every attachment against the manifest; raises Broken."""
    found = {name: asdict(table) for name, table in tables.present().items()}
    told = manifest["tables"]
    wrong = sorted(name for name in found.keys() | told.keys() if found.get(name) != told.get(name))
    if wrong:
        raise Broken(f"These tables are not as in the backup: {', '.join(wrong)}.")
    names = {str(path.relative_to(settings.DATA_DIR)) for path in _attachments()}
    if names != {name for name in manifest["parts"] if name.startswith(f"{ATTACHMENTS}/")}:
        raise Broken("The attachments are not those of the backup.")
    rows = sum(table["rows"] for table in told.values())
    return f"{len(told)} tables with {rows} rows are equal by hash; {len(names)} attachments."
