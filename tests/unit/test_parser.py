"""The query language: what is read as what, what becomes plain words, and that nothing fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.search.fields import PART_ALIASES
from postmortems.search.parser import MAX_DEPTH, MAX_LENGTH, MAX_TOKENS, Notice, parse
from postmortems.search.query import And, Any, Not, Or, Phrase, Range, Word, to_text

FIELDS = frozenset(
    ("cause", "cause.primary", "trigger", "started", "duration", "has", "no", "hypothesis", "sev")
)


def read(text: str):
    return parse(text, FIELDS, PART_ALIASES)


def tree(text: str):
    return read(text).node


WORDS = [
    ("", And()),
    ("   ", And()),
    ("dns", Word("dns")),
    ("certificate expired", And((Word("certificate"), Word("expired")))),
    ('"route reflectors"', Phrase("route reflectors")),
    (r'"say \"no\""', Phrase('say "no"')),
    ("-kubernetes", Not(Word("kubernetes"))),
    ("--force", Word("--force")),
    ('-"exact words"', Not(Phrase("exact words"))),
    ("deploy*", Word("deploy", prefix=True)),
    ("-deploy*", Not(Word("deploy", prefix=True))),
    ("a OR b", Or((Word("a"), Word("b")))),
    ("a b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
    ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c")))),
    ("a (b c)", And((Word("a"), Word("b"), Word("c")))),
    ("-(a b)", Not(And((Word("a"), Word("b"))))),
    ("a OR (b OR c)", Or((Word("a"), Word("b"), Word("c")))),
    ("or and not", And((Word("or"), Word("and"), Word("not")))),
    ("foo(bar)", And((Word("foo"), Word("bar")))),
]

FIELDED = [
    ("cause:dns", Any("cause", ("dns",))),
    ("CAUSE:dns", Any("cause", ("dns",))),
    ("cause:network/dns,platform", Any("cause", ("network/dns", "platform"))),
    ('cause:"CNI and pod routing",dns', Any("cause", ("CNI and pod routing", "dns"))),
    ("cause.primary:platform", Any("cause.primary", ("platform",))),
    ("-trigger:upgrade", Not(Any("trigger", ("upgrade",)))),
    ("has:hypothesis no:detected", And((Any("has", ("hypothesis",)), Any("no", ("detected",))))),
    ("hypothesis:refuted", Any("hypothesis", ("refuted",))),
    ("started:2022..2023-06", Range("started", "2022", "2023-06")),
    ("started:2022..", Range("started", "2022", "")),
    ("started:..2022", Range("started", "", "2022")),
    ("started:>2022", Range("started", "2022", "", strict=True)),
    ("started:<=2022", Range("started", "", "2022")),
    ("duration:>4h", Range("duration", "4h", "", strict=True)),
    ("duration:1h..4h", Range("duration", "1h", "4h")),
    ("duration:1h..<4h", Range("duration", "1h", "4h", strict=True)),
    ("duration:..<4h", Range("duration", "", "4h", strict=True)),
    ("started:2022", Any("started", ("2022",))),
    ("started:..", Any("started", ("..",))),
]

SCOPED = [
    ("in:timeline rollback", Word("rollback", part="timeline")),
    ("in:timeline a b", And((Word("a", part="timeline"), Word("b", part="timeline")))),
    ("(in:timeline a) b", And((Word("a", part="timeline"), Word("b")))),
    ("in:timeline a OR b", Or((Word("a", part="timeline"), Word("b")))),
    ("in:lesson,timeline a", Word("a", part="lessons,timeline")),
    ("-(in:title a)", Not(Word("a", part="title"))),
    ('in:hypothesis "the pod"', Phrase("the pod", part="hypotheses")),
]

FULL_WIDTH = [
    ("cause：dns", Any("cause", ("dns",))),
    ("（集群 OR 网络）升级", And((Or((Word("集群"), Word("网络"))), Word("升级")))),
    ("“网络中断”", Phrase("网络中断")),
    ("trigger：upgrade，deploy", Any("trigger", ("upgrade", "deploy"))),
    ("集群　网络", And((Word("集群"), Word("网络")))),
]


@pytest.mark.parametrize(("text", "expected"), WORDS + FIELDED + SCOPED + FULL_WIDTH)
def test_what_is_written_is_read(text, expected):
    assert read(text).node == expected
    assert read(text).notices == ()


OTHER_BOXES = [
    ("a AND b", "a b"),
    ("NOT a", "-a"),
    ("a NOT b", "a -b"),
    ("NOT (a b)", "-(a b)"),
    ("a | b", "a OR b"),
    ("a || b", "a OR b"),
    ("cause:-dns", "-cause:dns"),
    ("cause:network,-dns", "cause:network -cause:dns"),
    ("-cause:-dns", "cause:dns"),
    ("started>2022", "started:>2022"),
    ("duration>=4h", "duration:>=4h"),
    ("duration:>5 h", "duration:>5h"),
    ("duration:5 min b", "duration:5min b"),
]


@pytest.mark.parametrize(("text", "meant"), OTHER_BOXES)
def test_what_other_search_boxes_understand_is_understood(text, meant):
    assert read(text) == read(meant)
    assert read(meant).notices == ()


ODD = [
    ("nothing:here", Word("nothing:here"), (Notice("unknown-field", "nothing"),)),
    ("-nothing:here", Not(Word("nothing:here")), (Notice("unknown-field", "nothing"),)),
    (
        'error:"disk full",now',
        And((Word("error:"), Phrase("disk full"), Word("now"))),
        (Notice("unknown-field", "error"),),
    ),
    ("in:nowhere a", And((Word("nowhere"), Word("a"))), (Notice("unknown-part", "nowhere"),)),
    ("-in:title a", And((Not(Word("title")), Word("a"))), (Notice("unknown-part", "title"),)),
    ('"never closed', And((Word("never"), Word("closed"))), (Notice("unclosed-quote", ""),)),
    ("https://example.org/a", Word("https://example.org/a"), ()),
    ("14:26", Word("14:26"), ()),
    ("(a", Word("a"), ()),
    ("a) b", And((Word("a"), Word("b"))), ()),
    ("OR", And(), ()),
    ("a OR", Word("a"), ()),
    ("-", And(), ()),
    ("* ** ?", And(), ()),
    ('""', And(), ()),
    ("()", And(), ()),
    ("-OR", Not(Word("or")), ()),
    ("cause:", Word("cause:"), (Notice("no-value", "cause:"),)),
    ("cause: dns", And((Word("cause:"), Word("dns"))), (Notice("no-value", "cause:"),)),
    ("AND", Word("and"), ()),
    ("a NOT", And((Word("a"), Word("not"))), ()),
]


@pytest.mark.parametrize(("text", "expected", "notices"), ODD)
def test_what_cannot_be_read_is_plain_words(text, expected, notices):
    assert read(text).node == expected
    assert read(text).notices == notices


def test_a_long_query_is_cut_with_a_notice():
    assert read("a" * (MAX_LENGTH + 1)).notices == (Notice("too-long", ""),)
    assert read("a " * (MAX_TOKENS + 1)).notices == (Notice("too-long", ""),)


def test_deep_parentheses_are_flattened_with_a_notice():
    text = "(" * (MAX_DEPTH + 5) + "a" + ")" * (MAX_DEPTH + 5)

    assert tree(text) == Word("a")
    assert read(text).notices == (Notice("too-deep", "("),)


# Small pieces of grammar run together make odd queries far sooner than random characters do.
PIECES = st.sampled_from(
    [
        *(
            "a",
            "dns",
            "集群",
            "升級",
            "v1.24",
            "a-b",
            "it's",
            "OR",
            "AND",
            "or",
            "-",
            "--",
            "*",
            "?",
        ),
        *("(", ")", '"', "“", "”", ":", "：", ",", "，", "..", ">", "<", "=", ">=", "\\", "/", "#"),
        *(
            "cause:",
            "started:",
            "in:",
            "in:timeline",
            "in:title,lesson",
            "has:",
            "nope:",
            "-cause:",
        ),
        *("..<", "started:2022..<2023"),
        *(" ", " ", " ", "\t", "\u3000", "\x00", "é", "🤬", "\ud800", "２０２２", "network/dns"),
    ]
)
QUERIES = st.lists(PIECES, max_size=24).map("".join) | st.text(max_size=60)


@given(QUERIES)
def test_a_printed_query_reads_as_the_same_tree(text):
    node = read(text).node

    assert tree(to_text(node)) == node


@given(QUERIES)
def test_printing_is_stable(text):
    printed = to_text(tree(text))

    assert to_text(tree(printed)) == printed


@given(st.lists(st.sampled_from(["dns", "etcd", "集群", "v1.24", "a-b"]), max_size=6))
def test_no_plain_word_is_lost(words):
    node = tree(" ".join(words))

    children = node.children if isinstance(node, And) else (node,)
    assert children == tuple(Word(word) for word in words)
