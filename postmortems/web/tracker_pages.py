"""Where curators and administrators say where tickets are begun and where their keys lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postmortems import trackers
from postmortems.models import Tracker, User
from postmortems.web.curation_problems import TRACKER, at_fields, lines
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tracker_list(request: AuthenticatedRequest) -> HttpResponse:
    """All trackers, and the form for one more."""
    trackers.check_may_change_trackers(request.user)
    if request.method != "POST":
        return _list(request, {}, {})
    values = _sent(request)
    try:
        made = trackers.add(by=request.user, **values)
    except ValidationError as error:
        return _list(request, values, at_fields(error))
    messages.success(request, _("Added “%(name)s”.") % {"name": made.name})
    return redirect("trackers")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tracker_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change one."""
    tracker = _get(request.user, pk)
    values = {name: getattr(tracker, name) for name in trackers.FIELDS}
    if request.method != "POST":
        context = {"tracker": tracker, "values": values, "errors": {}}
        return render_page(request, "trackers/edit.html", context)
    values = _sent(request)
    try:
        changed = trackers.change(tracker, by=request.user, **values)
    except ValidationError as error:
        errors = at_fields(error)
        context = {"tracker": tracker, "values": values, "errors": errors}
        context["lines"] = lines(errors, TRACKER)
        return render_page(request, "trackers/edit.html", context)
    messages.success(request, _("Changed “%(name)s”.") % {"name": changed.name})
    return redirect("trackers")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tracker_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask whether to remove one, and remove it."""
    tracker = _get(request.user, pk)
    if request.method != "POST":
        return render_page(request, "trackers/remove.html", {"name": tracker.name})
    trackers.remove(tracker, by=request.user)
    messages.success(request, _("Removed “%(name)s”.") % {"name": tracker.name})
    return redirect("trackers")


def _get(user: User, pk: int) -> Tracker:
    trackers.check_may_change_trackers(user)
    # A number that no row can have never reaches the database: SQLite refuses it with an error.
    found = Tracker.objects.filter(pk=pk).first() if pk < 2**31 else None
    if found is None:
        raise Http404
    return found


def _sent(request: AuthenticatedRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in trackers.FIELDS}


def _list(
    request: AuthenticatedRequest, values: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    context = {"trackers": Tracker.objects.all(), "values": values, "errors": errors}
    context["lines"] = lines(errors, TRACKER)
    return render_page(request, "trackers/list.html", context)
