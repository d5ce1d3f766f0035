"""What a text that is not saved changes: of a draft on the server, and of one that only a browser has."""

from django.http import HttpResponse
from django.utils import translation

from postmortems.web.editor_desk import Desk
from postmortems.web.editor_problems import named
from postmortems.web.history_pages import compare
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page


def comparison_page(
    request: AuthenticatedRequest, desk: Desk, *, is_kept: bool = False
) -> HttpResponse:
    """The differences between the revision that a text was made from and the text, to take it or leave it.

    `is_kept`: the text is the draft on the server; else it goes along in the form that takes it.
    """
    reading = desk.read(request.user)
    language = translation.get_language() or "en"
    document = reading.document
    context = {
        "desk": desk,
        "postmortem": desk.postmortem,
        "is_kept": is_kept,
        "problems": [words for _name, words in named(reading.problems, reading.numbers)],
        "compared": compare((desk.base, document), request.user, language) if document else None,
        "carried": () if is_kept else desk.fields.items(),
        "has_moved_on": bool(desk.postmortem and desk.postmortem.revision != desk.revision),
        "is_side": False,
    }
    return render_page(request, "editor/compare.html", context)
