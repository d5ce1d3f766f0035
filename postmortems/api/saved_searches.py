"""/api/v1/saved-searches/: what one keeps and what others share, and the verbs on one's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from postmortems import access, saved_searches
from postmortems.api.paging import neighbours, page_number_of, page_size_of
from postmortems.api.permissions import WritesNeedScope
from postmortems.models import SavedSearch, Team, User
from postmortems.models.postmortem import is_ref
from postmortems.models.saved_search import LONGEST_QUERY
from postmortems.search.saved import in_order, listed


class SavedSearchFields(serializers.Serializer[Any]):
    """The types of what is sent; what it means is checked by the verb."""

    name = serializers.CharField(max_length=saved_searches.LONGEST_NAME)
    query = serializers.CharField(max_length=LONGEST_QUERY)
    shared = serializers.ChoiceField(choices=SavedSearch.Shared.values, required=False)
    team = serializers.CharField(max_length=60, required=False, allow_null=True)
    is_default = serializers.BooleanField(required=False)


class SavedSearchesView(APIView):
    """The list, and making one."""

    permission_classes = [WritesNeedScope]

    def get(self, request: Request) -> Response:
        """One page: one's own first, by name."""
        number = page_number_of(request.query_params.get("page", ""))
        size = page_size_of(request.query_params.get("page_size", ""))
        found = listed(request.user)
        count, start = found.count(), (number - 1) * size
        return Response(
            {
                "count": count,
                **neighbours(request, page=number, page_size=size, count=count),
                "results": [_body(item, request) for item in found[start : start + size]],
            }
        )

    def post(self, request: Request) -> Response:
        """Make one; 201 with its address in `Location`."""
        wanted = _fields(request)
        with _problems():
            made = saved_searches.create(by=_person(request), **wanted)
        return Response(_body(made, request), status=201, headers={"Location": _address(made)})


class SavedSearchView(APIView):
    """One of them."""

    permission_classes = [WritesNeedScope]

    def get(self, request: Request, ref: str) -> Response:
        """One's own, or one that is shared with the caller."""
        return Response(_body(_get(request, ref), request))

    def patch(self, request: Request, ref: str) -> Response:
        """Change what is given."""
        item = _get(request, ref)
        # Before what was sent is looked at: whoever may not is told so whatever they sent.
        saved_searches.check_may_change(_person(request), item)
        wanted = _fields(request, item)
        with _problems():
            changed = saved_searches.change(item, by=_person(request), **wanted)
        return Response(_body(changed, request))

    def delete(self, request: Request, ref: str) -> Response:
        """Forget it."""
        saved_searches.delete(_get(request, ref), by=_person(request))
        return Response(status=204)


def _person(request: Request) -> User:
    """Who asks, behind `WritesNeedScope`."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _get(request: Request, ref: str) -> SavedSearch:
    found = None
    # What cannot be a ref never reaches the database: PostgreSQL refuses a NUL with an error.
    if is_ref(ref.lower()):
        visible = in_order(SavedSearch.objects.visible_to(request.user))
        found = visible.filter(ref=ref.lower()).first()
    if found is None:
        raise Http404
    return found


def _fields(request: Request, present: SavedSearch | None = None) -> dict[str, Any]:
    """What is sent, as the verbs take it; raises ValidationError for what has the wrong type."""
    given = SavedSearchFields(data=request.data, partial=present is not None)
    given.is_valid(raise_exception=True)
    wanted = dict(given.validated_data)
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
    for team in access.teams_to_write_in(_person(request)):
        if team.slug == slug:
            return team
    message = _("You share with no team called “%(slug)s”.") % {"slug": slug}
    raise serializers.ValidationError({"team": [message]})


@contextmanager
def _problems() -> Iterator[None]:
    """The verbs' ValidationError as the API's own, which is answered with 400 and pointers."""
    try:
        yield
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from error


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
