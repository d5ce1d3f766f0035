"""Archives that lie, explode, lead out or hide something are refused as a whole, before they cost anything."""

import contextlib
import io
import struct
import tracemalloc
import zipfile

import pytest

from postmortems.exchange import archive
from postmortems.exchange.archive import Member, members
from postmortems.exchange.problems import Refused


def packed(*files, method=zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of (name or ZipInfo, bytes)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, data in files:
            made.writestr(name, data, method)
    return target.getvalue()


def refusal(data: bytes) -> str:
    """Why an archive is refused."""
    with pytest.raises(Refused) as caught:
        list(members(data))
    return caught.value.problem.message


def directory_says(data: bytes, offset: int, value: int) -> bytes:
    """The archive with another 32-bit value in the first entry of its directory."""
    start = data.index(archive.ENTRY) + offset
    return data[:start] + struct.pack("<L", value) + data[start + 4 :]


def test_what_was_packed_comes_out():
    files = [("a.md", b"one"), ("b/c.json", b"[]"), ("d.txt", b"")]

    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        assert list(members(packed(*files, method=method))) == [Member(*file) for file in files]


def test_folders_and_what_systems_leave_behind_are_no_files():
    files = [("a/", b""), ("__MACOSX/a/._x.md", b"x"), ("a/.DS_Store", b"x"), ("a/x.md", b"x")]

    assert [member.name for member in members(packed(*files))] == ["a/x.md"]


def test_zeros_that_unpack_to_gigabytes_cost_nothing():
    data = directory_says(packed(("a.md", b"\0" * 20_000_000)), 24, 0xFFFFFFF0)

    tracemalloc.start()
    assert "40 MiB" in refusal(data)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


def test_more_than_the_ratio_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "RATIO_FROM", 10_000)

    assert "too much" in refusal(packed(("a.md", b"\0" * 1_000_000)))


def test_more_than_fits_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "BYTES", 1_000)

    assert "too much" in refusal(packed(("a.md", b"x" * 600), ("b.md", b"y" * 600)))


def test_many_files_are_refused_before_the_directory_is_built(monkeypatch):
    monkeypatch.setattr(archive, "MEMBERS", 50)
    monkeypatch.setattr(zipfile, "ZipFile", None)

    assert "over 50 files" in refusal(archive.ENTRY * 51)


@pytest.mark.parametrize("claimed", [10, 1_000_000])
def test_a_size_that_is_a_lie_is_noticed_while_reading(claimed):
    data = packed(("a.md", b"x" * 5_000))

    assert "not what the archive says" in refusal(directory_says(data, 24, claimed))


def test_a_lie_unpacks_no_more_than_it_says():
    data = directory_says(packed(("a.md", b"\0" * 20_000_000)), 24, 10)

    tracemalloc.start()
    assert "not what the archive says" in refusal(data)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


@pytest.mark.parametrize(
    "name",
    ["../x.md", "a/../../x.md", "/etc/x.md", "C:\\x.md", "C:x.md", "a\\x.md", "a//x.md", "./x.md"],
)
def test_names_that_lead_out_are_refused(name):
    assert "leads out" in refusal(packed((zipfile.ZipInfo(name), b"x")))


@pytest.mark.parametrize("name", ["a\nb.md", "a\u202eb.md", "x" * 300])
def test_odd_names_are_refused(name):
    assert "leads out" in refusal(packed((name, b"x")))


def test_a_name_with_a_zero_in_it_is_refused():
    data = packed(("a.mdXx.md", b"x")).replace(b"a.mdXx.md", b"a.md\0x.md")

    assert "leads out" in refusal(data)


@pytest.mark.parametrize("kind", [0o120777, 0o060600, 0o020600, 0o010600])
def test_links_and_devices_are_refused(kind):
    info = zipfile.ZipInfo("a.md")
    info.external_attr = kind << 16

    assert "link or a device" in refusal(packed((info, b"/etc/passwd")))


@pytest.mark.parametrize(
    "names",
    [("a.md", "a.md"), ("a.md", "A.MD"), ("é.md", "e\u0301.md"), ("straße.md", "STRASSE.md")],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(names):
    assert "same name" in refusal(packed(*((name, b"x") for name in names)))


def test_an_encrypted_file_is_refused():
    data = packed(("a.md", b"x"))
    start = data.index(archive.ENTRY) + 8

    assert "encrypted" in refusal(data[:start] + b"\1" + data[start + 1 :])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method):
    assert "not read" in refusal(packed(("a.md", b"x" * 100), method=method))


def test_a_wrong_checksum_is_refused():
    data = packed(("a.md", b"content"), method=zipfile.ZIP_STORED)

    assert "not what the archive says" in refusal(data.replace(b"content", b"context"))


def test_what_is_cut_short_is_refused():
    data = packed(("a.md", b"x" * 5_000), ("b.md", b"y" * 5_000))

    for end in range(4, len(data) - 1, 7):
        assert refusal(data[:end])


def test_files_that_share_their_bytes_are_refused():
    """As an archive of a few kilobytes holds gigabytes: every entry points to the same bytes."""
    data = packed(("a.md", b"x" * 500), ("b.md", b"x" * 500))
    second = data.index(archive.ENTRY, data.index(archive.ENTRY) + 4) + 42

    assert "over each other" in refusal(data[:second] + struct.pack("<L", 0) + data[second + 4 :])


def test_an_archive_in_an_archive_stays_a_file():
    data = packed(("deep.md", b"x"))
    for _level in range(6):
        data = packed(("inner.zip", data))

    ((name, inner),) = [(member.name, member.data) for member in members(data)]
    assert name == "inner.zip"
    assert archive.is_archive(inner)


def test_bytes_that_are_changed_anywhere_never_raise_anything_else():
    data = packed(("a.md", b"x" * 50), ("b/c.json", b"[1]"))

    for place in range(len(data)):
        broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        with contextlib.suppress(Refused):
            list(members(broken))
