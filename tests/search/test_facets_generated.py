"""Every facet count and every bar of the histogram is what its value alone would list, for random filters,
for each of the cast, over collections in which everything is mixed."""

import random
from collections.abc import Iterator

import pytest

from postmortems.models import Postmortem
from postmortems.search import Results, selection
from postmortems.search.front_door import Asked, understand
from postmortems.search.questions import question_of
from tests.search.asking import VISITOR, ask
from tests.search.by_hand import listed, rows_of
from tests.search.mixed import LENGTHS, WORDS, mixed_collection, terms_in_use
from tests.soak import IS_FULL

pytestmark = pytest.mark.django_db

COLLECTIONS = 4
POSTMORTEMS = 60
# At least 2,000 in all; a run in full looks at every value of every facet, else at a few of each.
COMBINATIONS = 500
FACETS, VALUES = (1_000, 1_000) if IS_FULL else (5, 1)

PARTS = ("detected", "resolved", "duration", "timeline", "hypothesis", "translation", "cause")
FIXED = {
    "no": (*PARTS, "relation", "-signal"),
    "has": (*PARTS, "relation", "-signal"),
    "duration": (
        "<15min",
        "15min..<1h",
        "1h..<4h",
        ">=1d",
        "bounded",
        "unknown",
        "-bounded",
        ">30min",
    ),
    "action": ("open", "done", "unknown", "-proposed"),
    "hypothesis": ("refuted", "confirmed", "-open"),
    "status": ("published", "draft", "archived", "-draft"),
    "visibility": ("public", "team", "restricted", "-team"),
    "team": ("platform", "payments", "-platform"),
    "language": ("en", "-zh-hans"),
    "year": (
        "2021",
        "2023-03",
        "2020..2022",
        "2021-03..2022-02",
        "2022..",
        "bounded",
        "unknown",
        "-2023",
    ),
}
QUERIES = (
    *(
        "",
        "",
        *WORDS,
        "wal*",
        '"walrus otter"',
        "walrus OR otter",
        "-seal",
        "walrus otter match:most",
    ),
    *("cause:network", "-trigger:unknown", "year:2021..2022", "duration:<1h", "no:started seal"),
    *("status:archived", "relation:same-defect", "cause.primary:network/dns", "in:lessons walrus"),
)


def selections(dice: random.Random) -> dict[str, list[str]]:
    """Up to four facets with up to two values each, some of them excluded."""
    offered = FIXED | {
        slug: (*paths, "unknown", f"-{paths[0]}") for slug, paths in terms_in_use().items()
    }
    slugs = dice.sample(sorted(offered), dice.randint(0, 4))
    return {slug: dice.sample(offered[slug], dice.randint(1, 2)) for slug in slugs}


def promises(results: Results) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Each facet with what it says that its values would list."""
    for facet in results.facets:
        yield facet.slug, [(item.value, item.count) for item in facet.flat()]
    started = results.histogram
    bars = (*started.buckets, started.bounded, started.unknown)
    yield "year", [(item.value, item.count) for item in bars]


def hits_of(asked: Asked, params) -> int:
    """How many the same search finds with other filters; cheaper than a search, which counts facets."""
    chosen = selection.read(params, asked.text, asked.known)
    question = question_of(asked.view, asked.aside, asked.reading.node, chosen)
    return question.count(question.query())


def few_of(items: list, dice: random.Random, most: int) -> list:
    """Some of them, or all when there are fewer."""
    return dice.sample(items, min(most, len(items)))


@pytest.fixture(params=range(COLLECTIONS))
def dice(request):
    return random.Random(request.param)


@pytest.fixture
def collection(dice, platform, payments, alice, bob, charlie):
    return mixed_collection(dice, POSTMORTEMS, (platform, payments), (alice, bob, charlie))


@pytest.fixture
def cast(alice, bob, charlie, dana):
    return (VISITOR, alice, bob, charlie, dana)


# What is compared stands in the index, which came out of either database alike.
@pytest.mark.any_database
def test_every_count_is_what_its_value_alone_would_list(collection, cast, dice):
    for number in range(COMBINATIONS):
        viewer, text, params = cast[number % 5], dice.choice(QUERIES), selections(dice)
        results = ask(text, viewer, page_size=1, **params)
        asked = understand(text, params, viewer)
        assert results.count == hits_of(asked, params), (text, params, viewer)

        for slug, values in few_of(list(promises(results)), dice, FACETS):
            for value, count in few_of(values, dice, VALUES):
                alone = {**params, slug: [value]}
                assert hits_of(asked, alone) == count, (text, params, slug, value, viewer)


@pytest.mark.any_database
@pytest.mark.skipif(IS_FULL, reason="all of them are looked at")
def test_every_facet_has_its_turn(collection, cast, dice):
    facets = list(promises(ask("", cast[0])))

    seen = {slug for _turn in range(200) for slug, _values in few_of(facets, dice, FACETS)}

    assert seen == {slug for slug, _values in facets}


def test_the_index_agrees_with_the_documents_read_one_by_one(collection, cast, dice):
    stored = list(Postmortem.objects.select_related("team"))
    rows = rows_of(stored)

    for viewer in cast:
        visible = set(Postmortem.objects.visible_to(viewer).values_list("pk", flat=True))
        seen = [row for row in rows if row[0].pk in visible]
        for _number in range(6):
            params = without_what_only_search_knows(selections(dice))
            results = ask("", viewer, **params)
            assert {hit.ref for hit in results.hits} == {row[0].ref for row in listed(seen, params)}
            for slug, values in promises(results):
                for value, count in values:
                    by_hand = len(listed(seen, {**params, slug: [value]}))
                    assert by_hand == count, (params, slug, value, viewer)


def without_what_only_search_knows(params):
    """Relations count by the rights of both ends, and vocabularies are parts too; free ranges have
    tests of their own."""
    special = {"relation", "cause", ">30min"}
    kept = {
        slug: [item for item in values if item not in special] for slug, values in params.items()
    }
    return {slug: values for slug, values in kept.items() if values}


def test_the_collection_has_what_could_be_counted_wrongly(collection, cast):
    everything = ask("", cast[-1], status=["archived", "draft", "in_review", "published"])
    counted = {
        (slug, value) for slug, values in promises(everything) for value, count in values if count
    }

    assert {("duration", value) for value in ("bounded", "unknown", "<15min", ">=1d")} <= counted
    assert {("year", value) for value in ("bounded", "unknown", "2021")} <= counted
    assert {("visibility", value) for value in ("team", "restricted")} <= counted
    assert {("status", value) for value in ("draft", "archived")} <= counted
    assert any(length.kind == "at-most" for length in LENGTHS)
    assert ask("has:relation", cast[-1]).count > ask("has:relation").count
