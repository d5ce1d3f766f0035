"""What entries are built from: rows read in a constant number of statements, however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from postmortems import content
from postmortems.models import Audience, Classification, Postmortem, Relation
from postmortems.search import entries
from postmortems.search.entries import Source
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
    found = list(Postmortem.objects.live().filter(pk__in=list(pks)).select_related("team"))
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
    """By term id: its vocabulary, the ids above it and its rank. A renamed term keeps its shape."""
    return {
        str(term.id): f"{term.vocabulary} {term.path} {term.rank} "
        + " ".join(str(above.id) for above in terms.ancestors(term))
        for term in terms.by_id.values()
    }


def with_changed_shape(before: dict[str, str], now: dict[str, str]) -> list[int]:
    """The postmortems with a term that was moved or ranked anew since their entries were built."""
    changed = [int(term_id) for term_id in now if before.get(term_id) not in (None, now[term_id])]
    if not changed:
        return []
    rows = Classification.objects.filter(term__in=changed)
    return sorted(set(rows.values_list("postmortem_id", flat=True)))
