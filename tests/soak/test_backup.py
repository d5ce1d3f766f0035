"""The restore drill: back up while people write, restore into an empty site, and everything is as it was."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import pytest

from postmortems.operations import archive
from tests.soak import IS_FULL, history, wait_until
from tests.soak.site import ROOT, Site

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.xdist_group("soak")]

COUNT = 10_000 if IS_FULL else 40
ATTACHMENTS = 1_000 if IS_FULL else 5


@pytest.fixture(scope="module")
def filled(prepared, tmp_path_factory):
    """A site with postmortems and attachments."""
    site = Site(tmp_path_factory.mktemp("filled"), prepared.database)
    node = site.node()
    node.fill(count=COUNT)
    # So many at once are taken in beside what is served; until then searches answer as before.
    wait_until(lambda: node.differences() == [], 600, "the index of all of them")
    folder = node.folder / "attachments" / "ab"
    folder.mkdir(parents=True)
    for number in range(ATTACHMENTS):
        (folder / f"{number}.bin").write_bytes(os.urandom(2_000))
    site.stop_nodes()
    yield site
    site.close()


@pytest.fixture
def written(filled, tmp_path):
    """A copy of it: writing it anew takes longer than backing it up."""
    site = Site(tmp_path, filled.database)
    shutil.copytree(filled.folder / "shared", site.folder / "shared")
    yield site
    site.close()


@pytest.fixture
def elsewhere(tmp_path):
    """A site of which there is nothing but an empty database."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    other = Site(folder)
    yield other
    other.close()


def run(site: Site, *arguments: str, folder: str = "shared") -> tuple[int, str]:
    """A command's exit code and all that it said."""
    (site.folder / folder).mkdir(exist_ok=True)
    log = site.folder / "manage.log"
    log.write_text("")
    code = site.manage(*arguments, folder=folder).wait(3600)
    return code, log.read_text()


def backed_up(site: Site, path: Path) -> Path:
    """A backup of the site, which must succeed."""
    code, said = run(site, "backup", str(path))
    assert code == 0, said
    return path


def files_below(folder: Path) -> dict[str, bytes]:
    """The attachments of a data directory."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "attachments").rglob("*")
        if path.is_file()
    }


def test_a_site_that_was_backed_up_while_people_wrote_is_restored_whole(
    written, elsewhere, tmp_path
):
    node, is_over, made = written.node(), threading.Event(), []

    def write() -> None:
        while not is_over.is_set():
            made.append(node.create(title=history.word("w", len(made))))

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: bool(made), 600, "a first write")
    began = time.monotonic()
    path = backed_up(written, tmp_path / "site.backup")
    backup_seconds, before = time.monotonic() - began, len(made)
    wait_until(lambda: len(made) > before or not writer.is_alive(), 600, "writes afterwards")
    is_over.set()
    writer.join()

    began = time.monotonic()
    code, said = run(elsewhere, "restore", str(path))
    seconds = time.monotonic() - began

    print(
        f"{COUNT} postmortems, {path.stat().st_size / 1e6:.1f} MB: backed up in "
        f"{backup_seconds:.1f} s with {before} writes meanwhile, restored in {seconds:.1f} s"
    )
    assert code == 0, said
    assert len(made) > before > 0
    assert not IS_FULL or seconds <= 600
    restored = elsewhere.node()
    assert restored.differences() == []
    assert files_below(restored.folder) == files_below(node.folder)
    key = (restored.folder / "secret_key").read_text()
    assert key == (node.folder / "secret_key").read_text()
    words = [history.word("s", number) for number in range(0, COUNT, max(COUNT // 40, 1))]
    for viewer in ("", "charlie", "dana"):
        here = [node.ask(text=word, viewer=viewer) for word in words]
        assert [restored.ask(text=word, viewer=viewer) for word in words] == here
    # The sequences stand where they stood: what is written next takes nobody's number.
    assert restored.create(title="afterwards")


def test_a_site_with_content_is_replaced_only_when_told(written, tmp_path):
    path = backed_up(written, tmp_path / "site.backup")
    node = written.node()
    node.create(title="later")
    assert node.ask(text="later")["count"] == 1
    written.stop_nodes()

    refused = run(written, "restore", str(path))
    replaced = run(written, "restore", str(path), "--replace")

    assert refused[0] == 1
    assert "not empty" in refused[1]
    assert replaced[0] == 0, replaced[1]
    assert written.node().ask(text="later")["count"] == 0


def test_a_damaged_backup_touches_nothing(written, elsewhere, tmp_path):
    path = backed_up(written, tmp_path / "site.backup")
    path.write_bytes(path.read_bytes()[:-20_000])

    verified = run(written, "backup", str(path), "--verify")
    code, said = run(elsewhere, "restore", str(path))

    assert (verified[0], code) == (1, 1)
    assert "no whole backup" in said
    assert not (elsewhere.folder / "shared" / "attachments").exists()


def test_a_backup_of_a_newer_version_is_refused_in_words(written, elsewhere, tmp_path):
    path = backed_up(written, tmp_path / "site.backup")
    newer = tmp_path / "newer.backup"
    facts = archive.verified(path)
    facts["migrations"].append(["postmortems", "9999_from_the_future"])
    with archive.writing(newer, facts) as writer, tarfile.open(path) as tar:
        for name in json.loads(json.dumps(facts.pop("parts"))):
            tar.extract(name, tmp_path / "parts", filter="data")
            writer.add(name, tmp_path / "parts" / name)

    code, said = run(elsewhere, "restore", str(newer))

    assert code == 1
    assert "newer version of Hindsight" in said


def test_a_disk_that_is_full_leaves_the_last_backup_as_it_was(written, tmp_path):
    path = backed_up(written, tmp_path / "site.backup")
    before = path.read_bytes()
    # No file may grow beyond so many blocks: writing fails as on a full disk.
    command = f"ulimit -f 50; exec {sys.executable} manage.py backup {path}"
    environment = written.environment(written.folder / "shared")

    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: No backup: "), done.stderr
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir() if "partial" in item.name] == []
