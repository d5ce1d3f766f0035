"""/api/v1/following/: the terms and saved searches that the caller follows; beginning and ending to follow one."""

from functools import cache
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import following
from postmortems.api.curating import LAST_ID, get_term
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, get_by_ref, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.digits import number_in
from postmortems.models import Following, SavedSearch
from taxonomy import lookup
from taxonomy.lookup import Terms

TAGS = ["saved searches"]


class FollowedTerm(serializers.Serializer[Any]):
    """The term, or the one that it was merged into."""

    id = serializers.IntegerField()
    vocabulary = serializers.CharField()
    path = serializers.CharField()


class FollowingBody(serializers.Serializer[Any]):
    """Something that the caller follows: a term with all below it, or a saved search."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField(help_text="The page of the term, or the search.")
    term = FollowedTerm(allow_null=True)
    saved_search = serializers.CharField(allow_null=True, help_text="The ref of one.")
    since = serializers.DateTimeField(help_text="What was published before is no news.")


class Followings(Resource):
    """What one follows; nobody else is told."""

    @extend_schema(
        operation_id="list_following",
        tags=TAGS,
        summary="What you follow, the first followed first",
        parameters=PAGES,
        responses={200: list_of(FollowingBody), **problems(400, 401)},
    )
    def list(self, request: Request) -> Response:
        """One page; a visitor follows nothing."""
        # Asked for once the rows are there: a term added in between would not be in it.
        every = cache(lookup.current)
        return listed(request, Following.objects.of(request.user), lambda row: _of(row, every()))

    @extend_schema(
        operation_id="read_following",
        tags=TAGS,
        summary="One of them",
        responses={200: FollowingBody, **problems(400, 401, 404)},
    )
    def retrieve(self, request: Request, following_id: str) -> Response:
        """One's own alone."""
        return Response(_body(_get(request, following_id)))

    @extend_schema(
        operation_id="stop_following",
        tags=TAGS,
        summary="Follow it no more",
        responses={204: None, **problems(400, 401, 404)},
    )
    def destroy(self, request: Request, following_id: str) -> Response:
        """What is gone already is not there."""
        following.stop(_get(request, following_id), by=person(request))
        return Response(status=204)


class TermFollowing(Resource):
    """Following a term."""

    @extend_schema(
        operation_id="follow_term",
        tags=TAGS,
        summary="Follow a term and all below it",
        request=None,
        responses={200: FollowingBody, **problems(400, 401, 403, 404)},
    )
    @repeatable
    def create(self, request: Request, term_id: str) -> Response:
        """Who follows it already goes on so."""
        return Response(_body(following.follow_term(get_term(term_id), by=person(request))))


class SearchFollowing(Resource):
    """Following a saved search."""

    @extend_schema(
        operation_id="follow_saved_search",
        tags=TAGS,
        summary="Follow a saved search that you see",
        request=None,
        responses={200: FollowingBody, **problems(400, 401, 403, 404)},
    )
    @repeatable
    def create(self, request: Request, ref: str) -> Response:
        """Who follows it already goes on so."""
        found = get_by_ref(SavedSearch.objects.visible_to(request.user), ref)
        return Response(_body(following.follow_search(found, by=person(request))))


def _get(request: Request, following_id: str) -> Following:
    number = number_in(following_id, 1, LAST_ID)
    found = Following.objects.of(request.user).filter(pk=number).first() if number else None
    if found is None:
        raise Http404
    return found


def _body(item: Following) -> dict[str, Any]:
    return _of(item, lookup.current())


def _of(item: Following, terms: Terms) -> dict[str, Any]:
    if item.saved_search:
        name, url, term = item.saved_search.name, item.saved_search.search_url, None
    else:
        info = terms.heir(terms.by_id[item.term_id or 0])
        name = info.name(translation.get_language() or "en")
        url = reverse("term", args=[info.vocabulary, info.path])
        term = {"id": info.id, "vocabulary": info.vocabulary, "path": info.path}
    return {
        "id": item.pk,
        "name": name,
        "url": url,
        "term": term,
        "saved_search": item.saved_search.ref if item.saved_search else None,
        "since": item.since.isoformat(),
    }
