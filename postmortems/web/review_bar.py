"""What the bar of a review says and offers to the one who reads: each of its states in words."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from postmortems import access
from postmortems.models import Postmortem, User
from postmortems.reviews import rights
from postmortems.reviews.state import State
from postmortems.web.review_words import Gap, listed

Status = Postmortem.Status


@dataclass(frozen=True)
class Bar:
    """The sentence, what is missing, and the buttons; `finishes`: an approval would be the last one."""

    words: str
    gaps: tuple[Gap, ...] = ()
    may_edit: bool = False
    may_approve: bool = False
    finishes: bool = False
    may_ask_changes: bool = False
    may_publish: bool = False
    may_withdraw: bool = False
    may_ask: bool = False


def bar_of(state: State, viewer: User, gaps: list[Gap]) -> Bar:
    """The bar for somebody who sees the review."""
    postmortem = state.postmortem
    may_edit = access.may_edit(viewer, postmortem)
    is_open = postmortem.status == Status.IN_REVIEW
    is_finished = postmortem.status in access.FINISHED
    may_decide = is_open and rights.may_decide(viewer, postmortem)
    has_approved = any(item.reviewer_id == viewer.pk for item in state.counted)
    has_written = may_decide and rights.has_written_since(viewer, postmortem)
    may_approve = may_decide and state.is_complete and not (has_approved or has_written)
    may_publish = (
        not is_finished
        and (is_open or not state.rule.approvals)
        and state.is_met
        and rights.may_publish(viewer, postmortem, state.rule.approvals)
    )
    said = _said(state, viewer, may_decide=may_decide, has_approved=has_approved)
    return Bar(
        words=_changed_it(postmortem) if has_written and not may_publish else said,
        gaps=() if is_finished else tuple(gaps),
        may_edit=may_edit and not is_finished,
        may_approve=may_approve,
        finishes=may_approve and _finishes(state, viewer),
        may_ask_changes=may_decide,
        may_publish=may_publish,
        may_withdraw=is_open and may_edit,
        may_ask=postmortem.status == Status.DRAFT and may_edit,
    )


def _finishes(state: State, viewer: User) -> bool:
    """Whether this viewer's approval is the last thing that is missing."""
    against = [item for item in state.against if item.reviewer_id != viewer.pk]
    return state.left <= 1 and not against


def _changed_it(postmortem: Postmortem) -> str:
    words = _(
        "You changed the text that stands in revision %(number)s; another reviewer approves it."
    )
    return words % {"number": postmortem.revision}


def _said(state: State, viewer: User, *, may_decide: bool, has_approved: bool) -> str:
    postmortem = state.postmortem
    number = {"number": postmortem.revision}
    if postmortem.status in access.FINISHED:
        return _("It is published; the review is over.")
    if not state.rule.approvals:
        return _("No approval is needed.")
    if postmortem.status == Status.DRAFT:
        return _of_draft(state)
    if has_approved:
        return _("You approved revision %(number)s.") % number
    if may_decide:
        return _("You are reading revision %(number)s.") % number
    who = _who_decides(state)
    if viewer.pk in state.authors:
        return _("You wrote this; %(people)s decides.") % {"people": who}
    # The name to sign in with keeps its letters.
    return _("%(people)s decides.") % {"people": who if state.reviewers else capfirst(who)}


def _of_draft(state: State) -> str:
    if state.review and state.review.state == "changes":
        words = _("%(name)s asked for changes. Ask again when they are made.")
        return words % {"name": state.review.by}
    return _("A draft: nobody is asked to review it yet.")


def _who_decides(state: State) -> str:
    """`bob or another reviewer of Platform`, as it stands within a sentence."""
    team = {"team": state.postmortem.team}
    if not state.reviewers:
        return _("a reviewer of %(team)s") % team
    names = listed(str(item.user) for item in state.reviewers)
    return _("%(names)s or another reviewer of %(team)s") % {"names": names, **team}
