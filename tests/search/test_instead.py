"""When nothing was found: mended spellings, what has most of the words, each saying what it lacks."""

import pytest

from postmortems.document import Signal, TimelineEntry
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, ask, found, refs

pytestmark = pytest.mark.django_db


def mended(text: str, by=VISITOR, **params) -> list[tuple[str, int]]:
    return [(item.text, item.count) for item in ask(text, by, **params).did_you_mean]


def nearest(text: str, by=VISITOR, **params) -> list[tuple[str, tuple[str, ...]]]:
    found = ask(text, by, **params).nearest
    return [(hit.title, hit.lacks) for hit in found.hits] if found else []


@pytest.mark.parametrize("typed", ["cilum", "ciliun", "iclium", "Cillium"])
def test_a_slip_is_mended(typed):
    make_postmortem(make_document("Cilium loses routes"))

    assert mended(typed) == [("cilium", 1)]


def test_only_the_mistyped_word_changes():
    make_postmortem(make_document("Cilium loses routes"))

    assert mended('cilum routes -banana "loses routes"') == [
        ('cilium routes -banana "loses routes"', 1)
    ]


def test_nothing_is_mended_while_something_is_found():
    make_postmortem(make_document("Cilium loses routes"))
    make_postmortem(make_document("Cilum is how they wrote it"))

    assert mended("cilum") == []


def test_what_would_find_nothing_is_not_suggested():
    make_postmortem(make_document("Cilium loses routes"))

    assert mended("cilum banana") == []
    assert mended("cilum routess", severity="sev1") == [("cilium routes", 1)]
    assert mended("banana", severity="sev1") == []


def test_where_filters_leave_nothing_the_mended_words_go_without_them():
    make_postmortem(make_document("Cilium loses routes", terms=("severity:sev2",)))

    (suggestion,) = ask("cilum", severity="sev1").did_you_mean

    assert suggestion.url == "/?q=cilium"


def test_of_several_filters_that_leave_nothing_each_alone_is_offered():
    make_postmortem(make_document("One", terms=("severity:sev1",)))
    make_postmortem(make_document("Two", terms=("trigger:upgrade",)))
    make_postmortem(make_document("Three", terms=("cause.primary:time",)))

    drops = ask(severity="sev1", trigger="upgrade", cause="time").drop_suggestions

    kept = [(drop.label, drop.count, drop.url) for drop in drops if drop.count]
    assert ("Keep only “Trigger: Upgrade”", 1, "/?trigger=upgrade") in kept
    assert len(kept) == 3


def test_the_more_used_of_two_near_words_is_meant():
    make_postmortem(make_document("A broken brake"))
    for _ in range(2):
        make_postmortem(make_document("A broker stops"))

    assert mended("brokex") == [("broker", 2)]


def test_words_of_hidden_records_are_never_suggested(alice, charlie):
    make_postmortem(make_document("Cilium"), visibility="restricted", authors=(alice,))

    assert mended("cilum") == mended("cilum", charlie) == []
    assert mended("cilum", alice) == [("cilium", 1)]


def test_values_and_fields_are_mended():
    make_postmortem(make_document("DNS", terms=("cause:network/dns",)))

    assert mended("cause:netwrok") == [("cause:network", 1)]
    assert mended("causse:network") == [("cause:network", 1)]
    assert mended("status:publised") == [("status:published", 1)]


def test_numbers_and_identifiers_are_not_mended():
    make_postmortem(make_document("Version v1.24 and E1234"))

    assert mended("v1.25") == mended("E1235") == mended("12345") == []


def test_most_of_the_words_are_enough_when_nothing_has_all():
    both = make_postmortem(make_document("Calico loses the route reflectors"))
    make_postmortem(make_document("A route is lost"))

    assert nearest("calico route reflectors banana") == [(both.title, ("banana",))]
    assert ask("calico route reflectors banana").count == 0


def test_what_has_more_of_the_words_comes_first():
    title = make_postmortem(make_document("Etcd"))
    places = make_document("Slow", timeline=(TimelineEntry("t1", "action", "etcd compaction ran"),))
    more = make_postmortem(places)

    assert nearest("etcd compaction banana kiwi") == [(more.title, ("banana", "kiwi"))]
    assert [hit.title for hit in ask("etcd compaction match:most").hits] == [
        more.title,
        title.title,
    ]


def test_words_that_say_nothing_may_be_missing():
    postmortem = make_postmortem(make_document("Pods lose network"))

    assert nearest("why did the pods lose their network") == [(postmortem.title, ())]


def test_the_nearest_have_a_query_and_a_count_of_their_own():
    for _ in range(12):
        make_postmortem(make_document("Calico loses routes"))
    found = ask("calico routes banana").nearest

    assert (found.text, found.count, len(found.hits)) == ("calico routes banana match:most", 12, 10)
    assert ask(found.text).count == 12


def test_what_has_most_stands_below_a_few_that_have_all():
    everything = make_postmortem(make_document("Calico loses route reflectors"))
    most = make_postmortem(make_document("Calico loses routes"))
    results = ask("calico route reflectors")

    assert [hit.ref for hit in results.hits] == [everything.ref]
    assert [hit.ref for hit in results.nearest.hits] == [most.ref]


def test_one_identifier_is_enough():
    signal = Signal("s1", "java.net.UnknownHostException: db")
    postmortem = make_postmortem(make_document("Names", signals=(signal,)))

    assert nearest("UnknownHostException apples pears plums figs grapes") == [
        (postmortem.title, ("apples", "pears", "plums", "figs", "grapes"))
    ]


def test_filters_still_hold_for_the_nearest():
    make_postmortem(make_document("Calico loses routes", terms=("severity:sev2",)))

    assert nearest("calico routes banana", severity="sev1") == []
    assert nearest("calico routes banana -routes") == []


def test_one_word_has_no_nearest():
    make_postmortem(make_document("Calico"))

    assert ask("banana").nearest is None


def test_part_of_a_long_chinese_run_is_enough():
    postmortem = make_postmortem(make_document("集群升级导致网络中断", language="zh-hans"))

    assert nearest("集群升级后网络中断怎么办") == [(postmortem.title, ())]
    assert nearest("叢集升級後網路中斷怎麼辦") == [(postmortem.title, ())]


def test_a_pasted_error_finds_what_has_most_of_it():
    signal = Signal("s1", "dial tcp 10.1.2.3:443: connect: connection refused")
    postmortem = make_postmortem(make_document("API server down", signals=(signal,)))
    text = "E0314 19:02:11.123456 12345 reflector.go:123] dial tcp 10.0.0.1:443: connection refused"

    results = ask(text)

    assert [hit.ref for hit in results.hits] == [postmortem.ref]
    assert results.hits[0].lacks == ("reflector.go",)
    assert "error message" in results.notices[0]
    assert results.literal_url.startswith("/?q=%22E0314")


def test_a_pasted_error_can_be_searched_word_for_word():
    signal = Signal("s1", "rpc error: code = Unavailable desc = transport is closing")
    postmortem = make_postmortem(make_document("Closing", signals=(signal,)))
    make_postmortem(make_document("rpc error and transport"))

    assert found('"rpc error: code = Unavailable desc = transport is closing"') == refs(postmortem)
