"""/api/v1/reading-lists/REF/items/ and …/order/: what stands in a reading list, and in which order."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import outbox, reading_lists
from postmortems.api import tags
from postmortems.api.fields import Sent, sent
from postmortems.api.reading_lists import TAGS, get_list
from postmortems.api.refusals import PreconditionFailed
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, get_postmortem, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.models import ReadingList, ReadingListEntry
from postmortems.models.postmortem import REF_LENGTH
from postmortems.models.reading_list import LONGEST_WHY


class ReadingListItemFields(Sent):
    """Why a postmortem is to be read."""

    ignored = ("postmortem", "title", "language", "url")

    why = serializers.CharField(max_length=LONGEST_WHY, allow_blank=True)


class NewReadingListItemFields(Sent):
    """A postmortem to put at the end."""

    ignored = ("title", "language", "url")

    postmortem = serializers.CharField(max_length=REF_LENGTH, help_text="Its ref.")
    why = serializers.CharField(max_length=LONGEST_WHY, allow_blank=True, required=False)


class ReadingListItemBody(serializers.Serializer[Any]):
    """A postmortem of a reading list, and why to read it."""

    postmortem = serializers.CharField(help_text="Its ref.")
    title = serializers.CharField()
    language = serializers.CharField(help_text="Of the title.")
    url = serializers.CharField()
    why = serializers.CharField(allow_blank=True)


class ReadingListOrderBody(serializers.Serializer[Any]):
    """All postmortems of a list that you see, in their order."""

    postmortems = serializers.ListField(child=serializers.CharField(), help_text="Their refs.")


class ReadingListOrderFields(Sent):
    """The same postmortems, in the order that they are to have."""

    postmortems = serializers.ListField(
        child=serializers.CharField(max_length=REF_LENGTH),
        max_length=reading_lists.MOST_ENTRIES,
    )


class ReadingListItems(Resource):
    """What stands in one list."""

    @extend_schema(
        operation_id="list_reading_list_items",
        tags=TAGS,
        summary="What stands in a reading list, in its order",
        parameters=PAGES,
        responses={200: list_of(ReadingListItemBody), **problems(400, 404)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """One page; what the caller may not see is not there, and leaves no gap."""
        return listed(
            request, reading_lists.entries_of(get_list(request, ref), request.user), _body
        )

    @extend_schema(
        operation_id="add_reading_list_item",
        tags=TAGS,
        summary="Put a postmortem at the end of a reading list",
        request=NewReadingListItemFields,
        responses={201: ReadingListItemBody, **problems(400, 401, 403, 404, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """Add one; 201 with its address in `Location`."""
        item = _to_fill(request, ref)
        wanted = sent(NewReadingListItemFields(data=request.data))
        postmortem = get_postmortem(request, wanted.pop("postmortem"))
        made = reading_lists.add(item, postmortem, by=person(request), **wanted)
        kwargs = {"ref": item.ref, "postmortem": postmortem.ref}
        location = reverse("api:reading-list-item", kwargs=kwargs)
        return Response(_body(made), status=201, headers={"Location": location})

    @extend_schema(
        operation_id="read_reading_list_item",
        tags=TAGS,
        summary="One postmortem of a reading list",
        responses={200: ReadingListItemBody, **problems(404)},
    )
    def retrieve(self, request: Request, ref: str, postmortem: str) -> Response:
        """One of them, by the ref of the postmortem."""
        item = get_list(request, ref)
        return Response(_body(_entry(request, item, postmortem)))

    @extend_schema(
        operation_id="change_reading_list_item",
        tags=TAGS,
        summary="Say why it is to be read",
        request=ReadingListItemFields,
        responses={200: ReadingListItemBody, **problems(400, 401, 403, 404, 413, 415)},
    )
    def partial_update(self, request: Request, ref: str, postmortem: str) -> Response:
        """Its sentence otherwise."""
        item = _to_fill(request, ref)
        entry = _entry(request, item, postmortem)
        wanted = sent(ReadingListItemFields(data=request.data, partial=True))
        if "why" in wanted:
            named = entry.postmortem.ref
            entry = reading_lists.explain(item, named, wanted["why"], by=person(request))
        return Response(_body(entry))

    @extend_schema(
        operation_id="remove_reading_list_item",
        tags=TAGS,
        summary="Take a postmortem out of a reading list",
        responses={204: None, **problems(401, 403, 404)},
    )
    def destroy(self, request: Request, ref: str, postmortem: str) -> Response:
        """One less."""
        item = _to_fill(request, ref)
        named = _entry(request, item, postmortem).postmortem.ref
        reading_lists.remove(item, named, by=person(request))
        return Response(status=204)


class ReadingListOrder(Resource):
    """The order of one list as a whole."""

    @extend_schema(
        operation_id="read_reading_list_order",
        tags=TAGS,
        summary="The order of a reading list",
        responses={200: ReadingListOrderBody, **problems(404)},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """The refs; its tag goes back as If-Match."""
        return Response(_order(request, get_list(request, ref)))

    @extend_schema(
        operation_id="change_reading_list_order",
        tags=TAGS,
        summary="Put a reading list in another order",
        request=ReadingListOrderFields,
        responses={
            200: ReadingListOrderBody,
            **problems(400, 401, 403, 404, 412, 413, 415, 428),
        },
    )
    def update(self, request: Request, ref: str) -> Response:
        """Over the order that If-Match names, so that nobody's change is lost."""
        item = _to_fill(request, ref)
        named = tags.tags_named(request)
        wanted = sent(ReadingListOrderFields(data=request.data))["postmortems"]
        with outbox.writing():
            present = _order(request, item)
            if (tag := tags.tag_of_data(present)) not in named:
                raise PreconditionFailed(tag)
            seen = reading_lists.state_of(present["postmortems"])
            reading_lists.arrange(item, wanted, by=person(request), seen=seen)
        changed = _order(request, item)
        return Response(changed, headers={"ETag": tags.tag_of_data(changed)})


def _to_fill(request: Request, ref: str) -> ReadingList:
    item: ReadingList = get_list(request, ref)
    # Before what was sent is looked at: whoever may not is told so whatever they sent.
    reading_lists.check_may_fill(person(request), item)
    return item


def _entry(request: Request, item: ReadingList, ref: str) -> ReadingListEntry:
    """The entry of that postmortem; raises ObjectDoesNotExist, which answers 404."""
    postmortem = get_postmortem(request, ref)
    found: ReadingListEntry = reading_lists.entries_of(item, request.user).get(
        postmortem=postmortem.pk
    )
    return found


def _order(request: Request, item: ReadingList) -> dict[str, Any]:
    entries = reading_lists.entries_of(item, request.user)
    return {"postmortems": reading_lists.refs_of(entries)}


def _body(entry: ReadingListEntry) -> dict[str, Any]:
    postmortem = entry.postmortem
    return {
        "postmortem": postmortem.ref,
        "title": postmortem.title,
        "language": postmortem.language,
        "url": postmortem.get_absolute_url(),
        "why": entry.why,
    }
