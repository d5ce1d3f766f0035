"""The mark that a postmortem helped: set and taken away by the same form, in place where there is script."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from postmortems import helped
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, render_page


@login_required
@require_POST
def postmortem_helped(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Say that it helped, or say it no longer."""
    postmortem = get_visible(request.user, ref)
    helped.say(postmortem, by=request.user, has_helped=request.POST.get("helped") == "1")
    if not request.htmx:
        return redirect(f"{postmortem.get_absolute_url()}#helped")
    help = helped.help_of(postmortem, request.user)
    return render_page(request, "read/_helped.html", {"postmortem": postmortem, "help": help})
