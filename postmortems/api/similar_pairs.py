"""/api/v1/postmortems/REF/similar/OTHER/…/: two that look alike are the same defect, or not similar."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import similar_pairs
from postmortems.api.resources import Resource, get_postmortem, person
from postmortems.api.schema import problems
from postmortems.models import Dismissal, Postmortem

CHANGES = problems(401, 403, 404)


class PairBody(serializers.Serializer[Any]):
    """What is said of the two, as far as it counts for who asks."""

    ref = serializers.CharField()
    other = serializers.CharField()
    same_defect = serializers.BooleanField(help_text="Whether one of them says so.")
    dismissed = serializers.BooleanField(help_text="Whether they are not shown as similar.")
    for_all = serializers.BooleanField(help_text="Whether that holds for everybody.")


class Pair(Resource):
    """Something that is said of two postmortems; saying it twice is saying it once."""

    def both(self, request: Request, ref: str, other: str) -> tuple[Postmortem, Postmortem]:
        """The two; raises Http404 where one is hidden from who asks, or both are one."""
        one, two = get_postmortem(request, ref), get_postmortem(request, other)
        if one == two:
            raise Http404
        return one, two


class SameDefect(Pair):
    """That they are the same defect."""

    @extend_schema(
        operation_id="confirm_same_defect",
        tags=["search"],
        summary="Say that two postmortems are the same defect; for who writes in one of their teams",
        request=None,
        responses={200: PairBody, **CHANGES},
    )
    def update(self, request: Request, ref: str, other: str) -> Response:
        """The relation stands in the first of the two that the caller may edit."""
        one, two = self.both(request, ref, other)
        similar_pairs.confirm(one, two, by=person(request))
        return Response(_body(request, one, two))

    @extend_schema(
        operation_id="unlink_same_defect",
        tags=["search"],
        summary="Take back that two postmortems are the same defect",
        responses={204: None, **CHANGES},
    )
    def destroy(self, request: Request, ref: str, other: str) -> Response:
        """Whichever of the two says so."""
        similar_pairs.unlink(*self.both(request, ref, other), by=person(request))
        return Response(status=204)


class Dismissed(Pair):
    """That they are not similar."""

    @extend_schema(
        operation_id="dismiss_similar",
        tags=["search"],
        summary="Say that two postmortems are not similar: for yourself, or, as an editor, for everybody",
        request=None,
        responses={200: PairBody, **CHANGES},
    )
    def update(self, request: Request, ref: str, other: str) -> Response:
        """They are no longer shown beside each other."""
        one, two = self.both(request, ref, other)
        similar_pairs.dismiss(one, two, by=person(request))
        return Response(_body(request, one, two))

    @extend_schema(
        operation_id="bring_similar_back",
        tags=["search"],
        summary="Take back that two postmortems are not similar",
        responses={204: None, **CHANGES},
    )
    def destroy(self, request: Request, ref: str, other: str) -> Response:
        """One's own saying so and, for an editor, what counts for everybody."""
        similar_pairs.bring_back(*self.both(request, ref, other), by=person(request))
        return Response(status=204)


def _body(request: Request, one: Postmortem, two: Postmortem) -> dict[str, Any]:
    told = Dismissal.objects.of_pair(one, two).hiding_from(request.user)
    holds = list(told.values_list("is_for_all", flat=True))
    return {
        "ref": one.ref,
        "other": two.ref,
        "same_defect": similar_pairs.are_same_defect(one, two),
        "dismissed": bool(holds),
        "for_all": any(holds),
    }
