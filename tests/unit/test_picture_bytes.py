"""A picture that is pixels alone, packed as here, stays as it is; whatever else is in it, it is made anew."""

import struct
import zlib

import pytest
from PIL import Image

from postmortems import image_worker, picture_bytes
from tests import pictures

KINDS = ("PNG", "JPEG", "WEBP")


def made(data: bytes, folder) -> bytes:
    """What is kept of a picture."""
    source, place = folder / "given", folder / "made"
    place.mkdir(exist_ok=True)
    source.write_bytes(data)
    image_worker.make(source, place)
    return (place / "whole").read_bytes()


def noisy(kind: str, mode: str = "RGB") -> bytes:
    """A picture that loses a little each time it is packed."""
    image = Image.effect_noise((61, 47), 90).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    return pictures.bytes_of(image, kind)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "L"),
        ("PNG", "RGBA"),
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_what_was_made_stays_when_it_comes_again(tmp_path, kind, mode):
    once = made(noisy(kind, mode), tmp_path)

    assert made(once, tmp_path) == once


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def with_more(kind: str, data: bytes) -> list[bytes]:
    """The picture with words in each place where a reader would not see them."""
    more = [data + b"Riga", data + b"<script>"]
    if kind == "PNG":
        end = data.index(b"IEND") - 4
        packed = zlib.compress(b"x")
        more += [data[:end] + chunk(b"tEXt", b"Riga\0Riga") + data[end:]]
        more += [data[:end] + chunk(b"IDAT", packed + b"Riga") + data[end:]]
    if kind == "JPEG":
        words = b"\xff\xfe" + struct.pack(">H", 6) + b"Riga"
        more += [data[:2] + words + data[2:], data[:-2] + words + data[-2:]]
    if kind == "WEBP":
        longer = data[12:] + b"EXIF" + struct.pack("<I", 4) + b"Riga"
        more += [b"RIFF" + struct.pack("<I", len(longer) + 4) + b"WEBP" + longer]
    return more


@pytest.mark.parametrize("kind", KINDS)
def test_words_hidden_in_a_picture_are_not_kept(tmp_path, kind):
    once = made(noisy(kind), tmp_path)

    for data in with_more(kind, once):
        assert not picture_bytes.is_plain(data, once)
        again = made(data, tmp_path)
        assert b"Riga" not in again
        assert b"<script>" not in again


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_a_picture_has_no_frame(tmp_path, kind):
    once = made(noisy(kind), tmp_path)

    assert picture_bytes.frame_of(once)
    assert [end for end in range(len(once)) if picture_bytes.frame_of(once[:end])] == []


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"RIFF", b"GIF89a", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_has_no_frame(data):
    assert picture_bytes.frame_of(data) == ()


def test_another_quality_is_made_anew(tmp_path):
    data = pictures.picture("JPEG", quality=50)

    assert made(data, tmp_path) != data
