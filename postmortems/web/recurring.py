"""The page behind *It happened again*: three fields, and a stub is there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postmortems import access
from postmortems.document_rules import clean
from postmortems.models import Postmortem, Team
from postmortems.recurring import happened_again, narrower
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, render_page
from postmortems.writing.moments_typed import PROBLEMS, understood

FIELDS = ("started", "noticed", "helped")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask when, how it was noticed and what helped; then make the stub."""
    postmortem = get_visible(request.user, ref)
    access.check_may_write(request.user)
    teams = access.teams_to_write_in(request.user)
    chosen = request.POST.get("team", postmortem.team.slug)
    typed = {name: clean(request.POST.get(name, "")) for name in FIELDS}
    context = {"postmortem": postmortem, "typed": typed, "errors": []}
    context |= {"teams": teams, "chosen": chosen}
    visibility = request.POST.get("visibility", "")
    context |= {"visibility": visibility, "visibilities": _choices(postmortem)}
    if request.method != "POST":
        return render_page(request, "editor/again.html", context)
    started, code = understood(typed.pop("started"), base=None, entries={})
    try:
        team = _team(teams, chosen)
        made = happened_again(
            postmortem,
            by=request.user,
            started=started,
            team=team,
            visibility=visibility,
            **typed,
        )
    except ValidationError as error:
        shown = {**context, "errors": error.messages}
        return render_page(request, "editor/again.html", shown)
    messages.success(request, _("Kept as a stub. Add what you know when there is time."))
    if code:
        messages.warning(request, str(PROBLEMS[code]))
    return redirect(made)


def _choices(former: Postmortem) -> list[tuple[str, str]]:
    """Who may see the stub, as far as it may be seen at all in the former's own team."""
    labels = dict(Postmortem.Visibility.choices)
    return [(value, str(labels[value])) for value in narrower(former.visibility)]


def _team(teams: list[Team], slug: str) -> Team:
    """The team that was chosen; of one's own only one may be, and then nothing is asked."""
    found = next((team for team in teams if team.slug == slug), None)
    if found is None and len(teams) == 1:
        return teams[0]
    if found is None:
        raise ValidationError(_("Choose a team that you write in."))
    return found
