"""The small part of YAML that is read, and what is refused."""

import pytest

from taxonomy import strict_yaml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("a: no", {"a": "no"}),
        ("a: 1.10", {"a": "1.10"}),
        ("a: 2026-05-03", {"a": "2026-05-03"}),
        ("a: ~", {"a": "~"}),
        ("a:", {"a": ""}),
        ("a: {b: [1, two]}", {"a": {"b": ["1", "two"]}}),
        ("- a\n- b: c", ["a", {"b": "c"}]),
        ("a: >-\n  two\n  lines", {"a": "two lines"}),
        ("a: 根因 🤬", {"a": "根因 🤬"}),
        ("<<: {a: b}", {"<<": {"a": "b"}}),
    ],
)
def test_every_scalar_is_text(text, expected):
    assert strict_yaml.read(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x 1", "Line 1 sets an anchor"),
        ("a: 1\nb: *x", "Line 2 uses an alias"),
        ("a: !!python/object/apply:os.system [ls]", "Line 1 has a tag"),
        ("a: !!str 1", "Line 1 has a tag"),
        ("!mine {a: b}", "Line 1 has a tag"),
        ("a: 1\na: 2", "Line 2 says “a” a second time"),
        ("{[a]: b}", "Line 1 has a list or mapping as a key"),
        ("? {a: b}\n: c", "Line 1 has a list or mapping as a key"),
        ("a: 1\n---\nb: 2", "Line 2 begins a second document"),
        ('a: "\\0"', "Line 1 holds a control character"),
        ('a: "\\ud800"', "Line 1"),
        ("a: \x07", "YAML"),
        ("a: [1", "is not YAML"),
        ("a: b: c", "Line 1 is not YAML"),
        ("[" * 100 + "]" * 100, "Line 1 is nested too deeply"),
        ("[" * 50_000, "Line 1 is nested too deeply"),
    ],
)
def test_what_is_not_plain_is_refused_with_the_line(text, sentence):
    with pytest.raises(strict_yaml.Refused, match=sentence):
        strict_yaml.read(text)


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]

    with pytest.raises(strict_yaml.Refused, match="anchor"):
        strict_yaml.read("\n".join(lines))
