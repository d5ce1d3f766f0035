"""Keeping what is typed: the address that the editor's script sends to, and discarding a draft."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from postmortems import drafts, rendering, stored_files
from postmortems.models import Draft, Postmortem, User
from postmortems.search.similar import similar_to_text
from postmortems.web import editor_desk, file_links
from postmortems.web.editor_desk import Desk
from postmortems.web.editor_page import Maker
from postmortems.web.file_links import Files
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, render_page, safe_next
from postmortems.web.similar import SimilarPanel, row_of
from postmortems.writing import secrets, wording
from taxonomy import lookup

MOST_POINTED_OUT = 20
# What says what an incident is about, for finding others like it.
TELLING = ("title", "summary", "sections.", "signals.", "lessons.")
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
    told = [text for name, text in desk.fields.items() if name.startswith(TELLING)]
    language = translation.get_language() or "en"
    found = similar_to_text("\n".join(told), request.user, limit=SHOWN + 1, language=language)
    rows = [row_of(item) for item in found if item.hit.ref != ref]
    panel = SimilarPanel(rows[:SHOWN])
    return render_page(request, "read/_similar.html", {"similar": panel})


def _files_in(html: str, request: AuthenticatedRequest) -> Files:
    """The files that a laid-out text names and that the writer may use in it."""
    ref = request.POST.get("ref", "")
    postmortem = get_visible(request.user, ref) if ref else None
    return stored_files.usable(file_links.ids_in(html), by=request.user, postmortem=postmortem)


def _answer(desk: Desk, draft: Draft, postmortem: Postmortem | None, by: User) -> dict[str, Any]:
    language = translation.get_language() or "en"
    maker = Maker(desk.fields, desk.read(by), lookup.current(), language, {})
    others = drafts.editing_now(postmortem, besides=by) if postmortem else []
    return {
        "version": draft.version,
        "key": draft.key,
        "kept_at": timezone.localtime(draft.kept_at).isoformat(),
        "revision": postmortem.revision if postmortem else 0,
        "others": ", ".join(str(other) for other in others),
        "understood": [
            {"id": control.id, "state": control.state, "words": control.words}
            for control in maker.understood()
        ],
        "missing": [{"words": words, "place": place} for words, place in maker.missing()],
        "found": [{"value": item.value, "label": item.label} for item in maker.found()],
        "phrases": _phrases(desk),
        "secrets": _secrets(desk),
    }


def _phrases(desk: Desk) -> list[dict[str, str]]:
    """Phrases that judge a person, with what to ask instead."""
    language = desk.fields.get("language", "en")
    found = [
        {"text": phrase.words, "reason": str(phrase.reason), "ask": str(phrase.question)}
        for text in desk.fields.values()
        for phrase in wording.phrases_in(text, language)
    ]
    return found[:MOST_POINTED_OUT]


def _secrets(desk: Desk) -> list[str]:
    found = [
        str(finding.sentence)
        for text in desk.fields.values()
        for finding in secrets.pointed_out(text)
    ]
    return list(dict.fromkeys(found))[:MOST_POINTED_OUT]
