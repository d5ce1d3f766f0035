"""No text and no parameter makes the front door raise, and everything found was asked for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmortems.document import Signal
from postmortems.moments import Moment
from postmortems.search import search
from postmortems.search.query import to_text
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, ask, found
from tests.unit.test_parser import QUERIES

pytestmark = pytest.mark.django_db

NAMES = st.sampled_from(
    [
        *("cause", "cause.primary", "severity", "status", "visibility", "team", "language", "year"),
        *("started", "updated", "duration", "has", "no", "hypothesis", "action", "relation"),
        *("match", "org", "in", "sort", "page_size", "open", "q", "nope", "x" * 300, "sev"),
    ]
)
VALUES = st.sampled_from(
    [
        *("network/dns", "-time", "unknown", "bounded", "a,b", ",", "-", "--", "", "2022..2023"),
        *(
            ">4h",
            "<",
            ">",
            "..",
            "2023",
            "sev1",
            "refuted",
            "\x00",
            "集群",
            "🤬",
            "é" * 400,
            "-unknown",
        ),
        *("9" * 40, ">9999999999", "0001..9999", "\ud800", "%", "&", "x:y", '"', "*", "in_review"),
    ]
)
PARAMETERS = st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=4)
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def some(db):
    make_postmortem(make_document("DNS 集群 v1.24", terms=("cause:network/dns", "severity:sev1")))
    make_postmortem(
        make_document(
            signals=(Signal("s1", 'a-b it\'s "quoted"'),), started=Moment("2023-03"), language="en"
        )
    )


@given(text=QUERIES, params=PARAMETERS)
@BOUNDED
def test_nothing_asked_raises(some, text, params):
    results = search(text, params, VISITOR)

    assert results.count >= len(results.hits)


@given(text=QUERIES, page=st.integers(1, 3))
@BOUNDED
def test_nothing_explained_raises(some, dana, text, page):
    results = search(text, {}, dana, page=page, explain=True)

    is_ranked = results.sort == "relevance"
    assert all(bool(hit.reasons) == is_ranked for hit in results.hits)


@given(text=QUERIES)
@BOUNDED
def test_what_is_printed_finds_the_same(some, text):
    results = ask(text)

    assert found(to_text(results.query)) == {hit.ref for hit in results.hits}


LONG = [
    "a" * 100_000,
    "a " * 50_000,
    "(" * 5_000,
    '"' * 5_000,
    "-" * 5_000,
    "叢" * 5_000,
    "a*" * 3_000,
    "a* " * 1_000,
]


@pytest.mark.parametrize("text", LONG)
def test_long_queries_are_answered(some, text):
    assert ask(text).notices


def test_a_negation_alone_finds_everything_else(some):
    assert found("-nothing") == found()
    assert found("-dns") | found("dns") == found()
    assert not found("-dns") & found("dns")


@pytest.mark.parametrize("field", ["duration", "started", "updated", "year", "severity", "cause"])
def test_nothing_in_quotes_is_not_known(some, field):
    results = ask(f'{field}:""')

    assert results.notices
