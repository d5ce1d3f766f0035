"""/api/v1/postmortems/REF/attachments/: the files of a postmortem, adding and removing them, their bytes."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import attachments, authoring, content, file_store, stored_files
from postmortems.api.postmortem_body import OfPostmortem, check_edit, to_edit
from postmortems.api.refusals import NoSuchRange
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, get_postmortem, person, versioned
from postmortems.api.schema import list_of, problems
from postmortems.api.tags import versions_named
from postmortems.authoring import Conflict
from postmortems.models import StoredFile
from postmortems.serving import hand_over

TAGS = ["files"]
SIZE = OpenApiParameter(
    "size", str, enum=file_store.SIZES, description="A thumbnail of a picture instead of the file."
)
RANGE = OpenApiParameter(
    "Range", str, OpenApiParameter.HEADER, description="The part of the bytes that is wanted."
)


class AttachmentBody(serializers.Serializer[Any]):
    """A file of a postmortem."""

    id = serializers.CharField()
    name = serializers.CharField(help_text="Its name as it was given.")
    media_type = serializers.CharField(help_text="What its first bytes say that it is.")
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    width = serializers.IntegerField(allow_null=True, help_text="Pixels of a picture.")
    height = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    markdown = serializers.CharField(help_text="How a text of the postmortem shows it.")
    content_url = serializers.CharField(help_text="The address of its bytes.")
    thumbnails = serializers.DictField(
        child=serializers.CharField(), help_text="The addresses of smaller pictures of it, by size."
    )


class SentFile(serializers.Serializer[Any]):
    """What is sent."""

    file = serializers.FileField()


class Attachments(OfPostmortem):
    """The files that the current content names: all, one, adding and removing."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_attachments",
        tags=TAGS,
        summary="The files that the current content names",
        responses={200: list_of(AttachmentBody)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """All of them, in the order of the content: a postmortem has no more than fit a page."""
        postmortem = get_postmortem(request, ref)
        named = content.read(postmortem).attachments
        files = stored_files.of(postmortem, [item.id for item in named])
        found = [_body(files[item.id], ref) for item in named if item.id in files]
        ways = {"count": len(found), "next": None, "previous": None}
        return versioned({**ways, "results": found}, postmortem)

    @extend_schema(
        operation_id="add_attachment",
        tags=TAGS,
        summary="Add a file and save a revision that names it",
        request={"multipart/form-data": SentFile},
        responses={201: AttachmentBody, **problems(409, 412, 428)},
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """Take the part `file` of a multipart form in and save a revision that names it."""
        # Asked before the body is read: nobody fills the disk of a postmortem they only read.
        postmortem = to_edit(request, ref)
        versions = _versions(request)
        if versions is not None and postmortem.version not in versions:
            raise Conflict(postmortem)
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise serializers.ValidationError({"file": [_("Send the file as the part “file”.")]})
        file = attachments.add(postmortem, upload, by=person(request)).file
        headers = {"Location": _address(file, postmortem.ref)}
        response = Response(_body(file, ref), status=201, headers=headers)
        # Who may not read the postmortem any more gets no answer about it again.
        response.about = postmortem  # type: ignore[attr-defined]
        return response

    @extend_schema(
        operation_id="read_attachment",
        tags=TAGS,
        summary="What a file is",
        responses={200: AttachmentBody},
    )
    def retrieve(self, request: Request, ref: str, file_id: str) -> Response:
        """What it is; for who sees the history also one that only old revisions name."""
        return Response(_body(_find(request, ref, file_id), ref))

    @extend_schema(
        operation_id="remove_attachment",
        tags=TAGS,
        summary="Save a revision that no longer names the file",
        responses={204: None, **problems(409, 412, 428)},
    )
    def destroy(self, request: Request, ref: str, file_id: str) -> Response:
        """Save a revision that no longer names it."""
        postmortem = get_postmortem(request, ref)
        _find(request, ref, file_id)
        versions = _versions(request)
        if versions is None:
            attachments.remove(postmortem, file_id, by=person(request))
            return Response(status=204)
        check_edit(request, postmortem)
        with authoring.held(postmortem, versions) as held:
            attachments.remove(held, file_id, by=person(request))
        return Response(status=204)


class Whatever(DefaultContentNegotiation):
    """Bytes are what they are: what a client would rather have changes nothing."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The one there is, for problems."""
        only = next(iter(renderers))
        return only, only.media_type or ""


class AttachmentContent(Resource):
    """The bytes."""

    content_negotiation_class = Whatever

    @extend_schema(
        operation_id="read_attachment_content",
        tags=TAGS,
        summary="The bytes of a file",
        parameters=[SIZE, RANGE],
        responses={
            (200, "*/*"): OpenApiTypes.BINARY,
            (206, "*/*"): OpenApiTypes.BINARY,
            304: None,
            **problems(416),
        },
    )
    def retrieve(self, request: Request, ref: str, file_id: str) -> HttpResponseBase:
        """The file itself, inert; `size=small` or `large` for a thumbnail of a picture."""
        file = _find(request, ref, file_id)
        answer = hand_over(request._request, file, request.query_params.get("size", ""))
        if answer.status_code == 416:
            raise NoSuchRange
        return answer


def _versions(request: Request) -> frozenset[int] | None:
    """The versions that If-Match names; None without it: files come and go beside other changes."""
    return versions_named(request) if "If-Match" in request.headers else None


def _find(request: Request, ref: str, file_id: str) -> StoredFile:
    # With a ref that is none nothing is asked for: an empty one would mean any postmortem.
    found = attachments.find(request.user, file_id, ref.lower()) if ref else None
    if found is None:
        raise Http404
    return found


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
