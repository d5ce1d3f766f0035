"""Intervals in words."""

import pytest

from postmortems.intervals import interval_between
from postmortems.moments import parse_moment
from postmortems.templatetags.interval_tags import interval_words, later_words

WORDS = [
    ("2023-09", "2024-03", "5 to 7 months"),
    ("2024-03", "≤ 2024-06-20", "at most 4 months"),
    ("2022", "≥ 2023-05-01", "at least 4 months"),
    ("2019", "2023", "3 to 5 years"),
    ("2023-03-08", "2023-03-14", "6 days"),
    ("2023-03-13", "2023-03-14", "1 day"),
    ("2023-03-14", "2023-03-14", "the same day"),
    ("2023-03-14 19:00 UTC", "2023-03-15 20:30 UTC", "25 h 30 min"),
    ("~2021-08", "2021-10-03", "about 1 to 3 months"),
    ("", "2023", "not known how long"),
]


@pytest.mark.parametrize(("earlier", "later", "words"), WORDS)
def test_an_interval_in_words(earlier, later, words):
    assert interval_words(interval_between(parse_moment(earlier), parse_moment(later))) == words


LATER = [
    ("2023-09", "2024-03", "5 to 7 months later"),
    ("2023-03-14", "2023-03-14", "the same day"),
    ("2023-03-14 19:00 UTC", "2023-03-14 19:00 UTC", "at the same time"),
    ("", "2023", "time between not known"),
]


@pytest.mark.parametrize(("earlier", "later", "words"), LATER)
def test_how_much_later_in_words(earlier, later, words):
    assert later_words(interval_between(parse_moment(earlier), parse_moment(later))) == words
