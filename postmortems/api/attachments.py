"""/api/v1/postmortems/REF/attachments/: the files of a postmortem, adding and removing them, their bytes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from postmortems import access, attachments, authoring, content, stored_files
from postmortems.api.permissions import WritesNeedScope
from postmortems.models import Postmortem, StoredFile, User
from postmortems.models.postmortem import is_ref
from postmortems.serving import hand_over


class AttachmentsView(APIView):
    """The files that the current content names, and adding one."""

    permission_classes = [WritesNeedScope]
    parser_classes = [MultiPartParser]

    def get(self, request: Request, ref: str) -> Response:
        """All of them, in the order of the content: a postmortem has no more than fit a page."""
        postmortem = _get(request, ref)
        named = content.read(postmortem).attachments
        files = stored_files.of(postmortem, [item.id for item in named])
        results = [_body(files[item.id], ref) for item in named if item.id in files]
        return Response({"count": len(results), "next": None, "previous": None, "results": results})

    def post(self, request: Request, ref: str) -> Response:
        """Take the part `file` of a multipart form in and save a revision that names it."""
        postmortem = _get(request, ref)
        # Asked before the body is read: nobody fills the disk of a postmortem they only read.
        access.check_may_edit(_person(request), postmortem)
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise serializers.ValidationError({"file": [_("Send the file as the part “file”.")]})
        with _problems():
            file = attachments.add(postmortem, upload, by=_person(request)).file
        return Response(
            _body(file, ref), status=201, headers={"Location": _address(file, postmortem.ref)}
        )


class AttachmentView(APIView):
    """One of them."""

    permission_classes = [WritesNeedScope]

    def get(self, request: Request, ref: str, file_id: str) -> Response:
        """What it is; for who sees the history also one that only old revisions name."""
        return Response(_body(_find(request, ref, file_id), ref))

    def delete(self, request: Request, ref: str, file_id: str) -> Response:
        """Save a revision that no longer names it."""
        postmortem = _get(request, ref)
        _find(request, ref, file_id)
        with _problems():
            attachments.remove(postmortem, file_id, by=_person(request))
        return Response(status=204)


class Whatever(DefaultContentNegotiation):
    """Bytes are what they are: what a client would rather have changes nothing."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The one there is, for problems."""
        only = next(iter(renderers))
        return only, only.media_type or ""


class AttachmentContentView(APIView):
    """The bytes."""

    content_negotiation_class = Whatever

    def get(self, request: Request, ref: str, file_id: str) -> HttpResponseBase:
        """The file itself, inert; `size=small` or `large` for a thumbnail of a picture."""
        file = _find(request, ref, file_id)
        return hand_over(request._request, file, request.query_params.get("size", ""))

    def head(self, request: Request, ref: str, file_id: str) -> HttpResponseBase:
        """The same without the bytes."""
        return self.get(request, ref, file_id)


def _get(request: Request, ref: str) -> Postmortem:
    visible = Postmortem.objects.visible_to(request.user).select_related("team")
    found = visible.filter(ref=ref.lower()).first() if is_ref(ref.lower()) else None
    if found is None:
        raise Http404
    return found


def _find(request: Request, ref: str, file_id: str) -> StoredFile:
    # With a ref that is none nothing is asked for: an empty one would mean any postmortem.
    found = attachments.find(request.user, file_id, ref.lower()) if ref else None
    if found is None:
        raise Http404
    return found


def _person(request: Request) -> User:
    """Who asks, behind `WritesNeedScope`."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


@contextmanager
def _problems() -> Iterator[None]:
    """The verbs' ValidationError as the API's own, which is answered with 400 and pointers."""
    try:
        yield
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from error
    except authoring.Conflict as error:
        message = _("It is being changed by others right now. Try again.")
        raise serializers.ValidationError({"file": [message]}) from error


def _body(file: StoredFile, ref: str) -> dict[str, Any]:
    content_url = reverse("api:attachment-content", kwargs={"ref": ref.lower(), "file_id": file.pk})
    sizes = ("small", "large") if file.is_picture else ()
    return {
        "id": file.pk,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.digest,
        "width": file.width,
        "height": file.height,
        "created_at": file.created_at.isoformat(),
        "markdown": f"{'!' if file.is_picture else ''}[{_label(file.name)}](file:{file.pk})",
        "content_url": content_url,
        "thumbnails": {size: f"{content_url}?size={size}" for size in sizes},
    }


def _label(name: str) -> str:
    return "".join(" " if char in "[]\\`*_<>" else char for char in name).strip()


def _address(file: StoredFile, ref: str) -> str:
    return reverse("api:attachment", kwargs={"ref": ref, "file_id": file.pk})
