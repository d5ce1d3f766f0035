"""Vocabularies as YAML: load a text into the database, and dump the database as a text.

The caller opens the transaction, asks for the right to do it, and tells search afterwards.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone

from taxonomy import tree, vocabulary_file
from taxonomy.fields import Problem
from taxonomy.models import TaxonomyState, Term, Vocabulary
from taxonomy.vocabulary_file import TermEntry, VocabularyEntry

# "merged_into" is set by its id, which `bulk_update` writes under the field's name.
TERM_COLUMNS = (
    "names",
    "aliases",
    "definitions",
    "symbol",
    "rank",
    "retired_at",
    "merged_into",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a load did, counting vocabularies and terms alike. With problems, it did nothing."""

    created: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()


def load(text: str) -> Report:
    """Make the vocabularies that the text names what it says they are.

    Identity is the vocabulary's slug and the term's path. A term that the text leaves out is
    retired; one that comes back is itself again. Vocabularies that the text does not name are left
    alone. Loading the same text twice changes nothing.
    """
    file = vocabulary_file.read(text)
    if file.problems:
        return Report(problems=file.problems)
    loading = _Loading()
    for position, entry in enumerate(file.vocabularies):
        loading.take(entry, position)
    if loading.has_written:
        TaxonomyState.bump()
    counts = loading.counts
    return Report(counts["created"], counts["changed"], counts["retired"], counts["unchanged"])


def dump() -> str:
    """All vocabularies with their retired terms, as a text that `load` takes."""
    return vocabulary_file.print_file(
        _entry(row) for row in Vocabulary.objects.prefetch_related("terms")
    )


class _Loading:
    """One run of `load`: writes vocabulary by vocabulary and counts."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.has_written = False
        self._now = timezone.now()

    def take(self, entry: VocabularyEntry, position: int) -> None:
        """Write one vocabulary with its terms."""
        row = Vocabulary.objects.filter(slug=entry.slug).first() or Vocabulary(slug=entry.slug)
        is_new = row.pk is None
        changed = _assign(row, _vocabulary_values(entry))
        moved = _assign(row, {"position": position})
        self._count(is_new, bool(changed))
        if is_new or changed or moved:
            row.save(update_fields=None if is_new else [*changed, *moved])
            self.has_written = True
        self._take_terms(row, entry.terms)

    def _take_terms(self, vocabulary: Vocabulary, entries: tuple[TermEntry, ...]) -> None:
        rows = {row.path: row for row in vocabulary.terms.all()}
        known = set(rows)
        _create_missing(vocabulary, entries, rows)
        touched = []
        for position, entry in enumerate(entries):
            row = rows[entry.path]
            changed = _assign(row, _term_values(entry, rows))
            moved = _assign(row, {"position": position})
            self._count(entry.path not in known, bool(changed))
            if changed or moved:
                touched.append(row)
        touched += self._retire(rows[path] for path in known - {entry.path for entry in entries})
        Term.objects.bulk_update(touched, [*TERM_COLUMNS, "position"], batch_size=500)
        self.has_written |= bool(touched or len(rows) > len(known))

    def _retire(self, rows: Iterable[Term]) -> list[Term]:
        retired = [row for row in rows if row.retired_at is None]
        for row in retired:
            row.retired_at = self._now
        self.counts["retired"] += len(retired)
        return retired

    def _count(self, is_new: bool, is_changed: bool) -> None:
        self.counts["created" if is_new else "changed" if is_changed else "unchanged"] += 1


def _create_missing(
    vocabulary: Vocabulary, entries: tuple[TermEntry, ...], rows: dict[str, Term]
) -> None:
    """Add a row to `rows` for every entry without one, parents first: a term needs their keys."""
    missing = [place for place in enumerate(entries) if place[1].path not in rows]
    for _level, same_depth in groupby(sorted(missing, key=_depth), key=_depth):
        new = [_new_term(vocabulary, entry, position, rows) for position, entry in same_depth]
        Term.objects.bulk_create(new)
        rows.update({row.path: row for row in new})


def _depth(place: tuple[int, TermEntry]) -> int:
    return place[1].path.count(tree.SEPARATOR)


def _new_term(
    vocabulary: Vocabulary, entry: TermEntry, position: int, rows: dict[str, Term]
) -> Term:
    parent, slug = tree.split(entry.path)
    return Term(
        vocabulary=vocabulary,
        parent=rows[parent] if parent else None,
        slug=slug,
        path=entry.path,
        position=position,
        # An heir may not have its row yet; it is set when all rows are there.
        **_term_values(entry, {}),
    )


def _assign(row: Vocabulary | Term, values: dict[str, Any]) -> list[str]:
    """Set the columns that differ and return their names."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _vocabulary_values(entry: VocabularyEntry) -> dict[str, Any]:
    return {
        "names": entry.names,
        "help": entry.help,
        "kind": entry.kind,
        "many": entry.many,
        "roles_allowed": list(entry.roles),
        "required": entry.required,
        "facet_shown": entry.facet != "hidden",
        "facet_open": entry.facet == "open",
        "facet_values": entry.facet_values,
    }


def _term_values(entry: TermEntry, rows: dict[str, Term]) -> dict[str, Any]:
    heir = rows.get(entry.merged_into)
    return {
        "names": entry.names,
        "aliases": list(entry.aliases),
        "definitions": entry.definitions,
        "symbol": entry.symbol,
        "rank": entry.rank,
        "retired_at": entry.retired,
        "merged_into_id": heir.pk if heir else None,
    }


def _entry(row: Vocabulary) -> VocabularyEntry:
    terms = list(row.terms.all())
    paths = {term.pk: term.path for term in terms}
    return VocabularyEntry(
        slug=row.slug,
        kind=row.kind,
        names=row.names,
        help=row.help,
        many=row.many,
        roles=tuple(row.roles_allowed),
        required=row.required,
        facet="hidden" if not row.facet_shown else "open" if row.facet_open else "closed",
        facet_values=row.facet_values,
        terms=tuple(_term_entry(term, paths) for term, _level in tree.walk(tree.nest(terms))),
    )


def _term_entry(row: Term, paths: dict[int, str]) -> TermEntry:
    return TermEntry(
        path=row.path,
        names=row.names,
        aliases=tuple(row.aliases),
        definitions=row.definitions,
        symbol=row.symbol,
        rank=row.rank,
        retired=row.retired_at,
        merged_into=paths[row.merged_into_id] if row.merged_into_id else "",
    )
