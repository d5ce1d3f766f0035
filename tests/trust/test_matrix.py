"""Every address, asked by everybody in every way about everything: the answers are those of the table."""

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.soak import IS_FULL
from tests.trust.asking import Answer, ask
from tests.trust.expecting import Cell, cell, targets_of
from tests.trust.rules import ABSENT, METHODS, SUBJECTS
from tests.trust.table import PAGES
from tests.trust.world import World

# Asked for so that there is a database; the world's own transaction stands around each test's.
pytestmark = pytest.mark.django_db

# Of the cells of one address and method that the table expects the same of, so many are asked in
# each run, by whomever and about whatever; all of them in a soak run.
SOME = {"GET": 3, "POST": 3}
FEW = 1


def names_of(resolver: URLResolver, prefix: str = "") -> set[str]:
    """The names of all addresses below a resolver, with their namespaces."""
    found: set[str] = set()
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            found.add(f"{prefix}{item.name}")
        else:
            inner = f"{prefix}{item.namespace}:" if item.namespace else prefix
            found |= names_of(item, inner)
    return found


def all_cells() -> Iterator[Cell]:
    """The whole matrix."""
    for page, method in product(PAGES, METHODS):
        for subject, target in product(SUBJECTS, targets_of(page)):
            yield cell(page, method, subject, target)


@cache
def asked() -> dict[str, list[Cell]]:
    """What this run asks, by who asks: of each kind some, so that no kind is left out."""
    dice, kinds = random.Random(7), defaultdict(list)
    for item in all_cells():
        kinds[item.page, item.method, item.expected].append(item)
    by_subject = defaultdict(list)
    for (_page, method, _expected), cells in kinds.items():
        some = len(cells) if IS_FULL else min(SOME.get(method, FEW), len(cells))
        for item in dice.sample(cells, some):
            by_subject[item.subject].append(item)
    return by_subject


def test_every_address_stands_in_the_table():
    assert {page.name for page in PAGES} == names_of(get_resolver())


@pytest.mark.slow
@pytest.mark.timeout(3_600 if IS_FULL else 600)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_subject_gets_what_the_table_says(subject, world):
    wrong, absent = [], Absent(world)

    for item in asked()[subject]:
        answer = ask(world, item)
        if answer.status != item.expected:
            wrong.append((item.page.name, item.method, item.target, answer.status, item.expected))
        elif item.is_hidden and answer != absent.answer_like(item):
            wrong.append((item.page.name, item.method, item.target, "differs from an absent one"))

    assert wrong == []


def test_the_comparison_with_an_absent_one_can_fail(world):
    page = next(page for page in PAGES if page.name == "postmortem-history")
    seen = cell(page, "GET", "reader", ("draft", "team"))

    assert ask(world, seen).status == seen.expected == 200
    assert ask(world, seen) != Absent(world).answer_like(seen)


class Absent:
    """What is answered about what is not there, asked once for each address, method and subject."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: dict[tuple[object, ...], Answer] = {}

    def answer_like(self, item: Cell) -> Answer:
        """The answer to the same question about the absent one."""
        key = (item.page, item.method, item.subject)
        if key not in self.answers:
            self.answers[key] = ask(self.world, cell(item.page, item.method, item.subject, ABSENT))
        return self.answers[key]
