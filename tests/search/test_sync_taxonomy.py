"""A term that is moved, merged or ranked anew reaches every entry that stands under it."""

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from postmortems import outbox
from postmortems.models import Classification
from postmortems.search import background, generations, sync
from taxonomy import lookup
from taxonomy.models import TaxonomyState, Term
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, counts, found, order, refs

pytestmark = pytest.mark.django_db


def term(vocabulary: str, path: str) -> Term:
    return Term.objects.get(vocabulary__slug=vocabulary, path=path)


def move(moved: Term, below: Term) -> None:
    """As curators do: the term and everything under it get other paths."""
    start, fresh = moved.path, f"{below.path}/{moved.slug}"
    Term.objects.filter(pk=moved.pk).update(parent=below, path=fresh)
    for row in Term.objects.filter(vocabulary=moved.vocabulary, path__startswith=f"{start}/"):
        Term.objects.filter(pk=row.pk).update(path=fresh + row.path[len(start) :])
    tell()


def tell() -> None:
    """What every change of the vocabularies ends with."""
    TaxonomyState.bump()
    with outbox.writing():
        outbox.log_taxonomy()


@pytest.fixture(autouse=True)
def vocabularies_as_they_were():
    yield
    lookup.forget()


@pytest.fixture
def in_background(monkeypatch):
    """The reasons for which an index would have been made anew beside the one that serves."""
    reasons = []
    monkeypatch.setattr(sync, "BACKLOG", 2)
    monkeypatch.setattr(background, "start", lambda reason, serving: reasons.append(reason))
    return reasons


def test_a_moved_subtree_reaches_the_entries_below_it():
    low = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    other = make_postmortem(make_document(terms=("cause.primary:time",)))
    assert found("cause:network") == refs(low)

    move(term("cause", "network"), term("cause", "platform"))

    assert found("cause:platform") == refs(low)
    assert found("cause.primary:platform/network/dns") == refs(low)
    assert counts(ask(), "cause")["platform"] == 1
    assert counts(ask(), "cause")["time"] == 1
    assert found("cause:time") == refs(other)
    assert sync.verify() == []


def test_a_merged_term_leaves_its_entries_to_its_heir():
    low = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    old, heir = term("cause", "network/dns"), term("cause", "time")
    assert found("cause:time") == set()

    Term.objects.filter(pk=old.pk).update(merged_into=heir, retired_at=timezone.now())
    changed = Classification.objects.filter(term=old)
    pks = list(changed.values_list("postmortem_id", flat=True))
    changed.update(term=heir)
    TaxonomyState.bump()
    with outbox.writing():
        outbox.log_changes(pks)
        outbox.log_taxonomy()

    assert found("cause:time") == refs(low)
    assert found("cause:network/dns") == refs(low)
    assert counts(ask(), "cause")["time"] == 1
    assert sync.verify() == []


def test_a_new_rank_reaches_the_order():
    low = make_postmortem(make_document(terms=("severity:sev4",)))
    high = make_postmortem(make_document(terms=("severity:sev2",)))
    assert order(sort="severity") == [high.ref, low.ref]

    Term.objects.filter(pk=term("severity", "sev4").pk).update(rank=0)
    tell()

    assert order(sort="severity") == [low.ref, high.ref]
    assert sync.verify() == []


def test_a_renamed_term_touches_no_entry():
    make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    before = sync.view().searcher

    Term.objects.filter(pk=term("cause", "network/dns").pk).update(names={"en": "Walrus"})
    tell()

    assert ask("walrus").count == 1
    assert sync.verify() == []
    assert sync.view().searcher.num_docs == before.num_docs


def test_a_term_moved_in_many_entries_is_indexed_beside_while_all_else_is_current(in_background):
    several = [make_postmortem(make_document(terms=("cause.primary:network/dns",))) for _ in "1234"]
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sync, "BACKLOG", 100)
        assert found() == refs(*several)

    move(term("cause", "network/dns"), term("cause", "platform"))
    new = make_postmortem(make_document("Walrus"))

    # Counts and hits agree meanwhile: both are as they were before the move.
    assert found("walrus") == refs(new)
    assert counts(ask(), "cause").get("platform", 0) == len(found("cause:platform"))
    assert not sync.view().is_level
    assert set(in_background) == {"the vocabularies have changed in many postmortems"}

    sync.rebuild()
    assert found("cause:platform") == refs(*several)
    assert sync.view().is_level
    assert sync.verify() == []


def test_a_rebuild_that_died_is_asked_for_again_without_another_change(in_background):
    for _ in "1234":
        make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sync, "BACKLOG", 100)
        assert ask().count == 4
    move(term("cause", "network/dns"), term("cause", "platform"))
    ask()
    in_background.clear()

    ask()

    assert in_background == ["the vocabularies have changed in many postmortems"]


def test_a_term_moved_while_the_index_is_made_anew_reaches_the_entries(monkeypatch):
    low = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    follow, moves = sync._follow, [True]

    def follow_after_a_move(opened) -> None:
        if moves.pop() if moves else False:
            move(term("cause", "network/dns"), term("cause", "platform"))
        follow(opened)

    monkeypatch.setattr(sync, "_follow", follow_after_a_move)
    with capture_logs() as logs:
        sync.rebuild()

    assert [line["event"] for line in logs] == ["search index made anew"]
    assert found("cause:platform") == refs(low)
    assert [path.name for path in generations.folder().glob("gen-*")] == [
        (generations.folder() / "current").read_text()
    ]
