"""Readers of environment variables that fail loudly. Called by `settings` alone."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MODES = ("demo", "production")


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
    try:
        # O_EXCL: of two processes that start at once, one makes the key and the other reads it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
