"""Every kind of time that the seed incidents give can be written, and is known no better than it is."""

import pytest

from postmortems.durations import Duration, between, format_duration, parse_duration
from postmortems.moments import format_moment, instant, parse_moment, precision, problems, span

# incident -> (notation, precision, UTC instant or span as "first .. last"; "" for neither)
TIMES = {
    "juju": [
        ("≤ 2024-06-20 (one week before writing)", "bound", ".. 2024-06-20 23:59:59"),
        ("2024 (inferred from the report it cites)", "year", "2024-01-01 .. 2024-12-31 23:59:59"),
        ("2023-09", "month", "2023-09-01 .. 2023-09-30 23:59:59"),
        ("2024-03", "month", "2024-03-01 .. 2024-03-31 23:59:59"),
        ("20:30", "unknown", ""),
        ("≥ 20:30 (after 20:30)", "unknown", ""),
        ("(between)", "unknown", ""),
        ("21:30", "unknown", ""),
        ("≤ 21:30 (same evening)", "unknown", ""),
        ("~after t7 + 3 min (about 3 min later)", "unknown", ""),
        ("≥ after t4 + 90 min (more than 90 minutes after it ended)", "unknown", ""),
        ("after t8 (next)", "unknown", ""),
        ("(same night or later)", "unknown", ""),
        ("(next 3 days)", "unknown", ""),
        ("2024-06-20 03:12", "minute", "2024-06-20 03:12 .. 2024-06-20 03:12:59"),
    ],
    "influxdb": [
        ("≤ 2022-05-18", "bound", ".. 2022-05-18 23:59:59"),
        ("10:22 UTC (merge)", "unknown", ""),
        ("10:25 UTC", "unknown", ""),
        ("≤ 16:22 UTC", "unknown", ""),
        ("≤ after t2 + 6 h (< 6 h after merge)", "unknown", ""),
        ("(step 1)", "unknown", ""),
        ("2022-06-06", "day", "2022-06-06 .. 2022-06-06 23:59:59"),
        ("2023-03-19 09:15:31", "exact", "2023-03-19 09:15:31 .. 2023-03-19 09:15:31"),
    ],
    "glasskube": [("≤ 2024-05-27", "bound", ".. 2024-05-27 23:59:59")],
    "jetstack": [
        ("≤ 2019-09-11", "bound", ".. 2019-09-11 23:59:59"),
        ("2019", "year", "2019-01-01 .. 2019-12-31 23:59:59"),
        ("(earlier same day)", "unknown", ""),
        ("after t3 + 20 min (T0 + 20 min)", "unknown", ""),
    ],
    "jwplayer": [
        ("2018-09-14 21:06 EST", "minute", "2018-09-15 02:06"),
        ("2018-09-15 16:53 EST", "minute", "2018-09-15 21:53"),
        ("2018-09-18 17:40 EST", "minute", "2018-09-18 22:40"),
        ("2018-09-18 after t4 (same day)", "day", "2018-09-18 .. 2018-09-18 23:59:59"),
    ],
    "loveholidays": [
        ("≤ 2020-02-17", "bound", ".. 2020-02-17 23:59:59"),
        ("2020", "year", "2020-01-01 .. 2020-12-31 23:59:59"),
        ("after t2 - 1 h (T−1 h)", "unknown", ""),
        ("~after t1 + 1 h (about an hour)", "unknown", ""),
    ],
    "skyscanner": [
        ("2021-08", "month", "2021-08-01 .. 2021-08-31 23:59:59"),
        ("2021-08-25", "day", "2021-08-25 .. 2021-08-25 23:59:59"),
        ("~2021-08-25 15:30 GMT (about 15:30 GMT)", "hour", "2021-08-25 15:30"),
        ("~2021-08-25 20:00 GMT (derived)", "hour", "2021-08-25 20:00"),
        ("after t2 + 270 min (+ 4.5 h)", "unknown", ""),
        ("(years before)", "unknown", ""),
    ],
    "monzo": [
        ("2017-10-27", "day", "2017-10-27 .. 2017-10-27 23:59:59"),
        ("~2017-10-27 14:10 Europe/London (14:10 BST)", "hour", "2017-10-27 13:10"),
        ("~2017-10-27 15:31 +01:00 (derived)", "hour", "2017-10-27 14:31"),
        ("2017-10-27 14:18 Europe/London (slides: T+6)", "minute", "2017-10-27 13:18"),
        ("after t3 - 14 d (2 weeks before)", "unknown", ""),
        ("2017-10-26 (day before)", "day", "2017-10-26 .. 2017-10-26 23:59:59"),
        ("after t3 + 81 min (T+81)", "unknown", ""),
        ("2017-10-30 (derived: the Monday)", "day", "2017-10-30 .. 2017-10-30 23:59:59"),
    ],
    "palark": [
        ("≤ 2019-12-01", "bound", ".. 2019-12-01 23:59:59"),
        ("2019-12-02", "day", "2019-12-02 .. 2019-12-02 23:59:59"),
        ("2025-07-28", "day", "2025-07-28 .. 2025-07-28 23:59:59"),
    ],
    "datadog": [
        ("2020-12", "month", "2020-12-01 .. 2020-12-31 23:59:59"),
        ("~≥ 2022-10 (late 2022 on)", "bound", "2022-10-01 .."),
        ("2023-03-07", "day", "2023-03-07 .. 2023-03-07 23:59:59"),
        ("2023-03-08 06:00 UTC", "minute", "2023-03-08 06:00"),
        ("2023-03-08 06:03 UTC", "minute", "2023-03-08 06:03"),
        ("after t5 + 18 min (18 min into the investigation)", "unknown", ""),
        ("~2023-03-08 08:00 UTC (about 08:00)", "hour", "2023-03-08 08:00"),
        ("~after t4 + 13 h (about 13 h in)", "unknown", ""),
        ("2023-03-09 08:58 UTC", "minute", "2023-03-09 08:58"),
        ("2023-03-10 06:25 UTC", "minute", "2023-03-10 06:25"),
    ],
    "reddit": [
        ("2023-03-14", "day", "2023-03-14 .. 2023-03-14 23:59:59"),
        ("2023-03-14 19:00 UTC (just after 19:00)", "minute", "2023-03-14 19:00"),
        ("after t2 + 2 min", "unknown", ""),
        ("2023-03-14 19:04:49 UTC", "exact", "2023-03-14 19:04:49"),
        ("(hours in)", "unknown", ""),
        ("~2023-03-15 00:14 UTC (derived from the 314 minutes)", "hour", "2023-03-15 00:14"),
        ("after t2 + 314 min (314 min)", "unknown", ""),
        ("2023-03-21", "day", "2023-03-21 .. 2023-03-21 23:59:59"),
    ],
    "ziroom": [
        ("≤ 2023-10-25", "bound", ".. 2023-10-25 23:59:59"),
        ("2023-10-25 19:59", "minute", "2023-10-25 19:59 .. 2023-10-25 19:59:59"),
        ("2021-11-02", "day", "2021-11-02 .. 2021-11-02 23:59:59"),
        ("(early in adoption)", "unknown", ""),
    ],
    "verge-of-collapse": [
        ("", "unknown", ""),
        ("(after almost three months on the job)", "unknown", ""),
    ],
}
ROWS = [(incident, *row) for incident, rows in TIMES.items() for row in rows]


