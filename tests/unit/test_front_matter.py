"""The strict reading of YAML: what is text, where it stands, and what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.exchange import front_matter
from postmortems.exchange.problems import Refused


def plain(node):
    """The node's value without its lines."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return [plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def read(text):
    return {key: plain(node) for key, node in front_matter.read(text).keys.items()}


LAUGHS = "a: &a [x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]"
    for above, name in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = [
    ("a: &x 1\nb: *x", 1, "anchor"),
    ("a: *x", 1, "alias"),
    (LAUGHS, 1, "anchor"),
    ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tag"),
    ("a: !!binary aGk=", 1, "tag"),
    ("a: !!timestamp 2023-01-01", 1, "tag"),
    ("a: ! x", 1, "tag"),
    ("a: 1\n<<: {b: 2}", 2, "merge key"),
    ("<<: *a", 1, "merge key"),
    ("a: " + "[" * 10_000 + "]" * 10_000, 1, "nested"),
    ("a: " + "{b: " * 10_000, 1, "nested"),
    ("a:\n  " + "- " * 10_000, 2, "nested"),
    ("authors: [" + "a," * 300_000 + "]", 1, "over 200000 values"),
    ("? [a]\n: b", 1, "as a key"),
    ("- a", 1, "not a mapping"),
    ("just words", 1, "not a mapping"),
    ("a: b: c", 1, "mapping values are not allowed"),
    ("a: 1\nb: [", 3, "not YAML"),
    ("a:\n\tb: c", 2, "not YAML"),
    ("a: 1\n--- \nb: 2", 2, "second YAML document"),
    ("%YAML 1.1\n", 2, "not YAML"),
    ("a: '", 1, "not YAML"),
    ("a: \x01", None, "character"),
    ("a: \ud800", None, "character"),
    ("a: \x00", None, "character"),
]


@pytest.mark.parametrize(("text", "line", "words"), REFUSED)
def test_what_is_not_plain_is_refused_with_its_line(text, line, words):
    with pytest.raises(Refused) as caught:
        front_matter.read(text)

    assert caught.value.problem.line == line
    assert words in caught.value.problem.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# only a comment", {}),
        ("a:", {"a": ""}),
        ("a: no", {"a": "no"}),
        ("a: 1.10", {"a": "1.10"}),
        ("a: 2023-03-14", {"a": "2023-03-14"}),
        ("a: ~", {"a": "~"}),
        ("a: [x, {b: c}]", {"a": ["x", {"b": "c"}]}),
        ("a: >-\n  one\n  two", {"a": "one two"}),
        ("a: |-\n  one\n  two", {"a": "one\ntwo"}),
        ('a: "\\u4e2d"', {"a": "中"}),
    ],
)
def test_every_scalar_is_text(text, expected):
    assert read(text) == expected


def test_a_value_stands_where_its_key_stands_and_an_item_where_it_begins():
    keys = front_matter.read("a: x\nb:\n  - y\n  - c: >-\n      z", first_line=10).keys

    items = keys["b"].value
    assert (keys["a"].line, keys["b"].line) == (10, 11)
    assert [item.line for item in items] == [12, 13]
    assert items[1].value["c"].line == 13


def test_of_a_key_that_stands_twice_the_first_counts():
    front = front_matter.read("a: x\na: y")

    assert front.keys["a"].value == "x"
    assert [(problem.line, problem.key) for problem in front.problems] == [(2, "a")]


@given(st.text() | st.text(alphabet="ab:-[]{}&*!|>'\"%@#?<,~ \n\t\\"))
def test_any_text_is_read_or_refused(text):
    with suppress(Refused):
        front_matter.read(text)
