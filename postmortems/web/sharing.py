"""The page that says and changes who reads a postmortem."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from postmortems import access, people, sharing
from postmortems.authoring import Conflict
from postmortems.digits import number_in
from postmortems.models import Postmortem, User
from postmortems.sharing import Sharing
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, get_visible, render_page

MOST_FOUND = 20
MOST_VERSIONS = 999_999_999
EXPLAINED = {
    Postmortem.Visibility.PUBLIC: gettext_lazy("everybody, once it is published"),
    Postmortem.Visibility.INTERNAL: gettext_lazy("everybody who signs in, once it is published"),
    Postmortem.Visibility.TEAM: gettext_lazy("the owning team"),
    Postmortem.Visibility.RESTRICTED: gettext_lazy("the authors and the people named below"),
}


@dataclass(frozen=True)
class Person:
    """One line of the list of people."""

    user: User
    is_author: bool
    is_named: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Show who reads it; change that, or look for people to add."""
    postmortem = get_visible(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    if request.method != "POST":
        return _page(request, postmortem, sharing.of(postmortem))
    wanted = _wanted(request.POST)
    if "find" in request.POST:
        return _page(request, postmortem, wanted)
    try:
        changed = sharing.change(postmortem, wanted, by=request.user, version=_version(request))
    except ValidationError as error:
        return _page(request, postmortem, wanted, errors_of(error))
    except Conflict:
        return _page_anew(request, postmortem)
    messages.success(request, _("Saved. It holds from now on, in search and feeds as well."))
    # Who gave it away sees it no longer.
    is_visible = Postmortem.objects.visible_to(request.user).filter(pk=changed.pk).exists()
    return redirect("postmortem-sharing", ref=changed.ref) if is_visible else redirect("search")


def _version(request: AuthenticatedRequest) -> int | None:
    """The version that the form was made from."""
    return number_in(request.POST.get("version", ""), 1, MOST_VERSIONS)


def _page_anew(request: AuthenticatedRequest, postmortem: Postmortem) -> HttpResponse:
    """The page as it stands now, for who began with an older one."""
    postmortem = get_visible(request.user, postmortem.ref)
    words = _("It was changed meanwhile. This is how it is now: choose again, then save.")
    return _page(request, postmortem, sharing.of(postmortem), {"version": words}, is_anew=True)


def _wanted(sent: QueryDict) -> Sharing:
    return Sharing(
        visibility=sent.get("visibility", ""),
        team=sent.get("team", ""),
        authors=_names(sent, "author"),
        named=_names(sent, "named"),
    )


def _names(sent: QueryDict, field: str) -> frozenset[str]:
    # No name holds a NUL, and PostgreSQL refuses it with an error instead of finding nobody.
    return frozenset(name.replace("\0", "") for name in sent.getlist(field))


def _page(
    request: AuthenticatedRequest,
    postmortem: Postmortem,
    wanted: Sharing,
    errors: dict[str, str] | None = None,
    *,
    is_anew: bool = False,
) -> HttpResponse:
    began = None if is_anew else _version(request)
    text = request.POST.get("name", "").strip()[:120]
    teams = access.teams_to_write_in(request.user)
    context = {
        "postmortem": postmortem,
        "readers": sharing.readers(postmortem),
        "wanted": wanted,
        "version": began or postmortem.version,
        "visibilities": [(item, item.label, EXPLAINED[item]) for item in Postmortem.Visibility],
        "teams": teams if postmortem.team in teams else [postmortem.team, *teams],
        "people": _lines(request.user, postmortem, wanted, text),
        "text": text,
        "errors": errors or {},
    }
    return render_page(request, "sharing/page.html", context)


def _lines(by: User, postmortem: Postmortem, wanted: Sharing, text: str) -> list[Person]:
    """Those chosen, those who stand there now, and those just found, each once."""
    present = sharing.of(postmortem)
    standing = User.objects.filter(username__in=present.authors | present.named)
    chosen = people.known_to(by, "").filter(username__in=wanted.authors | wanted.named)
    found = people.known_to(by, text)[:MOST_FOUND] if text else []
    each = {user.username: user for user in [*standing, *chosen, *found]}
    return [
        Person(user, name in wanted.authors, name in wanted.named) for name, user in each.items()
    ]
