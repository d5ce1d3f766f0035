"""The incidents that come with the product hold what seed_facts/*.yaml says of them, and none of the known traps."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser

from postmortems import content, durations
from postmortems.document import MOMENTS, Document
from postmortems.document_json import to_json
from postmortems.durations import parse_duration
from postmortems.exchange import markdown_file
from postmortems.models import Postmortem
from postmortems.moments import Moment, format_moment
from postmortems.search import search
from tests.makers import SEEDS
from tests.seed_documents import seed

FACTS: dict[str, dict] = {}
for page in sorted((Path(__file__).parent / "seed_facts").glob("*.yaml")):
    FACTS |= yaml.safe_load(page.read_text())

FULL = sorted(name for name, fact in FACTS.items() if fact["terms"]["kind"] != "stub")
STUBS = sorted(set(FACTS) - set(FULL))
# These are not in the table: what was hit, and what it looked like, is open to judgement.
UNTOLD = ("component", "symptom")
# Where it counts whether the source says it or we do.
JUDGED = ("severity", "tier", "cause", "trigger", "detection")

every_seed = pytest.mark.parametrize("name", sorted(FACTS))


def listed(fact: str, separator: str = "; ") -> list[str]:
    """The parts of a folded line of the table."""
    return [part.strip() for part in fact.split(separator) if part.strip()]


def written(moment: Moment) -> str:
    """The notation without the source's own words."""
    return format_moment(replace(moment, text=""))


