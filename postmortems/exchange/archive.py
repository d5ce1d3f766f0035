"""The files in a zip, read so that nothing it says of itself is believed. Pure.

The directory is only asked where a file lies; how much comes out is counted while it comes.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postmortems.exchange.problems import FileProblem, Refused

# The most files, bytes in one and in all, and how much larger than the archive it all may be.
MEMBERS = 10_000
MEMBER_BYTES = 40 * 1024 * 1024
BYTES = 64 * 1024 * 1024
RATIO = 200
# Small archives of much the same text shrink more than that, and hurt nobody.
RATIO_FROM = 4 * 1024 * 1024
NAME_LENGTH = 255

BLOCK = 64 * 1024
ENTRY = b"PK\x01\x02"
LOCAL = struct.Struct("<4s5HLLLHH")
BROKEN = (zipfile.BadZipFile, struct.error, ValueError, OverflowError, EOFError, OSError)
# What some systems put into every archive they make.
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    name: str
    data: bytes


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as those of a zip do, an empty one too."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def members(data: bytes) -> Iterator[Member]:
    """Each file in the order of the directory; raises Refused, before or between any of them.

    Archives in it are files like any other: nobody looks into them.
    """
    found = _directory(data)
    _check_names(found)
    spans = [_span(data, info) for info in found]
    _check_apart(spans)
    total = 0
    most = max(RATIO_FROM, RATIO * len(data))
    for info, (start, end) in zip(found, spans, strict=True):
        if info.is_dir() or _is_litter(info.filename):
            continue
        content = _content(info, data[start:end])
        total += len(content)
        if total > min(BYTES, most):
            raise _refused(info.filename, "The archive unpacks to too much.")
        yield Member(info.filename, content)


def _refused(name: str, message: str) -> Refused:
    return Refused(FileProblem(None, _shown(name), message, "Nothing of the archive was read."))


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in name[:80])


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    # Counted in the bytes: the directory is built only when it is known to be small.
    if data.count(ENTRY) > MEMBERS:
        raise _refused("", f"The archive holds over {MEMBERS} files.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (*BROKEN, NotImplementedError) as error:
        raise _refused("", "The archive is damaged or incomplete.") from error


def _check_names(found: Sequence[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in found:
        name = info.orig_filename
        if not _is_inside(name):
            raise _refused(name, "The name of a file in the archive leads out of it.")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(name, "The archive holds a link or a device.")
        same = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if same in seen:
            raise _refused(name, "Two files in the archive have the same name.")
        seen.add(same)


def _is_inside(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    is_plain = name.isprintable() and len(name) <= NAME_LENGTH
    return is_plain and not set("\\:") & set(name) and not {"", ".", ".."} & set(parts)


def _is_litter(name: str) -> bool:
    return name.startswith(LITTER[0]) or name.rpartition("/")[2] in LITTER


def _span(data: bytes, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Where the packed bytes of a file stand."""
    try:
        head = LOCAL.unpack_from(data, info.header_offset)
    except struct.error as error:
        raise _refused(info.filename, "The archive is damaged or incomplete.") from error
    start = info.header_offset + LOCAL.size + head[9] + head[10]
    end = start + info.compress_size
    if head[0] != b"PK\x03\x04" or end > len(data):
        raise _refused(info.filename, "The archive is damaged or incomplete.")
    if info.flag_bits & 1:
        raise _refused(info.filename, "A file in the archive is encrypted.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(info.filename, "A file is packed in a way that is not read.")
    return start, end


def _check_apart(spans: Sequence[tuple[int, int]]) -> None:
    last = 0
    for start, end in sorted(spans):
        # Before its bytes each has a header of its own.
        if start - LOCAL.size < last:
            raise _refused("", "Files in the archive lie over each other.")
        last = end


def _content(info: zipfile.ZipInfo, packed: bytes) -> bytes:
    """The bytes of one file, no more and no less than the directory says."""
    if info.file_size > MEMBER_BYTES:
        raise _refused(info.filename, f"A file in it is over {MEMBER_BYTES >> 20} MiB.")
    # One byte more than it should have: enough to see that it lies.
    most = info.file_size + 1
    content = _unpacked(packed, most) if info.compress_type else packed[:most]
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise _refused(info.filename, "A file in it is not what the archive says it is.")
    return content


def _unpacked(packed: bytes, left: int) -> bytes:
    """What comes out, up to so many bytes."""
    engine, found = zlib.decompressobj(-zlib.MAX_WBITS), []
    try:
        for start in range(0, len(packed), BLOCK):
            found.append(engine.decompress(packed[start : start + BLOCK], left))
            left -= len(found[-1])
            if left <= 0 or engine.eof:
                break
    except zlib.error:
        return b""
    return b"".join(found)
