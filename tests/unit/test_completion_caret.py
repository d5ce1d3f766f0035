"""What is being typed at a place of the query: a word, a value, or nothing because it stands in quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.search.caret import caret_of
from postmortems.search.parser import MAX_LENGTH

FIELDS = frozenset(("cause", "cause.primary", "trigger", "started", "duration", "in", "has"))


def at_bar(marked: str):
    """The caret of a text, in which a bar stands for it."""
    at = marked.index("|")
    return caret_of(marked.replace("|", "", 1), at, FIELDS)


# The text with its caret, then what is typed, what an option replaces, and the minus before it.
WORDS = [
    ("|", "", "", ""),
    ("net|", "net", "net", ""),
    ("ne|twork", "ne", "network", ""),
    ("dns net|", "net", "net", ""),
    ("dns |", "", "", ""),
    ("dns| net", "dns", "dns", ""),
    ("-net|", "net", "net", "-"),
    ("--force|", "--force", "--force", ""),
    ("(net|", "net", "net", ""),
    ("(net| OR b)", "net", "net", ""),
    ("-(net|)", "net", "net", ""),
    ("ne|t,work", "ne", "net,work", ""),
    ('"a b" net|', "net", "net", ""),
    (r'"say \"no\"" net|', "net", "net", ""),
    ("http://net|", "http://net", "http://net", ""),
    ("error:net|", "error:net", "error:net", ""),
    ("网络|", "网络", "网络", ""),
    ("a\tnet|\nb", "net", "net", ""),
]

# The text with its caret, then field, operator, what is typed, what is replaced, the values before.
VALUES = [
    ("cause:|", "cause", "", "", "", ()),
    ("CAUSE:net|", "cause", "", "net", "net", ()),
    ("-cause:net|", "cause", "", "net", "net", ()),
    ("x cause:ne|t/dns y", "cause", "", "ne", "net/dns", ()),
    ("cause:a,|", "cause", "", "", "", ("a",)),
    ("cause:a,b|", "cause", "", "b", "b", ("a",)),
    ("cause:a|b,c", "cause", "", "a", "ab", ()),
    ('cause:"a b",c|', "cause", "", "c", "c", ("a b",)),
    ("cause.primary:x|", "cause.primary", "", "x", "x", ()),
    ("started:>20|", "started", ">", "20", "20", ()),
    ("started:>=|", "started", ">=", "", "", ()),
    ("started:2021..20|", "started", "2021..", "20", "20", ()),
    ("duration:15min..<|", "duration", "15min..<", "", "", ()),
    ("原因 cause：网|", "cause", "", "网", "网", ()),
    ("cause:a，b|", "cause", "", "b", "b", ("a",)),
    ("(in:time|", "in", "", "time", "time", ()),
]

QUOTED = [
    '"|',
    '"net|',
    '"net|work"',
    'a "b c|',
    'cause:"CNI|',
    'cause:"CNI| and"',
    'cause:"CNI"|',
    "“网|",
    r'"a\"b|',
    '"a\\|',
]


@pytest.mark.parametrize(("marked", "typed", "replaced", "sign"), WORDS)
def test_a_word(marked, typed, replaced, sign):
    caret = at_bar(marked)

    assert caret is not None
    text = marked.replace("|", "", 1)
    assert (caret.typed, text[caret.start : caret.end], caret.sign) == (typed, replaced, sign)
    assert caret.field == ""


@pytest.mark.parametrize(("marked", "field", "operator", "typed", "replaced", "others"), VALUES)
def test_a_value(marked, field, operator, typed, replaced, others):
    caret = at_bar(marked)

    assert caret is not None
    assert (caret.field, caret.operator, caret.typed) == (field, operator, typed)
    text = marked.replace("|", "", 1)
    assert (text[caret.start : caret.end], caret.others) == (replaced, others)


@pytest.mark.parametrize("marked", QUOTED)
def test_nothing_in_quotes(marked):
    assert at_bar(marked) is None


def test_the_whole_word_is_known_with_its_values():
    text = 'dns -cause:a,"b c",d -x'

    caret = caret_of(text, text.index("a,"), FIELDS)

    assert caret is not None
    assert text[caret.word_start : caret.word_end] == '-cause:a,"b c",d'


@pytest.mark.parametrize("at", [-5, 3, 1_000])
def test_a_place_outside_is_the_nearest_one_inside(at):
    caret = caret_of("net", at, FIELDS)

    assert caret is not None
    assert caret.typed == ("" if at < 0 else "net")


def test_nothing_behind_what_is_read():
    text = "a" * (MAX_LENGTH + 1)

    assert caret_of(text, MAX_LENGTH + 1, FIELDS) is None
    assert caret_of(text, MAX_LENGTH, FIELDS) is not None


@given(st.text("ab :,\"'\\()-|>.<\n：“，*", max_size=40), st.integers(0, 40))
def test_any_text_has_an_answer_within_it(text, at):
    caret = caret_of(text, at, FIELDS | {"a", "b"})

    if caret is not None:
        place = min(at, len(text))
        assert 0 <= caret.word_start <= caret.start <= place <= caret.end <= len(text)
        assert caret.end <= caret.word_end
        assert '"' not in text[caret.start : place] or not caret.field
