"""What the table says of one question: by whom, how, at which address, about what."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.trust.rules import (
    ABSENT,
    DEAD_TOKENS,
    FINDS_IN_BIN,
    MAY,
    NOBODY,
    OWNED,
    READS,
    SAFE,
    SEES,
    STATUSES,
    TOKENS,
    VISIBILITIES,
    Gate,
    Page,
)

API = (Gate.API, Gate.API_ADMIN, Gate.API_READ, Gate.API_NOTHING)
# The scopes of tokens that change nothing behind the gate.
TOO_LITTLE = {Gate.API: ("read",), Gate.API_ADMIN: ("read", "write")}
POSTMORTEMS = tuple((status, visibility) for status in STATUSES for visibility in VISIBILITIES)
NOTHING_NAMED = ("",)


@dataclass(frozen=True)
class Cell:
    """One question, and the status of its answer."""

    page: Page
    method: str
    subject: str
    target: object
    expected: int
    is_hidden: bool


def targets_of(page: Page) -> tuple[object, ...]:
    """What an address may be about; the absent one is always among it."""
    if page.about in ("postmortem", "binned"):
        return (*POSTMORTEMS, ABSENT)
    if page.about:
        return (*OWNED[page.about], ABSENT)
    return NOTHING_NAMED


def cell(page: Page, method: str, subject: str, target: object) -> Cell:
    """The cell of the matrix."""
    person = person_of(page, subject)
    expected = _turned_away(page, method, subject, person)
    is_hidden = expected is None and not _is_told(page, person, target)
    if is_hidden:
        expected = 404
    elif expected is None and not _gets_through(page, method, person):
        expected = 403
    elif expected is None:
        expected = _granted(page, method, target)
    return Cell(page, method, subject, target, expected, is_hidden or target == ABSENT)


def person_of(page: Page, subject: str) -> str:
    """Who asks, as this address sees it: a page knows no tokens."""
    if subject in TOKENS and page.gate in API:
        return TOKENS[subject][0]
    return "visitor" if subject in TOKENS or subject in DEAD_TOKENS else subject


def answer_of(page: Page, method: str) -> int | Mapping[str, int] | None:
    """What is answered to those who get through; None for a method that there is not."""
    if method == "HEAD":
        return page.answers.get("HEAD", page.answers.get("GET"))
    if method == "OPTIONS" and page.gate in API:
        return 200
    return page.answers.get(method)


def _turned_away(page: Page, method: str, subject: str, person: str) -> int | None:
    """What is answered before it is looked at what the address is about."""
    is_nobody, is_known = person in NOBODY, answer_of(page, method) is not None
    if page.gate in API:
        return _turned_away_by_api(page, method, subject, is_nobody)
    if is_nobody and page.gate in (Gate.SIGN_IN, Gate.SIGN_IN_AND_ROLE):
        return 302
    if page.gate is Gate.SIGN_IN_AND_ROLE and person not in MAY[page.may]:
        return 403
    if is_nobody and page.gate is Gate.EDITOR:
        return 403 if method == "POST" else 302
    if not is_known:
        return 405
    if is_nobody and page.gate is Gate.METHOD_THEN_SIGN_IN:
        return 302
    return 401 if is_nobody and page.gate is Gate.METHOD_THEN_401 else None


def _turned_away_by_api(page: Page, method: str, subject: str, is_nobody: bool) -> int | None:
    if page.gate is Gate.API_NOTHING:
        return 404
    # Signing in would not make it possible.
    if answer_of(page, method) is None:
        return 405
    if subject in DEAD_TOKENS:
        return 401
    if page.gate in TOO_LITTLE and method not in SAFE:
        if is_nobody:
            return 401
        if TOKENS.get(subject, ("", ""))[1] in TOO_LITTLE[page.gate]:
            return 403
    # What it says of itself it says to everybody, and the same of what is there and what is not.
    return 200 if method == "OPTIONS" else None


def _is_told(page: Page, person: str, target: object) -> bool:
    if target == ABSENT:
        return False
    if page.about == "binned":
        return target[0] == "bin" and person in FINDS_IN_BIN
    if page.about == "postmortem":
        return person in READS[target] and person in SEES[page.sees]
    return person in OWNED[page.about][target] if page.about else True


def _gets_through(page: Page, method: str, person: str) -> bool:
    by_method = isinstance(page.may_change, Mapping)
    rule = page.may_change.get(method, "") if by_method else page.may_change
    return person in MAY[page.may] and (method in SAFE or person in MAY[rule])


def _granted(page: Page, method: str, target: object) -> int:
    answer = answer_of(page, method)
    return answer[target[0]] if isinstance(answer, Mapping) else answer
