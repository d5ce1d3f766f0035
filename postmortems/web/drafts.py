"""Keeping what is typed: the address that the editor's script sends to, and discarding a draft."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from postmortems import access, drafts, rendering, stored_files
from postmortems.models import Draft, Postmortem, User
from postmortems.search.similar import similar_to_text
from postmortems.web import editor_desk, file_links
from postmortems.web.editor_desk import Desk
from postmortems.web.editor_merge import saved_since
from postmortems.web.editor_page import Maker
from postmortems.web.editor_relations import titles_of
from postmortems.web.editor_words import looked_at, phrases_in, secrets_in, telling_in
from postmortems.web.file_links import Files
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, render_page, safe_next
from postmortems.web.similar_rows import SimilarPanel, row_of
from taxonomy import lookup

SHOWN = 3


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the fields as a draft; answers what was understood of them. 401 where nobody is signed in
    any more, 409 where the draft is newer elsewhere."""
    if not isinstance(request.user, User):
        return JsonResponse({"detail": _("You are signed out.")}, status=401)
    ref = request.POST.get("ref", "")
    postmortem = get_visible(request.user, ref) if ref else None
    desk = editor_desk.sent(request.POST, postmortem)
    try:
        draft = drafts.keep(
            desk.key,
            desk.fields,
            by=request.user,
            postmortem=postmortem,
            revision=desk.revision,
            version=desk.version,
        )
    except drafts.Superseded as error:
        words = _("This draft is newer in another tab or on another machine.")
        return JsonResponse({"detail": words, "version": error.draft.version}, status=409)
    except ValidationError as error:
        return JsonResponse({"detail": " ".join(error.messages)}, status=400)
    return JsonResponse(_answer(desk, draft, postmortem, request.user))


@require_safe
def others(request: HttpRequest, ref: str) -> HttpResponse:
    """Who else is writing, and who saved since revision `revision`; the editor asks while it is open."""
    if not isinstance(request.user, User):
        return JsonResponse({"detail": _("You are signed out.")}, status=401)
    postmortem = get_visible(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    revision = editor_desk.number_of(request.GET.get("revision", ""))
    return JsonResponse(_beside(postmortem, revision, request.user))


@login_required
@require_POST
def discard(request: AuthenticatedRequest) -> HttpResponse:
    """Forget a draft."""
    drafts.discard(request.POST.get("key", ""), by=request.user)
    return redirect(safe_next(request, "postmortem-new"))


@login_required
@require_POST
def preview(request: AuthenticatedRequest) -> HttpResponse:
    """A paragraph as it will be shown."""
    html = rendering.to_html(request.POST.get("text", ""))
    return HttpResponse(file_links.shown(html, _files_in(html, request)))


@login_required
@require_POST
def similar(request: AuthenticatedRequest) -> HttpResponse:
    """What is like the text that is being written, for the card beside it."""
    ref = request.POST.get("ref", "")
    desk = editor_desk.sent(request.POST, get_visible(request.user, ref) if ref else None)
    language = translation.get_language() or "en"
    found = similar_to_text(
        "\n".join(telling_in(desk.fields)), request.user, limit=SHOWN + 1, language=language
    )
    rows = [row_of(item) for item in found if item.hit.ref != ref]
    panel = SimilarPanel(rows[:SHOWN])
    return render_page(request, "read/_similar.html", {"similar": panel})


def _files_in(html: str, request: AuthenticatedRequest) -> Files:
    """The files that a laid-out text names and that the writer may use in it."""
    ref = request.POST.get("ref", "")
    postmortem = get_visible(request.user, ref) if ref else None
    return stored_files.usable(file_links.ids_in(html), by=request.user, postmortem=postmortem)


def _beside(postmortem: Postmortem | None, revision: int, by: User) -> dict[str, str]:
    """Who is writing here too, and a sentence where somebody has saved."""
    if postmortem is None:
        return {"others": "", "saved": ""}
    names = ", ".join(str(other) for other in drafts.editing_now(postmortem, besides=by))
    return {"others": names, "saved": saved_since(postmortem, revision)}


def _answer(desk: Desk, draft: Draft, postmortem: Postmortem | None, by: User) -> dict[str, Any]:
    language = translation.get_language() or "en"
    titles = titles_of(desk.fields, by)
    maker = Maker(desk.fields, desk.read(by), lookup.current(), language, {}, titles=titles)
    return {
        "version": draft.version,
        "key": draft.key,
        "kept_at": timezone.localtime(draft.kept_at).isoformat(),
        "revision": postmortem.revision if postmortem else 0,
        **_beside(postmortem, desk.revision, by),
        "understood": [
            {"id": control.id, "state": control.state, "words": control.words}
            for control in maker.understood()
        ],
        "missing": [{"words": words, "place": place} for words, place in maker.missing()],
        "found": [{"value": item.value, "label": item.label} for item in maker.found()],
        "phrases": phrases_in(desk.fields),
        "secrets": secrets_in(desk.fields),
        "is_cut": looked_at(desk.fields.values())[1],
    }
