"""What stands in a reading list: adding from a postmortem, order, why, taking out; htmx gets the entries anew."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import reading_lists
from postmortems.models import Postmortem, ReadingList, ReadingListEntry
from postmortems.models.reading_list import LONGEST_WHY
from postmortems.templatetags.title_tags import title_here
from postmortems.web.reading_lists import context_of, get_list
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, get_visible, render_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def postmortem_lists(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Choose the list that the postmortem is to stand in, and say why."""
    postmortem = get_visible(request.user, ref)
    if request.method != "POST":
        return _choose(request, postmortem)
    chosen = request.POST.get("list", "")
    if not chosen:
        return _choose(request, postmortem, {"list": _("Choose a reading list.")})
    item = get_list(request.user, chosen)
    try:
        reading_lists.add(item, postmortem, by=request.user, why=request.POST.get("why", ""))
    except ValidationError as error:
        return _choose(request, postmortem, errors_of(error))
    messages.success(request, _("Added to “%(name)s”.") % {"name": item.name})
    return redirect(item)


@login_required
@require_POST
def reading_list_order(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Move one up or down, or put all in the order that was dragged."""
    item = _to_fill(request, ref)
    moves = (("up", -1), ("down", 1))
    move = next((pair for pair in moves if pair[0] in request.POST), None)
    try:
        if move:
            reading_lists.move(item, request.POST[move[0]], move[1], by=request.user)
        else:
            refs, seen = request.POST.getlist("order"), request.POST.get("seen", "")
            reading_lists.arrange(item, refs, by=request.user, seen=seen)
    except (reading_lists.OrderMoved, ValidationError):
        return _entries(request, item, is_moved=True)
    except ObjectDoesNotExist:
        raise Http404 from None
    return _entries(request, item)


@login_required
@require_POST
def reading_list_why(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Say why one of its postmortems is to be read."""
    item = _to_fill(request, ref)
    named, why = request.POST.get("postmortem", ""), request.POST.get("why", "")
    try:
        reading_lists.explain(item, named, why, by=request.user)
    except ObjectDoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        return _entries(request, item, wrong=named, typed=why, error=errors_of(error)["why"])
    return _entries(request, item)


@login_required
@require_POST
def reading_list_remove(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Take one of its postmortems out."""
    item = _to_fill(request, ref)
    try:
        reading_lists.remove(item, request.POST.get("postmortem", ""), by=request.user)
    except ObjectDoesNotExist:
        raise Http404 from None
    return _entries(request, item)


def _to_fill(request: AuthenticatedRequest, ref: str) -> ReadingList:
    item = get_list(request.user, ref)
    reading_lists.check_may_fill(request.user, item)
    return item


def _entries(
    request: AuthenticatedRequest, item: ReadingList, *, is_moved: bool = False, **wrong: str
) -> HttpResponse:
    """The entries in place, or the way back to the page; the page at once where something was refused."""
    if not request.htmx and not is_moved and not wrong:
        return redirect(item)
    context = context_of(request, item) | {"is_moved": is_moved, **wrong}
    is_refused = is_moved and not request.htmx
    return render_page(
        request,
        "lists/page.html",
        context,
        fragment="lists/_entries.html",
        status=409 if is_refused else 200,
    )


def _choose(
    request: AuthenticatedRequest, postmortem: Postmortem, errors: dict[str, str] | None = None
) -> HttpResponse:
    stands = ReadingListEntry.objects.filter(reading_list=OuterRef("pk"), postmortem=postmortem)
    offered = reading_lists.to_fill(request.user).annotate(has_it=Exists(stands))
    title, language = title_here(postmortem)
    context = {
        "postmortem": postmortem,
        "title": title,
        "title_language": language,
        "lists": list(offered),
        "chosen": request.POST.get("list", ""),
        "why": request.POST.get("why", ""),
        "errors": errors or {},
        "longest": LONGEST_WHY,
    }
    return render_page(request, "lists/add.html", context)
