"""Entries and moments as readings of clocks that can be compared."""

import pytest

from postmortems.clocks import in_zone, later, places_of, seconds_between
from postmortems.document import Document, TimelineEntry
from postmortems.moments import parse_moment


def document(*times, **moments):
    """A document whose entries t1, t2 … have these times."""
    entries = (
        TimelineEntry(f"t{number}", "action", "text", parse_moment(written))
        for number, written in enumerate(times, start=1)
    )
    return Document(
        title="x",
        timeline=tuple(entries),
        **{name: parse_moment(written) for name, written in moments.items()},
    )


def readings(*times):
    """Each entry's reading, None where it has none."""
    places = places_of(document(*times)).entries
    return [
        f"{place.at:%m-%d %H:%M:%S}" if (place := places.get(f"t{number}")) else None
        for number in range(1, len(times) + 1)
    ]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["2023-03-14 19:00 UTC"], ["03-14 19:00:00"]),
        (["2023-03-14", "2023-03", "(later)", "after t1"], [None] * 4),
        (["2023-03-14 19:00 UTC", "after t1 + 5 h 14 min"], ["03-14 19:00:00", "03-15 00:14:00"]),
        (["after t2 + 1 h", "2023-03-14 19:00 UTC"], ["03-14 20:00:00", "03-14 19:00:00"]),
        (["after t2 + 1 h", "after t1 + 1 h"], [None, None]),
        (["after t1 + 1 h"], [None]),
        (["20:30", "21:30"], ["01-01 20:30:00", "01-01 21:30:00"]),
        (["23:50", "00:10", "00:05"], ["01-01 23:50:00", "01-02 00:10:00", "01-02 00:05:00"]),
    ],
)
def test_where_entries_stand(times, expected):
    assert readings(*times) == expected


def test_a_chain_of_thousands_and_one_of_centuries_are_both_read():
    chain = ["2023-03-14 19:00 UTC", *(f"after t{number} + 36000 d" for number in range(1, 2000))]

    places = places_of(document(*chain)).entries

    assert len(places) == 4


def test_an_hour_counted_over_a_change_of_clocks_is_an_hour():
    places = places_of(document("2023-03-26 01:30 Europe/Berlin", "after t1 + 60 min")).entries

    assert f"{places['t2'].at:%H:%M}" == "03:30"
    assert seconds_between(places["t1"], places["t2"]) == 3600


def test_a_known_day_and_an_unnamed_one_are_not_compared():
    places = places_of(document("2023-03-14 19:00 UTC", "20:00 UTC")).entries

    assert seconds_between(places["t1"], places["t2"]) is None


def test_two_zones_are_compared_as_instants():
    places = places_of(document("2023-03-14 19:00 UTC", "2023-03-14 20:30 +01:00")).entries

    assert seconds_between(places["t1"], places["t2"]) == 1800


def test_another_zone_shows_the_same_instant_only_where_it_is_known():
    known = places_of(document("2018-09-14 21:06 -05:00")).entries["t1"]
    unknown = places_of(document("2018-09-14 21:06")).entries["t1"]

    assert f"{in_zone(known, 'UTC').at:%d %H:%M}" == "15 02:06"
    assert in_zone(unknown, "UTC") == unknown


def test_what_is_counted_says_so_and_keeps_its_doubt():
    places = places_of(document("~2023-03-14 19:00 UTC", "after t1 + 2 min")).entries

    assert places["t2"].is_derived
    assert places["t2"].approximate
    assert later(places["t1"], 60).is_derived
