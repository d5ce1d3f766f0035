"""Ask for a review, name who is to do it, take the question back."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import access, authoring, content, outbox, readiness
from postmortems.models import Postmortem, Review, Reviewer, User
from postmortems.reviews import events
from taxonomy import lookup

Status = Postmortem.Status
MOST_REVIEWERS = 30


def ask(
    postmortem: Postmortem, *, by: User, reviewers: Iterable[User] = (), replaces: bool = False
) -> Postmortem:
    """Put a draft before its reviewers; those named here join the ones named before, or replace them.

    Raises PermissionDenied for who may not change it, ValidationError for what is published by now,
    for what publishing would refuse, and for who cannot review it.
    """
    wanted = list(reviewers)
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        access.check_may_edit(by, postmortem)
        if postmortem.status in access.FINISHED:
            message = _("It is published already; there is nothing to ask for.")
            raise ValidationError({"status": message})
        readiness.check_ready(content.read(postmortem), lookup.current())
        before = _named(postmortem)
        gone = _drop_others(postmortem, wanted) if replaces else 0
        new = _add(postmortem, wanted, by)
        if postmortem.status == Status.DRAFT:
            postmortem.status = Status.IN_REVIEW
            told = {"status": "draft"} | ({"reviewers": before} if gone or new else {})
            authoring.save_envelope(postmortem, by=by, action="ask-for-review", before=told)
            start(postmortem, by)
            events.tell(events.REVIEW_ASKED, postmortem, by=by, to=events.asked_of(postmortem))
            return postmortem
        if gone or new:
            _save_reviewers(postmortem, by, before)
        if new:
            events.tell(events.REVIEWER_NAMED, postmortem, by=by, to=new)
    return postmortem


def name_reviewers(postmortem: Postmortem, *, by: User, reviewers: Iterable[User]) -> Postmortem:
    """Let these people and no others be the named reviewers; they see it until it is published.

    Raises PermissionDenied for who may not change it, ValidationError for what is published by now,
    and for who cannot review it.
    """
    wanted = list(reviewers)
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        access.check_may_edit(by, postmortem)
        if postmortem.status in access.FINISHED:
            raise ValidationError({"reviewers": _("It is published already; the review is over.")})
        before = _named(postmortem)
        gone = _drop_others(postmortem, wanted)
        new = _add(postmortem, wanted, by)
        if gone or new:
            _save_reviewers(postmortem, by, before)
        if new:
            events.tell(events.REVIEWER_NAMED, postmortem, by=by, to=new)
    return postmortem


def withdraw(postmortem: Postmortem, *, by: User) -> Postmortem:
    """Take back what was put before its reviewers: it is a draft again.

    Raises PermissionDenied for who may not change it, ValidationError for what is published by now.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        access.check_may_edit(by, postmortem)
        if postmortem.status == Status.DRAFT:
            return postmortem
        check_in_review(postmortem)
        end(postmortem, by, Review.State.WITHDRAWN)
        postmortem.status = Status.DRAFT
        before = {"status": "in_review"}
        authoring.save_envelope(postmortem, by=by, action="withdraw-review", before=before)
        events.tell(events.WITHDRAWN, postmortem, by=by, to=events.asked_of(postmortem))
    return postmortem


def check_in_review(postmortem: Postmortem) -> None:
    """Raise ValidationError for what is not before its reviewers."""
    if postmortem.status != Status.IN_REVIEW:
        raise ValidationError({"status": _("It is not in review now.")})


def start(postmortem: Postmortem, by: User) -> None:
    """Note that the review begins, at the revision that stands there."""
    now = timezone.now()
    values = {"state": Review.State.ASKED, "asked_by": by, "asked_at": now, "by": by, "at": now}
    Review.objects.update_or_create(
        postmortem=postmortem, defaults={**values, "revision": postmortem.revision}
    )


def end(postmortem: Postmortem, by: User, state: str) -> None:
    """Note how the review ended; what was never asked for has none."""
    rows = Review.objects.filter(postmortem=postmortem)
    rows.update(state=state, by=by, at=timezone.now())


def _drop_others(postmortem: Postmortem, wanted: list[User]) -> int:
    return postmortem.reviewers.exclude(user__in=wanted).delete()[0]


def _add(postmortem: Postmortem, reviewers: Iterable[User], by: User) -> list[int]:
    """Name those who are not named yet, and return their ids; raises ValidationError for who cannot."""
    known = events.named_of(postmortem)
    # Read again: an account may have been closed since the page was opened.
    wanted = {user.pk for user in reviewers} - known
    people = User.objects.filter(pk__in=wanted).order_by("pk")
    authors = events.authors_of(postmortem)
    for user in people:
        _check_reviewer(user, authors)
    if len(known) + len(people) > MOST_REVIEWERS:
        message = _("At most %(most)d people review a postmortem.") % {"most": MOST_REVIEWERS}
        raise ValidationError({"reviewers": message})
    Reviewer.objects.bulk_create(
        Reviewer(postmortem=postmortem, user=user, named_by=by) for user in people
    )
    return [user.pk for user in people]


def _check_reviewer(user: User, authors: set[int]) -> None:
    if not user.is_active or user.is_system:
        message = _("The account %(name)s is closed.") % {"name": user}
        raise ValidationError({"reviewers": message})
    if user.pk in authors:
        message = _("%(name)s wrote it, and so cannot review it.") % {"name": user}
        raise ValidationError({"reviewers": message})


def _named(postmortem: Postmortem) -> list[str]:
    return sorted(postmortem.reviewers.values_list("user__username", flat=True))


def _save_reviewers(postmortem: Postmortem, by: User, before: list[str]) -> None:
    told = {"reviewers": before}
    authoring.save_envelope(postmortem, by=by, action="name-reviewers", before=told)
