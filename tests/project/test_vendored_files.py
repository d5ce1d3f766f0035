"""The third-party files in static/vendor are the ones that were reviewed."""

import hashlib
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
LINES = [line.split("  ") for line in (VENDOR / "vendor.lock").read_text().splitlines()]


@pytest.mark.parametrize(("digest", "path"), [(line[0], line[1]) for line in LINES])
def test_a_vendored_file_has_the_locked_checksum(digest, path):
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_locked():
    stored = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert stored == {line[1] for line in LINES} | {"vendor.lock"}


def test_every_line_names_version_and_licence_and_the_folder_carries_it():
    for _, path, what in LINES:
        name, version, licence = what.split(" ")

        assert path.startswith(f"{name}-{version}/")
        assert licence in {"0BSD", "OFL-1.1"}
        assert (VENDOR / f"{name}-{version}" / "LICENSE").is_file()
