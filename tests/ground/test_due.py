"""When an action is past its day: one rule for the board, the desk, the reminders and the postmortem itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import desk
from postmortems.actions import listing
from postmortems.actions.filters import ActionFilters
from postmortems.document import ACTION_STATUSES, Action
from postmortems.notifications.reminding import remind
from postmortems.web.read_parts import Beside, actions_of
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
LATE = {"proposed", "open"}


@pytest.mark.parametrize("status", ACTION_STATUSES)
def test_every_place_goes_by_one_rule(platform, alice, status):
    today = timezone.localdate()
    action = Action("a1", "Mend", status=status, due=str(today - timedelta(days=1)))
    document = make_document(actions=(action,))
    make_postmortem(document, team=platform, authors=(alice,))

    places = {
        "board": ActionFilters({"overdue": "true"}, queryset=listing.seen_by(alice)).qs.exists(),
        "head": ActionFilters({"due": "overdue"}, queryset=listing.seen_by(alice)).qs.exists(),
        "desk": desk.overdue_for(alice, today).exists(),
        "reminder": remind(today) == 1,
        "page": actions_of(document, timezone.now(), Beside())[0].status.icon == "clock",
    }

    assert places == dict.fromkeys(places, status in LATE)


def test_what_nobody_knows_of_is_not_due_soon_either(platform, alice):
    day = str(timezone.localdate())
    actions = tuple(Action(status, status, status=status, due=day) for status in ACTION_STATUSES)
    make_postmortem(make_document(actions=actions), team=platform, authors=(alice,))

    soon = ActionFilters({"due": "soon"}, queryset=listing.seen_by(alice)).qs

    assert set(soon.values_list("key", flat=True)) == LATE
