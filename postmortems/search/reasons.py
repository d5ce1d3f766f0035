"""Why a hit stands where it does: the addends of its score, for administrators."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from postmortems.search import scoring
from postmortems.search.compile import Compiler
from postmortems.search.fields import PART_BY_NAME
from postmortems.search.hits import Found, matching
from postmortems.search.results import Reason

# Explaining asks one small question a clause; no reader follows more.
MOST_CLAUSES = 400


def reasons_of(
    page: Sequence[Found], clauses: Sequence[scoring.Clause], compiler: Compiler
) -> dict[str, tuple[Reason, ...]]:
    """By ref: what adds up to the hit's score, the heaviest first and what its start adds last."""
    rows: dict[str, list[Reason]] = {found.ref: [] for found in page}
    for clause in clauses[:MOST_CLAUSES]:
        for ref in matching(page, clause.query, compiler):
            rows[ref].append(Reason(clause.text, part_name(clause.part), clause.weight))
    return {found.ref: _whole(found, rows[found.ref]) for found in page}


def _whole(found: Found, reasons: list[Reason]) -> tuple[Reason, ...]:
    ranked = sorted(reasons, key=lambda reason: -reason.weight)
    added = found.key - sum(reason.weight for reason in reasons)
    started = found.payload["moments"].get("started", {}).get("date", "")
    return (*ranked, Reason(started, _("Later start"), round(added, 3)))


def part_name(part: str) -> str:
    """What a part of the score is called."""
    names = {
        scoring.AS_WRITTEN: _("In this very form"),
        scoring.TOGETHER: _("Near each other"),
        scoring.MATCHED: _("Has the word"),
    }
    known = PART_BY_NAME.get(part)
    return names.get(part) or (str(known.label) if known else part)
