"""The verbs of writing: rights, states, revisions, conflicts, and what they log."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import authoring, content, reviews
from postmortems.models import AuditEntry, Postmortem, Revision, SearchLog
from tests.makers import make_document, make_postmortem

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")


def test_a_writer_starts_a_draft_of_their_own_team(alice, platform):
    postmortem = authoring.create(make_document("First"), by=alice)

    assert (postmortem.status, postmortem.visibility, postmortem.team) == (
        "draft",
        "team",
        platform,
    )
    assert list(postmortem.authors.all()) == [alice]


def test_create_stores_the_first_revision(alice):
    postmortem = authoring.create(make_document("First"), by=alice, comment="Started")

    revision = Revision.objects.get(postmortem=postmortem)
    assert (revision.number, revision.author, revision.comment) == (1, alice, "Started")
    assert revision.document["title"] == "First"


def test_create_refuses_someone_of_another_team(charlie, platform):
    with pytest.raises(PermissionDenied, match="Platform"):
        authoring.create(make_document(), by=charlie, team=platform)


def test_create_refuses_an_unknown_term_and_keeps_nothing(alice):
    with pytest.raises(ValidationError) as caught:
        authoring.create(make_document(terms=("cause:no/such",)), by=alice)

    assert list(caught.value.message_dict) == ["/classifications/0/term"]
    assert not Postmortem.objects.exists()


def test_an_edit_carries_the_revision_it_started_from(alice):
    postmortem = authoring.create(make_document("First"), by=alice)

    authoring.edit(postmortem, make_document("Second"), by=alice, revision=1)

    postmortem.refresh_from_db()
    assert (postmortem.title, postmortem.revision, postmortem.version) == ("Second", 2, 2)


def test_a_second_edit_from_the_same_revision_is_a_conflict(alice, bob):
    postmortem = authoring.create(make_document("First"), by=alice)
    authoring.edit(postmortem, make_document("Second"), by=bob, revision=1)

    with pytest.raises(authoring.Conflict) as caught:
        authoring.edit(postmortem, make_document("Third"), by=alice, revision=1)

    assert caught.value.current == 2
    assert content.read(Postmortem.objects.get(pk=postmortem.pk)).title == "Second"


def test_an_edit_replaces_all_parts(alice):
    document = make_document("First", terms=("cause.primary:network/dns", "trigger:upgrade"))
    postmortem = authoring.create(document, by=alice)
    changed = replace(document, classifications=document.classifications[1:])

    authoring.edit(postmortem, changed, by=alice, revision=1)

    assert content.read(Postmortem.objects.get(pk=postmortem.pk)) == changed


def test_every_verb_writes_one_audit_row_and_the_search_log(alice, bob):
    postmortem = authoring.create(make_document(terms=PUBLISHABLE), by=alice)
    authoring.edit(postmortem, make_document(terms=PUBLISHABLE), by=alice, revision=1)
    reviews.ask(postmortem, by=alice)
    reviews.approve(postmortem, 2, by=bob)
    reviews.publish(postmortem, by=bob)

    acts = AuditEntry.objects.filter(object_id=postmortem.ref).order_by("pk")
    assert list(acts.values_list("action", "actor_name")) == [
        ("create", "alice"),
        ("edit", "alice"),
        ("ask-for-review", "alice"),
        ("approve", "bob"),
        ("publish", "bob"),
    ]
    assert list(SearchLog.objects.values_list("postmortem_id", flat=True)) == [postmortem.pk] * 4


def test_a_change_of_rights_tells_search_of_both_ends_of_a_relation(system):
    target = make_postmortem()
    source = make_postmortem(make_document(relations=(relation_to(target),)))
    SearchLog.objects.all().delete()

    authoring.change_envelope(target, by=system, visibility="team")

    logged = set(SearchLog.objects.values_list("postmortem_id", flat=True))
    assert logged == {source.pk, target.pk}


def test_a_team_is_never_asked_to_be_guessed(dana):
    with pytest.raises(PermissionDenied, match="in no team"):
        authoring.create(make_document(), by=dana)


def test_what_is_published_stays_fit_to_be_published(alice, platform, system):
    postmortem = make_postmortem(make_document(terms=PUBLISHABLE), team=platform)
    slip = make_document(
        terms=("cause.primary:process/operator-slip", "severity:sev2", "kind:outage")
    )

    with pytest.raises(ValidationError, match="cannot be the only cause"):
        authoring.edit(postmortem, slip, by=alice, revision=1)


def test_nobody_gives_a_postmortem_to_a_team_they_do_not_write_in(alice, payments):
    postmortem = authoring.create(make_document(), by=alice)

    with pytest.raises(PermissionDenied, match="Payments"):
        authoring.change_envelope(postmortem, by=alice, team=payments)


@pytest.mark.parametrize("slug", ["a/b", "", " ", "..", "x" * 121])
def test_a_slug_that_no_address_can_hold_is_refused(alice, slug):
    postmortem = authoring.create(make_document(), by=alice)

    with pytest.raises(ValidationError, match="slug"):
        authoring.change_envelope(postmortem, by=alice, slug=slug)


def test_a_visibility_that_does_not_exist_is_refused(alice):
    with pytest.raises(ValidationError, match="visibility"):
        authoring.create(make_document(), by=alice, visibility="secret")


def test_only_what_is_finished_has_a_day_of_publication(platform):
    waiting = make_postmortem(team=platform, status="in_review")

    assert waiting.published_at is None


def relation_to(postmortem):
    from postmortems.document import Relation

    return Relation("similar-pattern", postmortem.ref)
