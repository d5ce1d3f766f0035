"""Writing: the editor of a new postmortem and of one that is there, saving, merging, asking for review."""

from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postmortems import (
    access,
    authoring,
    content,
    drafts,
    merging,
    readiness,
    reviews,
)
from postmortems.authoring import AlreadyMade, Conflict
from postmortems.document import Document
from postmortems.models import Postmortem, Team, User
from postmortems.web import editor_desk, editor_fields, editor_files
from postmortems.web.draft_compare import comparison_page
from postmortems.web.editor_answer import answer
from postmortems.web.editor_desk import Desk
from postmortems.web.editor_fields import Reading
from postmortems.web.editor_merge import (
    clash_rows,
    decided_in,
    saved_since,
    saver_of,
    still_decided,
)
from postmortems.web.editor_words import secrets_added
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.resending import signed_in_or_kept
from postmortems.web.shortcuts import get_visible, render_page
from taxonomy import lookup

SAVED_COOKIE = "saved-drafts"
MOST_SAID = 20
# As long as a browser keeps its copies.
SAID_SECONDS = 30 * 24 * 3600


@signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Write a new postmortem, or go on with a draft of one."""
    access.check_may_write(request.user)
    if request.method == "POST":
        made = drafts.made_from(request.POST.get("key", ""), by=request.user)
        return _sent(request, editor_desk.sent(request.POST, made))
    unsaved = drafts.unsaved(request.user)
    draft = drafts.unsaved_by_key(request.GET.get("draft", ""), by=request.user)
    desk = editor_desk.of_draft(draft, None) if draft else editor_desk.opened(None)
    if wanted := request.GET.get("template", "") if draft is None else "":
        desk = editor_desk.in_template(desk, wanted)
    others = [] if draft else list(unsaved[:10])
    kept_at = draft.kept_at if draft else None
    return answer(request, desk, {"unsaved": others, "kept_at": kept_at})


@signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Change a postmortem."""
    postmortem = get_visible(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    if request.method == "POST":
        return _sent(request, editor_desk.sent(request.POST, postmortem))
    draft = drafts.of(request.user, postmortem)
    wanted = request.GET.get("draft") if draft else ""
    if draft and wanted in ("use", "compare"):
        desk = editor_desk.of_draft(draft, postmortem)
        if wanted == "compare":
            return comparison_page(request, desk, is_kept=True)
        return answer(request, desk, {"kept_at": draft.kept_at})
    return answer(request, editor_desk.opened(postmortem), {"found": draft})


# --- What a form asks for -----------------------------------------------------------------------


def _sent(request: AuthenticatedRequest, desk: Desk) -> HttpResponse:
    act = request.POST.get("do", "save")
    uploads = request.FILES.getlist("upload")
    desk, refused = editor_files.with_uploads(desk, uploads, request.user)
    if refused or act == "upload":
        return answer(request, desk, {"refused_files": refused})
    if act == "compare":
        return comparison_page(request, desk)
    if act not in ("save", "review", "merge", "preview"):
        return answer(request, editor_desk.after_button(desk, act, request.POST), {})
    reading = desk.read(request.user)
    if reading.document is None or act == "preview":
        return answer(request, desk, {"is_preview": act == "preview"}, reading)
    if act == "merge":
        return _merged(request, desk, reading.document, decided_in(request.POST))
    try:
        if act == "review":
            readiness.check_ready(reading.document, lookup.current())
        postmortem = _saved(request, desk, reading.document)
    except AlreadyMade as error:
        return _sent(request, editor_desk.sent(request.POST, error.postmortem))
    except Conflict:
        return _merged(request, desk, reading.document, {})
    except ValidationError as error:
        return answer(request, desk, {}, _with_problems(reading, error))
    drafts.discard(desk.key, by=request.user, version=desk.version)
    messages.success(request, _told(postmortem, desk))
    _warn_of_secrets(request, postmortem, desk)
    if act == "review":
        _ask_for_review(request, postmortem)
    response = redirect(postmortem)
    _say_saved(request, response, desk.key)
    return response


def _say_saved(request: AuthenticatedRequest, response: HttpResponse, key: str) -> None:
    """Tell this browser which drafts are saved, so that it forgets its own copies of them, and no others."""
    said = [*request.COOKIES.get(SAVED_COOKIE, "").split("."), key]
    keys = [item for item in said if drafts.KEY.fullmatch(item)][-MOST_SAID:]
    response.set_cookie(
        SAVED_COOKIE,
        ".".join(keys),
        max_age=SAID_SECONDS,
        secure=settings.IS_HTTPS,
        samesite="Lax",
    )


def _saved(request: AuthenticatedRequest, desk: Desk, document: Document) -> Postmortem:
    comment = desk.fields.get("comment", "")[:500]
    if desk.postmortem:
        return authoring.edit(
            desk.postmortem, document, by=request.user, revision=desk.revision, comment=comment
        )
    return authoring.create(
        document,
        by=request.user,
        team=_team(request.user, desk.fields.get("team", "")),
        visibility=desk.fields.get("visibility", "team"),
        comment=comment,
        draft_key=drafts.owned(desk.key, request.user),
    )


def _team(user: User, slug: str) -> Team | None:
    """The team that was chosen; raises ValidationError where the user writes there no more."""
    found = next((team for team in access.teams_to_write_in(user) if team.slug == slug), None)
    if slug and found is None:
        # Never another one instead: its members would read what was not written for them.
        raise ValidationError(
            {"team": _("You do not write in that team any more; choose another.")}
        )
    return found


def _ask_for_review(request: AuthenticatedRequest, postmortem: Postmortem) -> None:
    try:
        reviews.ask(postmortem, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Asked for review."))


def _warn_of_secrets(request: AuthenticatedRequest, postmortem: Postmortem, desk: Desk) -> None:
    """Say once what was saved now and is better taken out again."""
    if added := secrets_added(desk.fields, editor_fields.fields_of(desk.base)):
        address = reverse("postmortem-edit", args=[postmortem.ref])
        form = '{} <a href="{}">{}</a>'
        messages.warning(request, format_html(form, " ".join(added), address, _("Edit")))


def _told(postmortem: Postmortem, desk: Desk) -> str:
    if desk.postmortem and postmortem.revision == desk.revision:
        return _("Nothing has changed.")
    return _("Saved as revision %(number)s.") % {"number": postmortem.revision}


def _with_problems(reading: Reading, error: ValidationError) -> Reading:
    """What the verb refused, at the fields it is about."""
    found = {
        _field_of(pointer, reading): " ".join(words)
        for pointer, words in error.message_dict.items()
    }
    return replace(reading, problems={**reading.problems, **found})


def _field_of(pointer: str, reading: Reading) -> str:
    name = editor_fields.field_of(pointer, reading.numbers)
    part, _dot, slug = name.partition(".")
    # A vocabulary without a term: its first row is where one is chosen.
    return f"{name}.0.term" if part == "classifications" and slug and "." not in slug else name


def _merged(
    request: AuthenticatedRequest, desk: Desk, mine: Document, decided: Mapping[str, str]
) -> HttpResponse:
    """Somebody saved first: both texts, to be decided about; once all is decided, the form again."""
    if desk.postmortem is None:
        return answer(request, desk, {})
    current = get_visible(request.user, desk.postmortem.ref)
    theirs = content.read(current)
    decided = still_decided(desk, mine, theirs, decided, request.POST.get("against", ""))
    merged = merging.merge(desk.base, mine, theirs, decided)
    saver = saver_of(current)
    if any(clash.name not in decided for clash in merged.clashes):
        rows = clash_rows(merged.clashes, decided, is_asked=request.POST.get("do") == "merge")
        context = {"desk": desk, "clashes": rows, "saver": saver}
        context |= {"current": current, "carried": desk.fields.items()}
        return render_page(request, "editor/merge.html", context, status=409)
    fresh = replace(
        desk,
        postmortem=current,
        base=theirs,
        fields=editor_fields.fields_of(merged.document) | desk.envelope,
        revision=current.revision,
        said=(
            saved_since(current, desk.revision),
            _("Both are in the text below. Look it over; nothing is saved yet."),
        ),
    )
    return answer(request, fresh, {})
