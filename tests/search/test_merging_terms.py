"""Two terms become one while others write and search: no count is wrong on the way, and all is right after."""

import os
import random
from dataclasses import replace

import pytest

from postmortems import authoring, content, curation
from postmortems.models import Classification, Postmortem, User
from postmortems.search import background, sync
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, counts, found, refs
from tests.threads import Threads

OLD, HEIR, ABOVE = "network/dns", "time", "network"
IS_FULL = bool(os.environ.get("HINDSIGHT_SOAK"))


def term(path: str, vocabulary: str = "cause") -> Term:
    return Term.objects.get(vocabulary__slug=vocabulary, path=path)


def with_causes(*paths: str, **fields) -> Postmortem:
    return make_postmortem(make_document(terms=tuple(f"cause.{path}" for path in paths), **fields))


def pictures() -> list[dict[str, int]]:
    """What may be counted: both terms by their entries, or one for both."""
    by_path = {
        path: set(
            Classification.objects.filter(
                term__vocabulary__slug="cause", term__path=path
            ).values_list("postmortem_id", flat=True)
        )
        for path in (OLD, HEIR)
    }
    apart = {path: len(pks) for path, pks in by_path.items() if pks}
    return [apart]


@pytest.fixture
def unhurried(monkeypatch):
    """An index that never follows many changes at once, and nobody who makes it anew."""
    monkeypatch.setattr(sync, "BACKLOG", 3)
    monkeypatch.setattr(background, "start", lambda reason, serving: None)


@pytest.mark.django_db
def test_all_that_one_had_the_other_has(dana):
    one, two = with_causes(f"primary:{OLD}"), with_causes(f"primary:{HEIR}")
    assert found(f"cause:{HEIR}") == refs(two)

    curation.merge_terms(term(OLD), term(HEIR), by=dana)

    assert found(f"cause:{HEIR}") == found(f"cause:{OLD}") == refs(one, two)
    assert found(cause=OLD) == refs(one, two)
    assert counts(ask(), "cause") == {HEIR: 2}
    assert found("cause:network") == set()
    assert sync.verify() == []


@pytest.mark.django_db
def test_the_old_name_still_finds_them_by_words(dana):
    one = with_causes(f"primary:{OLD}")
    Term.objects.filter(pk=term(OLD).pk).update(names={"en": "Walrus trouble"})

    curation.merge_terms(term(OLD), term(HEIR), by=dana)

    assert found("walrus") == refs(one)


@pytest.mark.django_db
def test_what_follows_slowly_shows_two_terms_until_it_shows_one(dana, unhurried):
    ones = [with_causes(f"primary:{OLD}") for _ in "12345"]
    two = with_causes(f"primary:{HEIR}")
    both = with_causes(f"primary:{HEIR}", f"contributing:{OLD}")
    sync.rebuild()
    before = counts(ask(), "cause")
    assert before == {"network": 6, OLD: 6, HEIR: 2}

    curation.merge_terms(term(OLD), term(HEIR), by=dana)

    assert counts(ask(), "cause") == before
    assert found(f"cause:{OLD}") == refs(*ones, both)
    assert found(f"cause:{HEIR}") == refs(two, both)
    assert sync.view().condition == "catching-up"

    sync.rebuild()
    assert counts(ask(), "cause") == {HEIR: 7}
    assert found(f"cause:{OLD}") == found(f"cause:{HEIR}") == refs(*ones, two, both)
    assert sync.view().is_level
    assert sync.verify() == []


@pytest.mark.django_db
def test_a_merge_while_the_index_is_made_anew_is_not_half_in_it(dana, unhurried, monkeypatch):
    for _ in "12345":
        with_causes(f"primary:{OLD}")
    sync.rebuild()
    build, builds = sync._build, []

    def build_and_merge(on_progress):
        made = build(on_progress)
        if not builds:
            curation.merge_terms(term(OLD), term(HEIR), by=dana)
        builds.append(made)
        return made

    monkeypatch.setattr(sync, "_build", build_and_merge)
    sync.rebuild()

    assert len(builds) == 2
    assert counts(ask(), "cause") == {HEIR: 5}
    assert sync.verify() == []


@pytest.mark.django_db
def test_who_began_before_the_merge_writes_the_heir(dana, system):
    made = with_causes(f"primary:{OLD}")
    document = content.read(made)

    curation.merge_terms(term(OLD), term(HEIR), by=dana)
    authoring.edit(made, replace(document, title="Walrus"), by=system, revision=1)

    assert counts(ask("walrus"), "cause") == {HEIR: 1}
    assert not Classification.objects.filter(term=term(OLD)).exists()
    assert sync.verify() == []


class Crowd(Threads):
    """A writer and readers beside a merge; `wrong` is every answer that fits no moment."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.answers = self.writes = 0
        super().__init__((self._write, self._read, self._read), [])

    def _write(self, dice: random.Random) -> None:
        """Words of postmortems change, and others without a cause of these come: no count does."""
        made = dice.choice(Postmortem.objects.order_by("pk")[: self.size // 10])
        document = replace(content.read(made), title=f"Otter {self.writes}")
        authoring.edit(made, document, by=User.objects.system(), revision=made.revision)
        make_postmortem(make_document(terms=("cause.primary:platform",)))
        self.writes += 1

    def _read(self, dice: random.Random) -> None:
        results = ask(page_size=1)
        of_old, of_heir = (ask(f"cause:{path}", page_size=1).count for path in (OLD, HEIR))
        shown = counts(results, "cause")
        seen = (shown.get(OLD, 0), shown.get(HEIR, 0))
        self.check("facet", sum(seen))
        self.check("search", of_heir if of_old == of_heir else of_old + of_heir)
        self.answers += 1

    def check(self, what: str, number: int) -> None:
        """However far it is: the postmortems of both are as many as ever."""
        if number != self.size:
            self.wrong.append(f"{what}: {number}, not {self.size}")
