"""The page of a review, beside the text or as a meeting; and who is to review it."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import access, people, reviews
from postmortems.models import Membership, Postmortem, User
from postmortems.reviews import rights
from postmortems.reviews.state import state_of
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.review_page import ReviewPage, review_of
from postmortems.web.review_talk import Typed
from postmortems.web.shortcuts import get_visible, render_page
from taxonomy import lookup

MEETING = "meeting"
MOST_TYPED = 30


@login_required
@require_safe
def review(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """The text with what is said beside it, and the bar to decide; `view=meeting` goes entry by entry."""
    postmortem = get_review(request.user, ref)
    wanted = request.GET.get("on")
    typed = Typed(anchor=wanted) if wanted is not None else None
    return page(request, postmortem, typed=typed)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Choose who is to review it, and ask them; in review, change who that is."""
    postmortem = get_review(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    if request.method != "POST":
        return _ask_page(request, postmortem, _named(postmortem), "", {})
    chosen, others = set(request.POST.getlist("reviewer")), request.POST.get("others", "")
    try:
        _ask(request.user, postmortem, _people_in(chosen, others))
    except ValidationError as error:
        return _ask_page(request, postmortem, chosen, others, problems_of(error))
    messages.success(request, _asked_words(postmortem))
    return redirect("postmortem-review", ref=postmortem.ref)


def _asked_words(postmortem: Postmortem) -> str:
    if postmortem.status == Postmortem.Status.DRAFT:
        return _("Asked for review.")
    return _("The reviewers are named.") if _named(postmortem) else _("Review is asked for.")


def get_review(user: User, ref: str) -> Postmortem:
    """The postmortem whose review the user sees; Http404 alike for absent and for hidden."""
    postmortem = get_visible(user, ref)
    if not rights.may_see(user, postmortem):
        raise Http404
    return postmortem


def page(
    request: AuthenticatedRequest,
    postmortem: Postmortem,
    *,
    is_meeting: bool | None = None,
    typed: Typed | None = None,
    action: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the review, with what was typed and could not be saved."""
    if is_meeting is None:
        is_meeting = request.GET.get("view") == MEETING
    found = review_of(request, postmortem, request.user, is_meeting=is_meeting, typed=typed)
    template = "review/meeting.html" if is_meeting else "review/page.html"
    return render_page(request, template, context_of(found, action), status=status)


def context_of(found: ReviewPage, action: dict[str, str] | None = None) -> dict[str, object]:
    """What the templates of a review are given; `changed` is where the read page's parts show marks."""
    return {
        "review": found,
        "postmortem": found.postmortem,
        "page": found.page,
        "board": found.board,
        "bar": found.bar,
        "changed": found.board.marks,
        "marks": found.board.marks,
        "action": action or {},
        "view": MEETING if found.is_meeting else "",
    }


def address_of(postmortem: Postmortem, *, is_meeting: bool = False) -> str:
    """The address of the review, as the page or as the meeting."""
    address = reverse("postmortem-review", args=[postmortem.ref])
    return f"{address}?view={MEETING}" if is_meeting else address


def problems_of(error: ValidationError) -> dict[str, str]:
    """What a verb refused, by the field it is about."""
    return {name: " ".join(words) for name, words in error.message_dict.items()}


# --- Who is asked -------------------------------------------------------------------------------


def _ask(by: User, postmortem: Postmortem, wanted: list[User]) -> None:
    if postmortem.status == Postmortem.Status.DRAFT:
        reviews.ask(postmortem, by=by, reviewers=wanted, replaces=True)
    else:
        reviews.name_reviewers(postmortem, by=by, reviewers=wanted)


def _ask_page(
    request: AuthenticatedRequest,
    postmortem: Postmortem,
    chosen: set[str],
    others: str,
    problems: dict[str, str],
) -> HttpResponse:
    state = state_of(postmortem, lookup.current())
    context = {
        "postmortem": postmortem,
        "candidates": [(user, user.username in chosen) for user in _candidates(postmortem)],
        "others": others,
        "problems": problems,
        "state": state,
        "is_draft": postmortem.status == Postmortem.Status.DRAFT,
        "may_publish": state.is_met
        and not state.rule.approvals
        and rights.may_publish(request.user, postmortem, 0),
    }
    return render_page(request, "review/ask.html", context)


def _candidates(postmortem: Postmortem) -> list[User]:
    """The reviewers of the team who did not write it, and whoever is named already."""
    roles = Membership.roles_from(Membership.Role.REVIEWER)
    of_team = User.objects.filter(
        memberships__team=postmortem.team, memberships__role__in=roles, is_active=True
    )
    named = User.objects.filter(reviewing__postmortem=postmortem)
    wanted = set(of_team.values_list("pk", flat=True)) | set(named.values_list("pk", flat=True))
    authors = postmortem.authors.values("pk")
    return list(User.objects.filter(pk__in=wanted).exclude(pk__in=authors).order_by("username"))


def _named(postmortem: Postmortem) -> set[str]:
    return set(postmortem.reviewers.values_list("user__username", flat=True))


def _people_in(chosen: set[str], others: str) -> list[User]:
    """The people chosen and typed; raises ValidationError for a name that nobody has."""
    typed = [name for name in re.split(r"[\s,;，、]+", others) if name][:MOST_TYPED]
    found = []
    for name in [*sorted(chosen), *typed]:
        user = people.called(name.removeprefix("@"))
        if user is None:
            message = _("Nobody is called “%(name)s” here.") % {"name": name[:60]}
            raise ValidationError({"others": message})
        found.append(user)
    return found
