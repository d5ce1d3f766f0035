"""Writing: the editor of a new postmortem and of one that is there, saving, merging, asking for review."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import access, authoring, content, drafts, merging, rendering
from postmortems.authoring import Conflict
from postmortems.document import Document
from postmortems.models import Postmortem, Team, User
from postmortems.web import editor_desk, editor_fields
from postmortems.web.editor_desk import Desk
from postmortems.web.editor_fields import Reading
from postmortems.web.editor_merge import clash_rows, decided_in
from postmortems.web.editor_page import Maker
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, render_page
from taxonomy import lookup

VISIBILITIES = ("team", "internal", "public", "restricted")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Write a new postmortem, or go on with a draft of one."""
    if not access.may_write(request.user):
        raise PermissionDenied(_("Only authors write postmortems. Ask a lead of your team."))
    if request.method == "POST":
        return _sent(request, editor_desk.sent(request.POST, None))
    unsaved = drafts.unsaved(request.user)
    draft = unsaved.filter(key=request.GET.get("draft", "")).first()
    desk = editor_desk.of_draft(draft, None) if draft else editor_desk.opened(None)
    others = [] if draft else list(unsaved[:10])
    return _page(request, desk, {"unsaved": others})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Change a postmortem."""
    postmortem = get_visible(request.user, ref)
    if not access.may_edit(request.user, postmortem):
        raise PermissionDenied(
            _("You may read this postmortem but not change it. Its team is %(team)s.")
            % {"team": postmortem.team}
        )
    if request.method == "POST":
        return _sent(request, editor_desk.sent(request.POST, postmortem))
    draft = drafts.of(request.user, postmortem)
    if draft and request.GET.get("draft") == "use":
        return _page(request, editor_desk.of_draft(draft, postmortem), {})
    return _page(request, editor_desk.opened(postmortem), {"found": draft})


@login_required
@require_POST
def publish(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Make it readable by its audience; what is still missing leads back to the postmortem."""
    postmortem = get_visible(request.user, ref)
    try:
        authoring.publish(postmortem, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Published."))
    return redirect(postmortem)


# --- What a form asks for -----------------------------------------------------------------------


def _sent(request: AuthenticatedRequest, desk: Desk) -> HttpResponse:
    act = request.POST.get("do", "save")
    if act not in ("save", "review", "merge", "preview"):
        return _page(request, editor_desk.after_button(desk, act, request.POST), {})
    reading = desk.read(request.user)
    if reading.document is None or act == "preview":
        return _page(request, desk, {"is_preview": act == "preview"}, reading)
    if act == "merge":
        return _merged(request, desk, reading.document, decided_in(request.POST))
    try:
        postmortem = _saved(request, desk, reading.document)
        if act == "review":
            authoring.change_envelope(postmortem, by=request.user, status="in_review")
    except Conflict:
        return _merged(request, desk, reading.document, {})
    except ValidationError as error:
        return _page(request, desk, {}, _with_problems(reading, error))
    drafts.discard(desk.key, by=request.user)
    messages.success(request, _told(postmortem, act))
    return redirect(postmortem)


def _saved(request: AuthenticatedRequest, desk: Desk, document: Document) -> Postmortem:
    comment = request.POST.get("comment", "")[:500]
    if desk.postmortem:
        return authoring.edit(
            desk.postmortem, document, by=request.user, revision=desk.revision, comment=comment
        )
    teams = {team.slug: team for team in _teams(request.user)}
    visibility = request.POST.get("visibility", "team")
    return authoring.create(
        document,
        by=request.user,
        team=teams.get(request.POST.get("team", "")),
        visibility=visibility if visibility in VISIBILITIES else "team",
        comment=comment,
    )


def _told(postmortem: Postmortem, act: str) -> str:
    if act == "review":
        return _("Saved, and asked for review.")
    return _("Saved as revision %(number)s.") % {"number": postmortem.revision}


def _with_problems(reading: Reading, error: ValidationError) -> Reading:
    """What the verb refused, at the fields it is about."""
    found = {
        editor_fields.field_of(pointer, {}): " ".join(words)
        for pointer, words in error.message_dict.items()
    }
    return replace(reading, problems={**reading.problems, **found})


def _merged(
    request: AuthenticatedRequest, desk: Desk, mine: Document, decided: Mapping[str, str]
) -> HttpResponse:
    """Somebody saved first: both texts, to be decided about; once all is decided, the form again."""
    if desk.postmortem is None:
        return _page(request, desk, {})
    current = Postmortem.objects.visible_to(request.user).get(pk=desk.postmortem.pk)
    theirs = content.read(current)
    merged = merging.merge(desk.base, mine, theirs, decided)
    saver = current.revisions.select_related("author").get(number=current.revision).author
    if any(clash.name not in decided for clash in merged.clashes):
        context = {"desk": desk, "clashes": clash_rows(merged.clashes), "saver": saver}
        context |= {"current": current, "carried": desk.fields.items()}
        return render_page(request, "editor/merge.html", context, status=409)
    fresh = replace(
        desk,
        postmortem=current,
        base=theirs,
        fields=editor_fields.fields_of(merged.document),
        revision=current.revision,
        said=(
            _("%(name)s saved revision %(number)s while you were writing.")
            % {"name": saver, "number": current.revision},
            _("Both are in the text below. Look it over; nothing is saved yet."),
        ),
    )
    return _page(request, fresh, {})


# --- The page -----------------------------------------------------------------------------------


def _page(
    request: AuthenticatedRequest,
    desk: Desk,
    more: dict[str, Any],
    reading: Reading | None = None,
) -> HttpResponse:
    # What is missing is told when it is sent; a page that was just opened complains of nothing.
    shown = reading or desk.read(request.user)
    if reading is None:
        shown = replace(shown, problems={})
    language = translation.get_language() or "en"
    maker = Maker(desk.fields, shown, lookup.current(), language, desk.extra)
    postmortem = desk.postmortem
    others = drafts.editing_now(postmortem, besides=request.user) if postmortem else []
    context = {
        "desk": desk,
        "postmortem": postmortem,
        "page": maker.page(),
        "others": ", ".join(str(other) for other in others),
        "teams": _teams(request.user) if postmortem is None else [],
        "visibilities": Postmortem.Visibility.choices,
        "next_revision": desk.revision + 1,
        "may_ask": postmortem is None or postmortem.status == "draft",
        "preview": _rendered(shown) if more.get("is_preview") else "",
        **more,
    }
    return render_page(request, "editor/page.html", context)


def _rendered(reading: Reading) -> SafeString:
    """The paragraphs as they will be shown, one under the other."""
    texts = content.paragraphs(reading.document) if reading.document else []
    # What the renderer gives is sanitised.
    return mark_safe("".join(rendering.to_html(text) for text in texts))


def _teams(user: User) -> list[Team]:
    """The teams that the user may write in, by name."""
    if user.is_administrator:
        return list(Team.objects.order_by("name", "slug"))
    writing = access.ROLES[access.ROLES.index("author") :]
    mine = Team.objects.filter(memberships__user=user, memberships__role__in=writing)
    return list(mine.order_by("name", "slug"))
