"""Plain lists that parameters narrow: what their FilterSets share, and what the schema says of them."""

from collections.abc import Collection
from typing import Any, TypeVar

import django_filters
from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from postmortems.yes_no import YesNoFilter

Row = TypeVar("Row", bound=models.Model)


TYPES: dict[type[django_filters.Filter], Any] = {
    YesNoFilter: OpenApiTypes.BOOL,
    django_filters.DateFilter: OpenApiTypes.DATE,
}


class SharedFilters(django_filters.FilterSet):
    """What lists of things that an `owner` may share with a `team` have in common."""

    team = django_filters.CharFilter(
        field_name="team__slug", max_length=60, help_text="The slug of the team it is shared with."
    )
    own = YesNoFilter(method="of_oneself", help_text="Only your own, or only those of others.")

    def of_oneself(
        self, rows: models.QuerySet[Row], _name: str, is_own: bool
    ) -> models.QuerySet[Row]:
        """Those of who asks, or the others."""
        mine = models.Q(owner=self.request.user.pk)
        return rows.filter(mine if is_own else ~mine)


def narrowed(
    filters: type[django_filters.FilterSet], rows: models.QuerySet[Row], request: Request
) -> models.QuerySet[Row]:
    """The rows that the parameters ask for; raises ValidationError keyed by parameter."""
    # Nothing is no day and no choice; passed over, it would answer with everything.
    sent = request.query_params.items()
    if empty := [name for name, value in sent if not value and _is_exact(filters, name)]:
        said = _("Say a value, or leave the parameter out.")
        raise serializers.ValidationError({name: [said] for name in empty})
    found = filters(request.query_params, queryset=rows, request=request)
    if not found.is_valid():
        raise serializers.ValidationError(
            {name: [str(message) for message in said] for name, said in found.errors.items()}
        )
    return found.qs


def refuse_strange(request: Request, known: Collection[str]) -> None:
    """Raise ValidationError for parameters of any other name, keyed by it."""
    if strange := sorted(set(request.query_params).difference(known)):
        message = _("There is no filter of this name.")
        raise serializers.ValidationError({name[:60]: [message] for name in strange})


def _is_exact(filters: type[django_filters.FilterSet], name: str) -> bool:
    item = filters.base_filters.get(name)
    return isinstance(
        item, (*TYPES, django_filters.ChoiceFilter, django_filters.MultipleChoiceFilter)
    )


def parameters_of(filters: type[django_filters.FilterSet]) -> list[OpenApiParameter]:
    """What the schema says of a FilterSet."""
    return [_parameter(name, item) for name, item in filters.base_filters.items()]


def _parameter(name: str, item: django_filters.Filter) -> OpenApiParameter:
    kind = next((TYPES[base] for base in type(item).__mro__ if base in TYPES), None)
    choices = [value for value, _label in item.extra.get("choices", ())]
    text = {"type": "string"} | ({"enum": choices} if choices else {})
    if most := item.extra.get("max_length"):
        text["maxLength"] = most
    words = str(item.extra.get("help_text", ""))
    if isinstance(item, django_filters.MultipleChoiceFilter):
        return OpenApiParameter(name, str, enum=choices, many=True, description=words)
    return OpenApiParameter(name, kind or text, description=words)
