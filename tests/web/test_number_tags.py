"""Numbers for people: their thousands apart, in the words of every language, and plurals by what they are."""

import pytest
from django.template import engines
from django.utils import translation

SENTENCE = (
    "{% load i18n number_tags %}{% blocktranslate count n=count|grouped %}"
    "{{ n }} postmortem{% plural %}{{ n }} postmortems{% endblocktranslate %}"
)


def shown(template: str, **context: object) -> str:
    return engines["django"].from_string(template).render(context)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("count", [0, 1, 999, 12_345, 1_234_567])
def test_a_count_has_its_thousands_apart(language, count):
    with translation.override(language):
        assert shown(SENTENCE, count=count).startswith(f"{count:,} ")


def test_a_plural_is_chosen_by_what_it_counts():
    assert [shown(SENTENCE, count=count) for count in (1, 2_000)] == [
        "1 postmortem",
        "2,000 postmortems",
    ]


def test_a_bare_number_and_none():
    template = "{% load number_tags %}{{ number|grouped }}"

    assert shown(template, number=20_000) == "20,000"
    assert shown(template, number=None) == "None"
