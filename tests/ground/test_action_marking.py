"""Many actions at once: their status, and whether it still holds."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from postmortems import authoring, content, shelving
from postmortems.actions import listing, marking
from postmortems.actions.marking import Chosen, Report
from postmortems.document import Action
from postmortems.models import AuditEntry, Confirmation, Postmortem
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db


def made(title, *statuses, **fields):
    """A postmortem with an action of each status: a1, a2 …"""
    done = tuple(
        Action(f"a{n}", f"Do {n}", status=status) for n, status in enumerate(statuses, start=1)
    )
    return make_postmortem(make_document(title, actions=done), **fields)


@pytest.fixture
def ours(platform, alice):
    """Two open actions and one that is done."""
    return made("Otter", "open", "open", "done", team=platform, authors=(alice,))


def chosen(postmortem, *keys, was=""):
    """These actions, as a page sends them."""
    return [Chosen(postmortem.ref, key, was) for key in keys]


def statuses(postmortem):
    """The statuses as they are stored, in the order of the page."""
    document = content.read(Postmortem.objects.get(pk=postmortem.pk))
    return [action.status for action in document.actions]


def test_one_revision_changes_all_that_is_chosen_of_a_postmortem(ours, alice):
    report = marking.set_status(chosen(ours, "a1", "a2", "a3"), "done", by=alice)

    assert report == Report(changed=2, same=1)
    assert statuses(ours) == ["done", "done", "done"]
    ours.refresh_from_db()
    assert ours.revision == 2
    assert ours.revisions.get(number=2).author == alice
    assert AuditEntry.objects.filter(action="edit", object_id=ours.ref).count() == 1


def test_what_is_not_ones_own_stays(ours, charlie, alice, payments):
    theirs = made("Walrus", "open", team=payments)

    report = marking.set_status([*chosen(ours, "a1"), *chosen(theirs, "a1")], "dropped", by=charlie)

    assert report == Report(changed=1, not_yours=1)
    assert statuses(ours) == ["open", "open", "done"]
    assert statuses(theirs) == ["dropped"]


def test_what_is_hidden_is_like_what_is_gone(platform, alice, charlie):
    hidden = made("Seal", "open", team=platform, visibility="restricted", authors=(alice,))

    report = marking.set_status(
        [*chosen(hidden, "a1"), Chosen("zzzzzzzz", "a1")], "done", by=charlie
    )

    assert report == Report(moved_on=2)
    assert statuses(hidden) == ["open"]


def test_what_moved_on_meanwhile_stays(ours, alice):
    report = marking.set_status(
        [*chosen(ours, "a1", was="proposed"), *chosen(ours, "a9"), *chosen(ours, "a2", was="open")],
        "done",
        by=alice,
    )

    assert report == Report(changed=1, moved_on=2)
    assert statuses(ours) == ["open", "done", "done"]


@pytest.mark.parametrize(
    ("keys", "status", "field"),
    [((), "done", "actions"), (("a1",), "finished", "status"), (("a1",), "", "status")],
)
def test_what_makes_no_sense_is_refused(ours, alice, keys, status, field):
    with pytest.raises(ValidationError) as refused:
        marking.set_status(chosen(ours, *keys), status, by=alice)

    assert list(refused.value.message_dict) == [field]


def test_a_hundred_at_once_are_enough(alice):
    many = [Chosen("zzzzzzzz", f"a{number}") for number in range(101)]

    with pytest.raises(ValidationError):
        marking.set_status(many, "done", by=alice)

    assert marking.set_status(many[:100], "done", by=alice) == Report(moved_on=100)


def test_an_archived_postmortem_has_actions_still(ours, alice):
    shelving.archive(ours, by=alice)

    assert marking.set_status(chosen(ours, "a1"), "done", by=alice) == Report(changed=1)


def dates(postmortem):
    """Since when the status of each action holds, as the list says it."""
    rows = listing.seen_by(postmortem.authors.get()).filter(postmortem=postmortem)
    return {row.key: row.confirmed_at for row in rows}


def test_what_came_from_elsewhere_has_statuses_that_nobody_knows_the_age_of(ours):
    assert dates(ours) == {"a1": None, "a2": None, "a3": None}


def test_a_status_that_is_set_holds_from_then_on(ours, alice):
    before = timezone.now()

    marking.set_status(chosen(ours, "a1"), "proposed", by=alice)

    found = dates(ours)
    assert before <= found["a1"] <= timezone.now()
    assert (found["a2"], found["a3"]) == (None, None)


def test_what_a_person_writes_holds_from_then_on(alice):
    document = make_document(actions=(Action("a1", "Do", status="open"), Action("a2", "Wait")))

    postmortem = authoring.create(document, by=alice)

    found = dates(postmortem)
    assert found["a1"] is not None
    assert found["a2"] is None


def test_another_edit_leaves_the_date_as_it_was(ours, alice):
    marking.confirm(chosen(ours, "a1"), by=alice)
    then = timezone.now() - timedelta(days=200)
    Confirmation.objects.update(confirmed_at=then)
    ours.refresh_from_db()
    document = content.read(ours)

    changed = replace(document, title="Another title", actions=document.actions[:2])
    authoring.edit(ours, changed, by=alice, revision=1)

    assert dates(ours) == {"a1": then, "a2": None}


def test_confirming_changes_no_content(ours, alice):
    report = marking.confirm(chosen(ours, "a1", "a3"), by=alice)

    assert report == Report(changed=1, moved_on=1)
    assert dates(ours)["a1"] is not None
    ours.refresh_from_db()
    assert (ours.revision, ours.version) == (1, 1)
    entry = AuditEntry.objects.get(action="confirm-actions")
    assert (entry.object_id, entry.after) == (ours.ref, {"actions": ["a1"]})


def test_who_may_not_edit_confirms_nothing(ours, charlie):
    assert marking.confirm(chosen(ours, "a1"), by=charlie) == Report(not_yours=1)
    assert not Confirmation.objects.exists()


def test_a_date_is_of_the_status_it_was_said_of(ours, alice):
    marking.confirm(chosen(ours, "a1"), by=alice)
    Confirmation.objects.update(status="proposed")

    assert dates(ours)["a1"] is None


def test_what_was_there_before_is_dated_by_its_revisions(ours, alice, bob):
    marking.set_status(chosen(ours, "a1"), "done", by=alice)
    marking.set_status(chosen(ours, "a1"), "open", by=bob)
    document = make_document("Written", actions=(Action("a1", "Do", status="open"),))
    written = authoring.create(document, by=alice)
    Confirmation.objects.all().delete()

    migration = import_module("postmortems.migrations.0023_date_statuses")
    migration.date_statuses(apps, None)

    found = dates(ours)
    assert found["a1"] == ours.revisions.get(number=3).created_at
    assert (found["a2"], found["a3"]) == (None, None)
    assert dates(written) == {"a1": written.revisions.get().created_at}


def test_what_has_a_date_already_keeps_it(ours, alice):
    marking.confirm(chosen(ours, "a1"), by=alice)
    before = dates(ours)

    migration = import_module("postmortems.migrations.0023_date_statuses")
    migration.date_statuses(apps, None)

    assert dates(ours) == before
