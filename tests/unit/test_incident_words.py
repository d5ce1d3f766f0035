"""How long it took, in words: values first, then what is known of them."""

import pytest

from postmortems.document import Document, TimelineEntry
from postmortems.moments import parse_moment
from postmortems.web.incident_words import how_long_of
from tests.seed_documents import seed


def words(document, zone=""):
    """Caption and the four values."""
    part = how_long_of(document, zone=zone)
    return part.caption, [moment.value for moment in part.moments]


@pytest.mark.parametrize(
    ("name", "caption", "values"),
    [
        (
            "reddit-pi-day-2023",
            "drawn to scale, 19:00 to 00:20 UTC; striped: detected, mitigation not recorded",
            ["14 Mar 2023, 19:00", "+ 2 min", "not recorded", "+ 5 h 14 min"],
        ),
        (
            "influxdb-argocd-name-collision",
            "drawn to scale, 10:22 to 16:29 UTC; open hatching: at most until here",
            ["10:22, day unknown", "+ 3 min", "time not recorded", "within 6 h"],
        ),
        (
            "datadog-2023-03-08-systemd-cilium",
            "drawn to scale, 8 Mar 06:03 to 10 Mar 07:23 UTC",
            ["8 Mar 2023, 06:03", "at once", "+ 26 h 55 min", "+ 48 h 22 min"],
        ),
        (
            "juju-duplicate-instances-config-loss",
            "cannot be drawn: no start date, length unknown",
            [
                "after 21:30, day unknown",
                "about + 3 min",
                "time not recorded",
                "time not recorded",
            ],
        ),
        (
            "jwplayer-weave-scope-cryptominer",
            "cannot be drawn: start known only as a bound, length unknown",
            ["≤ 14 Sep 2018, 21:06", "18 Sep 2018", "time not recorded", "not recorded"],
        ),
        (
            "monzo-linkerd-2017",
            "drawn to scale, 14:10 to 15:32 Europe/London; striped: detected, mitigation not recorded",
            ["27 Oct 2017, about 14:10", "within 2 min", "not recorded", "+ 1 h 21 min"],
        ),
        (
            "skyscanner-missing-braces",
            "drawn to scale, 15:30 to 20:05 GMT; striped: detection and mitigation not recorded",
            ["25 Aug 2021, about 15:30", "not recorded", "not recorded", "+ 4 h 30 min"],
        ),
        (
            "juju-defect-report-2023-09",
            "cannot be drawn: start known only to the month, length unknown",
            ["Sep 2023", "not recorded", "not recorded", "not recorded"],
        ),
    ],
)
def test_the_incidents_that_come_with_the_product(name, caption, values):
    assert words(seed(name)) == (caption, values)


def test_what_is_known_of_a_value_stands_beside_it():
    started, detected, _mitigated, resolved = how_long_of(seed("reddit-pi-day-2023")).moments

    assert (started.note, started.written) == ("UTC · to the minute", "just after 19:00")
    assert detected.note == ""
    assert resolved.note == "length as stated · 15 Mar 2023, about 00:14"


def test_a_detection_after_the_trigger_says_how_long_after():
    detected = how_long_of(seed("datadog-2023-03-08-systemd-cilium")).moments[1]

    assert detected.note == "3 min after the trigger"


def test_the_label_is_one_sentence_of_all_four():
    assert how_long_of(seed("reddit-pi-day-2023")).label == (
        "Started: 14 Mar 2023, 19:00; Detected: + 2 min; Mitigated: not recorded; "
        "Resolved: + 5 h 14 min"
    )


def test_nothing_at_all_is_no_part():
    assert how_long_of(Document(title="x")) is None


def test_another_zone_changes_the_readings():
    document = Document(
        title="x",
        started=parse_moment("2018-09-14 21:06 -05:00"),
        timeline=(TimelineEntry("t1", "recover", "x", parse_moment("2018-09-14 22:06 -05:00")),),
    )

    assert words(document)[1][0] == "14 Sep 2018, 21:06"
    assert words(document, "UTC") == (
        "drawn to scale, 02:06 to 03:07 UTC; striped: detection and mitigation not recorded; "
        "arrow: end not recorded",
        ["15 Sep 2018, 02:06", "not recorded", "not recorded", "not recorded"],
    )
