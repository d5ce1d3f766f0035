"""What the manual says about writing, review and concepts is true of the product and of its incidents."""

import re

import pytest
from django.test import Client

from postmortems import readiness
from postmortems.exchange import importing
from postmortems.models import User
from postmortems.models.review import MOST_APPROVALS
from postmortems.reviews import asking, rules
from postmortems.web import help as manual
from postmortems.writing import wording
from taxonomy import lookup, vocabulary_file
from tests.makers import SEEDS, make_document, make_team
from tests.search.asking import ask
from tests.web.test_help import ROOT, TOPICS, text_of

SEED_TEXT = re.sub(
    r"[\s>]+", " ", "\n".join(path.read_text() for path in sorted(SEEDS.glob("*.md")))
)
SEARCHES = sorted(
    {found for topic in TOPICS for found in re.findall(r"\]\((/\?q=[^)\s]+)\)", text_of(topic))}
)


@pytest.fixture
def seeds(db) -> None:
    """The incidents that come with the product."""
    team = make_team("platform")
    importing.import_files(sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=team)


def part(topic: str, heading: str) -> str:
    """What stands below a heading of a topic."""
    return next(item for item in manual.split(text_of(topic)) if item.startswith(f"## {heading}"))


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in a text, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for index, row in enumerate(cells) if index > 1 and not row[0].startswith("---")]


# --- Concepts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", re.findall(r"“([^”]+)”", text_of("concepts")))
def test_what_the_concepts_quote_stands_in_the_incidents(words):
    assert words in SEED_TEXT


def test_every_search_that_the_manual_links_finds_something(seeds):
    found = {address: Client().get(address).text.count("data-result") for address in SEARCHES}

    assert len(SEARCHES) > 10
    assert {address for address, hits in found.items() if not hits} == set()


def test_what_the_concepts_say_of_bounded_lengths_holds(seeds):
    assert "influxdb-argocd-name-collision" in {hit.slug for hit in ask("duration:<8h").hits}
    assert "influxdb-argocd-name-collision" not in {hit.slug for hit in ask("duration:>4h").hits}


# --- Writing well -------------------------------------------------------------------------------

SENTENCES = rows(part("good-postmortems", "Blameless"))
IN_FULL = part("good-postmortems", "One in full")


@pytest.mark.parametrize(("before", "after"), SENTENCES)
def test_word_help_points_at_the_sentence_to_avoid_and_not_at_the_other(before, after):
    assert wording.phrases_in(before, "en")
    assert wording.phrases_in(after, "en") == ()


def test_the_example_judges_nobody_and_is_short():
    assert wording.phrases_in(IN_FULL, "en") == ()
    assert 400 < len(IN_FULL.split()) < 1_000


def test_the_example_has_the_parts_of_the_editor():
    parts = ("What it looked like", "Work-around", "What set it off", "What was wrong", "Timeline")
    parts += (
        "What made it worse",
        "Impact",
        "Went well",
        "Went badly",
        "Lucky",
        "Lessons",
        "Actions",
    )

    assert [name for name in parts if f"**{name}**" not in IN_FULL] == []


def test_an_operator_slip_cannot_be_the_only_cause(db):
    document = make_document(
        terms=("cause.primary:process/operator-slip", "severity:sev3", "kind:outage")
    )

    assert "/classifications/cause" in dict(readiness.needed(document, lookup.current()))


# --- Review -------------------------------------------------------------------------------------


def rule_of(approvals: str, parts: str) -> rules.Rule:
    return rules.Rule(int(approvals), tuple(part for part in parts.split(", ") if part))


def test_the_shipped_rules_are_those_of_the_manual():
    keys = {"everything": "", "near miss": "kind:near-miss"}
    told = {
        keys.get(name, f"severity:{name.lower()}"): rule_of(approvals, parts)
        for names, approvals, parts in rows(part("review", "What publishing needs"))
        for name in names.split(", ")
    }

    assert told == dict(rules.SHIPPED)


def test_the_numbers_of_the_review_are_true():
    text = text_of("review")

    assert f"from 0 to {MOST_APPROVALS}" in text
    assert f"up to {asking.MOST_REVIEWERS}" in text


# --- Taxonomy -----------------------------------------------------------------------------------


def test_the_shipped_vocabularies_are_those_of_the_manual():
    shipped = vocabulary_file.read((ROOT / "fixtures" / "taxonomy.yaml").read_text()).vocabularies
    written = rows(part("taxonomy", "The vocabularies it comes with"))
    named = [
        re.fullmatch(r"\[(.+)\]\(/taxonomy/(.+)/\) `(.+)`", row[0]).groups() for row in written
    ]

    assert named == [(entry.names["en"], entry.slug, entry.slug) for entry in shipped]
    assert [row[2] for row in written] == [entry.kind for entry in shipped]
    assert [row[3] == "yes" for row in written] == [entry.required for entry in shipped]


def test_the_sample_vocabulary_can_be_loaded():
    sample = re.search(r"```yaml\n(.*?)```", text_of("taxonomy"), re.S)[1]

    assert vocabulary_file.read(sample).problems == ()
