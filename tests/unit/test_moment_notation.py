"""How moments are written and read: notation, tolerance, refusals, and the round trip."""

import pytest
from hypothesis import given

from postmortems.moments import (
    UNKNOWN,
    Moment,
    format_moment,
    parse_moment,
    problems,
    zone_names,
)
from tests.strategies import valid_moments

CANONICAL = [
    ("2023-03-14 19:00 UTC", Moment("2023-03-14", "19:00", "UTC")),
    ("~2021-08-25 15:30 GMT", Moment("2021-08-25", "15:30", "GMT", approximate=True)),
    ("≤ 2019-09-11", Moment("2019-09-11", bound="not-after")),
    ("≥ 2022", Moment("2022", bound="not-before")),
    ("~≤ 2022-05", Moment("2022-05", approximate=True, bound="not-after")),
    ("2023-09", Moment("2023-09")),
    ("2023", Moment("2023")),
    ("2018-09-14 21:06 -05:00", Moment("2018-09-14", "21:06", "-05:00")),
    ("2018-09-14 21:06 EST", Moment("2018-09-14", "21:06", "EST")),
    ("2023-03-14 19:04:49 UTC", Moment("2023-03-14", "19:04:49", "UTC")),
    ("2023-03-14 19 UTC", Moment("2023-03-14", "19", "UTC")),
    ("20:30", Moment(time="20:30")),
    ("≥ 20:30 (after 20:30)", Moment(time="20:30", bound="not-before", text="after 20:30")),
    ("~14:26 Europe/London", Moment(time="14:26", zone="Europe/London", approximate=True)),
    ("after t7", Moment(after="t7")),
    ("after t7 + 3 min", Moment(after="t7", minutes=3)),
    ("after t7 + 0 min", Moment(after="t7", minutes=0)),
    ("~after t7 + 20 min", Moment(after="t7", minutes=20, approximate=True)),
    ("after t7 - 1 h", Moment(after="t7", minutes=-60)),
    ("after t7 - 14 d", Moment(after="t7", minutes=-20160)),
    ("after t7 + 90 min", Moment(after="t7", minutes=90)),
    ("≤ after t2 + 6 h", Moment(after="t2", minutes=360, bound="not-after")),
    ("2018-09-18 after t4 (same day)", Moment("2018-09-18", after="t4", text="same day")),
    ("20:30 after T-4.b", Moment(time="20:30", after="T-4.b")),
    (
        "2023-03-14 19:00 UTC (just after 19:00)",
        Moment("2023-03-14", "19:00", "UTC", text="just after 19:00"),
    ),
    ("(years before)", Moment(text="years before")),
    ("(step 1 (of 8))", Moment(text="step 1 (of 8)")),
    ("(unknown)", Moment(text="unknown")),
    ("", UNKNOWN),
]

TOLERATED = [
    ("unknown", ""),
    ("  Unknown ", ""),
    ("  2023-03-14   19:00   UTC ", "2023-03-14 19:00 UTC"),
    ("<=2019-09-11", "≤ 2019-09-11"),
    (">= 2019", "≥ 2019"),
    ("≤ ~2019", "~≤ 2019"),
    ("~ 2019", "~2019"),
    ("2023/3/4 9:05 utc", "2023-03-04 09:05 UTC"),
    ("2023-03-14T19:00:00Z", "2023-03-14 19:00:00 UTC"),
    ("2023-03-14 19:00+0200", "2023-03-14 19:00 +02:00"),
    ("2023-03-14 19:00 UTC+8", "2023-03-14 19:00 +08:00"),
    ("2023-03-14 19:00 europe/berlin", "2023-03-14 19:00 Europe/Berlin"),
    ("２０２３－０３－１４ １９：００（晚上七点）", "2023-03-14 19:00 (晚上七点)"),
    ("After t7 +3min", "after t7 + 3 min"),
    ("after t7 − 1.5 h", "after t7 - 90 min"),
    ("after t7 + 1 d 2 h", "after t7 + 26 h"),
    ("after t7 + 120 min", "after t7 + 2 h"),
    ("2023 ( about then )", "2023 (about then)"),
    ("2023 ()", "2023"),
]

REFUSED = [
    ("foo", "2023-03-14 19:00 UTC"),
    ("2023-13", "is not a date"),
    ("2023-02-29", "is not a date"),
    ("0000", "1900"),
    ("3023", "2199"),
    ("25:00", "is not a time of day"),
    ("19:60", "is not a time of day"),
    ("2023 19:00", "needs a full date"),
    ("2023-03 19:00", "needs a full date"),
    ("19:00 BST", "Europe/Berlin"),
    ("19:00 localtime", "Europe/Berlin"),
    ("19:00 ../../etc/passwd", "2023-03-14 19:00 UTC"),
    ("19:00 +15:00", "Europe/Berlin"),
    ("2023-03-14 UTC", "2023-03-14 19:00 UTC"),
    ("~", "can be approximate"),
    ("~(soon)", "can be approximate"),
    ("≤", "A bound needs"),
    ("≤ after t7", "A bound needs"),
    ("≤ ≥ 2023", "is not a bound"),
    ("after", "2023-03-14 19:00 UTC"),
    ("after 20:30", "2023-03-14 19:00 UTC"),
    ("after _x", "the id of a timeline entry"),
    ("after t7 + 3", "whole minutes"),
    ("after t7 + 3 weeks", "whole minutes"),
    ("after t7 + 0.5 min", "whole minutes"),
    ("after t7 + 99999999999 d", "at most"),
    ("2023-03-14 19:00 UTC trailing", "2023-03-14 19:00 UTC"),
    ("(two\nlines)", "one line"),
    ("9" * 100_000, "2023-03-14 19:00 UTC"),
    ("~" * 100_000, "2023-03-14 19:00 UTC"),
]


@pytest.mark.parametrize(("text", "moment"), CANONICAL)
def test_notation_and_moment_are_each_other(text, moment):
    assert parse_moment(text) == moment
    assert format_moment(moment) == text


@pytest.mark.parametrize(("text", "canonical"), TOLERATED)
def test_reading_is_generous(text, canonical):
    assert format_moment(parse_moment(text)) == canonical


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refusal_names_the_text_and_what_is_allowed(text, reason):
    with pytest.raises(ValueError, match="cannot be read as a time") as refusal:
        parse_moment(text)

    message = str(refusal.value)
    assert text[:20] in message
    assert reason in message
    assert len(message) < 400


@given(valid_moments())
def test_every_valid_moment_comes_back(moment):
    assert problems(moment) == []
    assert parse_moment(format_moment(moment)) == moment


def test_every_zone_comes_back():
    for name in zone_names().values():
        moment = Moment("2023-03-14", "19:00", name)

        assert parse_moment(format_moment(moment)) == moment
