"""What a list of actions may be asked for: the same parameters on the page, in the file and in the API."""

from typing import Any, ClassVar

import django_filters
from django.utils import timezone

from postmortems import due
from postmortems.actions import listing
from postmortems.actions.listing import Actions
from postmortems.document import ACTION_KINDS, ACTION_STATUSES
from postmortems.models import Action
from postmortems.yes_no import YesNoFilter

SORTS = ("due", "-due", "attention")
DUE = ("overdue", "soon", "none")


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class ActionFilters(django_filters.FilterSet):
    """Several values of a choice mean any of them. None by owner: their count would be a number about
    a person."""

    status = django_filters.MultipleChoiceFilter(choices=_choices(ACTION_STATUSES))
    kind = django_filters.MultipleChoiceFilter(choices=_choices(ACTION_KINDS))
    team = django_filters.CharFilter(field_name="postmortem__team__slug", max_length=60)
    cause = django_filters.CharFilter(
        method="by_cause",
        max_length=200,
        help_text="A cause by its path or name; those below it count too.",
    )
    due = django_filters.ChoiceFilter(
        choices=_choices(DUE),
        method="by_due",
        help_text="Past its day, within two weeks, or to be done on no day in particular.",
    )
    overdue = YesNoFilter(method="by_overdue")
    due_before = django_filters.DateFilter(method="by_due_before", input_formats=["%Y-%m-%d"])
    due_after = django_filters.DateFilter(method="by_due_after", input_formats=["%Y-%m-%d"])
    came_back = YesNoFilter(
        field_name="came_back",
        help_text="Whether its narrow root cause or its defect happened again later.",
    )
    unconfirmed = YesNoFilter(
        method="by_unconfirmed",
        help_text="Open or proposed, and for 90 days nobody said that it still is.",
    )
    sort = django_filters.ChoiceFilter(choices=_choices(SORTS), method="by_sort")

    class Meta:
        model = Action
        fields: ClassVar[list[str]] = []

    def by_cause(self, rows: Actions, name: str, value: str) -> Actions:
        """Those with the cause or one below it."""
        return rows.filter(listing.about_cause(value))

    def by_due(self, rows: Actions, name: str, value: str) -> Actions:
        """Those of one of the three kinds that the head of the page counts."""
        today = timezone.localdate()
        asked = {
            "overdue": due.overdue(today),
            "soon": due.due_soon(today),
            "none": listing.without_date(),
        }
        return rows.filter(asked[value])

    def by_overdue(self, rows: Actions, name: str, value: bool) -> Actions:
        """Those whose day is over and that are still to be done, or all others."""
        overdue = due.overdue(timezone.localdate())
        return rows.filter(overdue if value else ~overdue)

    def by_due_before(self, rows: Actions, name: str, value: Any) -> Actions:
        """Those due before that day."""
        return rows.exclude(due="").filter(due__lt=value.isoformat())

    def by_due_after(self, rows: Actions, name: str, value: Any) -> Actions:
        """Those due after that day."""
        return rows.filter(due__gt=value.isoformat())

    def by_unconfirmed(self, rows: Actions, name: str, value: bool) -> Actions:
        """Those that somebody should look at again, or all others."""
        asked = listing.unconfirmed(timezone.now())
        return rows.filter(asked) if value else rows.exclude(asked)

    def by_sort(self, rows: Actions, name: str, value: str) -> Actions:
        """By the day, the latest first where it is asked for; or what needs looking at most first."""
        # To put more in order of what came back takes longer than anybody waits.
        if value == "attention" and rows[: listing.MOST + 1].count() <= listing.MOST:
            return listing.by_attention(rows)
        return listing.by_day(rows, is_last_first=value == "-due")
