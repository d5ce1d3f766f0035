"""What files are by their bytes, and what they may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems import document_rules, file_types
from postmortems.file_types import GIF, JPEG, PNG, WEBP, clean_name, is_text, name_as, type_of

NAMES = [
    ("../../etc/passwd", "passwd"),
    ("C:\\temp\\log.txt", "log.txt"),
    ("a\r\nSet-Cookie: x.png", "a Set-Cookie_ x.png"),
    ('"a;b".png', "_a;b_.png"),
    ("CON", "_CON"),
    ("con.png", "_con.png"),
    (".htaccess", "htaccess"),
    ("photo\u202egpj.exe", "photogpj.exe"),
    ("nul\x00.png", "_nul.png"),
    ("a\x00b.png", "ab.png"),
    ("..", "file"),
    ("", "file"),
    ("  图 表 .png ", "图 表 .png"),
    ("x" * 300 + ".png", "x" * 116 + ".png"),
    ("x" * 300, "x" * 120),
]


@pytest.mark.parametrize(("given_name", "kept"), NAMES)
def test_a_name_is_kept_as_one_plain_part(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_a_content_may_hold(text):
    name = clean_name(text)

    assert 0 < len(name) <= file_types.LONGEST_NAME
    assert name == document_rules.clean(name)
    assert len(name.splitlines()) == 1
    assert "/" not in name
    assert name not in (".", "..")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", PNG),
        (b"\xff\xd8\xff\xe0....", JPEG),
        (b"GIF89a....", GIF),
        (b"RIFF....WEBPVP8 ", WEBP),
        (b"RIFF....WAVEfmt ", None),
        (b"\x7fELF", None),
        (b"<svg", None),
        (b"", None),
    ],
)
def test_the_type_is_told_by_the_bytes(head, kind):
    assert type_of(head) == kind


@pytest.mark.parametrize(
    ("pieces", "answer"),
    [
        ([b"plain"], True),
        (["图".encode()[:1], "图".encode()[1:]], True),
        (["图".encode()[:2]], False),
        ([b"a\0b"], False),
        ([b"\xff\xfe"], False),
        ([b"caf\xe9 au lait"], False),
    ],
)
def test_text_is_what_decodes_and_has_no_nul(pieces, answer):
    assert is_text(pieces) is answer


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("a.png", PNG, "a.png"),
        ("a.PNG", PNG, "a.PNG"),
        ("a.gif", PNG, "a.png"),
        ("evil.html", PNG, "evil.html.png"),
        ("a.jpeg", JPEG, "a.jpeg"),
        ("notes", file_types.TEXT, "notes"),
    ],
)
def test_a_name_ends_as_what_the_file_is(name, kind, called):
    assert name_as(name, kind) == called
