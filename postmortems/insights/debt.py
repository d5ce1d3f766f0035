"""Recurrence debt: permanent actions that are not done, while what they are to prevent came back.

`debt_of` answers for the patterns page and the API, which also tells `returned_of`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tantivy import FieldType, Query

from postmortems.document import PERMANENT, UNDONE
from postmortems.insights.asking import Selected
from postmortems.insights.keeping import kept
from postmortems.insights.naming import named
from postmortems.insights.returning import Cause, Returning
from postmortems.insights.shapes import Count, Named
from postmortems.models import Action
from postmortems.search import finding, hits, ranking
from postmortems.search.combining import all_of, any_of
from postmortems.search.hits import Found
from postmortems.search.questions import Question

# Actions shown.
MOST_DEBTS = 10
# Of one cause, so that one that is everywhere does not hide all others.
MOST_OF_A_CAUSE = 3


@dataclass(frozen=True, slots=True)
class Debt:
    """A permanent action that is not done (`status` is `proposed`, `open` or `unknown`), the
    postmortem that it stands in, and the later postmortems with the same cause, in any role."""

    key: str
    text: str
    language: str
    status: str
    url: str
    ref: str
    title: str
    title_language: str
    cause: Named
    later: Count


@dataclass(frozen=True, slots=True)
class Debts:
    """The actions, the most often returned first. `waiting` counts the selected postmortems with a
    permanent action that is not done. Of one cause at most MOST_OF_A_CAUSE postmortems are told,
    those that have waited longest, and of a postmortem the cause that came back most often."""

    debts: tuple[Debt, ...]
    waiting: Count


@dataclass(frozen=True)
class _Source:
    """A postmortem with such an action, and one cause of it that came back."""

    found: Found
    cause: Cause
    later: Count

    @property
    def pk(self) -> int:
        """Its primary key."""
        return int(self.found.payload["pk"])


@kept
def debt_of(selected: Selected) -> Debts:
    """The recurrence debt of a selection; what came back later may be anything that the reader sees."""
    number = len(selected.found & finding.all_found(_undone(selected), selected.state))
    count = selected.count(number, fix=UNDONE)
    if not number:
        return Debts((), count)
    returning = Returning(selected)
    sources = _sources(selected, _waiting(selected), returning)
    return Debts(tuple(_debts(selected, sources))[:MOST_DEBTS], count)


@kept
def returned_of(selected: Selected) -> int:
    """How many of those that wait have a root cause that came back later."""
    if not debt_of(selected).waiting.number:
        return 0
    causes = Returning(selected).causes()
    returned = any_of([_before(selected, cause) for cause in causes] or [Query.empty_query()])
    return selected.question.count(all_of([_waiting(selected), returned]))


def _undone(selected: Selected) -> Question:
    """All that the reader sees with a permanent action that is not done."""
    return selected.question.unnarrowed().narrowed("undone", _is_undone(selected))


def _waiting(selected: Selected) -> Query:
    """Those of the selection with one."""
    return all_of([selected.question.query(), _is_undone(selected)])


def _is_undone(selected: Selected) -> Query:
    compiler = selected.asked.aside
    return any_of([compiler.value("fix", status) for status in UNDONE])


def _before(selected: Selected, cause: Cause) -> Query:
    """What has a root cause, and certainly began on a day before it came back for the last time."""
    schema = selected.question.schema
    return all_of(
        [
            Query.term_query(schema, "role", f"root:{cause.term.id}", "basic"),
            Query.range_query(schema, "started_to", FieldType.Integer, None, cause.last - 1),
        ]
    )


def _sources(selected: Selected, waiting: Query, returning: Returning) -> list[_Source]:
    """Those whose causes came back most often. Within one cause the longest wait is the largest
    number, and no cause comes back more often than it is there: the rest need no look."""
    best: dict[str, _Source] = {}
    searcher = selected.question.searcher
    for cause in sorted(returning.causes(), key=lambda item: (-item.number, item.term.path)):
        told = sorted(best.values(), key=_rank)[:MOST_DEBTS]
        if len(told) == MOST_DEBTS and told[-1].later.number >= cause.number:
            break
        query = all_of([waiting, _before(selected, cause)])
        found, _count = hits.page_of_hits(
            searcher, query, ranking.OLDEST, offset=0, size=MOST_OF_A_CAUSE
        )
        for item in found:
            source = _Source(item, cause, returning.since(item, cause.term))
            if item.ref not in best or _rank(source) < _rank(best[item.ref]):
                best[item.ref] = source
    return sorted(best.values(), key=_rank)[:MOST_DEBTS]


def _rank(source: _Source) -> tuple[int, str, str]:
    return -source.later.number, source.cause.term.path, source.found.ref


def _debts(selected: Selected, sources: Sequence[_Source]) -> Iterator[Debt]:
    """The actions of each, in their order. One statement."""
    shown = hits.hits_of(
        [source.found for source in sources], [], selected.terms, selected.shown_in
    )
    wanted = Action.objects.filter(
        postmortem__in=[source.pk for source in sources], kind=PERMANENT, status__in=UNDONE
    )
    actions: dict[int, list[Action]] = {}
    for action in wanted.order_by("position"):
        actions.setdefault(action.postmortem_id, []).append(action)
    for source, hit in zip(sources, shown, strict=True):
        for action in actions.get(source.pk, ()):
            yield Debt(
                key=action.key,
                text=action.text,
                language=hit.language,
                status=action.status,
                url=f"{hit.url}#{action.key}",
                ref=hit.ref,
                title=hit.title,
                title_language=hit.title_language,
                cause=named(selected, source.cause.term),
                later=source.later,
            )
