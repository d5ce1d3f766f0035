"""The history of a postmortem: its revisions, any two compared, one as it was, going back to one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import access, content, restoring
from postmortems.access import Viewer
from postmortems.authoring import Conflict
from postmortems.digits import number_in
from postmortems.history import document_of
from postmortems.models import Postmortem, Revision
from postmortems.templatetags.title_tags import title_here
from postmortems.web.history_pages import (
    PAGE_SIZE,
    changes_of,
    compare,
    page_with,
    revision_rows,
    source_of,
)
from postmortems.web.read_page import page_of
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, pages_of, render_page, zone_asked
from taxonomy import lookup

MOST_NUMBER = 999_999_999
LAST_PAGE = 1_000_000


@require_safe
def revisions(request: HttpRequest, ref: str) -> HttpResponse:
    """All revisions, and what the latest one changed; leads on to the two that were chosen."""
    postmortem = _get(request.user, ref)
    latest = postmortem.revision
    if not {"before", "after"} & request.GET.keys():
        return _list(request, postmortem, latest - 1, latest)
    after = _number(request.GET, "after") or latest
    before = _number(request.GET, "before") or max(1, after - 1)
    low, high = min(before, after), max(before, after)
    address = reverse("postmortem-compare", args=[postmortem.ref, low, high])
    side = "?view=side" if request.GET.get("view") == "side" else ""
    return HttpResponseRedirect(address + side)


@require_safe
def comparison(request: HttpRequest, ref: str, before: int, after: int) -> HttpResponse:
    """What differs between two revisions."""
    postmortem = _get(request.user, ref)
    if before > after:
        return redirect("postmortem-compare", ref=postmortem.ref, before=after, after=before)
    return _list(request, postmortem, before, after, is_chosen=True)


@require_safe
def revision(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The content as it was, and which revision last changed each part of it."""
    postmortem = _get(request.user, ref)
    found = _revisions(postmortem, number)[0]
    language = translation.get_language() or "en"
    document = document_of(found, lookup.current())
    source = source_of(postmortem, document, request.user, language)
    context = {
        "postmortem": postmortem,
        "title": title_here(postmortem),
        "revision": found,
        "page": page_of(source, language, zone=zone_asked(request)),
        "changes": changes_of(postmortem, number, source),
        "may_restore": _may_restore(request.user, postmortem, number),
        "previous": number - 1,
        "next": number + 1 if number < postmortem.revision else 0,
    }
    return render_page(request, "history/revision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: AuthenticatedRequest, ref: str, number: int) -> HttpResponse:
    """Show what going back to a revision would change, and do it."""
    postmortem = _get(request.user, ref)
    old = _revisions(postmortem, number)[0]
    access.check_may_edit(request.user, postmortem)
    if request.method != "POST":
        return _restore_page(request, postmortem, old)
    made_from = _number(request.POST, "revision") or 0
    comment = request.POST.get("comment", "")
    try:
        saved = restoring.restore(
            postmortem, number, by=request.user, revision=made_from, comment=comment
        )
    except (Conflict, ValidationError) as error:
        return _restore_page(request, _get(request.user, ref), old, error)
    messages.success(request, _("Saved as revision %(number)s.") % {"number": saved.revision})
    return redirect("postmortem-history", ref=saved.ref)


def _get(user: Viewer, ref: str) -> Postmortem:
    """The postmortem whose history the user may see; Http404 alike for absent and for hidden."""
    postmortem = get_visible(user, ref)
    if not restoring.may_see_history(user, postmortem):
        raise Http404
    return postmortem


def _revisions(postmortem: Postmortem, *numbers: int) -> list[Revision]:
    """The revisions with their contents, in the order asked for; Http404 for one that is not there."""
    if max(numbers) > MOST_NUMBER:
        raise Http404
    rows = Revision.objects.filter(postmortem=postmortem, number__in=numbers)
    found = {row.number: row for row in rows.select_related("author")}
    if not found.keys() >= set(numbers):
        raise Http404
    return [found[number] for number in numbers]


def _number(sent: QueryDict, name: str) -> int | None:
    return number_in(sent.get(name, ""), 1, MOST_NUMBER)


def _may_restore(user: Viewer, postmortem: Postmortem, number: int) -> bool:
    return number != postmortem.revision and access.may_edit(user, postmortem)


def _list(
    request: HttpRequest,
    postmortem: Postmortem,
    before: int,
    after: int,
    *,
    is_chosen: bool = False,
) -> HttpResponse:
    """The page of revisions on which the later one stands, with both compared beside it."""
    language, terms = translation.get_language() or "en", lookup.current()
    has_pair = is_chosen or before > 0
    pair = _revisions(postmortem, before, after) if has_pair else []
    documents = [document_of(item, terms) for item in pair]
    start, last = (page_with(number, postmortem.revision) for number in (after, 1))
    # Past the end is the end.
    page = min(number_in(request.GET.get("page", ""), 1, LAST_PAGE) or start, last)
    rows, count = revision_rows(postmortem, page, (before, after))
    context = {
        "postmortem": postmortem,
        "title": title_here(postmortem),
        "rows": rows,
        "pages": pages_of(request.GET, page=page, page_size=PAGE_SIZE, count=count),
        "pair": pair,
        "compared": compare(documents, request.user, language) if pair else None,
        "is_chosen": is_chosen,
        "is_side": request.GET.get("view") == "side",
        "may_restore": _may_restore(request.user, postmortem, before) and has_pair,
    }
    return render_page(request, "history/list.html", context)


def _restore_page(
    request: AuthenticatedRequest,
    postmortem: Postmortem,
    old: Revision,
    error: Conflict | ValidationError | None = None,
) -> HttpResponse:
    """The diff that restoring would make; after a conflict anew, against what was saved meanwhile."""
    language = translation.get_language() or "en"
    restoration = restoring.restoration_of(old)
    current = content.read(postmortem)
    is_conflict = isinstance(error, Conflict)
    context = {
        "postmortem": postmortem,
        "title": title_here(postmortem),
        "revision": old,
        "next": postmortem.revision + 1,
        "compared": compare((current, restoration.document), request.user, language),
        "is_same": current == restoration.document,
        "lost_terms": restoration.lost_terms,
        "is_conflict": is_conflict,
        "errors": error.messages if isinstance(error, ValidationError) else [],
        "comment": request.POST.get("comment", ""),
        "is_side": False,
    }
    status = 409 if is_conflict else 200
    return render_page(request, "history/restore.html", context, status=status)
