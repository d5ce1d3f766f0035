"""Files: the addresses that hand them over, and the one that the editor's script uploads to."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from postmortems import attachments
from postmortems.digits import number_in
from postmortems.models import User
from postmortems.serving import hand_over
from postmortems.web.editor_fields import MOST_ROWS
from postmortems.web.editor_files import EditFile
from postmortems.web.file_links import row_of, url_of
from postmortems.web.shortcuts import get_visible


@require_safe
def file(request: HttpRequest, ref: str, file_id: str, name: str) -> HttpResponseBase:
    """A file of a postmortem; the name in the address is for people."""
    return _answer(request, ref.lower(), file_id)


@require_safe
def thumbnail(
    request: HttpRequest, ref: str, file_id: str, size: str, name: str
) -> HttpResponseBase:
    """A small version of a picture."""
    return _answer(request, ref.lower(), file_id, size)


@require_safe
def own(request: HttpRequest, file_id: str, name: str = "") -> HttpResponseBase:
    """A file by its id alone: one's own that is not saved yet; any other leads to its address."""
    found = attachments.find(request.user, file_id)
    if found and found.postmortem:
        return redirect(url_of(found))
    return _answer(request, "", file_id)


@require_safe
def own_thumbnail(request: HttpRequest, file_id: str, size: str, name: str) -> HttpResponseBase:
    """A small version of one's own picture that is not saved yet."""
    return _answer(request, "", file_id, size)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file in for what is being written; answers how a text names it and its row of the list."""
    if not isinstance(request.user, User):
        return JsonResponse({"detail": _("You are signed out.")}, status=401)
    ref = request.POST.get("ref", "")
    postmortem = get_visible(request.user, ref) if ref else None
    sent = request.FILES.get("upload")
    if sent is None:
        return JsonResponse({"detail": _("There is no file in it.")}, status=400)
    try:
        taken = attachments.take_in(sent, by=request.user, postmortem=postmortem)
    except ValidationError as error:
        return JsonResponse({"detail": " ".join(error.messages)}, status=400)
    number = number_in(request.POST.get("number", ""), 0, MOST_ROWS * 2) or 0
    row = row_of(taken.file.pk, taken.file.name, taken.file)
    line = {"item": EditFile(f"attachments.{number}", row)}
    return JsonResponse(
        {
            "id": taken.file.pk,
            "name": taken.file.name,
            "is_picture": taken.file.is_picture,
            "note": _("Of the animation the first picture was kept.") if taken.was_animated else "",
            "html": render_to_string("editor/_file.html", line),
        }
    )


def _answer(request: HttpRequest, ref: str, file_id: str, size: str = "") -> HttpResponseBase:
    found = attachments.find(request.user, file_id, ref)
    if found is None or (not ref and found.postmortem):
        raise Http404
    return hand_over(request, found, size)
