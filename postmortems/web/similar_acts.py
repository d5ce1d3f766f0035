"""What is said of two that look alike: the same defect, not similar, and either taken back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from postmortems import similar_pairs
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible


@login_required
@require_POST
def confirm(request: AuthenticatedRequest, ref: str, other: str) -> HttpResponse:
    """Both are the same defect."""
    return _done(request, ref, other, similar_pairs.confirm)


@login_required
@require_POST
def unlink(request: AuthenticatedRequest, ref: str, other: str) -> HttpResponse:
    """They are not after all."""
    return _done(request, ref, other, similar_pairs.unlink)


@login_required
@require_POST
def dismiss(request: AuthenticatedRequest, ref: str, other: str) -> HttpResponse:
    """They are not similar."""
    return _done(request, ref, other, similar_pairs.dismiss)


@login_required
@require_POST
def bring_back(request: AuthenticatedRequest, ref: str, other: str) -> HttpResponse:
    """They may stand beside each other again."""
    return _done(request, ref, other, similar_pairs.bring_back)


def _done(
    request: AuthenticatedRequest, ref: str, other: str, act: Callable[..., Any]
) -> HttpResponse:
    """The act, and then what is similar now: the page, or what stands beside the postmortem."""
    postmortem, partner = get_visible(request.user, ref), get_visible(request.user, other)
    if postmortem == partner:
        raise Http404
    try:
        act(postmortem, partner, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    # A script's request follows with the headers that say which part of a page it wants.
    address = reverse("postmortem-similar", args=[postmortem.ref])
    return redirect(f"{address}?just={partner.ref}")
