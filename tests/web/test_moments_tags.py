"""Moments and durations in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from postmortems.durations import Duration, parse_duration
from postmortems.moments import Moment, parse_moment
from postmortems.templatetags import moments_tags as tags


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2023-03-14 19:00 UTC", "14 Mar 2023, 19:00"),
        ("2023-03-14 19:04:49 UTC", "14 Mar 2023, 19:04:49"),
        ("2023-03-14", "14 Mar 2023"),
        ("2023-03", "Mar 2023"),
        ("2023", "2023"),
        ("≤ 2019-09-11", "≤ 11 Sep 2019"),
        ("≥ 2019-09-11", "≥ 11 Sep 2019"),
        ("≤ 2018-09-14 21:06 -05:00", "≤ 14 Sep 2018, 21:06"),
        ("~2021-08-25 15:30 GMT", "25 Aug 2021, about 15:30"),
        ("~2017-10-27", "about 27 Oct 2017"),
        ("20:30", "20:30, day unknown"),
        ("~15:30", "about 15:30, day unknown"),
        ("after t2 + 2 min", "+ 2 min"),
        ("~after t7 + 3 min", "about + 3 min"),
        ("after t3 - 14 d", "− 14 d"),
        ("after t3 (next)", "next"),
        ("after t3", "time unknown"),
        ("(years before)", "day unknown"),
        ("", "day unknown"),
    ],
)
def test_a_moment_in_words(written, words):
    assert tags.moment(parse_moment(written)) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2023-03-14 19:00 UTC", "14 Mar 2023, 19:00 UTC"),
        ("2018-09-14 21:06 -05:00", "14 Sep 2018, 21:06 UTC−05:00"),
        ("2017-10-27 14:10 Europe/London", "27 Oct 2017, 14:10 Europe/London"),
        ("20:30", "20:30, day unknown (zone unknown)"),
        ("2023-03-14", "14 Mar 2023"),
        ("", "day unknown"),
    ],
)
def test_a_moment_with_its_zone(written, words):
    assert tags.moment_with_zone(parse_moment(written)) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2023-03-14 19:00 UTC", "14 Mar 2023"),
        ("~2021-08-25 15:30 GMT", "25 Aug 2021"),
        ("~2021-08-25", "about 25 Aug 2021"),
        ("≤ 2019-09-11", "≤ 11 Sep 2019"),
        ("20:30", "day unknown"),
        ("", "day unknown"),
    ],
)
def test_a_moment_in_a_list_is_its_day(written, words):
    assert tags.moment_short(parse_moment(written)) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("314 min", "5 h 14 min"),
        ("≤ 6 h", "within 6 h"),
        ("≥ 3 d 20 h", "at least 3 d 20 h"),
        ("~1 h", "about 1 h"),
        ("34 s", "34 s"),
        ("48 h 22 min", "48 h 22 min"),
        ("3 d 20 h 34 min", "3 d 20 h 34 min"),
        ("0 s", "0 s"),
    ],
)
def test_a_duration_in_words(written, words):
    assert tags.duration_words(parse_duration(written)) == words


def test_what_is_not_known_is_said_and_never_zero():
    assert tags.duration_words(None) == "length unknown"
    assert tags.moment(None) == tags.moment_short(None) == "day unknown"


@pytest.mark.parametrize(
    ("seconds", "words"), [(120, "+ 2 min"), (0, "at once"), (-180, "− 3 min"), (0.4, "at once")]
)
def test_an_offset_in_words(seconds, words):
    assert tags.offset_words(seconds) == words


@pytest.mark.parametrize(
    ("style", "words"), [("clock", "06:03"), ("day", "8 Mar"), ("both", "8 Mar 06:03")]
)
def test_a_tick_in_words(style, words):
    assert tags.tick_words(datetime(2023, 3, 8, 6, 3, tzinfo=UTC), style) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh-hans",
            ["2023年3月14日 19:00", "不晚于 2019年9月11日", "5 小时 14 分钟", "6 小时以内"],
        ),
        (
            "zh-hant",
            ["2023年3月14日 19:00", "不晚於 2019年9月11日", "5 小時 14 分鐘", "6 小時以內"],
        ),
    ],
)
def test_chinese_has_its_own_forms(language, words):
    with translation.override(language):
        said = [
            tags.moment(Moment(date="2023-03-14", time="19:00")),
            tags.moment(Moment(date="2019-09-11", bound="not-after")),
            tags.duration_words(Duration(18840)),
            tags.duration_words(Duration(21600, "at-most")),
        ]

    assert said == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "14 March 2023"), ("zh-hans", "2023年3月14日"), ("zh-hant", "2023年3月14日")],
)
def test_a_day_as_a_heading(language, words):
    with translation.override(language):
        assert tags.day_words(date(2023, 3, 14)) == words


AGO = [
    ({"minutes": 59, "seconds": 40}, "59 min", "59 分鐘"),
    ({"hours": 5, "minutes": 50}, "5 h", "5 小時"),
    ({"days": 1, "hours": 23}, "1 day", "1 天"),
    ({"days": 45, "hours": 3}, "45 days", "45 天"),
    ({"days": 70}, "2 months", "2 個月"),
    ({"days": 1200}, "3 years", "3 年"),
]


@pytest.mark.parametrize(("past", "english", "chinese"), AGO)
def test_how_long_ago_takes_the_largest_unit_alone(past, english, chinese):
    at = timezone.now() - timedelta(**past)

    assert tags.since_words(at) == english
    with translation.override("zh-hant"):
        assert tags.since_words(at) == chinese


def test_how_long_until_takes_the_same_words():
    assert tags.until_words(timezone.now() + timedelta(days=70, hours=1)) == "2 months"


def test_what_is_past_has_no_time_left():
    assert tags.until_words(timezone.now() - timedelta(days=1)) == "0 s"
