"""Readers of environment variables that fail loudly. Called by `settings` alone."""

import contextlib
import os
import secrets
import tempfile
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Network = IPv4Network | IPv6Network

MODES = ("demo", "production")
ROLES = ("reader", "author", "reviewer", "lead")


def read_text(name: str, default: str = "") -> str:
    """The variable's value without surrounding white space, or `default` when unset or empty."""
    return os.environ.get(name, "").strip() or default


def read_choice(name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, the first when unset. Raises ImproperlyConfigured for any other value."""
    value = read_text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
    return value


def read_list(name: str) -> list[str]:
    """The comma-separated values of the variable, empty ones left out."""
    return [part.strip() for part in read_text(name).split(",") if part.strip()]


def read_number(name: str, default: int) -> int:
    """A whole number from 1 on. Raises ImproperlyConfigured for anything else."""
    value = read_text(name, str(default))
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 1_000_000):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number from 1 on.")
    return int(value)


def read_networks(name: str) -> list[Network]:
    """The addresses and networks of the variable. Raises ImproperlyConfigured for what is neither."""
    try:
        return [ip_network(part) for part in read_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must hold addresses or networks like 10.0.0.7 or 10.0.0.0/8: {error}."
        ) from error


def read_group_roles(name: str) -> dict[str, tuple[str, str]]:
    """Group → team and role, from `group=team:role`. Raises ImproperlyConfigured for anything else."""
    found = {}
    for part in read_list(name):
        group, _equals, rest = part.rpartition("=")
        team, _colon, role = rest.partition(":")
        if not group or not team or role not in ROLES:
            raise ImproperlyConfigured(
                f"{name} has {part!r}; it must be GROUP=TEAM:ROLE, the role one of {', '.join(ROLES)}."
            )
        found[group] = (team, role)
    return found


def read_directory(name: str, default: Path) -> Path:
    """A directory that exists and can be written; it is made when absent."""
    path = Path(read_text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {path}, which cannot be made: {error}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name} is {path}, which cannot be written by this user.")
    return path


def read_secret_key(data_dir: Path) -> str:
    """HINDSIGHT_SECRET_KEY, else a random key kept in the data directory (mode 0600)."""
    if given := read_text("HINDSIGHT_SECRET_KEY"):
        return given
    path = data_dir / "secret_key"
    if not path.exists():
        _make_secret_key(path)
    key = path.read_text().strip()
    if not key:
        raise ImproperlyConfigured(
            f"{path} is empty. Remove it, and the next start makes a new key."
        )
    return key


def _make_secret_key(path: Path) -> None:
    # Written beside and linked when whole: of two processes that start at once one wins, and the
    # other reads a key and never an empty file. mkstemp makes files that only their owner reads.
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix="secret_key.")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    os.unlink(beside)


def known_database(database: Any) -> Any:
    """The database settings unchanged; raises ImproperlyConfigured for an engine that is not supported."""
    if not database["ENGINE"].endswith(("sqlite3", "postgresql")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite://.")
    return database
