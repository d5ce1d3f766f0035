"""The editor's page: the form of what lies on the desk, with all that stands around it. Views answer with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from postmortems import access, body_templates, drafts, rendering
from postmortems.models import Postmortem, User
from postmortems.section_names import SectionNames, kinds_of
from postmortems.web import editor_files, editor_templates, file_links
from postmortems.web.editor_desk import Desk
from postmortems.web.editor_fields import Reading
from postmortems.web.editor_merge import saved_since
from postmortems.web.editor_page import EditorPage, Maker
from postmortems.web.editor_relations import titles_of
from postmortems.web.editor_templates import Choice
from postmortems.web.editor_words import looked_at, phrases_in, secrets_in
from postmortems.web.file_links import Files
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page
from taxonomy import lookup


def answer(
    request: AuthenticatedRequest,
    desk: Desk,
    more: dict[str, Any],
    reading: Reading | None = None,
) -> HttpResponse:
    """The page; `reading` is what was read of a form that was sent, `more` goes to the template too."""
    shown = reading or desk.read(request.user)
    if reading is None:
        # What is missing is told when it is sent; a page that was just opened complains of nothing.
        shown = replace(shown, problems={})
    files = editor_files.files_on(desk, request.user)
    page, choices = _made(desk, shown, request.user)
    context = {
        "desk": desk,
        "postmortem": desk.postmortem,
        "page": page,
        "choices": choices if desk.postmortem is None else [],
        "is_unkept": request.method == "POST",
        "previews": list(_previews(shown, files)) if more.get("is_preview") else [],
        "files": list(editor_files.list_on(desk, files)),
        **_envelope(desk, request.user),
        **_beside(desk, request.user),
        **more,
    }
    return render_page(request, "editor/page.html", context)


def _made(desk: Desk, shown: Reading, by: User) -> tuple[EditorPage, list[Choice]]:
    """The form, and the templates that may be chosen for it."""
    language = translation.get_language() or "en"
    templates, terms = body_templates.offered(), lookup.current()
    template = editor_templates.in_use(desk.fields, templates, terms)
    titles = titles_of(desk.fields, by)
    maker = Maker(desk.fields, shown, terms, language, desk.extra, template, desk.place, titles)
    return maker.page(), editor_templates.choices(templates, template, language)


def _envelope(desk: Desk, by: User) -> dict[str, Any]:
    """What the bar asks for beside the content, and what it offers."""
    is_new = desk.postmortem is None
    return {
        "teams": access.teams_to_write_in(by) if is_new else [],
        "visibilities": Postmortem.Visibility.choices,
        "visibility": desk.fields.get("visibility", "team"),
        "next_revision": desk.revision + 1,
        "may_ask": desk.postmortem is None or desk.postmortem.status == "draft",
        "drafts": drafts.versions(by, desk.postmortem),
    }


def _beside(desk: Desk, by: User) -> dict[str, Any]:
    """What is said of the text and of others who write it."""
    postmortem = desk.postmortem
    others = drafts.editing_now(postmortem, besides=by) if postmortem else []
    return {
        "others": ", ".join(str(other) for other in others),
        "saved_since": saved_since(postmortem, desk.revision) if postmortem else "",
        "phrases": phrases_in(desk.fields),
        "secrets": secrets_in(desk.fields),
        "is_cut": looked_at(desk.fields.values())[1],
    }


def _previews(reading: Reading, files: Files) -> Iterator[tuple[str, SafeString]]:
    """The summary, which needs no name, and each section by its name, as they will be shown."""
    document = reading.document
    if document is None:
        return
    names = SectionNames(translation.get_language() or "en", lookup.current())
    kinds = kinds_of(document)
    texts = [("", document.summary)]
    for key in names.in_order(document.sections, kinds):
        texts.append((names.of(key, kinds), document.sections[key]))
    for name, text in texts:
        if text:
            # What the renderer gives is sanitised.
            yield name, mark_safe(file_links.shown(rendering.to_html(text), files))
