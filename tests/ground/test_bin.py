"""The bin: who throws away, who sees what lies there, what comes back, what a purge leaves."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import authoring, bin, content
from postmortems.document import Lesson, Relation
from postmortems.models import AuditEntry, Membership, Postmortem, RenderedText, SearchLog
from postmortems.search import search
from tests.makers import make_document, make_postmortem, make_user


@pytest.fixture
def lena(platform):
    """Leads the platform team."""
    return make_user("lena", team=platform, role="lead")


@pytest.fixture
def reader(platform):
    """Reads in the platform team."""
    return make_user("rita", team=platform, role="reader")


@pytest.fixture
def walrus(platform, alice):
    """A public postmortem of alice."""
    return make_postmortem(make_document("Walrus outage"), team=platform, authors=(alice,))


def found(text, by):
    return {hit.ref for hit in search(text, {}, by).hits}


def binned(by):
    return list(bin.binned_for(by))


def test_what_is_thrown_away_is_gone_for_every_reader_and_from_the_very_next_search(
    walrus, alice, bob, charlie, dana, lena
):
    everybody = (alice, bob, charlie, dana, lena)
    assert all(found("walrus", person) == {walrus.ref} for person in everybody)

    bin.throw_away(walrus, by=alice)

    assert [found("walrus", person) for person in everybody] == [set()] * 5
    assert not any(Postmortem.objects.visible_to(person).exists() for person in everybody)


def test_the_bin_shows_it_to_its_authors_its_teams_leads_and_administrators(
    walrus, alice, bob, charlie, dana, lena, system
):
    bin.throw_away(walrus, by=bob)

    assert [binned(person) for person in (alice, lena, dana)] == [[walrus]] * 3
    assert [binned(person) for person in (bob, charlie, system)] == [[]] * 3


@pytest.mark.parametrize("visibility", ["public", "internal", "team", "restricted"])
def test_a_named_person_of_another_team_never_sees_the_bin(platform, alice, charlie, visibility):
    named = make_postmortem(
        team=platform, visibility=visibility, authors=(alice,), named=(charlie,)
    )

    bin.throw_away(named, by=alice)

    assert binned(charlie) == []


def test_who_no_longer_leads_no_longer_sees_what_was_thrown_away_before(walrus, alice, lena):
    bin.throw_away(walrus, by=alice)
    Membership.objects.filter(user=lena).update(role="reviewer")

    assert binned(lena) == []


def test_who_is_deactivated_sees_nothing_in_the_bin(walrus, alice):
    bin.throw_away(walrus, by=alice)
    alice.is_active = False

    assert binned(alice) == []


@pytest.mark.parametrize("name", ["charlie", "reader"])
def test_only_who_may_change_it_throws_it_away(walrus, name, request):
    person = request.getfixturevalue(name)

    with pytest.raises(PermissionDenied):
        bin.throw_away(walrus, by=person)

    assert Postmortem.objects.live().get() == walrus


def test_a_lead_does_not_throw_away_what_is_hidden_from_them(platform, alice, lena):
    hidden = make_postmortem(team=platform, visibility="restricted", authors=(alice,))

    with pytest.raises(PermissionDenied):
        bin.throw_away(hidden, by=lena)


def test_throwing_away_twice_is_once(walrus, alice):
    first = bin.throw_away(walrus, by=alice)
    second = bin.throw_away(walrus, by=alice)

    assert second.deleted_at == first.deleted_at
    assert AuditEntry.objects.filter(action="throw-away").count() == 1


def test_both_ends_of_a_relation_are_indexed_again(platform, alice, walrus):
    document = make_document("Seal outage", relations=(Relation("follow-up", walrus.ref),))
    seal = make_postmortem(document, team=platform)
    last = SearchLog.objects.newest().pk

    bin.throw_away(walrus, by=alice)

    logged = SearchLog.objects.since(last).values_list("postmortem_id", flat=True)
    assert sorted(logged) == [walrus.pk, seal.pk]


@pytest.mark.parametrize("status", ["draft", "published", "archived"])
@pytest.mark.parametrize("visibility", ["public", "internal", "team", "restricted"])
def test_a_restored_one_is_as_it_was(platform, alice, bob, status, visibility):
    document = make_document("Walrus outage", lessons=(Lesson("l1", "Learned."),))
    before = make_postmortem(
        document,
        team=platform,
        status=status,
        visibility=visibility,
        authors=(alice,),
        named=(bob,),
    )
    audience = set(before.audience.values_list("token", flat=True))
    was = content.read(before)

    bin.throw_away(before, by=alice)
    after = bin.restore(before, by=alice)

    assert (after.status, after.visibility, after.deleted_at) == (status, visibility, None)
    assert set(after.audience.values_list("token", flat=True)) == audience
    assert content.read(after) == was
    assert binned(alice) == []


def test_a_restored_one_is_found_in_the_very_next_search(walrus, alice, charlie):
    bin.throw_away(walrus, by=alice)

    bin.restore(walrus, by=alice)

    assert found("walrus", charlie) == {walrus.ref}


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_who_does_not_see_it_in_the_bin_does_not_restore_it(walrus, alice, name, request):
    person = request.getfixturevalue(name)
    bin.throw_away(walrus, by=alice)

    with pytest.raises(PermissionDenied):
        bin.restore(walrus, by=person)

    assert Postmortem.objects.get().deleted_at


def test_an_author_who_left_the_team_sees_it_and_does_not_restore_it(walrus, alice, dana):
    bin.throw_away(walrus, by=dana)
    Membership.objects.filter(user=alice).delete()

    assert binned(alice) == [walrus]
    with pytest.raises(PermissionDenied):
        bin.restore(walrus, by=alice)


@pytest.mark.parametrize("name", ["lena", "dana", "system"])
def test_a_purge_removes_the_row_and_all_that_hangs_on_it(walrus, alice, name, request):
    person = request.getfixturevalue(name)
    document = replace(content.read(walrus), summary="Tusks everywhere.", title="Tusks")
    authoring.edit(walrus, document, by=alice, revision=1)
    bin.throw_away(walrus, by=alice)

    bin.purge(walrus, by=person)

    assert not Postmortem.objects.exists()
    kept = [model for model in apps.get_app_config("postmortems").get_models() if hangs(model)]
    assert [model for model in kept if model._default_manager.exists()] == []
    assert not RenderedText.objects.filter(plain__contains="Tusks").exists()


def hangs(model):
    """Whether rows of the model belong to one postmortem."""
    return any(getattr(field, "related_model", None) is Postmortem for field in model._meta.fields)


def test_the_search_for_what_hangs_on_a_postmortem_can_fail(walrus):
    models = [model for model in apps.get_app_config("postmortems").get_models() if hangs(model)]

    assert {"Revision", "Audience", "Lesson"} <= {model.__name__ for model in models}
    assert any(model._default_manager.exists() for model in models)


def test_search_is_told_of_a_purge_so_that_its_index_forgets_the_text(walrus, alice, dana):
    bin.throw_away(walrus, by=alice)
    last, key = SearchLog.objects.newest().pk, walrus.pk

    bin.purge(walrus, by=dana)

    assert list(SearchLog.objects.since(last).values_list("postmortem_id", flat=True)) == [key]


def test_the_log_names_a_purge_and_not_the_text(walrus, alice, dana):
    bin.throw_away(walrus, by=alice)

    bin.purge(walrus, by=dana)

    entry = AuditEntry.objects.get(action="purge")
    assert (entry.actor, entry.object_kind, entry.object_id) == (dana, "postmortem", walrus.ref)
    assert (entry.object_name.strip(), entry.before, entry.after) == (walrus.ref, None, None)


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_only_leads_and_administrators_purge(walrus, alice, name, request):
    person = request.getfixturevalue(name)
    bin.throw_away(walrus, by=alice)

    with pytest.raises(PermissionDenied):
        bin.purge(walrus, by=person)

    assert Postmortem.objects.get() == walrus


def test_the_lead_of_another_team_purges_nothing_here(walrus, alice, payments):
    other = make_user("otto", team=payments, role="lead")
    bin.throw_away(walrus, by=alice)

    with pytest.raises(PermissionDenied):
        bin.purge(walrus, by=other)


def test_what_is_not_in_the_bin_is_not_purged(walrus, dana):
    with pytest.raises(ValidationError) as caught:
        bin.purge(walrus, by=dana)

    assert list(caught.value.message_dict) == ["deleted_at"]


def test_what_was_purged_meanwhile_is_said_to_be_gone(walrus, alice, dana):
    bin.throw_away(walrus, by=alice)
    bin.purge(walrus, by=dana)

    bin.purge(walrus, by=dana)
    for verb in (bin.restore, bin.throw_away):
        with pytest.raises(ValidationError, match="removed for good"):
            verb(walrus, by=dana)


def test_a_text_that_another_one_shares_can_still_be_read_after_a_purge(platform, alice, dana):
    gone, kept = (
        make_postmortem(make_document(summary="The *same* text."), team=platform, authors=(alice,))
        for _ in range(2)
    )
    bin.throw_away(gone, by=alice)

    bin.purge(gone, by=dana)

    texts = content.rendered([content.read(kept).summary])
    assert "<em>same</em>" in texts["The *same* text."].html
