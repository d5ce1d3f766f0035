"""Pictures and other bytes that people upload, the hostile ones too; made here, so that nothing is stored."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options) -> bytes:
    """A small picture whose halves have two colours."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return bytes_of(image, kind, **options)


def bytes_of(image: Image.Image, kind: str, **options) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def animation(kind: str = "GIF") -> bytes:
    """Three frames."""
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def photo(words: str, orientation: int = 6) -> bytes:
    """A JPEG, taken sideways, that says where and by whom in every place that metadata has."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x013B] = words
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif.tobytes(), comment=words.encode(), xmp=words.encode())


def bomb(side: int = 50_000) -> bytes:
    """A PNG of a few hundred bytes that says it has `side` times `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 10_000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def upload(name: str = "chart.png", data: bytes | None = None, declared: str = "image/png"):
    """An upload as a form brings it; its name is not tidied by the test."""
    sent = SimpleUploadedFile("x", picture() if data is None else data, content_type=declared)
    sent.__dict__["_name"] = name
    return sent
