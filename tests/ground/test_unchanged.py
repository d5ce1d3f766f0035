"""Saving what the postmortem says already makes no revision; every revision remembers what changed last."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps

from postmortems import authoring, content, curation
from postmortems.document import Lesson
from postmortems.models import AuditEntry, Revision, SearchLog
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem


@pytest.fixture
def made(alice):
    document = make_document("Walrus", ("cause.primary:network/dns",), summary="Short.")
    return make_postmortem(document, authors=(alice,))


def test_saving_it_unchanged_saves_nothing(made, alice):
    logged = SearchLog.objects.count()

    saved = authoring.edit(made, content.read(made), by=alice, revision=1, comment="Nothing")

    assert (saved.revision, saved.version, saved.updated_at) == (1, made.version, made.updated_at)
    assert Revision.objects.filter(postmortem=made).count() == 1
    assert not AuditEntry.objects.filter(action="edit").exists()
    assert SearchLog.objects.count() == logged


def test_any_other_text_is_saved(made, alice):
    document = replace(content.read(made), summary="Short")

    assert authoring.edit(made, document, by=alice, revision=1).revision == 2


def test_the_same_text_of_two_people_is_no_conflict(made, alice, bob):
    document = replace(content.read(made), summary="Better.")
    authoring.edit(made, document, by=alice, revision=1)

    assert authoring.edit(made, document, by=bob, revision=1).revision == 2
    with pytest.raises(authoring.Conflict):
        authoring.edit(made, replace(document, title="Otter"), by=bob, revision=1)


def test_who_may_not_edit_is_refused_even_then(made, charlie):
    with pytest.raises(authoring.PermissionDenied):
        authoring.edit(made, content.read(made), by=charlie, revision=1)


def test_a_text_from_before_a_move_of_its_terms_is_unchanged(made, alice, dana):
    old = content.read(made)
    terms = Term.objects.filter(vocabulary__slug="cause")

    curation.move_term(terms.get(path="network/dns"), terms.get(path="platform"), by=dana)

    assert authoring.edit(made, old, by=alice, revision=1).revision == 1


def test_each_revision_remembers_which_one_last_changed_each_part(made, alice):
    document = replace(
        content.read(made), lessons=(Lesson("l1", "Test"),), sections={"impact": "x"}
    )
    made = authoring.edit(made, document, by=alice, revision=1)
    made = authoring.edit(made, replace(document, lessons=()), by=alice, revision=2)

    last = Revision.objects.get(postmortem=made, number=3).last_changed
    assert last == {
        "title": 1,
        "language": 1,
        "summary": 1,
        "classifications": 1,
        "sections/impact": 2,
        "lessons": 3,
    }


def test_the_migration_works_out_the_same_for_what_was_saved_before(made, alice):
    for number in range(1, 60):
        sections = {f"part-{number % 5}": f"Take {number}", "impact": "x"}
        document = replace(content.read(made), sections=sections)
        made = authoring.edit(made, document, by=alice, revision=made.revision)
    saved = list(Revision.objects.order_by("pk").values_list("pk", "last_changed"))
    Revision.objects.update(last_changed={})

    import_module("postmortems.migrations.0006_trace_parts").trace(apps, None)

    assert list(Revision.objects.order_by("pk").values_list("pk", "last_changed")) == saved
