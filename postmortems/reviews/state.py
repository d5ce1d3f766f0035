"""How a review stands: what was decided about which revision, and what publishing still needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from postmortems import content, readiness
from postmortems.document import Document
from postmortems.models import Approval, Postmortem, Review, Reviewer
from postmortems.reviews import rules
from postmortems.reviews.rules import Rule
from taxonomy.lookup import Terms

Row = TypeVar("Row", Reviewer, Approval)

APPROVE = Approval.Decision.APPROVE


@dataclass(frozen=True)
class State:
    """Everything that the pages say of a review and the verbs ask before they act.

    `decisions` are the last one of each reviewer, the newest first; `parts` those that a rule asks
    for and that are empty; `needed` what readiness asks for, keyed by JSON pointer; `unclassified`
    the names of the vocabularies among it.
    """

    postmortem: Postmortem
    document: Document
    review: Review | None
    reviewers: tuple[Reviewer, ...]
    decisions: tuple[Approval, ...]
    authors: frozenset[int]
    rule: Rule
    parts: tuple[str, ...]
    needed: Mapping[str, list[str]]
    unclassified: tuple[str, ...]

    @property
    def counted(self) -> tuple[Approval, ...]:
        """The approvals that count: of the current revision, by who is no author and still has an account."""
        return tuple(
            item for item in self.decisions if item.decision == APPROVE and self._is_of_now(item)
        )

    @property
    def void(self) -> tuple[Approval, ...]:
        """Approvals of revisions that a later one has replaced."""
        current = self.postmortem.revision
        return tuple(
            item for item in self.decisions if item.decision == APPROVE and item.revision != current
        )

    @property
    def against(self) -> tuple[Approval, ...]:
        """Who asked for changes in the very revision that stands there."""
        return tuple(
            item for item in self.decisions if item.decision != APPROVE and self._is_of_now(item)
        )

    @property
    def left(self) -> int:
        """How many more approvals are needed."""
        return max(0, self.rule.approvals - len(self.counted))

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing from the content."""
        return not (self.parts or self.needed)

    @property
    def is_met(self) -> bool:
        """Whether it could be published now, by who may."""
        return self.is_complete and not self.left and not (self.rule.approvals and self.against)

    def _is_of_now(self, item: Approval) -> bool:
        is_outside = item.reviewer_id not in self.authors and item.reviewer.is_active
        return item.revision == self.postmortem.revision and is_outside


def state_of(postmortem: Postmortem, terms: Terms) -> State:
    """How the review of one postmortem stands."""
    return states_of([postmortem], terms)[postmortem.pk]


def states_of(postmortems: Iterable[Postmortem], terms: Terms) -> dict[int, State]:
    """The same for many by primary key, in a number of statements that does not grow."""
    found = {item.pk: item for item in postmortems}
    documents = content.read_many(found.values())
    known = rules.current()
    asked = Review.objects.filter(postmortem__in=list(found)).select_related("asked_by", "by")
    named = Reviewer.objects.filter(postmortem__in=list(found)).select_related("user", "named_by")
    decided = Approval.objects.filter(postmortem__in=list(found)).select_related("reviewer")
    reviews = {row.postmortem_id: row for row in asked}
    reviewers = _grouped(named.order_by("user__username"))
    decisions = _grouped(decided.order_by("-pk"))
    authors = _authors(found)
    return {
        pk: _state(
            item, documents[pk], terms, rules.rule_for(documents[pk], terms, known),
            review=reviews.get(pk),
            reviewers=tuple(reviewers.get(pk, ())),
            decisions=_last_of_each(decisions.get(pk, ())),
            authors=frozenset(authors.get(pk, ())),
        )
        for pk, item in found.items()
    }  # fmt: skip


def _state(
    postmortem: Postmortem,
    document: Document,
    terms: Terms,
    rule: Rule,
    *,
    review: Review | None,
    reviewers: tuple[Reviewer, ...],
    decisions: tuple[Approval, ...],
    authors: frozenset[int],
) -> State:
    return State(
        postmortem=postmortem,
        document=document,
        review=review,
        reviewers=reviewers,
        decisions=decisions,
        authors=authors,
        rule=rule,
        parts=tuple(rules.missing_parts(document, rule.parts)),
        needed=dict(readiness.needed(document, terms)),
        unclassified=tuple(name for _, name in readiness.unclassified(document, terms)),
    )


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.postmortem_id, []).append(row)
    return found


def _last_of_each(decisions: Iterable[Approval]) -> tuple[Approval, ...]:
    """Of each reviewer the newest; given from the newest on."""
    found: dict[int, Approval] = {}
    for item in decisions:
        found.setdefault(item.reviewer_id, item)
    return tuple(found.values())


def _authors(owners: Mapping[int, Postmortem]) -> dict[int, list[int]]:
    rows = Postmortem.authors.through._default_manager.filter(postmortem__in=list(owners))
    found: dict[int, list[int]] = {}
    for postmortem, user in rows.values_list("postmortem_id", "user_id"):
        found.setdefault(postmortem, []).append(user)
    return found
