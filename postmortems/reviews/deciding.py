"""Approve a revision, ask for changes in it, publish what the rules are met for."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems import access, audit, authoring, content, openings, outbox, readiness
from postmortems.authoring import Conflict
from postmortems.document_rules import clean
from postmortems.models import Approval, Postmortem, Review, User
from postmortems.reviews import events, rights
from postmortems.reviews.asking import check_in_review, end
from postmortems.reviews.state import State, state_of
from taxonomy import lookup

Status, Decision = Postmortem.Status, Approval.Decision
LONGEST_COMMENT = 10_000


def approve(postmortem: Postmortem, revision: int, *, by: User, comment: str = "") -> Approval:
    """Say yes to one revision; said twice it counts once.

    Raises PermissionDenied for who may not decide, for an author, and for who changed the text
    after the last approval of another; Conflict when `revision` is no longer the current one;
    ValidationError for what is not in review, or lacks what its rule asks for.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        _check_may_decide(by, postmortem)
        _check_others_wrote(by, postmortem)
        _check_open_at(postmortem, revision)
        state = state_of(postmortem, lookup.current())
        check_complete(state)
        if said := next((item for item in state.counted if item.reviewer_id == by.pk), None):
            return said
        approval = _decide(postmortem, by, Decision.APPROVE, comment)
        audit.record("approve", postmortem, by=by, after={"revision": revision})
        to = events.authors_of(postmortem) | _asked_by(postmortem)
        events.tell(events.APPROVED, postmortem, by=by, to=to)
    return approval


def request_changes(postmortem: Postmortem, revision: int, *, by: User, comment: str) -> Approval:
    """Say what has to change before it can be published; it is a draft again.

    Raises PermissionDenied for who may not decide, Conflict when `revision` is no longer the
    current one, ValidationError for what is not in review, and for no words at all.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        _check_may_decide(by, postmortem)
        _check_open_at(postmortem, revision)
        if not clean(comment):
            raise ValidationError({"comment": _("Say what has to change.")})
        decision = _decide(postmortem, by, Decision.CHANGES, comment)
        end(postmortem, by, Review.State.CHANGES)
        postmortem.status = Status.DRAFT
        before = {"status": "in_review"}
        authoring.save_envelope(postmortem, by=by, action="ask-for-changes", before=before)
        to = events.authors_of(postmortem) | _asked_by(postmortem)
        events.tell(events.CHANGES_ASKED, postmortem, by=by, to=to)
    return decision


def publish(postmortem: Postmortem, *, by: User, revision: int | None = None) -> Postmortem:
    """Make it readable by its audience, once its rule is met.

    Where no approval is needed, also its authors may. Raises PermissionDenied for who may not,
    Conflict when a `revision` is named and is no longer the current one, and ValidationError for
    what is missing: approvals, parts that the rule asks for, a vocabulary that publishing requires.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        state = state_of(postmortem, lookup.current())
        if not rights.may_publish(by, postmortem, state.rule.approvals):
            raise PermissionDenied(rights.who_may_publish(postmortem))
        if postmortem.status == Status.PUBLISHED:
            return postmortem
        if revision is not None and revision != postmortem.revision:
            raise Conflict(postmortem)
        if by.is_system:
            readiness.check_ready(state.document, lookup.current())
        else:
            check_complete(state)
            check_votes(state)
            # What is archived is brought back by who may change it, and not by who once reviewed it.
            if state.rule.approvals or postmortem.status == Status.ARCHIVED:
                check_in_review(postmortem)
        return _publish(postmortem, by)


def approve_and_publish(
    postmortem: Postmortem, revision: int, *, by: User, comment: str = ""
) -> Postmortem:
    """Approve a revision and publish it at once; both or neither. Raises what the two raise."""
    with outbox.writing():
        approve(postmortem, revision, by=by, comment=comment)
        return publish(postmortem, by=by, revision=revision)


def publish_imported(postmortem: Postmortem, *, by: User) -> Postmortem:
    """Publish what a file says is published.

    Who may bring in such files needs no review for it. A reviewer who brings in what others wrote
    approves it with that. Raises what `publish` raises.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        if postmortem.status == Status.PUBLISHED:
            return postmortem
        if access.may_publish_unreviewed(by):
            readiness.check_ready(content.read(postmortem), lookup.current())
            return _publish(postmortem, by)
        state = state_of(postmortem, lookup.current())
        if not state.rule.approvals:
            return publish(postmortem, by=by)
        _check_may_decide(by, postmortem)
        # Who brings it in has stored its first revision, with the words of its authors.
        if postmortem.revision > 1:
            _check_others_wrote(by, postmortem)
        check_complete(state)
        _decide(postmortem, by, Decision.APPROVE, "")
        after = {"revision": postmortem.revision}
        audit.record("approve", postmortem, by=by, after=after)
        check_votes(state_of(postmortem, lookup.current()))
        return _publish(postmortem, by)


def check_complete(state: State) -> None:
    """Raise ValidationError, keyed by JSON pointer, for parts that are missing."""
    problems: dict[str, list[str]] = dict(state.needed)
    for part in state.parts:
        problems[f"/{part}"] = [readiness.needed_words(part)]
    if problems:
        raise ValidationError(problems)


def check_votes(state: State) -> None:
    """Raise ValidationError while approvals are missing, or somebody asked for changes."""
    if not state.rule.approvals:
        return
    if state.against:
        message = _("%(name)s asked for changes in this revision.")
        raise ValidationError({"approvals": message % {"name": state.against[0].reviewer}})
    if state.left:
        message = ngettext(
            "%(n)s more approval of revision %(number)s is needed.",
            "%(n)s more approvals of revision %(number)s are needed.",
            state.left,
        )
        numbers = {"n": state.left, "number": state.postmortem.revision}
        raise ValidationError({"approvals": message % numbers})


def _publish(postmortem: Postmortem, by: User) -> Postmortem:
    before = {"status": postmortem.status}
    postmortem.status = Status.PUBLISHED
    postmortem.published_at = postmortem.published_at or timezone.now()
    end(postmortem, by, Review.State.PUBLISHED)
    authoring.save_envelope(postmortem, by=by, action="publish", before=before)
    openings.note_own([postmortem], by)
    to = events.authors_of(postmortem) | events.named_of(postmortem) | _asked_by(postmortem)
    events.tell(events.PUBLISHED, postmortem, by=by, to=to)
    return postmortem


def _check_may_decide(by: User, postmortem: Postmortem) -> None:
    if rights.is_author(by, postmortem):
        raise PermissionDenied(_("You wrote this; somebody else decides about it."))
    if not rights.may_decide(by, postmortem):
        message = _("Only named people and reviewers of %(team)s decide about it.")
        raise PermissionDenied(message % {"team": postmortem.team})


def _check_others_wrote(by: User, postmortem: Postmortem) -> None:
    if rights.has_written_since(by, postmortem):
        raise PermissionDenied(_("You changed the text yourself; another reviewer approves it."))


def _check_open_at(postmortem: Postmortem, revision: int) -> None:
    check_in_review(postmortem)
    if postmortem.revision != revision:
        raise Conflict(postmortem)


def _decide(postmortem: Postmortem, by: User, decision: str, comment: str) -> Approval:
    return Approval.objects.create(
        postmortem=postmortem,
        reviewer=by,
        revision=postmortem.revision,
        decision=decision,
        comment=clean(comment)[:LONGEST_COMMENT],
    )


def _asked_by(postmortem: Postmortem) -> set[int]:
    return set(Review.objects.filter(postmortem=postmortem).values_list("asked_by", flat=True))
