"""Makes an uploaded picture anew from its pixels, in a process of its own. Called by `images`.

Run as `python -m postmortems.image_worker PICTURE FOLDER`: it writes `whole` and the two thumbnails
into the folder and one line of JSON to its output. Whatever goes wrong ends it with another code.
"""

import contextlib
import json
import os
import resource
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from postmortems import picture_bytes

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 40_000_000
MOST_SIDE = 16_000
CPU_SECONDS = 20
# Four bytes a pixel, held three times while it is turned and copied, and the libraries.
MEMORY_BYTES = 768 * 1024 * 1024
FILE_BYTES = 64 * 1024 * 1024
# The longer side of the thumbnails, by the names they are stored under.
SIDES = {"small": 320, "large": 1280}
REFUSED, TOO_LARGE = 3, 4


class TooLarge(Exception):
    """More pixels than are decoded."""


def limit() -> None:
    """Bind this process: what costs more than a picture may cost is ended by the kernel."""
    wanted = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # a system that has no such limit
            resource.setrlimit(kind, (most, most))


def make(source: Path, folder: Path) -> dict[str, object]:
    """Write the picture and its thumbnails; what was made, for the row of the file."""
    with Image.open(source, formats=FORMATS) as opened:
        # Told by the head of the file, before a pixel of it is decoded.
        if opened.width * opened.height > MOST_PIXELS or max(opened.size) > MOST_SIDE:
            raise TooLarge
        is_animated = getattr(opened, "is_animated", False)
        before = opened.format
        # Of an animation this is its first picture: nothing on a page moves by itself.
        opened.load()
        picture = plain(ImageOps.exif_transpose(opened))
    kind = "PNG" if before == "GIF" else str(before)
    save(picture, folder / "whole", kind)
    keep_if_plain(source, folder / "whole")
    for name, side in SIDES.items():
        small = picture.copy()
        small.thumbnail((side, side))
        save(small, folder / name, "WEBP")
    width, height = picture.size
    media = f"image/{kind.lower()}"
    return {"media": media, "width": width, "height": height, "is_animated": bool(is_animated)}


def plain(picture: Image.Image) -> Image.Image:
    """The pixels alone, in a new picture: no place, camera, comment, profile or preview comes along."""
    is_clear = picture.has_transparency_data
    mode = "RGBA" if is_clear else "L" if picture.mode in ("1", "L") else "RGB"
    made = picture if picture.mode == mode else picture.convert(mode)
    clean = Image.new(mode, made.size)
    clean.paste(made)
    return clean


def save(picture: Image.Image, path: Path, kind: str) -> None:
    """Write it without anything but pixels."""
    if kind == "JPEG" and picture.mode == "RGBA":
        picture = picture.convert("RGB")
    options: dict[str, int] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 85}}.get(kind, {})
    picture.save(path, kind, **options)


def keep_if_plain(source: Path, made: Path) -> None:
    """Take the bytes as they came where making them anew only costs quality."""
    given = source.read_bytes()
    if picture_bytes.is_plain(given, made.read_bytes()):
        made.write_bytes(given)


def main(source: str, folder: str) -> int:
    """The code to end with; 0 when everything was written."""
    limit()
    os.umask(0o077)
    # A picture within the limits above is no bomb, and a warning about it no reason to fail.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    try:
        made = make(Path(source), Path(folder))
    except TooLarge:
        return TOO_LARGE
    except Exception:
        # Decoders fail in every way there is on what was made to break them.
        return REFUSED
    sys.stdout.write(json.dumps(made))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
