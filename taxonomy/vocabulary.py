"""Vocabularies as YAML: load a text into the database, and dump the database as a text.

The caller opens the transaction, asks for the right to do it, and tells search afterwards.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone

from taxonomy import following, tree, vocabulary_file
from taxonomy.fields import Problem
from taxonomy.models import TaxonomyState, Term, Vocabulary
from taxonomy.places import Places
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
    "position",
    "loaded",
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
    """Make the vocabularies that the text names what it says they are, as far as no curator did.

    A vocabulary is known by its slug, a term by the path that a file calls it by, wherever a
    curator moved it since. What a curator changed stays (names, aliases, place, retired, merged);
    all else follows the text. A term that a file named and this one leaves out is retired; one that
    comes back is itself again. What no file named is left alone. Loading the same text twice
    changes nothing.
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
        values = _vocabulary_values(entry) | {"position": position}
        is_new = row.pk is None
        changed: set[str] = set()
        if is_new:
            following.fill(row, values)
            row.save()
        elif changed := following.follow(row, values):
            row.save(update_fields=changed)
        self._count(is_new, changed)
        self.has_written |= is_new or bool(changed)
        self._take_terms(row, entry.terms)

    def _take_terms(self, vocabulary: Vocabulary, entries: tuple[TermEntry, ...]) -> None:
        places = Places(vocabulary, entries)
        known = set(places.rows)
        _create_missing(places, entries)
        touched: list[Term] = []
        named: set[int] = set()
        for position, entry in enumerate(entries):
            row = places.rows[entry.path]
            changed: set[str] = set()
            # Two of the file may be one here; the first speaks for both.
            if row.pk not in named:
                values = _term_values(entry, position, places.rows)
                changed = following.follow(row, values, path=entry.path)
            named.add(row.pk)
            self._count(entry.path not in known, changed)
            touched += [row] if changed else []
        touched += self._leave_out(row for row in places.every if row.pk not in named)
        Term.objects.bulk_update(touched, TERM_COLUMNS, batch_size=500)
        self.has_written |= bool(touched or len(places.rows) > len(known))

    def _leave_out(self, rows: Iterable[Term]) -> list[Term]:
        found = [row for row in rows if following.is_left_out_now(row)]
        self.counts["retired"] += sum([following.leave_out(row, self._now) for row in found])
        return found

    def _count(self, is_new: bool, changed: set[str]) -> None:
        is_changed = bool(changed - following.SILENT)
        self.counts["created" if is_new else "changed" if is_changed else "unchanged"] += 1


def _create_missing(places: Places, entries: tuple[TermEntry, ...]) -> None:
    """A row for every entry without one, parents first: a term needs their keys."""
    missing = [place for place in enumerate(entries) if place[1].path not in places.rows]
    for _level, same_depth in groupby(sorted(missing, key=_depth), key=_depth):
        made: dict[str, Term] = {}
        for position, entry in same_depth:
            parent = places.parent_of(entry.path)
            path = tree.join(parent.path if parent else "", tree.split(entry.path)[1])
            # A curator may have made the same one there.
            row = places.at(path) or made.get(path) or _new_term(places, entry, position, parent)
            places.rows[entry.path] = row
            if row.pk is None:
                made[path] = row
        places.add(made.values())


def _depth(place: tuple[int, TermEntry]) -> int:
    return place[1].path.count(tree.SEPARATOR)


def _new_term(places: Places, entry: TermEntry, position: int, parent: Term | None) -> Term:
    slug = tree.split(entry.path)[1]
    path = tree.join(parent.path if parent else "", slug)
    row = Term(vocabulary=places.vocabulary, parent=parent, slug=slug, path=path)
    # An heir may not have its row yet; it is set when all rows are there.
    following.fill(row, _term_values(entry, position, {}), path=entry.path)
    if parent and parent.retired_at and row.retired_at is None:
        # Below a term that a curator retired, nothing is offered.
        row.retired_at = parent.retired_at
    return row


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


def _term_values(entry: TermEntry, position: int, rows: dict[str, Term]) -> dict[str, Any]:
    heir = rows.get(entry.merged_into)
    return {
        "names": entry.names,
        "aliases": list(entry.aliases),
        "definitions": entry.definitions,
        "symbol": entry.symbol,
        "rank": entry.rank,
        following.STANDING: (entry.retired, heir.pk if heir else None),
        "position": position,
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
