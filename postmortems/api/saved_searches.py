"""/api/v1/saved-searches/: what one keeps and what others share, and the verbs on one's own."""

from functools import partial
from typing import Any

import django_filters
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import access, saved_searches
from postmortems.api.fields import Sent, sent
from postmortems.api.filtering import SharedFilters, narrowed, parameters_of
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, get_by_ref, listed, person
from postmortems.api.schema import PAGES, list_of
from postmortems.models import SavedSearch, Team
from postmortems.models.saved_search import LONGEST_QUERY
from postmortems.search.saved import in_order
from postmortems.search.saved import listed as visible_searches

TAGS = ["saved searches"]


class SavedSearchFields(Sent):
    """The types of what is sent; what it means is checked by the verb."""

    ignored = ("ref", "url", "api_url", "owner", "is_own", "created_at", "updated_at")

    name = serializers.CharField(max_length=saved_searches.LONGEST_NAME)
    query = serializers.CharField(max_length=LONGEST_QUERY)
    shared = serializers.ChoiceField(choices=SavedSearch.Shared.values, required=False)
    team = serializers.CharField(max_length=60, required=False, allow_null=True)
    is_default = serializers.BooleanField(required=False)


class SavedSearchBody(serializers.Serializer[Any]):
    """A saved search."""

    ref = serializers.CharField()
    name = serializers.CharField()
    query = serializers.CharField(help_text="The query string of the search.")
    url = serializers.CharField(help_text="The page that runs it with your rights.")
    api_url = serializers.CharField(help_text="The same for tools.")
    shared = serializers.ChoiceField(choices=SavedSearch.Shared.values)
    team = serializers.CharField(allow_null=True)
    owner = serializers.CharField()
    is_own = serializers.BooleanField()
    is_default = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SavedSearchFilters(SharedFilters):
    """What the list is narrowed by."""

    shared = django_filters.ChoiceFilter(
        choices=[(value, value) for value in SavedSearch.Shared.values], help_text="With whom."
    )


class SavedSearches(Resource):
    """The list, and the verbs on one's own."""

    @extend_schema(
        operation_id="list_saved_searches",
        tags=TAGS,
        summary="What you keep, and what is shared with you",
        parameters=[*parameters_of(SavedSearchFilters), *PAGES],
        responses={200: list_of(SavedSearchBody)},
    )
    def list(self, request: Request) -> Response:
        """One page: one's own first, by name."""
        rows = narrowed(SavedSearchFilters, visible_searches(request.user), request)
        return listed(request, rows, partial(_body, request=request))

    @extend_schema(
        operation_id="create_saved_search",
        tags=TAGS,
        summary="Keep a search",
        request=SavedSearchFields,
        responses={201: SavedSearchBody},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """Make one; 201 with its address in `Location`."""
        made = saved_searches.create(by=person(request), **_fields(request))
        return Response(_body(made, request), status=201, headers={"Location": _address(made)})

    @extend_schema(
        operation_id="read_saved_search",
        tags=TAGS,
        summary="One that is yours or shared with you",
        responses={200: SavedSearchBody},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """One's own, or one that is shared with the caller."""
        return Response(_body(_get(request, ref), request))

    @extend_schema(
        operation_id="change_saved_search",
        tags=TAGS,
        summary="Change what is given",
        request=SavedSearchFields,
        responses={200: SavedSearchBody},
    )
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what is given."""
        item = _get(request, ref)
        # Before what was sent is looked at: whoever may not is told so whatever they sent.
        saved_searches.check_may_change(person(request), item)
        changed = saved_searches.change(item, by=person(request), **_fields(request, item))
        return Response(_body(changed, request))

    @extend_schema(
        operation_id="delete_saved_search",
        tags=TAGS,
        summary="Forget a saved search",
        responses={204: None},
    )
    def destroy(self, request: Request, ref: str) -> Response:
        """Forget it."""
        saved_searches.delete(_get(request, ref), by=person(request))
        return Response(status=204)


def _get(request: Request, ref: str) -> SavedSearch:
    return get_by_ref(in_order(SavedSearch.objects.visible_to(request.user)), ref)


def _fields(request: Request, present: SavedSearch | None = None) -> dict[str, Any]:
    """What is sent, as the verbs take it; raises ValidationError for what has the wrong type."""
    wanted = sent(SavedSearchFields(data=request.data, partial=present is not None))
    if "team" not in wanted and "shared" not in wanted:
        return wanted
    before = (present.shared, present.team) if present else (SavedSearch.Shared.PRIVATE, None)
    wanted["shared"] = wanted.get("shared", before[0])
    if wanted["shared"] != SavedSearch.Shared.TEAM and wanted.get("team"):
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


def _body(item: SavedSearch, request: Request) -> dict[str, Any]:
    is_own = item.owner_id == request.user.pk
    return {
        "ref": item.ref,
        "name": item.name,
        "query": item.query,
        "url": item.search_url,
        "api_url": f"{reverse('api:search')}?{item.query}",
        "shared": item.shared,
        "team": item.team.slug if item.team else None,
        "owner": str(item.owner),
        "is_own": is_own,
        # Whose default it is is nobody else's business.
        "is_default": is_own and item.is_default,
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
    }


def _address(item: SavedSearch) -> str:
    return reverse("api:saved-search", kwargs={"ref": item.ref})
