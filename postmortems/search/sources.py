"""What entries are built from: rows read in a constant number of statements, however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from postmortems import content
from postmortems.models import Audience, Classification, Postmortem, Relation
from postmortems.search import entries
from postmortems.search.entries import Source
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import Terms

BATCH = 200


def batches(values: Iterable[int]) -> Iterator[list[int]]:
    """The values in lists short enough for one statement."""
    every = list(values)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]


def live_keys() -> list[int]:
    """The primary keys of all postmortems that belong into the index."""
    return list(Postmortem.objects.live().order_by("pk").values_list("pk", flat=True))


def load(pks: Iterable[int]) -> list[Source]:
    """The sources of some postmortems; what is gone or in the bin is missing."""
    live = Postmortem.objects.live().filter(pk__in=list(pks))
    # In the order of the keys, which a database gives by itself only until a row has moved.
    found = list(live.select_related("team").order_by("pk"))
    documents = content.read_many(found)
    audiences: dict[int, list[str]] = defaultdict(list)
    rows = Audience.objects.filter(postmortem__in=found).order_by("token")
    for pk, token in rows.values_list("postmortem_id", "token"):
        audiences[pk].append(token)
    relations = _relations(found)
    return [
        Source(
            postmortem=postmortem,
            document=documents[postmortem.pk],
            audience=tuple(audiences[postmortem.pk]),
            team=postmortem.team.slug,
            relations=relations.get(postmortem.pk, ()),
        )
        for postmortem in found
    ]


def _relations(postmortems: Sequence[Postmortem]) -> dict[int, tuple[str, ...]]:
    """Each postmortem's relations with the audience of the other end, symmetric ones from both ends."""
    by_ref = {postmortem.ref: postmortem.pk for postmortem in postmortems}
    out = Relation.objects.filter(postmortem__in=postmortems)
    back = Relation.objects.filter(target_ref__in=by_ref)
    pairs: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for pk, kind, target in out.values_list("postmortem_id", "kind", "target_ref"):
        pairs[pk].add((kind, target))
    for source, kind, target in back.values_list("postmortem__ref", "kind", "target_ref"):
        if entries.counts_at_target(kind):
            pairs[by_ref[target]].add((kind, source))
    others = {ref for found in pairs.values() for _kind, ref in found}
    seen: dict[str, list[str]] = defaultdict(list)
    ends = Audience.objects.filter(postmortem__ref__in=others, postmortem__deleted_at=None)
    for ref, token in ends.values_list("postmortem__ref", "token"):
        seen[ref].append(token)
    return {
        pk: entries.relation_tokens((kind, seen[ref]) for kind, ref in found)
        for pk, found in pairs.items()
    }


# --- The shape of the vocabularies: what entries hold of them beyond the ids of terms -----------


def shapes_of(terms: Terms) -> dict[str, str]:
    """By term id: its vocabulary, path, rank, and the ids above it. A renamed term keeps its shape;
    a merged one has the ids of its heir."""
    return {
        str(term.id): f"{term.vocabulary} {term.path} {term.rank} "
        + " ".join(str(above.id) for above in terms.ancestors(terms.heir(term)))
        for term in terms.by_id.values()
    }


def with_changed_shape(before: Mapping[str, str], now: Mapping[str, str]) -> list[int]:
    """The postmortems with a term that was moved, merged or ranked anew since their entries were built."""
    changed = [term_id for term_id in now if before.get(term_id) not in (None, now[term_id])]
    if not changed:
        return []
    # What was merged has left its uses to its heir.
    concerned = {int(term_id) for term_id in changed} | {_heir_in(now[pk]) for pk in changed}
    rows = Classification.objects.filter(term__in=concerned)
    return sorted(set(rows.values_list("postmortem_id", flat=True)))


def _heir_in(shape: str) -> int:
    return int(shape.rpartition(" ")[2])


_as_indexed: KeptPerSnapshot[frozenset[int], Terms] = KeptPerSnapshot(most=100)


def as_indexed(terms: Terms, shapes: Mapping[str, str]) -> Terms:
    """The vocabularies with the merges taken back that an index of these shapes has not followed yet.

    Its entries still hold both terms, so counts are right for two terms, and wrong for one.
    """
    apart = frozenset(
        term.id
        for term in terms.by_id.values()
        if term.merged_into_id is not None
        and str(term.id) in shapes
        and _heir_in(shapes[str(term.id)]) == term.id
    )
    if not apart:
        return terms
    kept = _as_indexed.of(terms)
    if apart not in kept:
        kept[apart] = terms.unmerged(apart)
    return kept[apart]
