"""The timeline rail: days, readings as written or in UTC, remarks that say more."""

import pytest

from postmortems.clocks import places_of
from postmortems.document import Document, TimelineEntry
from postmortems.moments import parse_moment
from postmortems.web.sources import Sources
from postmortems.web.timeline_rail import rail_of
from tests.seed_documents import seed


def rail(*times, zone=""):
    """The rail of entries t1, t2 … with these times."""
    timeline = tuple(
        TimelineEntry(f"t{number}", "action", "text", parse_moment(written))
        for number, written in enumerate(times, start=1)
    )
    return rail_of_document(Document(title="x", timeline=timeline), zone=zone)


def rail_of_document(document, *, zone=""):
    return rail_of(document, places_of(document), Sources(document.references), zone=zone)


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2023-03-14 19:00 UTC", "19:00"),
        ("2023-03-14 19:04:49 UTC", "19:04:49"),
        ("~2017-10-27 14:10 Europe/London", "about 14:10"),
        ("≤ 2017-10-27 14:12 Europe/London", "≤ 14:12"),
        ("20:30", "20:30"),
        ("2023-03-21", "21 Mar 2023"),
        ("2023-03", "Mar 2023"),
        ("(years before)", "years before"),
        ("", "time unknown"),
        ("after t9 + 20 min", "+ 20 min"),
    ],
)
def test_the_reading_beside_the_disc(written, when):
    assert [entry.when for entry in rail(written).entries] == [when]


def test_each_day_is_named_once_with_its_zone():
    entries = rail(
        "2023-03-14 19:00 UTC", "(during)", "2023-03-14 20:00 UTC", "2023-03-15 00:14 UTC"
    ).entries

    assert [entry.day for entry in entries] == ["14 March 2023, UTC", "", "", "15 March 2023, UTC"]


def test_what_follows_an_entry_without_a_clock():
    entries = rail("(T0)", "after t1", "after t1").entries

    assert [entry.when for entry in entries] == ["T0", "then", "later"]


def test_a_date_without_time_on_the_day_of_the_heading_is_the_same_day():
    entries = rail("2018-09-18 17:40 -05:00", "2018-09-18", "2018-09-18 (that night)").entries

    assert [entry.when for entry in entries] == ["17:40", "same day", "that night"]


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        ("2023-03-14 19:00 UTC (just after 19:00)", "just after 19:00"),
        ("~2021-08-25 15:30 GMT (about 15:30 GMT)", ""),
        ("2017-10-27 14:12 Europe/London (14:12 BST)", "14:12 BST"),
        ("(years before)", ""),
    ],
)
def test_the_sources_words_stand_where_they_say_more(written, remark):
    assert [entry.remark for entry in rail(written).entries] == [remark]


@pytest.mark.parametrize(
    ("times", "note", "can_switch"),
    [
        (["(later)"], "1 entry", False),
        (["2023-03-14 19:00 UTC"], "1 entry, times in UTC as written", False),
        (["2018-09-14 21:06 -05:00"], "1 entry, times in UTC−05:00 as written", True),
        (["20:30"], "1 entry, zone of the times unknown", False),
        (
            ["2023-03-14 19:00 UTC", "2023-03-14 19:00 Europe/Berlin"],
            "2 entries, times in the zones they were written in",
            True,
        ),
    ],
)
def test_the_zone_is_named_once_and_can_be_switched(times, note, can_switch):
    made = rail(*times)

    assert (made.note, made.can_switch) == (note, can_switch)


def test_in_utc_the_written_time_stays_at_hand():
    first, second = rail("2018-09-14 21:06 -05:00", "after t1 + 60 min", zone="UTC").entries

    assert (first.day, first.when) == ("15 September 2018, UTC", "02:06")
    assert first.written == "14 Sep 2018, 21:06 UTC−05:00"
    assert (second.when, second.offset, second.written) == ("03:06", "+ 1 h", "")


def test_a_known_instant_is_marked_for_machines_and_others_are_not():
    entries = rail("2018-09-14 21:06 -05:00", "20:30", "2018-09-14 21:06").entries

    assert [entry.iso for entry in entries] == ["2018-09-15T02:06:00Z", "", ""]


def test_juju_keeps_its_order_and_its_unknown_day():
    entries = rail_of_document(seed("juju-duplicate-instances-config-loss")).entries

    assert [entry.when for entry in entries[:5]] == [
        "Sep 2023",
        "Mar 2024",
        "20:30",
        "after 20:30",
        "between",
    ]
    assert entries[2].day == "Day unknown, zone unknown"


def test_times_stand_on_the_clock_of_any_zone_that_is_asked_for():
    made = rail("2018-09-14 21:06 -05:00", zone="Asia/Tokyo")

    assert (made.entries[0].day, made.entries[0].when) == ("15 September 2018, Asia/Tokyo", "11:06")
    assert "Asia/Tokyo" in made.note
