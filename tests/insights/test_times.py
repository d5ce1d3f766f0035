"""Times to detect, mitigate and resolve: each number is its list, and a bound is never a value."""

import random
from dataclasses import replace

import pytest

from postmortems.document import TimelineEntry
from postmortems.durations import KINDS, Duration
from postmortems.insights import told
from postmortems.insights.times import MOST_DOTS, times_of
from postmortems.moments import Moment, parse_moment
from tests.insights.lists import chosen, counts_in, listed, refs_of
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, refs
from tests.search.mixed import mixed_collection

pytestmark = pytest.mark.django_db

HOUR = 3_600
SELECTIONS = (
    ("", {}),
    ("walrus", {}),
    ("", {"severity": ["sev1", "sev2"]}),
    ("", {"cause": ["network"]}),
    ("kind:near-miss", {}),
    ("", {"kind": ["near-miss", "outage"]}),
    ("", {"kind": ["-near-miss"]}),
    ("", {"duration": ["bounded", ">=1h"]}),
    ("duration:<4h", {"severity": ["-sev3"]}),
    ("", {"status": ["archived"]}),
)


def lasting(seconds: int, kind: str = "exact", severity: str = "sev2", **fields):
    terms = (f"severity:{severity}", *fields.pop("terms", ()))
    return make_postmortem(make_document(duration=Duration(seconds, kind), terms=terms, **fields))


def row(times, path):
    return next(item for item in times.rows if item.term.path == path)


def test_times_are_told_one_by_one_by_the_terms_of_a_scale(db):
    short, long = lasting(600), lasting(HOUR, "at-least", "sev1")
    about = lasting(1_200, "approximate")
    make_postmortem(make_document(terms=("severity:sev2",)))

    times = times_of(chosen())

    assert [item.term.path for item in times.rows] == ["sev1", "sev2"]
    assert [(dot.seconds, dot.kind, dot.ref) for dot in row(times, "sev2").dots] == [
        (600, "exact", short.ref),
        (1_200, "approximate", about.ref),
    ]
    assert [dot.url for dot in row(times, "sev1").dots] == [long.get_absolute_url()]
    assert (times.shortest, times.longest) == (600, HOUR)
    told = row(times, "sev2")
    assert (told.total.number, told.known.number, told.unknown.number) == (3, 2, 1)
    assert refs_of(told.known) == refs(short, about)
    assert times.all.median is None


def test_a_bound_stands_in_no_bar_and_is_no_middle(db):
    for seconds in (600, 700, 800):
        lasting(seconds)
    at_most = [lasting(HOUR, "at-most"), lasting(30, "at-most")]

    every = times_of(chosen()).all

    assert sum(bar.count.number for bar in every.bars) == 3
    assert (every.median.low, every.median.high, every.median.n) == (600, 700, 5)
    assert refs_of(every.bounded) == refs(*at_most)


def test_near_misses_are_left_out_unless_they_are_asked_for(db):
    hurt, missed = lasting(600), lasting(700, terms=("kind:near-miss",))

    times, asked = times_of(chosen()), times_of(chosen(kind="near-miss"))

    assert [dot.ref for dot in times.all.dots] == [hurt.ref]
    assert refs_of(times.left_out) == refs(missed)
    assert [dot.ref for dot in asked.all.dots] == [missed.ref]
    assert asked.left_out.number == 0
    assert times_of(chosen("kind:near-miss")).all.known.number == 1


def test_detection_and_mitigation_are_measured_from_the_start(db):
    started, ended = parse_moment("2023-03-14 19:00 UTC"), parse_moment("2023-03-14 19:05 UTC")
    seen = make_postmortem(make_document(started=started, detected=ended))
    stopped = make_postmortem(make_document(started=started, mitigated=ended))

    assert [dot.ref for dot in times_of(chosen(), measure="detect").all.dots] == [seen.ref]
    assert [dot.ref for dot in times_of(chosen(), measure="mitigate").all.dots] == [stopped.ref]
    assert times_of(chosen()).all.known.number == 0


def test_of_many_there_are_bars_only(db):
    for number in range(MOST_DOTS):
        lasting(60 * number)
    assert len(times_of(chosen()).all.dots) == MOST_DOTS

    lasting(9)

    assert times_of(chosen()).all.dots == ()
    assert times_of(chosen()).all.known.number == MOST_DOTS + 1


