"""Pictures made anew from their pixels, whatever was sent."""

import resource

import pytest
from PIL import Image

from postmortems import images
from tests import pictures

CANARY = "canary-of-the-metadata"


@pytest.fixture
def remade(tmp_path):
    """What becomes of bytes, and the folder it lies in."""

    def made(data: bytes):
        source, folder = tmp_path / "given", tmp_path / "out"
        folder.mkdir(exist_ok=True)
        source.write_bytes(data)
        return images.remake(source, folder), folder

    return made


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_keeps_its_kind_and_size(kind, remade):
    made, folder = remade(pictures.picture(kind, (400, 200)))

    assert made == images.Picture(f"image/{kind.lower()}", 400, 200, is_animated=False)
    with Image.open(folder / "small") as small:
        assert (small.format, small.size) == ("WEBP", (320, 160))
    with Image.open(folder / "large") as large:
        assert large.size == (400, 200)


def test_no_metadata_is_left_and_the_picture_stands_upright(remade):
    data = pictures.photo(CANARY)
    assert data.count(CANARY.encode()) >= 3

    made, folder = remade(data)

    assert (made.width, made.height) == (20, 40)
    for name in ("whole", "small", "large"):
        assert CANARY.encode() not in (folder / name).read_bytes()
        with Image.open(folder / name) as image:
            assert dict(image.getexif()) == {}
            assert not {"exif", "xmp", "comment", "icc_profile"} & image.info.keys()


def test_what_stands_behind_a_picture_is_gone(remade):
    _made, folder = remade(pictures.picture() + pictures.HTML)

    assert b"<script" not in (folder / "whole").read_bytes()


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_picture_is_kept(kind, remade):
    made, folder = remade(pictures.animation(kind))

    assert made.is_animated
    with Image.open(folder / "whole") as whole:
        assert getattr(whole, "n_frames", 1) == 1
        red, green, _blue = whole.convert("RGB").getpixel((5, 5))
        assert red > 200 > 60 > green


def test_a_bomb_is_refused_by_its_head_alone(remade):
    with pytest.raises(images.Unreadable):
        remade(b"")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

    with pytest.raises(images.Unreadable) as error:
        remade(pictures.bomb())

    assert error.value.is_large
    grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
    assert grown < 64 * 1024


@pytest.mark.parametrize(
    "data",
    [
        pictures.picture(size=(300, 300))[:-200],
        pictures.picture()[:30],
        b"\x89PNG\r\n\x1a\n" + pictures.HTML,
        b"GIF89a/*" + b"alert(1)//" * 10,
        pictures.bomb(200),
        pictures.SVG,
        b"",
    ],
    ids=[
        "cut",
        "cut early",
        "html behind a head",
        "gif and script",
        "too few rows",
        "svg",
        "empty",
    ],
)
def test_a_damaged_picture_is_refused(data, remade):
    with pytest.raises(images.Unreadable) as error:
        remade(data)

    assert not error.value.is_large


def test_a_picture_that_takes_too_long_is_given_up(remade, monkeypatch):
    monkeypatch.setattr(images, "WAIT_SECONDS", 0.001)

    with pytest.raises(images.Unreadable):
        remade(pictures.picture())
