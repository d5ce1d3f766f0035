"""Whether the bytes of a picture are pixels alone, packed as this site packs them. Pure.

Such a picture is kept as it is. A JPEG or WebP packed anew loses a little each time, so without this
a file that travels between sites, or is saved from one and sent again, would come out as another.
"""

import re
import struct
import zlib

Frame = tuple[bytes, ...]

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
BLOCK = 64 * 1024
# In the packed pixels a 0xFF is followed by a zero; by anything else it begins what is no pixel.
MARKER = re.compile(rb"\xff[^\x00]", re.DOTALL)
JPEG_START, JPEG_END, JPEG_SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA


def is_plain(given: bytes, made: bytes) -> bool:
    """Whether a picture that could be read is framed just as what was made of its pixels.

    All but the packed pixels is compared with what this site wrote itself, so nothing that says
    where, when or by whom has a place; that they can be unpacked the caller has seen.
    """
    frame = frame_of(given)
    return bool(frame) and frame == frame_of(made)


def frame_of(data: bytes) -> Frame:
    """All that stands around the packed pixels; nothing for what holds anything else or is damaged."""
    try:
        if data.startswith(PNG_HEAD):
            return _png(data)
        if data.startswith(JPEG_START):
            return _jpeg(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        return ()
    return ()


def _png(data: bytes) -> Frame:
    at, names, head = len(PNG_HEAD), [], b""
    unpacking = zlib.decompressobj()
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(name + body) != checksum:
            return ()
        names.append(name)
        if name == b"IHDR":
            head = body
        elif name == b"IDAT" and not _is_unpacked(unpacking, body):
            return ()
        at += 12 + length
    is_whole = unpacking.eof and not unpacking.unused_data
    plain = [b"IHDR", *[b"IDAT"] * (len(names) - 2), b"IEND"]
    return (b"PNG", head) if is_whole and names == plain else ()


def _is_unpacked(unpacking: "zlib._Decompress", packed: bytes) -> bool:
    """Take in so much of the pixels, of which nothing is kept; False when they are damaged."""
    try:
        while packed:
            unpacking.decompress(packed, BLOCK)
            packed = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return True


def _jpeg(data: bytes) -> Frame:
    at = len(JPEG_START)
    while data[at] == 0xFF and data[at + 1] != JPEG_SCAN:
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    if data[at] != 0xFF:
        return ()
    start = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
    first = MARKER.search(data, start)
    is_last = first is not None and first[0] == JPEG_END and first.end() == len(data)
    return (b"JPEG", data[:start]) if is_last else ()


def _webp(data: bytes) -> Frame:
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        return ()
    at, parts = 12, [b"WEBP"]
    while at < len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        parts.append(name)
        if name == b"VP8X":
            parts.append(data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    return tuple(parts) if at == len(data) else ()
