"""One defect, again and again: what `same-defect` relations join, in order, with the time between.

`chains_of` answers for the page and the API, which word and draw it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlencode

from pyroaring import BitMap
from tantivy import Query

from postmortems.document import SAME_DEFECT
from postmortems.insights import remedies
from postmortems.insights.asking import Selected
from postmortems.insights.keeping import kept
from postmortems.insights.naming import named
from postmortems.insights.remedies import Remedy
from postmortems.insights.same_defects import groups_of
from postmortems.insights.shapes import Count, Named
from postmortems.intervals import Interval, interval_between, order_of
from postmortems.known_parts import fix_state
from postmortems.models import Postmortem, Relation
from postmortems.moments import Moment, precision, span
from postmortems.search import finding, hits
from postmortems.search.hits import Found
from postmortems.search.parser import MAX_LENGTH
from postmortems.search.results import Hit
from postmortems.search.selection import SAFE

# Chains shown, and occurrences of each: of more the first few and the last.
MOST_CHAINS = 10
FIRST_OCCURRENCES, LAST_OCCURRENCES = 5, 35
MOST_CAUSES = 3


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One postmortem of a chain. `started` is its start as it is known, of `precision`; `first` and
    `last` day that it can be, ISO dates, empty where open or unknown, to draw it as a band.
    `since` is the time since the one before, None for the first, where nobody knows, and where the
    one before is not shown.
    `is_selected`: it is in the selection that was asked about. `note` is what its author wrote beside the relation, in
    `note_language`."""

    ref: str
    title: str
    title_language: str
    url: str
    started: Moment
    precision: str
    first: str
    last: str
    since: Interval | None
    is_selected: bool
    note: str = ""
    note_language: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """One defect that came back. `name` is the title of the fullest record, `causes` its root causes,
    the most frequent first.

    `fix` says how the permanent fix stands, as `known_parts.fix_state` has it. `workaround` is the
    best state there is: `verified`, `unverified`, `unsafe`, or `none`. `more` occurrences are not in
    `occurrences`: those between the first few and the latest.
    """

    key: str
    name: str
    name_language: str
    count: Count
    occurrences: tuple[Occurrence, ...]
    more: int
    causes: tuple[Named, ...]
    fix: str
    fixes: tuple[Remedy, ...]
    workaround: str
    workarounds: tuple[Remedy, ...]

    @property
    def stretches(self) -> tuple[tuple[Occurrence, ...], ...]:
        """The occurrences that follow each other: two stretches where `more` are between them."""
        if not self.more:
            return (self.occurrences,)
        return self.occurrences[:FIRST_OCCURRENCES], self.occurrences[FIRST_OCCURRENCES:]


@dataclass(frozen=True, slots=True)
class Chains:
    """The chains that touch the selection, the longest first; `more` are not shown. `related` counts
    the selected postmortems with a `same-defect` relation that the reader sees at both ends."""

    chains: tuple[Chain, ...]
    more: int
    related: Count


@kept
def chains_of(selected: Selected) -> Chains:
    """The chains of defects that touch a selection. Both ends of every relation are visible to the
    reader: one that leads through a hidden postmortem is not there."""
    related = _related(selected)
    count = selected.count(len(related), relation=SAME_DEFECT)
    groups = groups_of(selected, related) if related else []
    if not groups:
        return Chains((), 0, count)
    shown = groups[:MOST_CHAINS]
    every = _Records(selected, [pk for group in shown for pk in group])
    chains = tuple(every.chain(group) for group in shown)
    return Chains(chains, len(groups) - len(shown), count)


def _related(selected: Selected) -> BitMap:
    is_related = selected.asked.aside.value("relation", SAME_DEFECT)
    every = selected.question.unnarrowed().narrowed("same-defect", is_related)
    return selected.found & finding.all_found(every, selected.state)


# --- What a chain says ----------------------------------------------------------------------------


class _Records:
    """What the index and the database say of the occurrences that are shown."""

    def __init__(self, selected: Selected, pks: Sequence[int]) -> None:
        self.selected = selected
        found = self._found(pks)
        shown = hits.hits_of(found, [], selected.terms, selected.shown_in)
        self.found = {int(item.payload["pk"]): item for item in found}
        self.hits = dict(zip(self.found, shown, strict=True))
        self.refs = {hit.ref: pk for pk, hit in self.hits.items()}
        self.remedies = remedies.remedies_of(self.hits)
        self.notes = self._notes()

    def _found(self, pks: Sequence[int]) -> list[Found]:
        question = self.selected.question
        wanted = Query.term_set_query(question.schema, "pk", list(map(str, pks)))
        answer = question.searcher.search(wanted, limit=len(pks))
        addresses = [address for _score, address in answer.hits]
        payloads = hits.payloads_of(question.searcher, addresses)
        return [Found(*pair) for pair in zip(addresses, payloads, strict=True)]

    def _notes(self) -> dict[int, tuple[str, str]]:
        """What is written beside a relation to another that is shown, with whose it is."""
        rows = Relation.objects.filter(kind=SAME_DEFECT, postmortem__in=list(self.hits))
        written = rows.exclude(note="").order_by("postmortem", "-position")
        return {
            pk: (note, self.hits[pk].language)
            for pk, target, note in written.values_list("postmortem", "target_ref", "note")
            if target in self.refs
        }

    def chain(self, group: Iterable[int]) -> Chain:
        """One group of them as a chain."""
        shown = {pk: self.hits[pk] for pk in group if pk in self.hits}
        ordered = sorted(shown, key=lambda pk: (order_of(_start(shown[pk])), shown[pk].ref))
        told = self._told(ordered)
        fullest = shown[max(ordered, key=self._fullness)]
        found = remedies.together(self.remedies[pk] for pk in ordered)
        return Chain(
            key=min(hit.ref for hit in shown.values()),
            name=fullest.title,
            name_language=fullest.title_language,
            count=Count(len(ordered), self._url([hit.ref for hit in shown.values()])),
            occurrences=told,
            more=len(ordered) - len(told),
            causes=tuple(self._causes(shown.values())),
            fix=fix_state(remedy.state for remedy in found.fixes),
            fixes=found.fixes,
            workaround=remedies.workaround_state(found.workarounds),
            workarounds=found.workarounds,
        )

    def _told(self, ordered: Sequence[int]) -> tuple[Occurrence, ...]:
        """Those that are shown; each stretch of them begins anew."""
        cut = len(ordered) - LAST_OCCURRENCES
        if cut <= FIRST_OCCURRENCES:
            return self._occurrences(ordered)
        first, last = ordered[:FIRST_OCCURRENCES], ordered[cut:]
        return (*self._occurrences(first), *self._occurrences(last))

    def _occurrences(self, ordered: Sequence[int]) -> tuple[Occurrence, ...]:
        starts = [_start(self.hits[pk]) for pk in ordered]
        since = [None, *(interval_between(*pair) for pair in pairwise(starts))]
        return tuple(
            self._occurrence(pk, start, interval)
            for pk, start, interval in zip(ordered, starts, since, strict=True)
        )

    def _occurrence(self, pk: int, start: Moment, since: Interval | None) -> Occurrence:
        hit = self.hits[pk]
        # The calendar of the place, as everywhere that days are told.
        first, last = span(replace(start, zone="")) or (None, None)
        note, language = self.notes.get(pk, ("", ""))
        return Occurrence(
            ref=hit.ref,
            title=hit.title,
            title_language=hit.title_language,
            url=hit.url,
            started=start,
            precision=precision(start),
            first=f"{first:%Y-%m-%d}" if first else "",
            last=f"{last:%Y-%m-%d}" if last else "",
            since=since,
            is_selected=pk in self.selected.found,
            note=note,
            note_language=language,
        )

    def _fullness(self, pk: int) -> tuple[bool, int, int]:
        payload = self.found[pk].payload
        is_stub = ["kind", "stub"] in [term[:2] for term in payload["terms"]]
        return not is_stub, len(payload["places"]), -pk

    def _causes(self, shown: Iterable[Hit]) -> Iterable[Named]:
        paths = Counter(path for hit in shown for path in dict.fromkeys(hit.root_causes))
        for path, _count in sorted(paths.items(), key=lambda pair: (-pair[1], pair[0]))[
            :MOST_CAUSES
        ]:
            term = self.selected.terms.get("cause", path)
            if term:
                yield named(self.selected, term)

    def _url(self, refs: Sequence[str]) -> str:
        """The list of just these; empty where they are more than fit into a text."""
        pairs = [("q", f"ref:{','.join(sorted(refs))}")]
        if self.selected.question.archive is None:
            pairs += [("status", value) for value in Postmortem.Status.values]
        address = f"{self.selected.addresses.base}?{urlencode(pairs, safe=SAFE)}"
        return address if len(pairs[0][1]) < MAX_LENGTH else ""


def _start(hit: Hit) -> Moment:
    return hit.moments["started"]
