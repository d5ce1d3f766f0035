"""Snippets: the original text, marked, with its part and an address into it."""

import pytest

from postmortems.document import Classification, Hypothesis, Signal, TimelineEntry
from postmortems.moments import Moment
from postmortems.search.snippets import highlight
from postmortems.search.spans import Wanted, spans_of
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask


def snippets(text: str, **params) -> list[tuple[str, str, str, str]]:
    """Part, label, html and the fragment of each snippet of the only hit."""
    (hit,) = ask(text, **params).hits
    return [
        (item.part, item.label, item.html, item.url.removeprefix(hit.url)) for item in hit.snippets
    ]


@pytest.mark.django_db
def test_a_snippet_says_where_it_is_from():
    entry = TimelineEntry("t12", "detect", "Pods restart", Moment("2023-03-14", "19:00"))
    make_postmortem(make_document(timeline=(entry,)))

    assert snippets("pod") == [
        ("timeline", "Timeline 19:00", "<mark>Pods</mark> restart", "#t12"),
    ]


@pytest.mark.django_db
def test_a_section_is_named_by_its_heading():
    make_postmortem(make_document(sections={"root-cause": "The *label* was gone."}))

    assert snippets("label") == [
        ("root-cause", "Root cause", "The <mark>label</mark> was gone.", "#root-cause")
    ]


@pytest.mark.django_db
def test_the_best_two_places_are_shown_and_the_others_counted():
    make_postmortem(
        make_document(
            summary="Nodes failed.",
            signals=(Signal("s1", "node not ready"),),
            hypotheses=(Hypothesis("h1", "The node and its kernel"),),
            timeline=(TimelineEntry("t1", "learn", "A node came back"),),
        )
    )

    (hit,) = ask("node").hits

    assert [item.part for item in hit.snippets] == ["signals", "summary"]
    assert len(hit.more_places) == 2
    assert ask("node kernel").hits[0].snippets[0].part == "hypotheses"


@pytest.mark.django_db
def test_a_term_that_matched_is_a_snippet_of_its_own():
    document = make_document("Upgrade", terms=("cause.primary:network/dns",))
    make_postmortem(document)

    assert snippets("network") == [
        ("terms", "Root cause", "<mark>Network</mark> › DNS", "#causes"),
    ]
    assert snippets("网络", shown_in="zh-hans")[0][2] == "<mark>网络</mark> › DNS 解析"
    assert snippets("网络")[0][2] == "Network › DNS (<mark>网络</mark>)"


@pytest.mark.django_db
def test_what_is_excluded_is_not_marked_and_no_words_give_no_snippets():
    make_postmortem(make_document("Upgrade", summary="The upgrade broke DNS."))

    assert snippets("upgrade -kernel") == [
        ("summary", "Summary", "The <mark>upgrade</mark> broke DNS.", "#summary")
    ]
    assert snippets("") == []


@pytest.mark.django_db
def test_the_text_is_escaped():
    signal = Signal("s1", "<script>alert('x')</script> & crash")
    make_postmortem(make_document(signals=(signal,)))

    assert snippets("crash")[0][2] == (
        "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; <mark>crash</mark>"
    )


@pytest.mark.django_db
def test_only_the_part_that_was_asked_for_is_shown():
    make_postmortem(
        make_document(summary="A pod.", timeline=(TimelineEntry("t1", "action", "The pod."),))
    )

    assert [item[0] for item in snippets("in:timeline pod")] == ["timeline"]


@pytest.mark.django_db
def test_the_why_of_a_cause_leads_to_the_causes():
    why = Classification("cause", "network/dns", "primary", "The zone expired.", "source")
    make_postmortem(make_document().__class__(title="T", classifications=(why,)))

    assert snippets("zone") == [("causes", "Causes", "The <mark>zone</mark> expired.", "#causes")]


MARKS = [
    ("Upgraded twice", "upgrade", ["Upgraded"]),
    ("the dying node", "die", ["dying"]),
    ("叢集升級導致網路中斷", "集群", ["叢集"]),
    ("叢集升級導致網路中斷", "网络中断", ["網路中斷"]),
    ("集群升级", "叢", []),
    ("集群里的一丛树", "叢", ["丛"]),
    ("叢", "丛", ["叢"]),
    ("set FailOnSharedResource=true", "shared", ["Shared"]),
    ("from v1.24.3 on", "1.24", ["1.24"]),
    ("Café closed", "cafe", ["Café"]),
    ("ＤＮＳ failed", "dns", ["ＤＮＳ"]),
    ("systemd-networkd flushed", "systemd-networkd", ["systemd-networkd"]),
    ("dns, DNS and Dns", "dns", ["dns", "DNS", "Dns"]),
]


@pytest.mark.parametrize(("text", "word", "marked"), MARKS)
def test_what_is_marked_is_the_original(text, word, marked):
    from postmortems.search.analysis import forms

    spans = spans_of(text, Wanted(forms(word), frozenset()))

    assert [text[start:end] for start, end in sorted(set(spans))] == marked


def test_a_long_text_is_cut_round_the_match():
    text = "before " * 40 + "needle " + "after " * 60
    start = text.index("needle")

    html = highlight(text, [(start, start + 6)])

    assert html.startswith("… before")
    assert html.endswith("after …")
    assert "<mark>needle</mark>" in html
    assert len(html) < 240
