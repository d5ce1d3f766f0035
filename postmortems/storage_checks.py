"""System checks of what keeps the data in mode production: the database's settings, tables, files, the clock."""

import datetime as dt
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

# A commit must be on the disk when it is acknowledged, whole, and stay so after a crash.
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
MOST_SECONDS_APART = 60
# Where SQLite's locks and shared memory do not work between machines, or not at all.
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs"}
NETWORK_FILE_SYSTEMS |= {"fuse.glusterfs", "fuse.sshfs", "lustre", "ocfs2", "gfs2"}


@register(Tags.database)
def production_database(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """What the database itself says of its safety, and whether its tables are those of this version."""
    if settings.MODE != "production" or not databases:
        return []
    # The command that mends it must not be refused because of it.
    is_migrating = sys.argv[1:2] == ["migrate"]
    asked: list[Callable[[], Iterator[CheckMessage]]] = [] if is_migrating else [_outdated_tables]
    if connection.vendor == "postgresql":
        asked += [_settings_that_lose_writes, _too_mighty_role, _clocks_apart]
    try:
        return [message for question in asked for message in question()]
    except OperationalError:
        # `production_accounts` has said that the database is away.
        return []


@register(Tags.security)
def production_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Who else can read the data directory, and whether SQLite can work in it."""
    if settings.MODE != "production":
        return []
    return [*_readable_by_others(settings.DATA_DIR), *_network_file_system()]


def _settings_that_lose_writes() -> Iterator[CheckMessage]:
    for name in MUST_BE_ON:
        if (value := str(_ask("SELECT current_setting(%s)", name))) == "off":
            yield Error(
                f"PostgreSQL runs with {name} = {value}.",
                hint="Turn it on: what was saved would be lost or torn in a crash.",
                id="hindsight.E006",
            )


def _too_mighty_role() -> Iterator[CheckMessage]:
    if _ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        yield Warning(
            "The site's database role is a superuser.",
            hint="Give it a role that owns its own database and nothing else.",
            id="hindsight.W002",
        )


def _clocks_apart() -> Iterator[CheckMessage]:
    theirs = _ask("SELECT clock_timestamp()")
    apart = abs((theirs - dt.datetime.now(dt.UTC)).total_seconds())
    if apart > MOST_SECONDS_APART:
        yield Error(
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.",
            hint="Let both follow a time server: sessions and histories depend on it.",
            id="hindsight.E009",
        )


def _outdated_tables() -> Iterator[CheckMessage]:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Error(
            f"The database lacks {len(plan)} migrations of this version.",
            hint="Run: manage.py prepare_site",
            id="hindsight.E007",
        )


def _readable_by_others(folder: Path) -> Iterator[CheckMessage]:
    if folder.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH | stat.S_IWOTH):
        yield Error(
            f"Every account of this machine can look into {folder}.",
            hint=f"It holds the secret key and all texts. Run: chmod o= {folder}",
            id="hindsight.E008",
        )


def _network_file_system() -> Iterator[CheckMessage]:
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    kind = file_system_of(Path(str(settings.DATABASES["default"]["NAME"])), _mounts())
    if kind in NETWORK_FILE_SYSTEMS:
        yield Error(
            f"The SQLite file lies on a network file system ({kind}), which loses writes.",
            hint="Move HINDSIGHT_DATA_DIR to a local disk, or use PostgreSQL.",
            id="hindsight.E010",
        )


def file_system_of(path: Path, mounts: str) -> str:
    """The kind of the file system that a path lies on, by the system's list of mounts; "" if unknown."""
    kinds = {
        fields[1]: fields[2] for line in mounts.splitlines() if len(fields := line.split()) > 2
    }
    above = [str(folder) for folder in (path, *path.parents)]
    return next((kinds[folder] for folder in above if folder in kinds), "")


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text()
    except OSError:
        # Only Linux has this list.
        return ""


def _ask(statement: str, *parameters: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
