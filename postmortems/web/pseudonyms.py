"""The page that replaces a person's name in a postmortem by a role, after showing each place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postmortems import access
from postmortems import pseudonyms as names_of_people
from postmortems.authoring import Conflict
from postmortems.digits import number_in
from postmortems.models import Postmortem
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, get_visible, render_page

MOST_SHOWN = 200
MOST_REVISIONS = 10_000_000


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pseudonyms(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask which name; show each place; replace."""
    postmortem = get_visible(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    if request.method != "POST":
        return _page(request, postmortem)
    try:
        if "save" not in request.POST:
            return _page(request, postmortem, is_preview=True)
        _replace(request, postmortem)
    except ValidationError as error:
        return _page(request, postmortem, errors_of(error))
    except Conflict:
        says = _("The postmortem was changed meanwhile. Look at the places again.")
        return _page(request, postmortem, {"names": says})
    messages.success(request, _("The name was replaced. Earlier revisions keep it."))
    return redirect(postmortem)


def _replace(request: AuthenticatedRequest, postmortem: Postmortem) -> None:
    sent = request.POST
    names_of_people.replace(
        postmortem,
        sent.get("names", "").splitlines(),
        sent.get("stand_in", ""),
        by=request.user,
        revision=number_in(sent.get("revision", ""), 1, MOST_REVISIONS) or 0,
    )


def _page(
    request: AuthenticatedRequest,
    postmortem: Postmortem,
    errors: dict[str, str] | None = None,
    *,
    is_preview: bool = False,
) -> HttpResponse:
    names, stand_in = request.POST.get("names", ""), request.POST.get("stand_in", "")
    context = {"postmortem": postmortem, "names": names, "stand_in": stand_in}
    if is_preview:
        found = names_of_people.preview(postmortem, names.splitlines(), stand_in).places
        context |= {"places": found[:MOST_SHOWN], "count": len(found), "is_preview": True}
    return render_page(request, "redaction/pseudonyms.html", {**context, "errors": errors or {}})
