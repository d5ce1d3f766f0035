"""The incident bar's geometry: what is solid, striped or open, where marks and ticks stand."""

from itertools import pairwise

import pytest

from postmortems.document import Document, TimelineEntry
from postmortems.durations import parse_duration
from postmortems.moments import parse_moment
from postmortems.web.incident_bar import bar_of, course_of
from tests.seed_documents import seed


def document(duration="", entries=(), **moments):
    """A document with these moments; entries are (kind, time)."""
    timeline = tuple(
        TimelineEntry(f"t{number}", kind, "text", parse_moment(written))
        for number, (kind, written) in enumerate(entries, start=1)
    )
    return Document(
        title="x",
        timeline=timeline,
        duration=parse_duration(duration) if duration else None,
        **{name: parse_moment(written) for name, written in moments.items()},
    )


def drawn(shape, zone=""):
    """The bar of a document or of a seed."""
    return bar_of(course_of(seed(shape) if isinstance(shape, str) else shape), zone)


def segments(bar):
    return [(item.phase, item.fill, item.x, item.width) for item in bar.segments]


def marks(bar):
    return [(item.kind, item.x) for item in bar.marks]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reddit-pi-day-2023", [(1, "solid", "0.00%", "3"), (2, "striped", "0.62%", "97.41%")]),
        (
            "influxdb-argocd-name-collision",
            [
                (1, "solid", "0.00%", "3"),
                (2, "solid", "0.82%", "14.16%"),
                (2, "open", "14.98%", "83.06%"),
            ],
        ),
        (
            "datadog-2023-03-08-systemd-cilium",
            [(2, "solid", "0.00%", "54.56%"), (3, "solid", "54.56%", "43.48%")],
        ),
        (
            "monzo-linkerd-2017",
            [(1, "solid", "0.00%", "2.42%"), (2, "striped", "2.42%", "95.62%")],
        ),
        ("skyscanner-missing-braces", [(2, "striped", "0.00%", "98.04%")]),
    ],
)
def test_segments_of_the_incidents_that_come_with_the_product(name, expected):
    assert segments(drawn(name)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "juju-duplicate-instances-config-loss",
        "juju-defect-report-2023-09",
        "jwplayer-weave-scope-cryptominer",
        "jetstack-opa-webhook-gke",
        "k8s-cluster-verge-of-collapse",
    ],
)
def test_without_a_start_or_a_length_nothing_is_drawn(name):
    assert drawn(name) is None


def test_the_marks_of_reddit_stand_at_start_detection_and_end():
    assert marks(drawn("reddit-pi-day-2023")) == [
        ("start", "0.00%"),
        ("detected", "0.62%"),
        ("resolved", "98.04%"),
    ]


def test_an_end_that_is_only_bounded_has_no_disc():
    assert "resolved" not in dict(marks(drawn("influxdb-argocd-name-collision")))


def test_a_length_of_at_least_ends_in_an_arrow():
    bar = drawn(
        document("≥ 3 d 20 h", started="2018-09-14 21:06 UTC", detected="2018-09-18 17:06 UTC")
    )

    assert segments(bar) == [(1, "solid", "0.00%", "98.04%")]
    assert marks(bar)[-1] == ("onwards", "98.04%")


def test_without_any_end_the_bar_reaches_the_last_entry_of_the_course():
    entries = [("action", "2023-03-14 21:00 UTC"), ("learn", "2023-03-21 12:00 UTC")]

    course = course_of(document(entries=entries, started="2023-03-14 19:00 UTC"))

    assert (course.end, course.end_kind) == (7200, "open")
    assert marks(bar_of(course))[-1] == ("onwards", "98.04%")


def test_the_trigger_stands_for_a_start_that_is_only_bounded():
    course = course_of(seed("influxdb-argocd-name-collision"))

    assert course.from_trigger
    assert (course.detected, course.end, course.end_kind) == (180, 21600, "at-most")


def test_the_stated_length_wins_over_the_moments():
    course = course_of(
        document("1 h", started="2023-03-14 19:00 UTC", resolved="2023-03-14 21:00 UTC")
    )

    assert (course.end, course.end_kind) == (3600, "known")


@pytest.mark.parametrize(
    "moments",
    [
        {"started": "2023-03-14 19:00 UTC", "resolved": "2023-03-14 18:00 UTC"},
        {"started": "2023-03-14", "resolved": "2023-03-15 19:00 UTC"},
        {"started": "2023-03-14 19:00 UTC"},
        {"started": "2023-03-14 19:00 UTC", "resolved": "20:00 UTC"},
    ],
)
def test_impossible_or_half_known_courses_are_not_drawn(moments):
    assert drawn(document(**moments)) is None


def test_crowded_marks_rise_and_the_first_stays_on_the_track():
    bar = drawn(
        document(
            "10 h",
            started="2023-03-14 10:00 UTC",
            detected="2023-03-14 19:50 UTC",
            mitigated="2023-03-14 19:55 UTC",
        )
    )

    assert [(mark.kind, mark.y) for mark in bar.marks] == [
        ("start", 23),
        ("detected", 23),
        ("mitigated", 9),
        ("resolved", -5),
    ]


def test_a_detection_after_the_end_is_no_part_of_the_bar():
    bar = drawn(document("1 h", started="2023-03-14 10:00 UTC", detected="2023-03-16 10:00 UTC"))

    assert segments(bar) == [(2, "striped", "0.00%", "98.04%")]
    assert dict(marks(bar)).keys() == {"start", "resolved"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reddit-pi-day-2023", ["19:00", "20:00", "21:00", "22:00", "23:00", "day 15"]),
        ("influxdb-argocd-name-collision", ["10:22", "12:00", "14:00", "16:00"]),
        ("datadog-2023-03-08-systemd-cilium", ["day 08 06:03", "day 09", "12:00", "day 10"]),
    ],
)
def test_ticks_are_round_and_a_new_day_shows_its_date(name, expected):
    styles = {"clock": "%H:%M", "day": "day %d", "both": "day %d %H:%M"}

    assert [f"{tick.at:{styles[tick.style]}}" for tick in drawn(name).ticks] == expected


@pytest.mark.parametrize(
    "length", ["1 s", "59 s", "7 min", "3 h", "25 h", "9 d", "200 d", "5000 d", "18000 d"]
)
def test_labels_keep_their_distance_at_any_length(length):
    bar = drawn(document(length, started="2023-03-14 19:07:31 Europe/Berlin"))
    shares = [float(tick.x.rstrip("%")) for tick in bar.ticks]

    assert len(shares) <= 6
    # A change of clocks moves a tick by an hour, which is 2 % of two days.
    assert all(after - before > 15 for before, after in pairwise(shares))
    assert max(shares) <= 100


def test_another_zone_moves_the_readings_and_not_the_shapes():
    shape = document("2 h", started="2023-03-14 23:30 -05:00")
    written, universal = drawn(shape), drawn(shape, "UTC")

    assert segments(written) == segments(universal)
    assert f"{universal.first.at:%d %H:%M}" == "15 04:30"
