"""The time from the start until something, as honestly as both ends are known."""

import pytest

from postmortems import lengths
from postmortems.document import Document, TimelineEntry
from postmortems.durations import KINDS, Duration, format_duration
from postmortems.moments import parse_moment
from tests.seed_documents import seed

DETECTED = [
    ("2023-03-14 19:00 UTC", "2023-03-14 19:04:30 UTC", "4 min 30 s"),
    ("2023-03-14 19:00 UTC", "2023-03-14 20:04 +01:00", "4 min"),
    ("2023-03-14 19:00 UTC", "2023-03-14 19:00 UTC", "0 s"),
    ("19:00", "19:04", "4 min"),
    ("~2023-03-14 19:00 UTC", "2023-03-14 19:04 UTC", "~4 min"),
    ("2023-03-14 19:00 UTC", "~2023-03-14 19:04 UTC", "~4 min"),
    ("2023-03-14 19:00 UTC", "≤ 2023-03-14 19:04 UTC", "≤ 4 min"),
    ("2023-03-14 19:00 UTC", "≥ 2023-03-14 19:04 UTC", "≥ 4 min"),
    ("≤ 2023-03-14 19:00 UTC", "2023-03-14 19:04 UTC", "≥ 4 min"),
    ("≥ 2023-03-14 19:00 UTC", "2023-03-14 19:04 UTC", "≤ 4 min"),
    ("≤ 2023-03-14 19:00 UTC", "≥ 2023-03-14 19:04 UTC", "≥ 4 min"),
    ("~≥ 2023-03-14 19:00 UTC", "≤ 2023-03-14 19:04 UTC", "≤ 4 min"),
    ("2023-03-14 19:00 UTC", "after t1 + 4 min", "4 min"),
    ("2023-03-14 18:00 UTC", "~after t1 + 4 min", "~1 h 4 min"),
]
# Both ends unsure the same way, clocks that cannot be compared, too coarse, before the start.
UNKNOWN = [
    ("≤ 2023-03-14 19:00 UTC", "≤ 2023-03-14 19:04 UTC"),
    ("≥ 2023-03-14 19:00 UTC", "≥ 2023-03-14 19:04 UTC"),
    ("2023-03-14 19:00 UTC", "2023-03-14 19:04"),
    ("2023-03-14 19:00 UTC", "19:04 UTC"),
    ("2023-03-14 19:00 UTC", "2023-03-14"),
    ("2023-03-14 19:00 UTC", "2023-03-14 20 UTC"),
    ("2023-03-14 19 UTC", "2023-03-14 20:00 UTC"),
    ("2023-03-14", "2023-03-15"),
    ("2023-03", "2023-03-14 19:04 UTC"),
    ("2023-03-14 19:00 UTC", "2023-03-14 18:56 UTC"),
    ("2023-03-14 19:00 UTC", ""),
    ("", "2023-03-14 19:04 UTC"),
    ("2023-03-14 19:00 UTC", "after t1"),
    ("2023-03-14 19:00 UTC", "after t9 + 3 min"),
]
# The start has no clock; the trigger has.
FROM_TRIGGER = [
    ("", "2023-03-14 19:10 UTC", "≤ 10 min"),
    ("2023-03-14", "2023-03-14 19:10 UTC", "≤ 10 min"),
    ("≤ 2023-03-20", "after t1 + 3 min", "≤ 3 min"),
    ("", "~after t1 + 3 min", "≤ 3 min"),
    ("", "≤ 2023-03-14 19:10 UTC", "≤ 10 min"),
]


def made(started: str, detected: str, *, kind: str = "context") -> Document:
    entry = TimelineEntry("t1", kind, "It began", parse_moment("2023-03-14 19:00 UTC"))
    return Document(
        title="A",
        started=parse_moment(started),
        detected=parse_moment(detected),
        timeline=(entry,),
    )


def written(document: Document, measure: str = "detect") -> str:
    length = lengths.lengths_of(document).get(measure)
    return format_duration(length) if length else ""


@pytest.mark.parametrize(("started", "detected", "length"), DETECTED)
def test_a_length_is_known_as_well_as_its_ends(started, detected, length):
    assert written(made(started, detected)) == length


@pytest.mark.parametrize(("started", "detected"), UNKNOWN)
def test_what_cannot_be_told_is_unknown(started, detected):
    assert written(made(started, detected)) == ""


@pytest.mark.parametrize(("started", "detected", "length"), FROM_TRIGGER)
def test_from_the_trigger_it_is_at_most_as_long(started, detected, length):
    assert written(made(started, detected, kind="trigger")) == length


def test_from_a_trigger_nothing_follows_of_at_least():
    assert written(made("", "≥ 2023-03-14 19:10 UTC", kind="trigger")) == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [0, 1, 34, 3_600, 50 * 366 * 86_400])
def test_a_length_is_read_back_from_its_number(seconds, kind):
    length = Duration(seconds, kind)

    assert lengths.read(lengths.told(length)) == length


def test_the_seeds_are_detected_and_mitigated_as_the_sources_say():
    found = {
        name: [written(seed(name), measure) for measure in ("detect", "mitigate", "resolve")]
        for name in (
            "datadog-2023-03-08-systemd-cilium",
            "influxdb-argocd-name-collision",
            "monzo-linkerd-2017",
            "reddit-pi-day-2023",
            "juju-duplicate-instances-config-loss",
            "ziroom-kubelet-memcg-cpu",
        )
    }

    assert found == {
        "datadog-2023-03-08-systemd-cilium": ["0 s", "1 d 2 h 55 min", "2 d 22 min"],
        "influxdb-argocd-name-collision": ["≤ 3 min", "", "≤ 6 h"],
        "monzo-linkerd-2017": ["≤ 2 min", "", "1 h 21 min"],
        "reddit-pi-day-2023": ["2 min", "", "5 h 14 min"],
        "juju-duplicate-instances-config-loss": ["≤ 3 min", "", ""],
        "ziroom-kubelet-memcg-cpu": ["", "", ""],
    }