def known(text: str) -> str:
    """The instant, else the span, in the words of the table."""
    moment = parse_moment(text)
    if at := instant(moment):
        return short(at)
    edges = span(moment)
    return f"{short(edges[0])} .. {short(edges[1])}".strip() if edges else ""


def short(at) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}".removesuffix(":00").removesuffix(" 00:00") if at else ""


@pytest.mark.parametrize(("incident", "text", "expected", "when"), ROWS)
def test_a_seed_time_is_expressed(incident, text, expected, when):
    moment = parse_moment(text)

    assert problems(moment) == []
    assert format_moment(moment) == text
    assert precision(moment) == expected
    assert known(text) == when


# The rest of the catalogue's times, which are like one of those above.
LIKEWISE = {
    "unknown": (
        "10:37 UTC; 10:42 UTC; 10:45 UTC; 10:49 UTC; 10:56 UTC; 11:17 UTC; after t3 + 27 min; "
        "after t3 + 63 min; after t3 + 77 min; after t9 + 20 min; after t2 + 15 min; (later); "
        "(next); (then); (finally); (at once); (during); (hours in); (found); (afterwards)"
    ),
    "minute": (
        "2017-10-27 14:12 +01:00; 2017-10-27 14:26 +01:00; 2023-03-08 06:08 UTC; "
        "2023-03-08 06:31 UTC; 2023-03-08 07:23 UTC; 2023-03-08 08:30 UTC; 2023-03-08 09:13 UTC; "
        "2023-03-08 11:36 UTC; 2023-03-08 16:44 UTC"
    ),
    "day": (
        "2017-10-31; 2017-11-06; 2018-05-03; 2018-09-18; 2018-10-10; 2019-08-15; 2019-12-01; "
        "2020-08-19; 2021-11-05; 2021-11-11; 2022-05-18; 2023-03-08; 2023-05-16; 2023-05-24; "
        "2023-06-01; 2024-05-27; 2024-10-11; 2025-06-10; 2025-12-20"
    ),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [(text, name) for name, texts in LIKEWISE.items() for text in texts.split("; ")],
)
def test_a_time_like_another_is_expressed(text, expected):
    moment = parse_moment(text)

    assert format_moment(moment) == text
    assert precision(moment) == expected


# Lengths that the catalogue derives from two of its times.
DERIVED = [
    ("2018-09-14 21:06 EST", "2018-09-18 17:40 EST", "3 d 20 h 34 min"),
    ("2023-03-08 06:00 UTC", "2023-03-08 06:03 UTC", "3 min"),
    ("2023-03-08 06:03 UTC", "2023-03-08 09:13 UTC", "3 h 10 min"),
    ("2023-03-08 06:03 UTC", "2023-03-08 16:44 UTC", "10 h 41 min"),
    ("2023-03-08 06:03 UTC", "2023-03-09 08:58 UTC", "1 d 2 h 55 min"),
    ("2023-03-08 06:03 UTC", "2023-03-10 06:25 UTC", "2 d 22 min"),
    ("2017-10-27 14:10 Europe/London", "2017-10-27 14:12 Europe/London", "2 min"),
]


@pytest.mark.parametrize(("first", "last", "length"), DERIVED)
def test_a_seed_length_is_derived(first, last, length):
    derived = between(parse_moment(first), parse_moment(last))

    assert derived is not None
    assert format_duration(derived) == length


@pytest.mark.parametrize(
    ("stated", "duration"),
    [
        ("314 min", Duration(18_840)),
        ("81 min", Duration(4_860)),
        ("4.5 h", Duration(16_200)),
        ("≤ 6 h", Duration(21_600, "at-most")),
        ("~1 h", Duration(3_600, "approximate")),
        ("26 h 55 min", Duration(96_900)),
        ("48 h 22 min", Duration(174_120)),
    ],
)
def test_a_stated_length_is_expressed(stated, duration):
    assert parse_duration(stated) == duration