def strings(data) -> list[str]:
    """Every text anywhere in JSON."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        return [text for item in data for text in strings(item)]
    return [data] if isinstance(data, str) else []


def plain(text: str) -> str:
    """A text on one line, in one case, without the marks of code and speech."""
    return " ".join(re.sub(r'[`"]', "", text).split()).casefold()


@cache
def everything(name: str) -> str:
    """All that a document says, one text below the other, as `plain`."""
    return "\n".join(plain(text) for text in strings(to_json(seed(name))))


def term_of(item) -> str:
    marks = [item.role] if item.role else []
    if item.assigned_by == "inferred" and item.vocabulary in JUDGED:
        marks.append("inferred")
    return f"{item.term} ({', '.join(marks)})" if marks else item.term


def terms_of(document: Document) -> dict[str, str]:
    """The terms by vocabulary, as the table writes them."""
    found: dict[str, list[str]] = {}
    for item in document.classifications:
        if item.vocabulary not in UNTOLD:
            found.setdefault(item.vocabulary, []).append(term_of(item))
    return {vocabulary: ", ".join(terms) for vocabulary, terms in found.items()}


def labels(source: str) -> list[str]:
    return listed(source, ",")


# --- The table ---------------------------------------------------------------------------------


def test_there_are_22_records_and_the_table_tells_of_each():
    assert len(FACTS) == 22
    assert sorted(FACTS) == sorted(path.stem for path in SEEDS.iterdir())


@every_seed
def test_titles(name):
    document, fact = seed(name), FACTS[name]

    titles = {language: item.title for language, item in document.translations.items()}

    assert document.language == "en"
    assert document.title == fact["title"]
    assert titles == {key: fact[key] for key in ("zh-hans", "zh-hant") if key in fact}


@every_seed
def test_terms(name):
    assert terms_of(seed(name)) == FACTS[name]["terms"]


@every_seed
def test_moments(name):
    document = seed(name)
    known = {key: written(getattr(document, key)) for key in MOMENTS}

    told = dict(part.split(" ", 1) for part in listed(FACTS[name].get("moments", "")))

    assert {key: text for key, text in known.items() if text} == told


@every_seed
def test_length(name):
    document = seed(name)
    kind, _, length = FACTS[name].get("duration", "").partition(" ")
    told = parse_duration(length) if length else None

    assert document.duration == (told if kind == "stated" else None)
    assert durations.resolve(document.duration, document.started, document.resolved) == told


@every_seed
def test_timeline(name):
    entries = [f"{item.kind} {written(item.when)}".strip() for item in seed(name).timeline]

    assert entries == listed(FACTS[name].get("timeline", ""))


@every_seed
def test_hypotheses_lessons_actions_and_relations(name):
    document, fact = seed(name), FACTS[name]
    verdicts = [f"{item.verdict} {len(item.evidence)}" for item in document.hypotheses]
    kinds = Counter(item.kind for item in document.actions)
    relations = [f"{item.kind} {item.target}" for item in document.relations]

    assert verdicts == listed(fact.get("hypotheses", ""), ",")
    assert len(document.lessons) == fact.get("lessons", 0)
    assert [f"{kind} {count}" for kind, count in kinds.items()] == listed(
        fact.get("actions", ""), ","
    )
    assert relations == listed(fact.get("relations", ""))


@every_seed
def test_texts(name):
    told = listed(FACTS[name]["texts"], "|") + listed(FACTS[name].get("written", ""), "|")

    assert [text for text in told if plain(text) not in everything(name)] == []


def test_the_evidence_on_juju_is_numbered_through():
    hypotheses = seed("juju-duplicate-instances-config-loss").hypotheses
    against = [fact.id for item in hypotheses for fact in item.evidence if not fact.supports]

    assert against == ["e1", "e2", "e3", "e4", "e5", "e6"]


# --- What holds for each -----------------------------------------------------------------------


@every_seed
def test_the_name_of_the_file_is_its_import_id_and_slug(name):
    parsed = markdown_file.parse((SEEDS / f"{name}.md").read_bytes(), list(FACTS[name]["terms"]))

    assert parsed.envelope.import_id == name
    assert parsed.envelope.slug in ("", name)
    assert (parsed.envelope.status, parsed.envelope.visibility) == ("published", "public")


@every_seed
def test_one_cause_is_the_primary_one_and_stands_first(name):
    roles = [item.role for item in seed(name).classifications if item.vocabulary == "cause"]

    assert roles.count("primary") == 1
    assert roles[0] == "primary"


@every_seed
def test_what_is_judged_says_why_and_who_says_so(name):
    judged = [item for item in seed(name).classifications if item.vocabulary in JUDGED]

    assert [item.term for item in judged if not item.why] == []
    assert {item.assigned_by for item in judged} <= {"source", "inferred"}


@every_seed
def test_every_source_that_is_cited_is_among_the_references(name):
    document = seed(name)
    evidence = [fact for item in document.hypotheses for fact in item.evidence]
    cited = [item.source for item in (*document.timeline, *document.lessons, *evidence)]

    known = {item.label for item in document.references}

    assert known
    assert {label for source in cited for label in labels(source)} <= known


@every_seed
def test_what_a_time_counts_from_is_an_entry_of_the_timeline(name):
    document = seed(name)
    times = [getattr(document, key) for key in MOMENTS]
    times += [item.when for item in document.timeline]

    entries = {item.id for item in document.timeline}

    assert {item.after for item in times if item.after} <= entries


@pytest.mark.parametrize("name", FULL)
def test_a_full_record_has_a_severity_a_timeline_and_sections(name):
    document = seed(name)

    assert {"severity", "tier"} <= set(FACTS[name]["terms"])
    assert all((document.timeline, document.lessons, document.signals, document.summary))
    assert {"impact", "what-happened", "root-cause", "went-well", "went-badly"} <= set(
        document.sections
    )
    assert all(item.source for item in document.timeline)


@pytest.mark.parametrize("name", STUBS)
def test_a_stub_is_nothing_but_a_stub(name):
    document = seed(name)
    kinds = [item.term for item in document.classifications if item.vocabulary == "kind"]

    assert kinds == ["stub"]
    assert not document.timeline
    assert not document.hypotheses
    assert not document.sections
    assert "severity" not in FACTS[name]["terms"]


# --- Traps of the source texts -----------------------------------------------------------------

NOWHERE = {
    "the gap read as a decimal number": r"34\.47",
    "the caption of a joke": r"你被[开開]除了",
    "other captions": r"賭場|逐場比賽|致命線",
    "pinyin in brackets": r"[\u4e00-\u9fff][(（][a-zàáèéìíòóùúüāēěīōūǎǐǒǔǘǚǜ]+[)）]",
    "promotion": r"star us|give us a star|package manager for kubernetes|相关文章|推荐阅读|就介绍到这儿",
    "spam": r"成都創新互聯|成都创新互联|创新互联",
    "what the source never explains": r"\bBD \(|bytedance|字节跳动",
    "a typo of the source": r"高平發|opertor",
    "a mail address": r"[\w.+-]+@[\w-]+\.[a-z]{2,}",
    "a secret": r"(?:AKIA|ghp_|xox[bp]-|eyJ)[\w-]{12,}|-----BEGIN|(?:password|secret|token)\s*[:=]\s*\S",
}


@pytest.mark.parametrize("trap", NOWHERE)
def test_no_trap_of_the_source_texts_is_anywhere(trap):
    texts = {path.stem: path.read_text() for path in SEEDS.iterdir()}
    # The address of a page may hold what no sentence may.
    bare = {name: re.sub(r"https?://\S+", "", text) for name, text in texts.items()}

    found = {name for name, text in bare.items() if re.search(NOWHERE[trap], text, re.IGNORECASE)}

    assert found == set()


@pytest.mark.parametrize(
    ("trap", "text"),
    [
        ("the gap read as a decimal number", "34.47 s apart"),
        ("the caption of a joke", "你被開除了"),
        ("pinyin in brackets", "關(guān)于"),
        ("promotion", "Please star us on GitHub"),
        ("a mail address", "write to sre@example.org"),
        ("a secret", "token = abc123"),
    ],
)
def test_the_traps_are_recognised(trap, text):
    assert re.search(NOWHERE[trap], text, re.IGNORECASE)


@pytest.mark.parametrize("claim", ["478 services", "two days"])
def test_what_one_retelling_alone_says_is_only_an_unverified_conflicting_account(claim):
    sections = seed("skyscanner-missing-braces").sections
    account = plain(sections["conflicting-accounts"])
    holders = [name for name in FACTS if claim in everything(name)]

    assert holders == ["skyscanner-missing-braces"]
    assert everything(holders[0]).count(claim) == account.count(claim) == 1
    assert "unverified" in account
    assert "neither is counted as a fact" in account


def test_nobody_is_named_as_the_organisation_where_the_source_names_none():
    anonymous = {name for name, fact in FACTS.items() if "organisation" not in fact["terms"]}

    assert anonymous == {
        "juju-duplicate-instances-config-loss",
        "k8s-cluster-verge-of-collapse",
        *STUBS,
    }


def test_no_severity_is_taken_for_the_source_s_own():
    judged = [
        item
        for name in FACTS
        for item in seed(name).classifications
        if item.vocabulary == "severity"
    ]

    assert {item.assigned_by for item in judged} == {"inferred"}


# --- The same, once they have been imported ----------------------------------------------------


@pytest.fixture
def imported(bring_in) -> dict[str, Postmortem]:
    """All of them in the database and the index, by import id."""
    bring_in(*sorted(SEEDS.iterdir()))
    return {item.import_id: item for item in Postmortem.objects.all()}


def hits(text: str = "", **params) -> set[str]:
    found = search(text, params, AnonymousUser(), page_size=100)
    assert not found.notices
    return {hit.slug for hit in found.hits}


def test_the_database_holds_what_the_files_say(imported):
    refs = {item.ref: name for name, item in imported.items()}
    stored = content.read_many(imported.values())

    assert {name: item.slug for name, item in imported.items()} == {name: name for name in FACTS}
    for name, item in imported.items():
        document = stored[item.pk]
        relations = tuple(replace(one, target=refs[one.target]) for one in document.relations)
        expected = markdown_file.as_file_holds(seed(name))
        assert markdown_file.as_file_holds(replace(document, relations=relations)) == expected


def questions(texts: list[str]) -> list[str]:
    """Searches for five of the texts at a time, each of them word for word."""
    phrases = [f'"{plain(text)}"' for text in texts if re.search(r"\w\w", text)]
    return [" ".join(phrases[start : start + 5]) for start in range(0, len(phrases), 5)]


def test_search_finds_each_by_what_is_true_of_it(imported):
    missing = [
        (name, question)
        for name, fact in FACTS.items()
        for question in questions(listed(fact["texts"], "|"))
        if name not in hits(question)
    ]

    assert missing == []


def test_facets_count_what_the_table_says(imported):
    facets = {facet.slug: facet for facet in search("", {}, AnonymousUser()).facets}
    slugs = [
        "severity",
        "tier",
        "trigger",
        "detection",
        "environment",
        "kind",
        "factor",
        "rollback",
    ]

    for slug in slugs:
        told = Counter(
            term.partition(" ")[0]
            for fact in FACTS.values()
            for term in listed(fact["terms"].get(slug, ""), ",")
        )
        shown = {item.value: item.count for item in facets[slug].flat() if item.count}
        shown.pop("unknown", None)
        assert shown == told, slug


def test_those_that_repeat_are_related_at_both_ends(imported):
    juju = {"juju-duplicate-instances-config-loss", *STUBS}

    assert hits("relation:same-defect") == juju
    assert hits("relation:similar-pattern") == {
        "influxdb-argocd-name-collision",
        "skyscanner-missing-braces",
    }
