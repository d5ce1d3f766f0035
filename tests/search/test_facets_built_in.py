"""Facets that are no vocabularies: parts there or missing, lengths, statuses, verdicts; what is listed nowhere."""

import pytest

from postmortems.document import Action, Hypothesis, Lesson, TimelineEntry
from postmortems.durations import Duration
from postmortems.moments import Moment
from postmortems.search.fields import CHOICES, PRESENT
from postmortems.search.ranges import LENGTH_BUCKETS
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, counts, facet, found, refs, value

pytestmark = pytest.mark.django_db

HOUR = 3_600


@pytest.fixture
def three():
    told = make_document(
        "Told",
        detected=Moment("2023-03-14"),
        timeline=(TimelineEntry("t1", "trigger", "It began"),),
        hypotheses=(Hypothesis("h1", "DNS", verdict="refuted"), Hypothesis("h2", "A typo")),
        actions=(Action("a1", "Alert", status="done"), Action("a2", "Test", status="open")),
        duration=Duration(2 * HOUR),
    )
    learned = make_document("Learned", lessons=(Lesson("l1", "Wait"),), duration=Duration(60))
    return make_postmortem(told), make_postmortem(learned), make_postmortem(make_document("Bare"))


def test_missing_parts_count_those_without_them(three):
    _told, learned, bare = three

    assert value(ask(), "no", "detected").count == 2
    assert value(ask(), "has", "detected").count == 1
    assert value(ask(), "no", "duration").count == 1
    assert found(no="detected") == found("no:detected") == refs(learned, bare)


def test_missing_parts_are_alternatives_to_each_other(three):
    told, learned, bare = three

    assert found(no="lesson,detected") == refs(told, learned, bare)
    assert found(no="lesson,duration") == refs(told, bare)
    assert found(no="lesson", has="duration") == refs(told)
    assert found(no="-lesson") == found(has="lesson") == refs(learned)
    assert value(ask(no="lesson"), "no", "detected").count == 2
    assert value(ask(no="lesson"), "has", "detected").count == 1


def test_every_part_but_relations_is_in_both(db):
    make_postmortem()

    for slug in ("no", "has"):
        assert {item.value for item in facet(ask(), slug).values} == set(PRESENT) - {"relation"}


def test_statuses_and_verdicts_are_counted(three):
    assert counts(ask(), "action") == {"done": 1, "open": 1}
    assert counts(ask(), "hypothesis") == {"refuted": 1, "open": 1}
    assert found(action="open") == found(hypothesis="refuted") == refs(three[0])
    for slug in ("action", "hypothesis"):
        assert {item.value for item in facet(ask(), slug).values} == set(CHOICES[slug])


def test_lengths_stand_in_their_order_with_names_people_read(three):
    values = facet(ask(), "duration").values

    assert [(item.value, item.label) for item in values] == [
        ("<15min", "under 15 min"),
        ("15min..<1h", "15 min to 1 h"),
        ("1h..<4h", "1 h to 4 h"),
        ("4h..<1d", "4 h to 1 day"),
        (">=1d", "1 day or longer"),
        ("bounded", "only a bound known"),
        ("unknown", "Not recorded"),
    ]
    assert counts(ask(), "duration") == {"<15min": 1, "1h..<4h": 1, "unknown": 1}
    assert value(ask(), "duration", "<15min").toggle_url == "/?duration=%3C15min"


EDGES = [
    *(
        Duration(seconds)
        for _value, low, high in LENGTH_BUCKETS
        for seconds in (low, high)
        if seconds
    ),
    *(Duration(899), Duration(0), Duration(5 * HOUR, "approximate"), Duration(30 * 24 * HOUR)),
    *(Duration(900, "at-most"), Duration(901, "at-most"), Duration(6 * HOUR, "at-most")),
    *(
        Duration(24 * HOUR, "at-least"),
        Duration(24 * HOUR - 1, "at-least"),
        Duration(0, "at-least"),
    ),
]


def test_a_length_and_the_range_that_it_is_named_after_find_the_same(db):
    for number, length in enumerate(EDGES):
        make_postmortem(make_document(f"Length {number}", duration=length))

    for name, _low, _high in LENGTH_BUCKETS:
        listed = found(duration=name)
        assert listed == found(f"duration:{name}"), name
        assert value(ask(), "duration", name).count == len(listed) > 0, name


def test_a_bound_counts_in_a_length_only_where_it_decides(db):
    short = make_postmortem(make_document(duration=Duration(900, "at-most")))
    longer = make_postmortem(make_document(duration=Duration(901, "at-most")))
    long = make_postmortem(make_document(duration=Duration(24 * HOUR, "at-least")))

    assert found(duration="<15min") == refs(short)
    assert found(duration=">=1d") == refs(long)
    assert found(duration="bounded") == found("duration:bounded") == refs(short, longer, long)
    assert found(duration="15min..<1h,1h..<4h,4h..<1d") == set()


def test_a_half_open_range_leaves_its_upper_end_out(db):
    hour, later = (make_postmortem(make_document(duration=Duration(n * HOUR))) for n in (1, 4))

    assert found(duration="1h..<4h") == found("duration:1h..<4h") == refs(hour)
    assert found(duration="1h..4h") == refs(hour, later)
    assert found(duration="-<15min") == refs(hour, later)


def test_what_is_chosen_stays_in_its_facet_though_it_is_listed_nowhere(three):
    results = ask(duration=">30min", has="cause,wings", severity="sev9")

    assert value(results, "duration", ">30min").selected
    assert value(results, "has", "cause").label == "Root cause"
    assert value(results, "has", "wings").count == 0
    assert value(results, "severity", "sev9").selected


def test_what_is_listed_nowhere_is_counted_like_the_rest(three):
    results = ask(duration=">30min,unknown", has="detected")

    assert results.count == 1
    assert value(results, "duration", ">30min").count == 1
    assert value(results, "duration", ">30min").toggle_url == "/?has=detected&duration=unknown"
    assert value(ask(duration="->30min"), "duration", ">30min").excluded


def test_a_value_is_chosen_however_it_is_written(three):
    results = ask(
        has="Detections,DETECTED", status="In Review", duration="< 15 min", team="Platform"
    )

    assert value(results, "has", "detected").selected
    assert value(results, "status", "in_review").selected
    assert value(results, "duration", "<15min").selected
    assert value(results, "team", "platform").selected


def test_a_parameter_that_cannot_be_read_finds_nothing_and_says_so(three):
    for name, text in (("duration", ">long"), ("started", "soon"), ("started", "soon..2023")):
        results = ask(**{name: text})
        assert (results.count, results.notices) == (
            0,
            (f"“{name}:{text}” is not known, so nothing has it.",),
        )


def test_a_parameter_is_never_read_as_grammar(three):
    assert ask(duration=">4h OR told").count == 0
    assert ask(cause='x" OR (told').count == 0
    assert ask(started="2022..2023 told").count == 0


def test_missing_something_that_is_no_part_is_not_known(db):
    make_postmortem(make_document("One"))

    assert ask("no:linkerd").count == ask(no="linkerd").count == 0
    assert ask("no:linkerd").notices == ("“no:linkerd” is not known, so nothing has it.",)
