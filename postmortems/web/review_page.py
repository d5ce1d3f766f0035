"""A review as one value: the read page, what is said beside it, who decided what, and the bar."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from postmortems.document import Document
from postmortems.models import Approval, Postmortem, User
from postmortems.reviews import queue
from postmortems.reviews.state import State, state_of
from postmortems.section_names import SectionNames
from postmortems.web.read_page import ReadPage, page_of
from postmortems.web.read_parts import HypothesisRow, LessonRow
from postmortems.web.read_source import source_of
from postmortems.web.read_texts import Text, section_of
from postmortems.web.review_bar import Bar, bar_of
from postmortems.web.review_talk import Board, Typed, board_of
from postmortems.web.review_words import (
    Void,
    age_words,
    approvals_words,
    gaps_of,
    listed,
    voids_of,
)
from postmortems.web.shortcuts import zone_asked


@dataclass(frozen=True)
class Person:
    """A reviewer, and what they said last about the revision that stands there."""

    name: str
    icon: str
    tone: str
    words: str
    comment: str = ""


@dataclass(frozen=True)
class ReviewPage:
    """Everything the templates print."""

    postmortem: Postmortem
    page: ReadPage
    board: Board
    state: State
    bar: Bar
    people: tuple[Person, ...]
    voids: list[Void]
    asked: str
    approvals: str
    next_url: str
    open_hypotheses: tuple[HypothesisRow, ...]
    questions: Text | None
    lessons: tuple[LessonRow, ...]
    is_meeting: bool


def review_of(
    request: HttpRequest,
    postmortem: Postmortem,
    viewer: User,
    *,
    is_meeting: bool,
    typed: Typed | None = None,
) -> ReviewPage:
    """The review for somebody who sees it."""
    language = translation.get_language() or "en"
    source = source_of(postmortem, viewer, language)
    page = page_of(source, language, zone=zone_asked(request))
    names = SectionNames(language, source.terms)
    state = state_of(postmortem, source.terms)
    return ReviewPage(
        postmortem=postmortem,
        page=page,
        board=board_of(postmortem, page, viewer, is_meeting=is_meeting, typed=typed),
        state=state,
        bar=bar_of(state, viewer, gaps_of(state, names)),
        people=tuple(_people(state)),
        voids=voids_of(state, names),
        asked=asked_words(state),
        approvals=approvals_words(state),
        next_url=_next_url(postmortem, viewer),
        open_hypotheses=tuple(_still_open(source.document, page)),
        questions=section_of(source.document, source.rendered, "open-questions", names),
        lessons=tuple(page.body.lessons),
        is_meeting=is_meeting,
    )


def _still_open(document: Document, page: ReadPage) -> Iterator[HypothesisRow]:
    ids = {item.id for item in document.hypotheses if item.verdict == "open"}
    yield from (row for row in page.body.hypotheses if row.id in ids)


def asked_words(state: State) -> str:
    """`alice asks bob, 2 days ago`; empty where nobody asked."""
    review = state.review
    if review is None or review.state != "asked":
        return ""
    told = {"name": review.asked_by, "when": age_words(review.asked_at)}
    if not state.reviewers:
        words = _("%(name)s asks the reviewers of %(team)s, %(when)s")
        return words % {**told, "team": state.postmortem.team}
    people = listed(str(item.user) for item in state.reviewers)
    return _("%(name)s asks %(people)s, %(when)s") % {**told, "people": people}


def _people(state: State) -> list[Person]:
    """Those who decided, then those named who have not."""
    said = [_said(item, state) for item in state.decisions]
    spoke = {item.reviewer_id for item in state.decisions}
    waiting = [item.user for item in state.reviewers if item.user_id not in spoke]
    return [
        *said,
        *(Person(str(user), "clock", "quiet", _("has not answered yet")) for user in waiting),
    ]


def _said(item: Approval, state: State) -> Person:
    number = {"number": item.revision}
    if item.decision != Approval.Decision.APPROVE:
        words = _("asked for changes in revision %(number)s") % number
        tone = "warn" if item in state.against else "quiet"
        return Person(str(item.reviewer), "edit", tone, words, item.comment)
    if item in state.counted:
        words = _("approved revision %(number)s") % number
        return Person(str(item.reviewer), "check", "good", words, item.comment)
    words = _("approved revision %(number)s, which no longer counts") % number
    return Person(str(item.reviewer), "check", "quiet", words, item.comment)


def _next_url(postmortem: Postmortem, viewer: User) -> str:
    """The review of what waits longest for the viewer, beside this one."""
    found = queue.waiting_for(viewer).exclude(pk=postmortem.pk).first()
    return queue.url_of(found) if found else ""
