"""/api/v1/actions/: what is to be done, across all postmortems that the caller sees."""

from typing import Any, ClassVar

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api.filtering import YesNoFilter, narrowed, parameters_of
from postmortems.api.postmortem_items import ActionBody
from postmortems.api.resources import Resource, listed
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.document import ACTION_KINDS, ACTION_STATUSES
from postmortems.models import Action, Postmortem

PAGING = ("page", "page_size")
# Of what is done or dropped no day is overdue.
OPEN = ("proposed", "open", "unknown")
SORTS = (("due", "due"), ("-due", "-due"))


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class ActionFilters(django_filters.FilterSet):
    """What may be asked for; several values of a choice mean any of them."""

    status = django_filters.MultipleChoiceFilter(choices=_choices(ACTION_STATUSES))
    kind = django_filters.MultipleChoiceFilter(choices=_choices(ACTION_KINDS))
    team = django_filters.CharFilter(field_name="postmortem__team__slug", max_length=60)
    # None by owner: their count would be a number about a person.
    overdue = YesNoFilter(method="by_overdue")
    due_before = django_filters.DateFilter(method="by_due_before", input_formats=["%Y-%m-%d"])
    due_after = django_filters.DateFilter(method="by_due_after", input_formats=["%Y-%m-%d"])
    sort = django_filters.ChoiceFilter(choices=SORTS, method="by_sort")

    class Meta:
        model = Action
        fields: ClassVar[list[str]] = []

    def by_overdue(self, rows: Any, name: str, value: bool) -> Any:
        """Those whose day is over and that are still to be done, or all others."""
        today = timezone.localdate().isoformat()
        overdue = models.Q(status__in=OPEN, due__lt=today) & ~models.Q(due="")
        return rows.filter(overdue if value else ~overdue)

    def by_due_before(self, rows: Any, name: str, value: Any) -> Any:
        """Those due before that day."""
        return rows.exclude(due="").filter(due__lt=value.isoformat())

    def by_due_after(self, rows: Any, name: str, value: Any) -> Any:
        """Those due after that day."""
        return rows.filter(due__gt=value.isoformat())

    def by_sort(self, rows: Any, name: str, value: str) -> Any:
        """By the day, the latest first where it is asked for; those without one come last."""
        return _ordered(rows, value)


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
    postmortem = ActionOf()


class AllActions(Resource):
    """What was agreed on anywhere."""

    @extend_schema(
        operation_id="list_actions",
        tags=["postmortems"],
        summary="List the actions of all postmortems that you see, by the day they are due.",
        parameters=[*parameters_of(ActionFilters), *PAGES],
        responses={200: list_of(ActionLine), **problems(400, 401)},
    )
    def list(self, request: Request) -> Response:
        """One page; those without a day come last."""
        if strange := sorted(set(request.query_params) - {*ActionFilters.base_filters, *PAGING}):
            message = _("There is no filter of this name.")
            raise serializers.ValidationError({name[:60]: [message] for name in strange})
        visible = Postmortem.objects.visible_to(request.user)
        rows = Action.objects.filter(postmortem__in=visible).select_related("postmortem__team")
        return listed(request, narrowed(ActionFilters, _ordered(rows, "due"), request), _line)


def _ordered(rows: models.QuerySet[Action], sort: str) -> models.QuerySet[Action]:
    has_none = models.Case(models.When(due="", then=1), default=0)
    return rows.order_by(has_none, sort, "postmortem__ref", "position")


def _line(action: Action) -> dict[str, Any]:
    names = ("text", "kind", "status", "owner", "due", "tracker")
    postmortem = action.postmortem
    is_late = "" < action.due < timezone.localdate().isoformat()
    return {
        "id": action.key,
        **{name: getattr(action, name) for name in names},
        "is_overdue": is_late and action.status in OPEN,
        "postmortem": {
            "ref": postmortem.ref,
            "title": postmortem.title,
            "url": postmortem.get_absolute_url(),
            "status": postmortem.status,
            "team": postmortem.team.slug,
        },
    }
