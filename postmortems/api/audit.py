"""GET /api/v1/audit/: what was done, for administrators, narrowed as the page is."""

from datetime import date
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api.filtering import narrowed, parameters_of
from postmortems.api.paging import address_of, page_size_of
from postmortems.api.resources import Resource
from postmortems.api.schema import PAGE_SIZE, of_schema, problems
from postmortems.audit.reading import Wanted, entries_of
from postmortems.digits import number_in
from postmortems.models import AuditEntry, User
from postmortems.models.audit import AuditQuerySet

LAST_NUMBER = 10**18
CURSORS = ("before", "after")
LONGEST = 200
NUMBER = {"type": "integer", "minimum": 0, "maximum": LAST_NUMBER}
# Each act tells other values.
VALUES = {"type": ["object", "null"], "additionalProperties": True}


class AuditFilters(django_filters.FilterSet):
    """What all must be true of an entry."""

    who = django_filters.CharFilter(max_length=60, help_text="The name somebody signs in with.")
    action = django_filters.CharFilter(max_length=60, help_text="An act, such as `publish`.")
    kind = django_filters.CharFilter(max_length=40, help_text="A kind of object.")
    object = django_filters.CharFilter(max_length=LONGEST, help_text="The object's ref or number.")
    token = django_filters.CharFilter(max_length=13, help_text="The prefix of a token.")
    request_id = django_filters.CharFilter(max_length=64, help_text="As in `X-Request-Id`.")
    since = django_filters.DateFilter(help_text="The first day, of UTC.")
    until = django_filters.DateFilter(help_text="The last day, of UTC.")

    def filter_queryset(self, queryset: Any) -> AuditQuerySet:
        """By the same words as the page."""
        given = dict(self.form.cleaned_data)
        return entries_of(
            Wanted(
                who=given["who"],
                action=given["action"],
                kind=given["kind"],
                object_id=given["object"],
                token=given["token"],
                request_id=given["request_id"],
                since=_inner(given["since"]),
                until=_inner(given["until"]),
            )
        )


class EntryBody(serializers.Serializer[Any]):
    """One act."""

    number = serializers.IntegerField(help_text="Without gaps, in the order of the log.")
    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="The name they signed in with, as it was then.")
    token = serializers.CharField(help_text="The prefix of the token; empty without one.")
    address = serializers.CharField()
    request_id = serializers.CharField()
    action = serializers.CharField()
    kind = serializers.CharField()
    object = serializers.CharField()
    name = serializers.CharField()
    before = of_schema(VALUES, help_text="What was so before, as far as it changed.")
    after = of_schema(VALUES, help_text="What is so since.")


class EntriesBody(serializers.Serializer[Any]):
    """Some entries. They are not counted: a list that `who` narrows would count what a person did."""

    count = serializers.IntegerField(allow_null=True, help_text="Always null.")
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = EntryBody(many=True)


class Audit(Resource):
    """The audit log."""

    @extend_schema(
        operation_id="list_audit_entries",
        tags=["administration"],
        summary="What was done, newest first; for administrators",
        parameters=[
            *parameters_of(AuditFilters),
            PAGE_SIZE,
            *(
                OpenApiParameter(name, NUMBER, description=f"Only entries {name} this number.")
                for name in CURSORS
            ),
        ],
        responses={200: EntriesBody, **problems(400, 403)},
    )
    def list(self, request: Request) -> Response:
        """By the numbers of entries and not of pages: new ones come in at the top all the time."""
        if not (isinstance(request.user, User) and request.user.is_administrator):
            raise PermissionDenied(_("Only administrators read the audit log."))
        found = narrowed(AuditFilters, AuditEntry.objects.all(), request)
        return Response(_page(found, request))


def _page(found: Any, request: Request) -> dict[str, Any]:
    size = page_size_of(request.query_params.get("page_size", ""))
    before, after = (_cursor(name, request) for name in CURSORS)
    if after is not None:
        shown = list(found.filter(number__gt=after).order_by("number")[:size])[::-1]
    else:
        shown = list((found if before is None else found.filter(number__lt=before))[:size])
    ways: dict[str, str | None] = {"next": None, "previous": None}
    if shown and found.filter(number__lt=shown[-1].number).exists():
        ways["next"] = address_of(request, {"before": str(shown[-1].number)}, without=CURSORS)
    if shown and found.filter(number__gt=shown[0].number).exists():
        ways["previous"] = address_of(request, {"after": str(shown[0].number)}, without=CURSORS)
    return {"count": None, **ways, "results": [_body(entry) for entry in shown]}


def _cursor(name: str, request: Request) -> int | None:
    text = request.query_params.get(name, "")
    number = number_in(text, 0, LAST_NUMBER)
    if text and number is None:
        raise ValidationError({name: [_("The number of an entry is a whole number.")]})
    return number


def _inner(day: date | None) -> date | None:
    # The last day of all has no midnight after it, and nothing to narrow.
    return day if day is None or day < date.max else None


def _body(entry: AuditEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor_name,
        "token": entry.token_prefix,
        "address": entry.address,
        "request_id": entry.request_id,
        "action": entry.action,
        "kind": entry.object_kind,
        "object": entry.object_id,
        "name": entry.object_name,
        "before": entry.before,
        "after": entry.after,
    }
