"""What a file is by its first bytes, and what it may be called. Pure; called where files are taken in."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

HEAD = 16
LONGEST_NAME = 120
LONGEST_ENDING = 12


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken in: how its bytes begin, and the endings its names may have."""

    media: str
    beginnings: tuple[bytes, ...]
    endings: tuple[str, ...]
    is_picture: bool = False


PNG = FileType("image/png", (b"\x89PNG\r\n\x1a\n",), (".png",), is_picture=True)
JPEG = FileType("image/jpeg", (b"\xff\xd8\xff",), (".jpg", ".jpeg"), is_picture=True)
GIF = FileType("image/gif", (b"GIF87a", b"GIF89a"), (".gif",), is_picture=True)
WEBP = FileType("image/webp", (), (".webp",), is_picture=True)
TEXT = FileType("text/plain", (), ())
OTHERS = (
    FileType("application/pdf", (b"%PDF-",), (".pdf",)),
    FileType("application/zip", (b"PK\x03\x04", b"PK\x05\x06"), ()),
    FileType("application/gzip", (b"\x1f\x8b\x08",), ()),
)
PICTURES = (PNG, JPEG, GIF, WEBP)
KNOWN = (*PICTURES, *OTHERS)
PICTURE_ENDINGS = tuple(ending for kind in PICTURES for ending in kind.endings)
PICTURE_MEDIA = frozenset(kind.media for kind in PICTURES)

# Controls, and what turns the direction of writing round: `gpj.exe` must not read as `exe.jpg`.
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# Names that mean a device on Windows, whatever ends them.
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*\\/]')


def type_of(head: bytes) -> FileType | None:
    """The type that the first HEAD bytes tell; None for text and for what is not known."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return next((kind for kind in KNOWN if head.startswith(kind.beginnings or (b"\0\0",))), None)


def is_text(pieces: Iterable[bytes]) -> bool:
    """Whether the bytes are UTF-8 and hold no NUL."""
    left = b""
    for piece in pieces:
        if b"\0" in piece:
            return False
        try:
            left = _undecoded(left + piece)
        except UnicodeDecodeError:
            return False
    return not left


def _undecoded(data: bytes) -> bytes:
    """The beginning of a character at the end of the bytes; raises UnicodeDecodeError."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(data) - error.start > 3:
            raise
        return data[error.start :]
    return b""


def poses_as_picture(name: str, declared: str) -> bool:
    """Whether a name or a declared type promises a picture that a page would show."""
    is_declared = declared.partition(";")[0].strip().lower() in PICTURE_MEDIA
    return is_declared or name.lower().endswith(PICTURE_ENDINGS)


def clean_name(name: str) -> str:
    """The name as it is kept: one line without folders, unseen characters and what systems forbid."""
    seen = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", name))
    visible = "".join(char for char in seen if unicodedata.category(char) not in UNSEEN)
    last = re.split(r"[\\/]", visible)[-1]
    tidy = re.sub(r"\s+", " ", FORBIDDEN.sub("_", last)).strip(" .")
    return _shortened(DEVICE.sub(r"_\1", tidy) if DEVICE.match(tidy) else tidy) or "file"


def name_as(name: str, kind: FileType) -> str:
    """A clean name that ends as the type's names do, so that it opens as what it is."""
    if not kind.endings or name.lower().endswith(kind.endings):
        return name
    ending = kind.endings[0]
    # What was a picture of another kind is none of that kind any more.
    stem = name.rpartition(".")[0] if name.lower().endswith(PICTURE_ENDINGS) else name
    return f"{_shortened(stem)[: LONGEST_NAME - len(ending)]}{ending}"


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return name[:LONGEST_NAME].strip(" .")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip(' .')}.{ending}"
