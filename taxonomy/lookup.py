"""The vocabularies in memory: one immutable snapshot a process, read again when they change."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from taxonomy import languages, tree
from taxonomy.models import FormerPath, TaxonomyState, Term, Vocabulary


@dataclass(frozen=True, slots=True)
class VocabularyInfo:
    """A vocabulary as it was when the snapshot was taken."""

    id: int
    slug: str
    kind: str
    names: Mapping[str, str] = field(hash=False)
    help: Mapping[str, str] = field(hash=False)
    many: bool
    roles_allowed: tuple[str, ...]
    required: bool
    facet_shown: bool
    facet_open: bool
    facet_values: int
    position: int

    def name(self, language: str) -> str:
        """The name in the language or its fallback, else the slug."""
        return languages.pick(self.names, language, self.slug)

    def help_text(self, language: str) -> str:
        """What the vocabulary is for; empty when nobody wrote it."""
        return languages.pick(self.help, language)


@dataclass(frozen=True, slots=True)
class TermInfo:
    """A term as it was when the snapshot was taken; `vocabulary` is a slug, roots have depth 0."""

    id: int
    vocabulary: str
    slug: str
    path: str
    parent_id: int | None
    names: Mapping[str, str] = field(hash=False)
    aliases: tuple[str, ...]
    definitions: Mapping[str, str] = field(hash=False)
    symbol: str
    rank: int | None
    position: int
    retired: bool
    depth: int
    merged_into_id: int | None

    def name(self, language: str) -> str:
        """The name in the language or its fallback, else the slug."""
        return languages.pick(self.names, language, self.slug)

    def definition(self, language: str) -> str:
        """The definition in the language or its fallback; empty when there is none."""
        return languages.pick(self.definitions, language)


@dataclass(frozen=True, slots=True)
class Terms:
    """All vocabularies with all terms, retired ones included."""

    vocabularies: tuple[VocabularyInfo, ...] = ()
    by_id: Mapping[int, TermInfo] = field(default_factory=dict)
    _paths: Mapping[tuple[str, str], TermInfo] = field(default_factory=dict)
    _keys: Mapping[tuple[str, str], tuple[TermInfo, ...]] = field(default_factory=dict)
    _children: Mapping[tuple[str, int | None], tuple[TermInfo, ...]] = field(default_factory=dict)
    _former: Mapping[tuple[str, str], TermInfo] = field(default_factory=dict)

    def vocabulary(self, slug: str) -> VocabularyInfo | None:
        """The vocabulary with that slug."""
        return next((info for info in self.vocabularies if info.slug == slug), None)

    def get(self, vocabulary: str, path: str) -> TermInfo | None:
        """The term with exactly that path, retired or not; else the one that had it before a move."""
        key = (vocabulary, path)
        return self._paths.get(key) or self._former.get(key)

    def resolve(self, vocabulary: str, text: str) -> tuple[TermInfo, ...]:
        """The terms somebody may mean: the one that has or had that path, else all of that slug,
        name or alias.

        Case, width and the difference of space, hyphen and underscore do not matter. A merged
        term stands for the term it was merged into. Empty when no term is called that.
        """
        key = fold(text)
        exact = self.get(vocabulary, key.replace(" ", "-"))
        if exact:
            return (self.heir(exact),)
        return self._keys.get((vocabulary, key), ())

    def unmerged(self, term_ids: Collection[int]) -> "Terms":
        """The same vocabularies as if these terms had not been merged yet."""
        every = [
            replace(term, merged_into_id=None, retired=False) if term.id in term_ids else term
            for term in self.by_id.values()
        ]
        return _build(self.vocabularies, every, {key: old.id for key, old in self._former.items()})

    def heir(self, term: TermInfo) -> TermInfo:
        """The term that this one was merged into in the end; itself when it was not merged."""
        return _heir(term, self.by_id)

    def children(
        self, term: TermInfo | None, vocabulary: str = "", *, retired: bool = False
    ) -> tuple[TermInfo, ...]:
        """The terms directly below in display order, or the roots of the vocabulary for None.

        Retired terms only when asked for.
        """
        key = (term.vocabulary, term.id) if term else (vocabulary, None)
        below = self._children.get(key, ())
        return tuple(child for child in below if retired or not child.retired)

    def under(self, term: TermInfo) -> tuple[TermInfo, ...]:
        """The term and everything below it, retired or not, in display order."""
        found = [term]
        for child in self.children(term, retired=True):
            found.extend(self.under(child))
        return tuple(found)

    def ids_under(self, term: TermInfo) -> set[int]:
        """The ids of what the term stands for: of it, of everything below it, and of what was merged
        into one of those."""
        below = {item.id for item in self.under(self.heir(term))}
        return {item.id for item in self.by_id.values() if self.heir(item).id in below}

    def ancestors(self, term: TermInfo) -> tuple[TermInfo, ...]:
        """The terms from the root down to the term itself."""
        found = [term]
        while found[-1].parent_id is not None:
            found.append(self.by_id[found[-1].parent_id])
        return tuple(reversed(found))

    def terms_of(self, vocabulary: str, *, retired: bool = False) -> tuple[TermInfo, ...]:
        """All terms of the vocabulary, parents before children, in display order."""
        roots = self.children(None, vocabulary, retired=True)
        every = [term for root in roots for term in self.under(root)]
        return tuple(term for term in every if retired or not term.retired)


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, no case; space, hyphen and underscore are one."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_-]+", " ", plain).strip()


_cached: tuple[int, Terms] | None = None


def current() -> Terms:
    """The vocabularies as they are now; one look-up by primary key while they do not change."""
    global _cached
    # The mark is read before the rows: a change in between makes the next call read again.
    state = TaxonomyState.objects.filter(pk=1).values_list("revision", flat=True).first() or 0
    if _cached is None or _cached[0] != state:
        _cached = (state, _read())
    return _cached[1]


def forget() -> None:
    """Read the vocabularies again at the next call; for tests and for who changed rows by hand."""
    global _cached
    _cached = None


def _read() -> Terms:
    vocabularies = tuple(_vocabulary_info(row) for row in Vocabulary.objects.all())
    by_vocabulary: dict[int, list[Term]] = {info.id: [] for info in vocabularies}
    for row in Term.objects.filter(vocabulary__in=list(by_vocabulary)):
        by_vocabulary[row.vocabulary_id].append(row)
    terms = [
        _term_info(row, info.slug, depth)
        for info in vocabularies
        for row, depth in tree.walk(tree.nest(by_vocabulary[info.id]))
    ]
    rows = FormerPath.objects.values_list("vocabulary__slug", "path", "term_id")
    return _build(vocabularies, terms, {(slug, path): pk for slug, path, pk in rows})


def _build(
    vocabularies: tuple[VocabularyInfo, ...],
    terms: list[TermInfo],
    former: Mapping[tuple[str, str], int],
) -> Terms:
    children: dict[tuple[str, int | None], list[TermInfo]] = {}
    for term in terms:
        children.setdefault((term.vocabulary, term.parent_id), []).append(term)
    by_id = {term.id: term for term in terms}
    keys: dict[tuple[str, str], dict[int, TermInfo]] = {}
    for term in terms:
        meant = _heir(term, by_id)
        for name in filter(None, (term.slug, *term.names.values(), *term.aliases, term.symbol)):
            keys.setdefault((term.vocabulary, fold(name)), {})[meant.id] = meant
    return Terms(
        vocabularies,
        MappingProxyType(by_id),
        MappingProxyType({(term.vocabulary, term.path): term for term in terms}),
        _frozen({key: found.values() for key, found in keys.items()}),
        _frozen(children),
        MappingProxyType({key: by_id[pk] for key, pk in former.items() if pk in by_id}),
    )


def _heir(term: TermInfo, by_id: Mapping[int, TermInfo]) -> TermInfo:
    seen = {term.id}
    while term.merged_into_id is not None and term.merged_into_id not in seen:
        seen.add(term.merged_into_id)
        term = by_id[term.merged_into_id]
    return term


def _frozen(groups: Mapping[Any, Iterable[TermInfo]]) -> Mapping[Any, tuple[TermInfo, ...]]:
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})


def _vocabulary_info(row: Vocabulary) -> VocabularyInfo:
    return VocabularyInfo(
        id=row.pk,
        slug=row.slug,
        kind=row.kind,
        names=MappingProxyType(row.names),
        help=MappingProxyType(row.help),
        many=row.many,
        roles_allowed=tuple(row.roles_allowed),
        required=row.required,
        facet_shown=row.facet_shown,
        facet_open=row.facet_open,
        facet_values=row.facet_values,
        position=row.position,
    )


def _term_info(row: Term, vocabulary: str, depth: int) -> TermInfo:
    return TermInfo(
        id=row.pk,
        vocabulary=vocabulary,
        slug=row.slug,
        path=row.path,
        parent_id=row.parent_id,
        names=MappingProxyType(row.names),
        aliases=tuple(row.aliases),
        definitions=MappingProxyType(row.definitions),
        symbol=row.symbol,
        rank=row.rank,
        position=row.position,
        retired=row.retired_at is not None,
        depth=depth,
        merged_into_id=row.merged_into_id,
    )
