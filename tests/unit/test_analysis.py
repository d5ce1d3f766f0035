"""Tokens: the same for indexing, asking and highlighting."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.search import analysis

STREAMS = [
    ("Pods restart", "pods restart"),
    ("systemd-networkd", "systemd networkd"),
    ("node-role.kubernetes.io/master", "node role kubernetes io master"),
    ("it's Café", "it s cafe"),
    ("ＤＮＳ", "dns"),
    ("集群K8s", "集 群 k8s"),
    ("ﬁle", "file"),
    ("", ""),
    ("—…!?", ""),
    ("AWS_KEY", "aws key"),
]


@pytest.mark.parametrize(("text", "tokens"), STREAMS)
def test_a_text_is_a_stream_of_tokens(text, tokens):
    assert analysis.stream(text).split() == tokens.split()


def alternatives(text: str) -> list[str]:
    return analysis.stream(text).split(analysis.GAP)[1:]


INNER = [
    ("FailOnSharedResource", ["fail on shared resource"]),
    ("getHTTPServer and getHTTPServer", ["get http server"]),
    ("v1.24.3", ["1 24 3"]),
    ("V2.0", ["2 0"]),
    ("v249", []),
    ("div1.24", []),
    ("叢集", ["集 群"]),
    ("集群", []),
    ("plain words", []),
]


@pytest.mark.parametrize(("text", "expected"), INNER)
def test_words_that_read_in_two_ways_have_a_second_stream(text, expected):
    assert alternatives(text) == expected


FORMS = [
    ("upgrades", (("upgrad",),)),
    ("systemd-networkd", (("systemd", "networkd"),)),
    ("叢集", (("丛", "集"), ("集", "群"))),
    ("集群", (("集", "群"),)),
    ("叢", (("丛",),)),
    ("v1.24", (("v1", "24"), ("1", "24"))),
    ("—", ()),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_what_is_asked_has_its_forms(text, expected):
    assert analysis.forms(text) == expected


def test_a_wildcard_keeps_its_last_token_as_written():
    assert analysis.last_token("systemd-networkd") == (("systemd",), "networkd")
    assert analysis.last_token("Deploying") == ((), "deploying")
    assert analysis.last_token("—") == ((), "")


def words(texts):
    """The tokens of several texts, as the engine takes them apart: a gap is no space to it."""
    return [token for token in analysis.stream_of(texts).split(" ") if token]


def test_several_texts_have_a_gap_between_them():
    assert words(["a\x1fb"]) == ["a", "b"]
    assert words(["one two", "three"]) == ["one", "two", "\x1f", "three"]
    assert words(["一", "two"]) == ["一", "\x1f", "two"]


def test_a_word_is_taken_apart_where_scripts_touch():
    assert analysis.script_runs("k8s集群a-b") == ["k8s", "集群", "a-b"]


TEXTS = st.lists(
    st.sampled_from(
        [
            *("Pod", "dns", "叢集", "集群", "é", "ß", "İ", "ﬁ", "½", "v1.24", "FailOn", "it's"),
            *(
                " ",
                "-",
                "\n",
                "\x1f",
                "\ue000",
                "🤬",
                "سلام",
                "हिन्दी",
                "サーバー",
                "\u0301",
                "K",
                "'",
            ),
        ]
    ),
    max_size=12,
).map("".join)


@given(TEXTS | st.text(max_size=30))
def test_every_word_of_a_text_is_found_in_it(text):
    stream = f" {' '.join(analysis.stems(analysis.stream_of([text])))} "

    for word in text.split():
        for sequence in analysis.forms(word)[:1]:
            assert f" {' '.join(sequence)} " in stream


@given(TEXTS | st.text(max_size=30))
def test_places_lie_within_the_text_and_do_not_cross(text):
    found = analysis.pieces(text)

    assert all(0 <= piece.start < piece.end <= len(text) for piece in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(TEXTS)
def test_plain_text_takes_a_quicker_way_to_the_same_tokens(text):
    plain = text.encode("ascii", "ignore").decode()

    assert analysis.stream(f"é {plain}").split() == ["e", *analysis.stream(plain).split()]
