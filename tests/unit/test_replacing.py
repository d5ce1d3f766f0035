"""Words replaced in JSON: as names, as texts, and never in what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.replacing import MARKER, names_pattern, places, replaced, texts_pattern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alice paged @alice; alice's shell", "X paged @X; X's shell"),
        ("Malice and alicea stay", "Malice and alicea stay"),
        ("ALICE LIDDELL", "X"),
        ("由王小明重启", "由X重启"),
    ],
)
def test_names_are_words_of_their_own_and_the_longest_goes_first(text, expected):
    pattern = names_pattern(["alice", "Alice Liddell", "王小明", ""])

    assert pattern.sub("X", text) == expected


def test_what_is_no_text_stays():
    data = {
        "title": "open",
        "timeline": [{"id": "open", "kind": "open", "text": "open", "when": {"date": "open"}}],
        "sections": {"kind": "open"},
    }

    changed = replaced(data, lambda text: text.replace("open", "X"))

    assert changed == {
        "title": "X",
        "timeline": [{"id": "open", "kind": "open", "text": "X", "when": {"date": "open"}}],
        "sections": {"kind": "X"},
    }


def test_each_place_is_shown_with_the_words_around_it():
    found = list(places({"title": "So bob said", "summary": "BOB"}, names_pattern(["bob"])))

    assert found == [("So ", "bob", " said"), ("", "BOB", "")]


def test_the_words_around_a_place_are_whole():
    text = "Seventeen engineers looked at the graphs when bob restarted the ingress of the cluster again"

    assert list(places(text, names_pattern(["bob"]))) == [
        ("… engineers looked at the graphs when ", "bob", " restarted the ingress of the cluster …")
    ]


def test_chinese_around_a_place_is_cut_anywhere():
    assert list(places("前" * 50 + "老王" + "后" * 50, names_pattern(["老王"]))) == [
        ("…" + "前" * 40, "老王", "后" * 40 + "…")
    ]


def test_no_text_at_all_fits_nothing():
    assert texts_pattern(["", " "]).search("anything") is None


@given(st.text(), st.text(min_size=1).filter(str.strip))
def test_what_was_taken_out_is_gone(text, secret):
    pattern = texts_pattern([secret])

    assert pattern.search(pattern.sub(MARKER, text)) is None or MARKER in secret or len(secret) < 3
