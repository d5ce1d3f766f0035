"""A backup's file: it stands there whole or not at all, and what is not as it was written is found."""

from contextlib import suppress

import pytest

from postmortems.operations import archive


@pytest.fixture
def whole(tmp_path):
    """A backup of two parts."""
    (tmp_path / "first").write_bytes(b"one" * 1_000)
    (tmp_path / "second").write_bytes(b"two" * 1_000)
    path = tmp_path / "site.backup"
    with archive.writing(path, {"made_at": "now"}) as writer:
        writer.add("a/first", tmp_path / "first")
        writer.add("second", tmp_path / "second")
    return path


def test_a_whole_one_says_what_it_holds(whole):
    manifest = archive.verified(whole)

    assert manifest["made_at"] == "now"
    assert {name: part["bytes"] for name, part in manifest["parts"].items()} == {
        "a/first": 3_000,
        "second": 3_000,
    }


def test_only_its_owner_can_read_it(whole):
    assert whole.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", [0, 100, 1_000, 4_000, 7_000, 9_000])
def test_one_that_is_cut_short_is_none(whole, kept):
    whole.write_bytes(whole.read_bytes()[:kept])

    with pytest.raises(archive.Broken):
        archive.verified(whole)


@pytest.mark.parametrize(
    ("old", "new"), [(b"oneone", b"onetwo"), (b"a/first", b"a/other"), (b"backup-1", b"backup-2")]
)
def test_a_changed_byte_is_found(whole, old, new):
    content = whole.read_bytes()
    assert old in content
    whole.write_bytes(content.replace(old, new, 1))

    with pytest.raises(archive.Broken):
        archive.verified(whole)


def test_a_failure_leaves_the_last_one_as_it_was(whole, tmp_path):
    before = whole.read_bytes()

    with suppress(FileNotFoundError), archive.writing(whole, {}) as writer:
        writer.add("second", tmp_path / "second")
        writer.add("third", tmp_path / "not there")

    assert whole.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["first", "second", "site.backup"]


def test_what_is_read_back_otherwise_than_it_was_written_leaves_the_last_one(whole, tmp_path):
    before = whole.read_bytes()

    with pytest.raises(archive.Broken, match="second"):
        written_badly(whole, tmp_path / "second")

    assert whole.read_bytes() == before
    assert not whole.with_name("site.backup.partial").exists()


def written_badly(path, part):
    """A backup on a disk that gives back other bytes than were written."""
    with archive.writing(path, {}) as writer:
        writer.add("second", part)
        writer.parts["second"]["sha256"] = "0" * 64
