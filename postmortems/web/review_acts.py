"""What the buttons of a review do: decide, take back, publish, take down an action."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from postmortems import access, authoring, content, reviews
from postmortems.authoring import Conflict
from postmortems.digits import number_in
from postmortems.document import ACTION_KINDS, Action
from postmortems.item_ids import new_id
from postmortems.models import Postmortem
from postmortems.web import review
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible

MOST_NUMBER = 999_999_999
ACTION_FIELDS = ("text", "kind", "owner", "due")


@login_required
@require_POST
def approve(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Say yes to the revision that was read; `do=publish` publishes it with that."""
    postmortem = review.get_review(request.user, ref)
    number, words = read_revision(request) or 0, request.POST.get("comment", "")
    told = _("You approved revision %(number)s.") % {"number": number}
    if request.POST.get("do") != "publish":
        return _done(
            request,
            postmortem,
            lambda: reviews.approve(postmortem, number, by=request.user, comment=words),
            told,
        )
    return _done(
        request,
        postmortem,
        lambda: reviews.approve_and_publish(postmortem, number, by=request.user, comment=words),
        _("Published."),
    )


@login_required
@require_POST
def changes(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Say what has to change; it is a draft again."""
    postmortem = review.get_review(request.user, ref)
    number, words = read_revision(request) or 0, request.POST.get("comment", "")
    return _done(
        request,
        postmortem,
        lambda: reviews.request_changes(postmortem, number, by=request.user, comment=words),
        _("Asked for changes. It is a draft again."),
    )


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Take it back from its reviewers."""
    postmortem = review.get_review(request.user, ref)
    return _done(
        request,
        postmortem,
        lambda: reviews.withdraw(postmortem, by=request.user),
        _("Taken back: it is a draft again."),
    )


@login_required
@require_POST
def publish(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Make it readable by its audience; what is still missing leads back to the review."""
    postmortem = get_visible(request.user, ref)
    number = read_revision(request)
    if _is_done(
        request,
        lambda: reviews.publish(postmortem, by=request.user, revision=number),
        _("Published."),
    ):
        return redirect(postmortem)
    return redirect("postmortem-review", ref=postmortem.ref)


@login_required
@require_POST
def add_action(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Note an action where it is talked about; what is typed stays when it cannot be saved."""
    postmortem = review.get_review(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    typed = {name: request.POST.get(name, "").strip() for name in ACTION_FIELDS}
    is_meeting = request.POST.get("view") == review.MEETING
    try:
        saved = _with_action(request, postmortem, typed)
    except Conflict:
        postmortem.refresh_from_db()
        typed["problem"] = _("It was changed meanwhile. Look at it, then add the action again.")
    except ValidationError as error:
        typed["problem"] = " ".join(error.messages)
    else:
        told = _("Saved as revision %(number)s.") % {"number": saved.revision}
        messages.success(request, told)
        return redirect(f"{review.address_of(postmortem, is_meeting=is_meeting)}#new-action")
    return review.page(request, postmortem, is_meeting=is_meeting, action=typed, status=409)


def read_revision(request: AuthenticatedRequest) -> int | None:
    """The revision that the form was made from."""
    return number_in(request.POST.get("revision", ""), 1, MOST_NUMBER)


def _with_action(
    request: AuthenticatedRequest, postmortem: Postmortem, typed: dict[str, str]
) -> Postmortem:
    if not typed["text"]:
        raise ValidationError({"text": _("Write what is to be done.")})
    kind = typed["kind"] if typed["kind"] in ACTION_KINDS else ACTION_KINDS[1]
    action = Action(
        id=new_id("actions"),
        text=typed["text"],
        kind=kind,
        status="open",
        owner=typed["owner"],
        due=typed["due"],
    )
    document = content.read(postmortem)
    wanted = replace(document, actions=(*document.actions, action))
    comment = _("Action taken down in the review")
    number = read_revision(request) or 0
    return authoring.edit(postmortem, wanted, by=request.user, revision=number, comment=comment)


def _done(
    request: AuthenticatedRequest, postmortem: Postmortem, act: Callable[[], object], told: str
) -> HttpResponse:
    _is_done(request, act, told)
    return redirect("postmortem-review", ref=postmortem.ref)


def _is_done(request: AuthenticatedRequest, act: Callable[[], object], told: str) -> bool:
    """Whether the act went through; what kept it from that is said on the next page."""
    try:
        act()
    except Conflict as error:
        words = _("It was saved as revision %(number)s meanwhile. Read it again, then decide.")
        messages.error(request, words % {"number": error.current})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, told)
        return True
    return False
