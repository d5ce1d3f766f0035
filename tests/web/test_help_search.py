"""The page about the search language is true: every example works, and it names all there is."""

import re

import pytest

from postmortems.exchange import importing
from postmortems.models import User
from postmortems.search import fields
from postmortems.search.parser import parse
from taxonomy import lookup
from tests.makers import SEEDS, make_team
from tests.search.asking import ask
from tests.web.test_help import examples_of, text_of

TABLES = ("Words", "Not all", "Fields", "Times", "Presence")
EXAMPLES = [example for heading in TABLES for example in examples_of("search", heading)]


@pytest.fixture
def seeds(db) -> None:
    """The incidents that come with the product."""
    team = make_team("platform")
    importing.import_files(sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=team)


def slugs(text: str, **params) -> list[str]:
    return [hit.slug for hit in ask(text, **params).hits]


def test_every_example_is_understood(seeds):
    told = {example: ask(example).notices for example in EXAMPLES}

    assert len(EXAMPLES) > 35
    assert told == dict.fromkeys(EXAMPLES, ())


def test_examples_read_as_grammar_and_not_as_words(db):
    known = fields.known_fields(lookup.current())
    fielded = [example for example in EXAMPLES if re.search(r"[a-z]:", example)]

    for example in fielded:
        assert parse(example, known, fields.PART_ALIASES).notices == ()


def test_every_field_is_named(db):
    named = set(re.findall(r"[`(\s-]([a-z][a-z_.-]*):", text_of("search")))
    vocabularies = {info.slug for info in lookup.current().vocabularies}
    built_in = fields.known_fields(lookup.current()) - vocabularies

    assert {name for name in built_in if "." not in name} - named == set()


def test_every_part_is_named():
    text = text_of("search")

    assert [name for name in set(fields.PART_ALIASES.values()) if f"`{name}`" not in text] == []
    assert [name for name in fields.PRESENT if f"`{name}`" not in text] == []


def test_what_it_says_about_words_holds(seeds):
    assert "reddit-pi-day-2023" in slugs("upgraded")
    assert "reddit-pi-day-2023" in slugs("upgrade")
    assert slugs('"route reflectors"') == ["reddit-pi-day-2023"]
    assert sorted(slugs("叢集")) == sorted(slugs("集群")) != []
    assert slugs("升級") == slugs("升级") != []


def test_what_it_says_about_slips_and_missing_words_holds(seeds):
    assert [item.text for item in ask("cilum").did_you_mean] == ["cilium"]
    assert [item.text for item in ask("cause:netwrok").did_you_mean] == ["cause:network"]
    assert ask("linkerd banana").nearest.hits[0].lacks == ("banana",)
