"""/api/v1/reading-lists/: ordered lists of postmortems, what stands in them, and in which order."""

from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import access, reading_lists
from postmortems.api.fields import Sent, sent
from postmortems.api.filtering import SharedFilters, narrowed, parameters_of
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, get_by_ref, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.models import ReadingList, Team
from postmortems.models.reading_list import LONGEST_DESCRIPTION, LONGEST_NAME

TAGS = ["reading lists"]
Shared = ReadingList.Shared


class ReadingListFields(Sent):
    """The types of what is sent; what it means is checked by the verb."""

    ignored = ("ref", "url", "owner", "is_own", "may_fill", "count", "created_at")

    name = serializers.CharField(max_length=LONGEST_NAME)
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True
    )
    shared = serializers.ChoiceField(choices=Shared.values, required=False)
    team = serializers.CharField(max_length=60, required=False, allow_null=True)


class ReadingListBody(serializers.Serializer[Any]):
    """A reading list without what stands in it."""

    ref = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    url = serializers.CharField(help_text="Its page.")
    shared = serializers.ChoiceField(choices=Shared.values)
    team = serializers.CharField(allow_null=True)
    owner = serializers.CharField(
        allow_null=True, help_text="Who made it; null for who is not signed in."
    )
    is_own = serializers.BooleanField()
    may_fill = serializers.BooleanField(help_text="Whether you change what stands in it.")
    count = serializers.IntegerField(min_value=0, help_text="How many of its postmortems you see.")
    created_at = serializers.DateTimeField()


class ReadingListFilters(SharedFilters):
    """What the list of lists is narrowed by."""

    shared = django_filters.ChoiceFilter(
        choices=[(value, value) for value in Shared.values], help_text="With whom."
    )


class ReadingLists(Resource):
    """The list of them, and the verbs on one's own."""

    @extend_schema(
        operation_id="list_reading_lists",
        tags=TAGS,
        summary="Reading lists: yours, and those that are shared with you",
        parameters=[*parameters_of(ReadingListFilters), *PAGES],
        responses={200: list_of(ReadingListBody), **problems(400)},
    )
    def list(self, request: Request) -> Response:
        """One page, by name."""
        rows = narrowed(ReadingListFilters, _visible(request), request)
        ordered = rows.order_by(Lower("name"), "ref")
        filled = _filled_by(request)
        return listed(request, ordered, partial(_body, request=request, filled=filled))

    @extend_schema(
        operation_id="create_reading_list",
        tags=TAGS,
        summary="Make an empty reading list",
        request=ReadingListFields,
        responses={201: ReadingListBody, **problems(400, 401, 403, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """Make one; 201 with its address in `Location`."""
        made = reading_lists.create(by=person(request), **_fields(request))
        location = reverse("api:reading-list", kwargs={"ref": made.ref})
        return Response(_shown(request, made.ref), status=201, headers={"Location": location})

    @extend_schema(
        operation_id="read_reading_list",
        tags=TAGS,
        summary="One that is yours or shared with you",
        responses={200: ReadingListBody, **problems(404)},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """One's own, or one that is shared with the caller."""
        return Response(_shown(request, ref))

    @extend_schema(
        operation_id="change_reading_list",
        tags=TAGS,
        summary="Change what is given of its name, description and sharing",
        request=ReadingListFields,
        responses={200: ReadingListBody, **problems(400, 401, 403, 404, 413, 415)},
    )
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what is given."""
        item = get_list(request, ref)
        # Before what was sent is looked at: whoever may not is told so whatever they sent.
        reading_lists.check_may_change(person(request), item)
        reading_lists.change(item, by=person(request), **_fields(request, item))
        return Response(_shown(request, ref))

    @extend_schema(
        operation_id="delete_reading_list",
        tags=TAGS,
        summary="Delete a reading list; its postmortems stay",
        responses={204: None, **problems(401, 403, 404)},
    )
    def destroy(self, request: Request, ref: str) -> Response:
        """Delete it."""
        reading_lists.delete(get_list(request, ref), by=person(request))
        return Response(status=204)


def get_list(request: Request, ref: str) -> Any:
    """The list with that ref, in any letter case; raises Http404 for what is hidden from who asks."""
    return get_by_ref(_visible(request), ref)


def _visible(request: Request) -> QuerySet[ReadingList]:
    rows = ReadingList.objects.visible_to(request.user).with_counts(request.user)
    return rows.select_related("owner", "team")


def _shown(request: Request, ref: str) -> dict[str, Any]:
    return _body(get_list(request, ref), request, _filled_by(request))


def _filled_by(request: Request) -> set[int]:
    if not request.user.is_authenticated:
        return set()
    return set(reading_lists.to_fill(person(request)).values_list("pk", flat=True))


def _fields(request: Request, present: ReadingList | None = None) -> dict[str, Any]:
    """What is sent, as the verbs take it; raises ValidationError for what has the wrong type."""
    wanted = sent(ReadingListFields(data=request.data, partial=present is not None))
    if "team" not in wanted and "shared" not in wanted:
        return wanted
    before = (present.shared, present.team) if present else (Shared.PRIVATE, None)
    wanted["shared"] = wanted.get("shared", before[0])
    if wanted["shared"] != Shared.TEAM and wanted.get("team"):
        raise serializers.ValidationError({"team": [_("A team goes with shared “team”.")]})
    slug = wanted.get("team")
    # Left out it stays; null takes it away, which the verb refuses where a team is needed.
    wanted["team"] = _team(slug, request) if slug else None if "team" in wanted else before[1]
    return wanted


def _team(slug: str, request: Request) -> Team:
    for team in access.teams_to_write_in(person(request)):
        if team.slug == slug:
            return team
    message = _("You share with no team called “%(slug)s”.") % {"slug": slug}
    raise serializers.ValidationError({"team": [message]})


def _body(item: Any, request: Request, filled: set[int]) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "name": item.name,
        "description": item.description,
        "url": item.get_absolute_url(),
        "shared": item.shared,
        "team": item.team.slug if item.team else None,
        "owner": str(item.owner) if request.user.is_authenticated else None,
        "is_own": item.owner_id == request.user.pk,
        "may_fill": item.pk in filled,
        "count": item.count,
        "created_at": item.created_at.isoformat(),
    }
