"""Highlighting plain text the quick way marks exactly what taking it apart word by word marks."""

from hypothesis import given
from hypothesis import strategies as st

from postmortems.search import analysis
from postmortems.search.spans import Wanted, _spans_in, merged, spans_of

TEXTS = st.lists(
    st.sampled_from(
        [
            *("upgrade", "upgraded", "Upgrading", "up", "route", "reflectors", "Route-Reflectors"),
            *("node-role.kubernetes.io/master", "FailOnSharedResource", "v1.24.3", "1.24", "dying"),
            *(" ", "_", ".", "\n", "--", "(", "x" * 90),
        ]
    ),
    max_size=12,
).map(" ".join)
ASKED = st.sampled_from(
    ["upgrade", "route reflectors", "kubernetes.io", "shared", "v1.24", "1.24.3", "die", "x" * 90]
)


@given(TEXTS, ASKED)
def test_both_ways_mark_the_same(text, asked):
    wanted = Wanted(analysis.forms(asked), frozenset())
    streams = [analysis.pieces(text), *analysis.other_pieces(text)]

    assert merged(spans_of(text, wanted)) == merged(_spans_in(streams, text, wanted))


@given(TEXTS, st.sampled_from(["up", "rout", "kube", "fail", "v1"]))
def test_wildcards_are_marked_the_same(text, start):
    wanted = Wanted((), frozenset(), prefix=start)
    streams = [analysis.pieces(text), *analysis.other_pieces(text)]

    assert merged(spans_of(text, wanted)) == merged(_spans_in(streams, text, wanted))


def test_touching_spans_become_one():
    assert merged([(5, 7), (0, 3), (3, 4), (6, 9)]) == [(0, 4), (5, 9)]
