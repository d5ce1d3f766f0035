"""Where one is signed in: the list, and the buttons that end one session or all others."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from postmortems import sessions
from postmortems.models import Session
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_by_ref, render_page

MOST_SHOWN = 100


@login_required
@never_cache
@require_safe
def session_list(request: AuthenticatedRequest) -> HttpResponse:
    """One's own sessions: the one that asks, then the last seen first."""
    current = request.session.session_key
    mine = Session.objects.of(request.user)[:MOST_SHOWN]
    shown = sorted(mine, key=lambda session: session.session_key != current)
    context = {"sessions": shown, "current": current, "tab": "sessions"}
    return render_page(request, "settings/sessions.html", context)


@login_required
@require_POST
def session_end(request: AuthenticatedRequest) -> HttpResponse:
    """End the session that the pressed button names, or all others."""
    if "others" in request.POST:
        ended = sessions.end_others(request.user, keep=request.session.session_key or "")
        words = ngettext("Ended %(n)d other session.", "Ended %(n)d other sessions.", ended)
        messages.success(request, words % {"n": ended})
        return redirect("session-list")
    found = get_by_ref(Session.objects.of(request.user), request.POST.get("session", ""))
    sessions.end(found, by=request.user)
    messages.success(request, _("That session has ended."))
    return redirect("session-list")
