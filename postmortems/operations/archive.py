"""The file that a backup is: a tar with the parts and, last, a manifest of their sizes and hashes."""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from postmortems import file_store

MANIFEST = "manifest.json"
FORMAT = "hindsight-backup-1"
CHUNK = 1 << 20


class Broken(Exception):
    """Why a file is no backup, or no whole one, in words."""


class Writer:
    """Adds parts and remembers what they are."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.parts: dict[str, dict[str, Any]] = {}
        # As it was read back; empty until the whole is written.
        self.manifest: dict[str, Any] = {}

    def add(self, name: str, path: Path) -> None:
        """A file as a part."""
        with path.open("rb") as file:
            entry = self.tar.gettarinfo(arcname=name, fileobj=file)
            hashed = _Hashing(file)
            self.tar.addfile(entry, hashed)
        self.parts[name] = {"bytes": entry.size, "sha256": hashed.digest.hexdigest()}


@contextmanager
def writing(path: Path, facts: dict[str, Any]) -> Iterator[Writer]:
    """A backup that stands under its name only when it is on the disk and was read back whole, or not
    at all: what had the name stays then. Raises Broken.

    `facts` become the manifest; what the caller adds to them until the end stands in it too.
    """
    beside = path.with_name(f"{path.name}.partial")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar)
                yield writer
                _add_manifest(tar, {"format": FORMAT, **facts, "parts": writer.parts}, beside)
            file.flush()
            os.fsync(file.fileno())
        writer.manifest = verified(beside)
        beside.replace(path)
        file_store.sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def verified(path: Path) -> dict[str, Any]:
    """The manifest, after every part was read and found as it says; raises Broken."""
    try:
        with tarfile.open(path) as tar:
            found = {entry.name: entry for entry in tar.getmembers()}
            manifest = _manifest_in(tar, found)
            for name, told in manifest["parts"].items():
                _verify_part(tar, found.get(name), name, told)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise Broken(f"{path} is no whole backup: {error}") from error
    if unknown := found.keys() - manifest["parts"].keys() - {MANIFEST}:
        raise Broken(f"{path} holds what its manifest does not name: {', '.join(sorted(unknown))}.")
    return dict(manifest)


def extract(path: Path, folder: Path) -> None:
    """Every part as a file below the folder; the caller has verified the archive."""
    with tarfile.open(path) as tar:
        tar.extractall(folder, filter="data")


def _manifest_in(tar: tarfile.TarFile, found: dict[str, tarfile.TarInfo]) -> dict[str, Any]:
    file = tar.extractfile(found[MANIFEST]) if MANIFEST in found else None
    if file is None:
        raise ValueError("it has no manifest, so its end is missing")
    manifest = json.load(file)
    if manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']}, and this version reads {FORMAT}")
    return dict(manifest)


def _verify_part(
    tar: tarfile.TarFile, entry: tarfile.TarInfo | None, name: str, told: dict[str, Any]
) -> None:
    file = tar.extractfile(entry) if entry and entry.isfile() else None
    if file is None:
        raise ValueError(f"{name} is missing")
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    if digest.hexdigest() != told["sha256"]:
        raise ValueError(f"{name} is not as it was written")


def _add_manifest(tar: tarfile.TarFile, manifest: dict[str, Any], beside: Path) -> None:
    text = beside.with_name(f"{beside.name}.manifest")
    try:
        text.write_text(json.dumps(manifest, indent=1, sort_keys=True))
        tar.add(text, arcname=MANIFEST)
    finally:
        text.unlink(missing_ok=True)


class _Hashing:
    """A file that is hashed while somebody else reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk
