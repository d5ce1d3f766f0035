"""What came back: which causes began to make themselves felt again, and how often since something.

`came_back(refs, by)` answers for whoever has a few postmortems at hand: for each ref of what came back
since, how often, with the address of the list; in at most two statements. A cause is a term with
nothing below it: of wider ones something always comes back. What came back began on a later day: a
start that is not known enough is later than nothing, and nothing is later than it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from tantivy import Query

from postmortems.insights.shapes import Count, Named
from postmortems.models import Postmortem, Relation, User
from postmortems.moments import Moment, span
from postmortems.search import facets, hits, query, sync
from postmortems.search.combining import all_of, none_of
from postmortems.search.front_door import Asked, understand
from postmortems.search.hits import Found
from postmortems.search.query import And, Any, Node, Or, Range
from postmortems.search.selection import SAFE
from taxonomy.lookup import TermInfo

CAUSE, SAME_DEFECT, CONTRIBUTING = "cause", "same-defect", "contributing"
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause that the reader sees `number` times; `last` is the first minute of the last day on which
    one of them began, 0 where that is not known of any."""

    term: TermInfo
    number: int
    last: int


@dataclass(frozen=True, slots=True)
class Back:
    """How often it came back: `later` are visible postmortems that certainly began later, with one of
    the `causes` (in any role) or by a `same-defect` relation (`is_same_defect`)."""

    later: Count
    causes: tuple[Named, ...]
    is_same_defect: bool


class Returning:
    """What the reader of a search sees come back, whatever the search itself is about."""

    def __init__(self, asked: Asked, base: str) -> None:
        self.asked, self.base = asked, base
        self.terms = asked.compiler.terms
        archived = asked.aside.value("status", Postmortem.Status.ARCHIVED)
        # What a list without a question holds.
        self.seen = all_of([asked.question.viewer, none_of(archived)])

    def causes(self) -> Iterator[Cause]:
        """All causes that are there."""
        narrow = {
            str(term.id): term
            for term in self.terms.terms_of(CAUSE, retired=True)
            if self._is_narrow(term)
        }
        if not narrow:
            return
        last = {"max": {"field": "started_from"}}
        wanted = {"field": "term", "size": len(narrow), "include": list(narrow)}
        asked = {"causes": {"terms": wanted, "aggs": {"last": last}}}
        answer = self.asked.question.searcher.aggregate(self.seen, asked)
        for bucket in answer["causes"]["buckets"]:
            minute = int(bucket["last"]["value"] or 0)
            day = minute - minute % MINUTES_A_DAY
            yield Cause(narrow[bucket["key"]], bucket["doc_count"], day)

    def _is_narrow(self, term: TermInfo) -> bool:
        return not self.terms.children(term, retired=True)

    def since(self, found: Found, cause: TermInfo) -> Count:
        """How many with the cause began later than a postmortem whose latest start is known."""
        day = last_day(found)
        return (
            self.count(And((Any(CAUSE, (cause.path,)), _later_than(day)))) if day else Count(0, "")
        )

    def count(self, node: Node) -> Count:
        """How many a query finds without any other question, with the address of its list."""
        question = self.asked.question
        number = question.count(all_of([self.seen, self.asked.aside.compile(node)]))
        return Count(number, f"{self.base}?{urlencode([('q', query.to_text(node))], safe=SAFE)}")

    def found(self, refs: Iterable[str]) -> list[Found]:
        """Those of some refs that the reader may see, in order."""
        wanted = sorted(set(refs))
        if not wanted:
            return []
        question = self.asked.question
        by_ref = Query.term_set_query(question.schema, "ref", wanted)
        answer = question.searcher.search(all_of([self.seen, by_ref]), limit=len(wanted))
        addresses = [address for _score, address in answer.hits]
        payloads = hits.payloads_of(question.searcher, addresses)
        made = (Found(*pair) for pair in zip(addresses, payloads, strict=True))
        return sorted(made, key=lambda item: item.ref)

    def root_causes(self, found: Found) -> list[TermInfo]:
        """The narrow root causes of a postmortem."""
        paths = [
            path
            for slug, path, role in found.payload["terms"]
            if slug == CAUSE and role != CONTRIBUTING
        ]
        terms = (self.terms.get(CAUSE, path) for path in dict.fromkeys(paths))
        return [term for term in terms if term and self._is_narrow(term)]


def _later_than(day: date) -> Range:
    return Range("started", str(day), "", strict=True)


def last_day(found: Found) -> date | None:
    """The last day on which a postmortem can have begun; None where that is open or unknown."""
    return _days(found)[1]


def _days(found: Found) -> tuple[date | None, date | None]:
    started = Moment(**found.payload["moments"].get("started", {}))
    # The calendar of the place, as in the index.
    first, last = span(replace(started, zone="")) or (None, None)
    return first and first.date(), last and last.date()


@sync.mended
def came_back(
    refs: Iterable[str], by: User | AnonymousUser, *, language: str = "en"
) -> dict[str, Back]:
    """What came back since, by ref: the postmortems that began later with one of its narrow root
    causes, or that are the same defect. Only what `by` may see counts; what did not come back is
    not in the answer."""
    returning = Returning(understand("", {}, by, language=language), reverse("search"))
    found = returning.found(refs)
    relatives = _relatives(returning, [item.ref for item in found])
    answers = (
        (item.ref, _back(returning, item, relatives.get(item.ref, ()), language)) for item in found
    )
    return {ref: back for ref, back in answers if back and back.later.number}


def _back(
    returning: Returning, item: Found, relatives: Sequence[Found], language: str
) -> Back | None:
    day, causes = last_day(item), returning.root_causes(item)
    if day is None:
        return None
    later = [other.ref for other in relatives if (first := _days(other)[0]) and first > day]
    options: list[Node] = [Any(CAUSE, tuple(term.path for term in causes))] if causes else []
    if later:
        options.append(Any("ref", tuple(later)))
    if not options:
        return None
    either = options[0] if len(options) == 1 else Or(tuple(options))
    count = returning.count(And((either, _later_than(day))))
    shown_in = facets.language_of(language)
    names = tuple(Named(CAUSE, term.path, term.name(shown_in)) for term in causes)
    return Back(count, names, is_same_defect=bool(later))


def _relatives(returning: Returning, refs: Sequence[str]) -> Mapping[str, list[Found]]:
    """The visible postmortems that are the same defect as each, whichever end says so. One statement."""
    rows = Relation.objects.filter(kind=SAME_DEFECT).filter(
        Q(postmortem__ref__in=refs) | Q(target_ref__in=refs)
    )
    pairs = [*rows.values_list("postmortem__ref", "target_ref")] if refs else []
    pairs += [(other, one) for one, other in pairs]
    seen = {item.ref: item for item in returning.found(other for _one, other in pairs)}
    related: dict[str, list[Found]] = {}
    for one, other in sorted(set(pairs)):
        if other in seen and one != other:
            related.setdefault(one, []).append(seen[other])
    return related
