"""Whatever the pages print of a moment can be typed back: the same moment, in every language."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given

from postmortems.moments import UNKNOWN, Moment
from postmortems.templatetags.moments_tags import moment, moment_with_zone
from postmortems.writing.moments_typed import understood
from tests.strategies import valid_moments

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def read(words: str) -> Moment:
    found, code = understood(words, base=None, entries={"t1": "Alarm"}, above="t1")
    assert code == "", words
    return replace(found, text="")


def told_of(original: Moment) -> Moment:
    """What the words tell: of a day the day, else how long after the entry above it was."""
    if original.date or original.time:
        return replace(original, after="", minutes=None, text="")
    if original.minutes is None:
        return UNKNOWN
    return replace(original, after="t1", text="")


@pytest.mark.parametrize("language", LANGUAGES)
@given(valid_moments())
def test_a_moment_is_read_as_it_is_printed(language, original):
    told = told_of(original)

    with translation.override(language):
        printed = moment_with_zone(told)

    assert read(printed) == told


@pytest.mark.parametrize("language", LANGUAGES)
@given(valid_moments())
def test_so_is_one_that_is_printed_without_its_zone(language, original):
    told = replace(told_of(original), zone="")

    with translation.override(language):
        printed = moment(told)

    assert read(printed) == told


@pytest.mark.parametrize(
    "typed",
    ["≤ ２０２３年３月１５日", "≦2023年3月15日", "不晚于2023年3月15日", "不晚於 2023年3月15日"],
)
def test_a_bound_may_be_written_in_chinese_and_in_full_width(typed):
    assert read(typed) == Moment("2023-03-15", bound="not-after")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_editor_are_understood(language):
    with translation.override(language):
        examples = [translation.gettext("March 2023"), translation.gettext("unknown")]

    assert [read(example) for example in examples] == [Moment("2023-03"), UNKNOWN]
