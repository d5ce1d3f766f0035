"""/api/v1/postmortems/REF/timeline/ and …/actions/: single entries of a content's lists.

Each change is an edit of the whole content over the version that If-Match names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import authoring, content, document_json
from postmortems.api.merge_patch import patched
from postmortems.api.parsers import MergePatchParser, StrictJSONParser
from postmortems.api.postmortem_body import AnyObject, OfPostmortem, changed, find_in, to_change
from postmortems.api.postmortem_fields import of_object
from postmortems.api.refusals import Moved
from postmortems.api.repetition import repeatable
from postmortems.api.resources import get_postmortem, person, versioned
from postmortems.api.schema import list_of, problems
from postmortems.document import (
    ACTION_KINDS,
    ACTION_STATUSES,
    ENTRY_KINDS,
    Document,
)
from postmortems.document_json import Invalid, Problem
from postmortems.item_ids import new_id
from postmortems.models import Postmortem

CHANGES = problems(400, 401, 403, 404, 412, 413, 415, 428)


class TimelineEntryBody(serializers.Serializer[Any]):
    """What happened at a moment; without an `id` it is given one."""

    id = serializers.CharField(max_length=40, required=False)
    kind = serializers.ChoiceField(choices=ENTRY_KINDS)
    text = serializers.CharField()
    when = AnyObject(required=False)
    source = serializers.CharField(max_length=200, required=False)  # type: ignore[assignment]


class ActionBody(serializers.Serializer[Any]):
    """What is to be done; without an `id` it is given one."""

    id = serializers.CharField(max_length=40, required=False)
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=ACTION_KINDS, required=False)
    status = serializers.ChoiceField(choices=ACTION_STATUSES, required=False)
    owner = serializers.CharField(max_length=200, required=False)
    due = serializers.CharField(max_length=10, required=False)
    tracker = serializers.CharField(max_length=500, required=False)


class Items(OfPostmortem):
    """One list of the content."""

    parser_classes = [StrictJSONParser, MergePatchParser]
    part: ClassVar[str]
    address: ClassVar[str]

    def list(self, request: Request, ref: str) -> Response:
        """All of them: a content has no more than fit one answer."""
        postmortem = get_postmortem(request, ref)
        results = [_plain(item) for item in self._items(content.read(postmortem))]
        ways = {"count": len(results), "next": None, "previous": None}
        return versioned({**ways, "results": results}, postmortem)

    def create(self, request: Request, ref: str) -> Response:
        """Add one at the end; 201 with its address in `Location`."""
        postmortem = to_change(request, ref)
        item = {"id": new_id(self.part), **of_object(request.data)}
        document = content.read(postmortem)
        plain = [_plain(present) for present in self._items(document)]
        return self._save(request, postmortem, [*plain, item], len(plain), status=201)

    def retrieve(self, request: Request, ref: str, item_id: str) -> Response:
        """One of them."""
        postmortem = get_postmortem(request, ref)
        item = find_in(self._items(content.read(postmortem)), item_id)
        return versioned(_plain(item), postmortem)

    def partial_update(self, request: Request, ref: str, item_id: str) -> Response:
        """Change what is sent of one; it keeps its place and its id."""
        postmortem = to_change(request, ref)
        items = self._items(content.read(postmortem))
        place = items.index(find_in(items, item_id))
        plain = [_plain(item) for item in items]
        plain[place] = patched(plain[place], of_object(request.data))
        if plain[place].get("id") != item_id:
            raise serializers.ValidationError({"id": [_("An id stays as it is.")]})
        return self._save(request, postmortem, plain, place)

    def destroy(self, request: Request, ref: str, item_id: str) -> Response:
        """Take one away."""
        postmortem = to_change(request, ref)
        document = content.read(postmortem)
        gone = find_in(self._items(document), item_id)
        kept = tuple(item for item in self._items(document) if item is not gone)
        wanted = replace(document, **{self.part: kept})  # type: ignore[arg-type]
        if found := document_json.check(wanted):
            reasons = {problem.pointer: [problem.message] for problem in found}
            raise Moved(_("Other parts of the postmortem name it."), reasons=reasons)
        _edit(request, postmortem, wanted)
        return Response(status=204)

    def _items(self, document: Document) -> Sequence[Any]:
        found: Sequence[Any] = getattr(document, self.part)
        return found

    def _save(
        self,
        request: Request,
        postmortem: Postmortem,
        items: Sequence[Mapping[str, Any]],
        place: int,
        *,
        status: int = 200,
    ) -> Response:
        """Save the list, and answer with the item at that place."""
        present = document_json.to_json(content.read(postmortem))
        try:
            document = document_json.from_json({**present, self.part: items})
        except Invalid as error:
            raise Invalid(_within(f"/{self.part}/{place}", error.problems)) from None
        postmortem = _edit(request, postmortem, document)
        item = self._items(document)[place]
        kwargs = {"ref": postmortem.ref, "item_id": item.id}
        location = reverse(f"api:{self.address}", kwargs=kwargs) if status == 201 else ""
        return changed(_plain(item), postmortem, status=status, location=location)


class Timeline(Items):
    """What happened, in the order in which it is told."""

    part, address = "timeline", "postmortem-timeline-entry"

    @extend_schema(
        operation_id="list_timeline",
        tags=["parts"],
        summary="Read the timeline.",
        responses={200: list_of(TimelineEntryBody), **problems(401, 404)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """All entries."""
        return super().list(request, ref)

    @extend_schema(
        operation_id="add_timeline_entry",
        tags=["parts"],
        summary="Add an entry at the end of the timeline.",
        request=TimelineEntryBody,
        responses={201: TimelineEntryBody, **CHANGES, **problems(422)},
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """One more entry."""
        return super().create(request, ref)

    @extend_schema(
        operation_id="get_timeline_entry",
        tags=["parts"],
        summary="Read one entry of the timeline.",
        responses={200: TimelineEntryBody, **problems(401, 404)},
    )
    def retrieve(self, request: Request, ref: str, item_id: str) -> Response:
        """One entry."""
        return super().retrieve(request, ref, item_id)

    @extend_schema(
        operation_id="patch_timeline_entry",
        tags=["parts"],
        summary="Change what is sent of one entry.",
        request=TimelineEntryBody(partial=True),
        responses={200: TimelineEntryBody, **CHANGES},
    )
    def partial_update(self, request: Request, ref: str, item_id: str) -> Response:
        """One entry otherwise."""
        return super().partial_update(request, ref, item_id)

    @extend_schema(
        operation_id="delete_timeline_entry",
        tags=["parts"],
        summary="Take one entry out of the timeline.",
        responses={204: None, **CHANGES, **problems(409)},
    )
    def destroy(self, request: Request, ref: str, item_id: str) -> Response:
        """One entry less; 409 where a moment is told by it."""
        return super().destroy(request, ref, item_id)


class Actions(Items):
    """What is to be done."""

    part, address = "actions", "postmortem-action"

    @extend_schema(
        operation_id="list_postmortem_actions",
        tags=["parts"],
        summary="Read the actions of one postmortem.",
        responses={200: list_of(ActionBody), **problems(401, 404)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """All actions."""
        return super().list(request, ref)

    @extend_schema(
        operation_id="add_action",
        tags=["parts"],
        summary="Add an action.",
        request=ActionBody,
        responses={201: ActionBody, **CHANGES, **problems(422)},
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """One more action."""
        return super().create(request, ref)

    @extend_schema(
        operation_id="get_action",
        tags=["parts"],
        summary="Read one action.",
        responses={200: ActionBody, **problems(401, 404)},
    )
    def retrieve(self, request: Request, ref: str, item_id: str) -> Response:
        """One action."""
        return super().retrieve(request, ref, item_id)

    @extend_schema(
        operation_id="patch_action",
        tags=["parts"],
        summary="Change what is sent of one action.",
        request=ActionBody(partial=True),
        responses={200: ActionBody, **CHANGES},
    )
    def partial_update(self, request: Request, ref: str, item_id: str) -> Response:
        """One action otherwise."""
        return super().partial_update(request, ref, item_id)

    @extend_schema(
        operation_id="delete_action",
        tags=["parts"],
        summary="Take one action away.",
        responses={204: None, **CHANGES},
    )
    def destroy(self, request: Request, ref: str, item_id: str) -> Response:
        """One action less."""
        return super().destroy(request, ref, item_id)


def _edit(request: Request, postmortem: Postmortem, document: Document) -> Postmortem:
    with authoring.held(postmortem, {postmortem.version}) as held:
        return authoring.edit(held, document, by=person(request), revision=held.revision)


def _plain(item: Any) -> dict[str, Any]:
    return document_json.to_json(item)


def _within(pointer: str, found: Sequence[Problem]) -> list[Problem]:
    """The problems with their places as they stand in what was sent."""
    return [replace(problem, pointer=problem.pointer.removeprefix(pointer)) for problem in found]
