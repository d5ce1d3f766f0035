"""/api/v1/actions/: what is to be done, across all postmortems that the caller sees."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.actions import listing, marking
from postmortems.actions.filters import ActionFilters
from postmortems.actions.marking import Chosen, Report
from postmortems.api.fields import Sent, sent
from postmortems.api.filtering import narrowed, parameters_of, refuse_strange
from postmortems.api.postmortem_items import ActionBody
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.document import ACTION_STATUSES
from postmortems.due import is_overdue
from postmortems.models import Action

PAGING = ("page", "page_size")
TAGS = ["postmortems"]


class ActionOf(serializers.Serializer[Any]):
    """The postmortem that an action belongs to."""

    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    status = serializers.CharField()
    team = serializers.CharField()


class ActionLine(ActionBody):
    """An action, and where it stands."""

    is_overdue = serializers.BooleanField()
    came_back = serializers.BooleanField(
        help_text="Whether its narrow root cause or its defect happened again later."
    )
    confirmed_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When the status was last set or confirmed, null where that is not known.",
    )
    is_unconfirmed = serializers.BooleanField(
        help_text="Open or proposed, and for 90 days nobody said that it still is."
    )
    postmortem = ActionOf()


class ChosenAction(Sent):
    """An action by its postmortem; with `was` it stays as it is if it has another status by now."""

    ref = serializers.CharField(max_length=8)
    id = serializers.CharField(max_length=40)
    was = serializers.ChoiceField(choices=ACTION_STATUSES, required=False)


class ChosenActions(Sent):
    """The actions that are meant."""

    actions = serializers.ListField(child=ChosenAction(), min_length=1, max_length=marking.MOST)


class StatusOfActions(ChosenActions):
    """The actions that are meant, and the status that they get."""

    status = serializers.ChoiceField(choices=ACTION_STATUSES)


class MarkedBody(serializers.Serializer[Any]):
    """What became of the actions: how many were changed, had it already, are not yours to change, have
    moved on or are not there, or belong to a postmortem that lacks something."""

    changed = serializers.IntegerField(min_value=0)
    same = serializers.IntegerField(min_value=0)
    not_yours = serializers.IntegerField(min_value=0)
    moved_on = serializers.IntegerField(min_value=0)
    refused = serializers.IntegerField(min_value=0)


class AllActions(Resource):
    """What was agreed on anywhere."""

    @extend_schema(
        operation_id="list_actions",
        tags=TAGS,
        summary="List the actions of all postmortems that you see, by the day they are due.",
        parameters=[*parameters_of(ActionFilters), *PAGES],
        responses={200: list_of(ActionLine), **problems(400, 401)},
    )
    def list(self, request: Request) -> Response:
        """One page; those without a day come last."""
        refuse_strange(request, {*ActionFilters.base_filters, *PAGING})
        rows = listing.by_day(listing.seen_by(request.user))
        return listed(request, narrowed(ActionFilters, rows, request), _line)


class ActionMarks(Resource):
    """What is done with many actions at once."""

    @extend_schema(
        operation_id="set_status_of_actions",
        tags=TAGS,
        summary="Give up to 100 actions a status: one revision for each postmortem.",
        request=StatusOfActions,
        responses={200: MarkedBody, **problems(400, 401, 403)},
    )
    @repeatable
    def set_status(self, request: Request) -> Response:
        """What became of each is counted; nothing is refused as a whole."""
        by = person(request)
        wanted = sent(StatusOfActions(data=request.data))
        report = marking.set_status(_chosen(wanted["actions"]), wanted["status"], by=by)
        return Response(_body(report))

    @extend_schema(
        operation_id="confirm_actions",
        tags=TAGS,
        summary="Say of up to 100 actions that their status still holds.",
        request=ChosenActions,
        responses={200: MarkedBody, **problems(400, 401, 403)},
    )
    @repeatable
    def confirm(self, request: Request) -> Response:
        """Only what is open or proposed can be confirmed; no content changes."""
        by = person(request)
        wanted = sent(ChosenActions(data=request.data))
        return Response(_body(marking.confirm(_chosen(wanted["actions"]), by=by)))


def _chosen(items: list[Mapping[str, str]]) -> list[Chosen]:
    return [Chosen(item["ref"], item["id"], item.get("was", "")) for item in items]


def _body(report: Report) -> dict[str, int]:
    names = ("changed", "same", "not_yours", "moved_on", "refused")
    return {name: getattr(report, name) for name in names}


def _line(action: Action) -> dict[str, Any]:
    names = ("text", "kind", "status", "owner", "due", "tracker")
    postmortem, at = action.postmortem, listing.confirmed_at(action)
    return {
        "id": action.key,
        **{name: getattr(action, name) for name in names},
        "is_overdue": is_overdue(action, timezone.localdate()),
        "came_back": listing.came_back(action),
        "confirmed_at": at.isoformat() if at else None,
        "is_unconfirmed": listing.is_unconfirmed(action, timezone.now()),
        "postmortem": {
            "ref": postmortem.ref,
            "title": postmortem.title,
            "url": postmortem.get_absolute_url(),
            "status": postmortem.status,
            "team": postmortem.team.slug,
        },
    }
