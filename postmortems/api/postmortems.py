"""/api/v1/postmortems/: make one; /api/v1/postmortems/REF/: read, replace, patch, throw away."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import access, authoring, bin, content, sharing
from postmortems.api import postmortem_fields as fields
from postmortems.api.parsers import MergePatchParser, StrictJSONParser
from postmortems.api.postmortem_body import (
    OfPostmortem,
    PostmortemBody,
    saved,
    seen_by,
    shown,
    still_seen,
    to_change,
    with_unseen,
)
from postmortems.api.repetition import repeatable
from postmortems.api.resources import get_postmortem, person
from postmortems.api.schema import problems
from postmortems.api.search import PostmortemList
from postmortems.document import Document
from postmortems.models import Postmortem, User
from postmortems.saving import save

CHANGES = problems(400, 401, 403, 404, 412, 413, 415, 428)


class Postmortems(PostmortemList):
    """The list, and making one more."""

    @extend_schema(
        operation_id="create_postmortem",
        tags=["postmortems"],
        summary="Make a postmortem: a draft of your team, unless said otherwise.",
        request=fields.PostmortemSent,
        responses={201: PostmortemBody, **problems(400, 401, 403, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """Only `title` is needed; 201 with its address in `Location`."""
        by = person(request)
        access.check_may_write(by)
        data = fields.of_postmortem(request.data)
        envelope = fields.read_envelope(data, Postmortem.Status.DRAFT)
        document = fields.read_document(data)
        made = authoring.create(document, by=by, **_start(envelope, by))
        return saved(request, made, status=201)

    def again(self, request: Request, body: Any, **_address: Any) -> Any:
        """The postmortem as it was made, as far as it is still told."""
        return still_seen(request.user, body)


class OnePostmortem(OfPostmortem):
    """The content that stands now, with its envelope."""

    parser_classes = [StrictJSONParser, MergePatchParser]

    @extend_schema(
        operation_id="get_postmortem",
        tags=["postmortems"],
        summary="Read a postmortem whole.",
        responses={200: PostmortemBody, **problems(401, 404)},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """As it stands now."""
        return shown(request, get_postmortem(request, ref))

    @extend_schema(
        operation_id="replace_postmortem",
        tags=["postmortems"],
        summary="Replace the content; of the envelope, what is left out stays.",
        request=fields.PostmortemSent,
        responses={200: PostmortemBody, **CHANGES},
    )
    def update(self, request: Request, ref: str) -> Response:
        """What is left out of the content is empty afterwards."""
        postmortem = to_change(request, ref)
        data = fields.of_postmortem(request.data)
        return _save(request, postmortem, data, lambda read: fields.read_document(data))

    @extend_schema(
        operation_id="patch_postmortem",
        tags=["postmortems"],
        summary="Change what is sent, as JSON Merge Patch (RFC 7396).",
        request={
            "application/json": fields.PostmortemSent(partial=True),
            "application/merge-patch+json": fields.PostmortemSent(partial=True),
        },
        responses={200: PostmortemBody, **CHANGES},
    )
    def partial_update(self, request: Request, ref: str) -> Response:
        """Objects are merged, null takes away, lists are replaced whole."""
        postmortem = to_change(request, ref)
        data = fields.of_postmortem(request.data)
        return _save(request, postmortem, data, lambda read: fields.patched_document(read, data))

    @extend_schema(
        operation_id="delete_postmortem",
        tags=["postmortems"],
        summary="Move a postmortem to the bin.",
        responses={204: None, **CHANGES},
    )
    def destroy(self, request: Request, ref: str) -> Response:
        """Its authors and the leads of its team can take it out again."""
        postmortem = to_change(request, ref)
        with authoring.held(postmortem, {postmortem.version}) as present:
            bin.throw_away(present, by=person(request))
        return Response(status=204)


def _start(envelope: dict[str, Any], by: User) -> dict[str, Any]:
    """What `authoring.create` takes, beside the content."""
    start: dict[str, Any] = {
        name: envelope[name] for name in ("slug", "visibility") if name in envelope
    }
    if "team" in envelope:
        start["team"] = fields.team_of(envelope["team"], by)
    authors = envelope.get("authors", [by.username])
    named = envelope.get("named_people", [])
    sharing.check_people(set(authors), set(named), envelope.get("visibility"), by=by)
    start["authors"] = sharing.accounts_of(set(authors), by=by)
    start["named"] = tuple(sharing.accounts_of(set(named), by=by))
    return start


def _save(
    request: Request,
    postmortem: Postmortem,
    data: dict[str, Any],
    wanted: Callable[[Document], Document],
) -> Response:
    """Save what was sent; `wanted` makes the new content of that which the caller has read."""
    by, present = person(request), content.read(postmortem)
    envelope = fields.changes(fields.read_envelope(data, postmortem.status), postmortem, by)
    document = with_unseen(wanted(seen_by(by, present)), present, by)
    return saved(request, save(postmortem, document, envelope, by=by, version=postmortem.version))
