"""Actions past their date: their authors and the leads of the team are told, once in the week after."""

from datetime import date, timedelta

from django.utils import timezone

from postmortems import outbox
from postmortems.due import overdue
from postmortems.models import Action, Membership, Notification, Postmortem, User
from postmortems.notifications import notify

OVERDUE = Notification.Kind.ACTION_OVERDUE
# What is longer past its date was told of when it passed, or was imported so: nobody is told of years.
WEEK = timedelta(days=7)


def remind(today: date) -> int:
    """Tell of what passed its date within the last week; returns how many postmortems that is.

    Who was told of the same postmortem within the week is not told again, however often it runs.
    """
    passed = Action.objects.filter(overdue(today), due__gte=str(today - WEEK)).values("postmortem")
    found = Postmortem.objects.live().filter(pk__in=passed).select_related("team")
    reminded = 0
    for postmortem in found.exclude(status=Postmortem.Status.ARCHIVED).order_by("pk"):
        reminded += _remind_of(postmortem)
    return reminded


def _remind_of(postmortem: Postmortem) -> bool:
    authors = set(postmortem.authors.values_list("pk", flat=True))
    leads = postmortem.team.memberships.filter(role=Membership.Role.LEAD)
    people = authors | set(leads.values_list("user_id", flat=True))
    told = Notification.objects.filter(
        kind=OVERDUE, postmortem=postmortem, created_at__gt=timezone.now() - WEEK
    )
    with outbox.writing():
        people -= set(told.values_list("user_id", flat=True))
        notify(OVERDUE, postmortem, to=people, by=User.objects.system())
    return bool(people)
