"""How a permanent fix stands."""

import pytest

from postmortems.document import ACTION_STATUSES
from postmortems.known_parts import FIXES, fix_state

STATES = [
    ((), "none"),
    (("done",), "done"),
    (("done", "dropped"), "done"),
    (("dropped",), "not-done"),
    (("open",), "not-done"),
    (("proposed", "dropped"), "not-done"),
    (("done", "open"), "not-done"),
    (("unknown", "open"), "not-done"),
    (("unknown",), "not-recorded"),
    (("unknown", "dropped"), "not-recorded"),
    (("done", "unknown", "dropped"), "not-recorded"),
]


@pytest.mark.parametrize(("statuses", "state"), STATES)
def test_a_fix_stands_as_all_its_actions_say(statuses, state):
    assert fix_state(statuses) == fix_state(reversed(statuses)) == state


@pytest.mark.parametrize("status", ACTION_STATUSES)
def test_what_is_not_done_is_never_told_as_done(status):
    assert fix_state([status]) in FIXES
    assert (fix_state(["done", status]) == "done") == (status in ("done", "dropped"))
