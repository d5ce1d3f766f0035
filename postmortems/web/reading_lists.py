"""Reading lists: all of them, one, and the pages that make, change and delete one."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import content, reading_lists
from postmortems.access import Viewer
from postmortems.models import Postmortem, ReadingList, ReadingListEntry
from postmortems.models.reading_list import (
    LONGEST_DESCRIPTION,
    LONGEST_WHY,
    ReadingListQuerySet,
)
from postmortems.moments import Moment
from postmortems.templatetags.title_tags import summary_here, title_here
from postmortems.web import reading_list_form as forms
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_by_ref, get_visible, page_of, render_page

PAGE_SIZE = 20


@dataclass(frozen=True)
class EntryRow:
    """One postmortem of a list, in the reader's language where it has one."""

    postmortem: Postmortem
    title: str
    title_language: str
    started: Moment
    why: str
    summary: SafeString
    summary_language: str


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """One's own lists, or those that others share; visitors find the public ones."""
    tab = request.GET.get("tab", "")
    found = _of_tab(request.user, tab)
    if found is None:
        return redirect("reading-lists")
    ordered = found.with_counts(request.user).order_by(Lower("name"), "ref")
    shown, pages = page_of(request, ordered.select_related("owner", "team"), PAGE_SIZE)
    return render_page(request, "lists/list.html", {"tab": tab, "lists": shown, "pages": pages})


@require_safe
def reading_list(request: HttpRequest, ref: str) -> HttpResponse:
    """One list as its reader may see it; with `print` in the address, a sheet of paper."""
    item = get_list(request.user, ref)
    if "print" in request.GET:
        context = context_of(request, item) | {"now": timezone.now()}
        return render_page(request, "lists/paper.html", context)
    return render_page(request, "lists/page.html", context_of(request, item))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reading_list_new(request: AuthenticatedRequest) -> HttpResponse:
    """Make a list, with the postmortem in it that `add` names."""
    ref = request.GET.get("add", "")
    postmortem = get_visible(request.user, ref) if ref else None
    if request.method != "POST":
        return _form(request, forms.Draft(), postmortem=postmortem)
    draft = forms.draft_in(request.POST)
    try:
        wanted = forms.wanted(draft, request.user)
        made = reading_lists.create(by=request.user, first=postmortem, **wanted)
    except ValidationError as error:
        return _form(request, forms.with_errors(draft, error), postmortem=postmortem)
    messages.success(request, _("Made the reading list “%(name)s”.") % {"name": made.name})
    return redirect(made)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reading_list_edit(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Change the name, the description, and whom it is shared with."""
    item = get_list(request.user, ref)
    reading_lists.check_may_change(request.user, item)
    if request.method != "POST":
        return _form(request, forms.draft_of(item), item)
    draft = forms.draft_in(request.POST)
    try:
        wanted = forms.wanted(draft, request.user, item.team)
        changed = reading_lists.change(item, by=request.user, **wanted)
    except ValidationError as error:
        return _form(request, forms.with_errors(draft, error), item)
    messages.success(request, _("Changed “%(name)s”.") % {"name": changed.name})
    return redirect(changed)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reading_list_delete(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to delete one, and delete it."""
    item = get_list(request.user, ref)
    if not reading_lists.may_delete(request.user, item):
        raise PermissionDenied(_("Only who made a reading list deletes it."))
    if request.method != "POST":
        return render_page(request, "lists/delete.html", {"list": item})
    reading_lists.delete(item, by=request.user)
    messages.success(request, _("Deleted “%(name)s”.") % {"name": item.name})
    return redirect("reading-lists")


def get_list(user: Viewer, ref: str) -> ReadingList:
    """The list of that ref, in any letter case; Http404 alike for absent and for hidden."""
    return get_by_ref(ReadingList.objects.visible_to(user).select_related("owner", "team"), ref)


def context_of(request: HttpRequest, item: ReadingList) -> dict[str, object]:
    """What the page of a list prints, and the part of it that is shown anew in place."""
    entries = list(reading_lists.entries_of(item, request.user))
    return {
        "list": item,
        "rows": rows_of(entries),
        "seen": reading_lists.state_of(reading_lists.refs_of(entries)),
        "is_own": reading_lists.may_change(request.user, item),
        "may_fill": reading_lists.may_fill(request.user, item),
        "may_delete": reading_lists.may_delete(request.user, item),
        "longest": LONGEST_WHY,
    }


def rows_of(entries: list[ReadingListEntry]) -> list[EntryRow]:
    """The entries in the reader's language, their summaries laid out in one statement."""
    summaries = [summary_here(entry.postmortem) for entry in entries]
    rendered = content.rendered(text for text, _language in summaries)
    return [
        _row(entry, mark_safe(rendered[text].html) if text else mark_safe(""), code)
        for entry, (text, code) in zip(entries, summaries, strict=True)
    ]


def _row(entry: ReadingListEntry, summary: SafeString, summary_language: str) -> EntryRow:
    title, title_language = title_here(entry.postmortem)
    return EntryRow(
        postmortem=entry.postmortem,
        title=title,
        title_language=title_language,
        started=Moment(**entry.postmortem.moments.get("started", {})),
        why=entry.why,
        summary=summary,
        summary_language=summary_language,
    )


def _of_tab(user: Viewer, tab: str) -> ReadingListQuerySet | None:
    """What a tab lists; None for a tab that is not there for this reader."""
    if not user.is_authenticated:
        return ReadingList.objects.visible_to(user) if tab == "" else None
    if tab == "":
        return ReadingList.objects.filter(owner=user)
    if tab == "shared":
        return ReadingList.objects.shared_with(user)
    if tab == "all" and user.is_administrator:
        return ReadingList.objects.exclude(shared=ReadingList.Shared.PRIVATE)
    return None


def _form(
    request: AuthenticatedRequest,
    draft: forms.Draft,
    item: ReadingList | None = None,
    *,
    postmortem: Postmortem | None = None,
) -> HttpResponse:
    context = {
        "draft": draft,
        "list": item,
        "postmortem": postmortem,
        "sharings": forms.sharings(request.user, item),
        "longest": LONGEST_DESCRIPTION,
    }
    return render_page(request, "lists/form.html", context)
