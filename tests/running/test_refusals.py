"""In mode production the server names everything that is unsafe, and does not start."""

import pytest

from postmortems import storage_checks
from tests.running.own_postgres import OwnPostgres
from tests.running.web_server import WebServer, free_port

UNSAFE = {
    "HINDSIGHT_MODE": "production",
    "HINDSIGHT_SECRET_KEY": "short",
    "HINDSIGHT_BASE_URL": "http://here",
}
SAFE = {
    "HINDSIGHT_MODE": "production",
    "HINDSIGHT_BASE_URL": "https://hindsight.example",
    "HINDSIGHT_ALLOWED_HOSTS": "hindsight.example",
    "HINDSIGHT_MAIL_HOST": "none",
}


def ids_in(text: str) -> set[str]:
    """The checks that a refusal names."""
    known = [f"E{number:03}" for number in range(1, 12)] + ["W001", "W002"]
    return {number for number in known if f"hindsight.{number})" in text}


@pytest.mark.slow
@pytest.mark.xdist_group("running")
def test_the_server_names_all_that_is_unsafe_at_once(tmp_path):
    database = OwnPostgres("-c fsync=off -c full_page_writes=off -c synchronous_commit=off")
    database.start()
    tmp_path.chmod(0o755)
    server = WebServer(tmp_path, DATABASE_URL=database.url, **UNSAFE)

    said = server.manage("check", "--database=default", fails=True)
    refused = server.manage("serve", f"--port={free_port()}", fails=True)
    database.remove()

    assert ids_in(said) == ids_in(refused)
    assert ids_in(said) >= {"E002", "E003", "E004", "E006", "E007", "E008", "E011", "W002"}
    for name in storage_checks.MUST_BE_ON:
        assert f"PostgreSQL runs with {name} = off." in refused
    assert "HINT" in refused


@pytest.mark.slow
@pytest.mark.xdist_group("running")
def test_a_safe_site_starts(tmp_path):
    tmp_path.chmod(0o750)
    server = WebServer(tmp_path, **SAFE)

    assert ids_in(server.manage("check", "--database=default")) == set()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/data/site.sqlite3", "nfs4"),
        ("/srv/other/site.sqlite3", "ext4"),
        ("/srv/data2/site.sqlite3", "ext4"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(tmp_path, path, expected):
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/data nfs4 rw 0 0\n"

    found = storage_checks.file_system_of(tmp_path / path, mounts)

    assert found == expected
