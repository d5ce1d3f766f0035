"""Recurrence debt: permanent actions that are not done, while what they are to prevent came back.

`debt_of` answers for the patterns page and the API. Whoever has a list of postmortems at hand, as the
actions board has, asks `came_back(refs, by)`: for each ref of what came back since, how often, with the
address of the list; refs of what did not come back are not in the answer. At most two statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Count, Named
from postmortems.models import User

# Actions shown.
MOST_DEBTS = 10
# Of one cause, so that one that is everywhere does not hide all others.
MOST_OF_A_CAUSE = 3


@dataclass(frozen=True, slots=True)
class Back:
    """How often it came back: `later` are visible postmortems that certainly started later, with one
    of the `causes` or by a `same-defect` relation (`is_same_defect`)."""

    later: Count
    causes: tuple[Named, ...]
    is_same_defect: bool


@dataclass(frozen=True, slots=True)
class Debt:
    """A permanent action that is not done (`status` is `proposed`, `open` or `unknown`), the
    postmortem that it stands in, and the later postmortems with the same cause."""

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
    permanent action that is not done; `returned` those of them with a root cause that came back
    later. Of one cause at most MOST_OF_A_CAUSE are shown, those that have waited longest."""

    debts: tuple[Debt, ...]
    waiting: Count
    returned: int


def debt_of(selected: Selected) -> Debts:
    """The recurrence debt of a selection; what came back later may be anything that the reader sees."""
    raise NotImplementedError


def came_back(
    refs: Iterable[str], by: User | AnonymousUser, *, language: str = "en"
) -> dict[str, Back]:
    """What came back since, by ref: the postmortems with a later start and one of its root causes (a
    term without others below it), or the same defect. Only what `by` may see counts."""
    raise NotImplementedError
