"""Writing, answering, changing, settling and taking back comments; htmx gets the part of the page they stand in."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import reviews
from postmortems.models import Postmortem, ReviewComment
from postmortems.web import review
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.review_acts import read_revision
from postmortems.web.review_page import review_of
from postmortems.web.review_talk import WHOLE, Typed
from postmortems.web.shortcuts import render_page

LONGEST_ANCHOR = 120


@login_required
@require_POST
def comment(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Say something about a part, or about the whole."""
    postmortem = review.get_review(request.user, ref)
    anchor = request.POST.get("anchor", "")[:LONGEST_ANCHOR]
    text, number = request.POST.get("text", ""), read_revision(request)
    if number is not None and number > postmortem.revision:
        number = None

    def write() -> None:
        reviews.comment(postmortem, text, by=request.user, anchor=anchor, revision=number)

    return _answer(request, postmortem, write, Typed(anchor, text))


@login_required
@require_POST
def reply(request: AuthenticatedRequest, ref: str, pk: int) -> HttpResponse:
    """Answer a comment."""
    postmortem = review.get_review(request.user, ref)
    found = _get(postmortem, pk)
    text = request.POST.get("text", "")
    return _answer(
        request,
        postmortem,
        lambda: reviews.reply(found, text, by=request.user),
        Typed(found.anchor, text),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AuthenticatedRequest, ref: str, pk: int) -> HttpResponse:
    """Word one's own comment anew, on a page of its own."""
    postmortem = review.get_review(request.user, ref)
    found = _get(postmortem, pk)
    if found.author_id != request.user.pk:
        raise PermissionDenied(_("Only who wrote a comment changes it."))
    text, problem = request.POST.get("text", found.text), ""
    if request.method == "POST":
        try:
            reviews.edit_comment(found, text, by=request.user)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("The comment is changed."))
            return redirect(f"{review.address_of(postmortem)}#comment-{pk}")
    context = {"postmortem": postmortem, "comment": found, "text": text, "problem": problem}
    return render_page(request, "review/comment.html", context)


@login_required
@require_POST
def settle(request: AuthenticatedRequest, ref: str, pk: int) -> HttpResponse:
    """Settle a thread; `do=reopen` opens it again."""
    postmortem = review.get_review(request.user, ref)
    found = _get(postmortem, pk)
    verb = reviews.reopen if request.POST.get("do") == "reopen" else reviews.settle
    return _answer(request, postmortem, lambda: verb(found, by=request.user), Typed())


@login_required
@require_POST
def delete(request: AuthenticatedRequest, ref: str, pk: int) -> HttpResponse:
    """Take a comment back."""
    postmortem = review.get_review(request.user, ref)
    found = _get(postmortem, pk)
    return _answer(
        request, postmortem, lambda: reviews.delete_comment(found, by=request.user), Typed()
    )


def _get(postmortem: Postmortem, pk: int) -> ReviewComment:
    """A comment of this review; Http404 for any other, and for one that was taken back."""
    rows = ReviewComment.objects.filter(postmortem=postmortem, deleted_at=None)
    found = rows.filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found


def _answer(
    request: AuthenticatedRequest, postmortem: Postmortem, act: Callable[[], object], typed: Typed
) -> HttpResponse:
    """Do it; then the part of the page that the form stood in, or the page with that part before one."""
    is_meeting = request.POST.get("view") == review.MEETING
    key = request.POST.get("side", WHOLE)[:LONGEST_ANCHOR]
    problem = _problem(act)
    kept = Typed(typed.anchor, typed.text, problem) if problem and typed.text else None
    if not request.htmx:
        if kept:
            return review.page(request, postmortem, is_meeting=is_meeting, typed=kept, status=400)
        if problem:
            messages.error(request, problem)
        address = review.address_of(postmortem, is_meeting=is_meeting)
        return redirect(f"{address}#side-{key or '0'}")
    found = review_of(request, postmortem, request.user, is_meeting=is_meeting, typed=kept)
    side = found.board.sides.get(key) or found.board.sides[WHOLE]
    context = review.context_of(found) | {"side": side, "is_swap": True, "problem": problem}
    return render_page(request, "review/_swap.html", context)


def _problem(act: Callable[[], object]) -> str:
    try:
        act()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