def test_more_different_times_than_one_answer_holds_are_counted_in_halves(db, monkeypatch):
    monkeypatch.setattr(told, "MOST_VALUES", 3)
    for number in range(20):
        lasting(60 + number, KINDS[number % len(KINDS)])

    every = times_of(chosen()).all

    assert (every.known.number, every.bounded.number) == (10, 10)
    assert [dot.seconds for dot in every.dots] == [60 + number for number in range(20)]


def test_a_tree_is_told_by_its_roots_and_by_what_is_below_a_chosen_one(db):
    lasting(600, terms=("cause:network/dns",))
    lasting(700, terms=("cause:network/cni-routing",))
    lasting(800, terms=("cause:change/config/typo",))

    roots = times_of(chosen(), vocabulary="cause")
    below = times_of(chosen(cause="network"), vocabulary="cause")

    assert [(item.term.path, item.total.number) for item in roots.rows] == [
        ("network", 2),
        ("change", 1),
    ]
    assert {item.term.path for item in below.rows} == {"network/dns", "network/cni-routing"}


def test_what_is_no_measure_and_no_vocabulary_is_read_as_the_default(db):
    lasting(600)

    times = times_of(chosen(), measure="repair", vocabulary="author")

    assert (times.measure, times.by.slug) == ("resolve", "severity")
    assert "author" not in {field.slug for field in times.fields}


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_its_list_for_every_reader(seed, platform, payments, alice, charlie):
    dice = random.Random(seed)
    for item in mixed_collection(dice, 40, (platform, payments), (alice, charlie)):
        assert item
    made_by_hand(dice, platform)

    for text, params in SELECTIONS:
        for by in (VISITOR, charlie, alice):
            measure = dice.choice(("detect", "mitigate", "resolve"))
            slug = dice.choice(("severity", "cause", "kind", "component"))
            times = times_of(chosen(text, by, **params), measure=measure, vocabulary=slug)
            told = [count for count in counts_in(times) if count.number or dice.random() < 0.1]

            assert [(listed(count, by), count.url) for count in told if count.url] == [
                (count.number, count.url) for count in told if count.url
            ]


def made_by_hand(dice: random.Random, team) -> None:
    """Some with every kind of time, near misses among them."""
    start = parse_moment("2023-03-14 19:00 UTC")
    for number in range(12):
        seconds = Duration(dice.choice((30, 900, HOUR, 9 * HOUR)), dice.choice(KINDS))
        end = replace(start, time=f"19:{number:02}", bound=dice.choice(("", "not-after")))
        document = make_document(
            terms=(dice.choice(("kind:near-miss", "kind:outage")), "cause:network/dns"),
            duration=seconds,
            started=start,
            detected=end,
            mitigated=Moment(after="t1", minutes=number),
            timeline=(TimelineEntry("t1", "trigger", "It began", start),),
        )
        visibility = dice.choice(("public", "team", "restricted"))
        make_postmortem(document, team=team, visibility=visibility)


def test_the_seeds_tell_what_is_known_and_no_more(seeds):
    resolved, detected = (times_of(chosen(), measure=name).all for name in ("resolve", "detect"))

    assert [(dot.seconds, dot.kind) for dot in resolved.dots] == [
        (81 * 60, "exact"),
        (270 * 60, "exact"),
        (314 * 60, "exact"),
        (6 * HOUR, "at-most"),
        (48 * HOUR + 22 * 60, "exact"),
    ]
    assert (resolved.median.low, resolved.median.high) == (270 * 60, 314 * 60)
    assert [(dot.seconds, dot.kind) for dot in detected.dots if dot.kind == "exact"] == [
        (0, "exact"),
        (120, "exact"),
    ]
    assert {dot.kind for dot in detected.dots} == {"exact", "at-most"}
    assert detected.median is None


def test_hidden_times_change_nothing(platform, payments, alice, charlie):
    dice = random.Random(8)
    mixed_collection(dice, 20, (platform,), (alice,))
    without = [times_of(chosen("", by)) for by in (VISITOR, charlie)]

    for kind in KINDS:
        document = make_document(duration=Duration(7, kind), terms=("severity:sev1",))
        make_postmortem(document, team=platform, visibility="restricted")

    assert [times_of(chosen("", by)) for by in (VISITOR, charlie)] == without
