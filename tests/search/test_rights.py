"""Search shows each viewer exactly what they may see, in hits, counts, relations and names."""

from dataclasses import replace

import pytest

from postmortems import authoring
from postmortems.document import Relation
from postmortems.models import Membership, Postmortem, User
from postmortems.search import entries, sources
from taxonomy import lookup
from tests.makers import make_document, make_postmortem, make_team
from tests.search.asking import VISITOR, ask, counts, facet, found, refs, value

pytestmark = pytest.mark.django_db

STATES = [
    (status, visibility)
    for status in ("draft", "in_review", "published", "archived")
    for visibility in ("public", "internal", "team", "restricted")
]


@pytest.fixture
def everything(platform, payments, alice):
    for team in (platform, payments):
        for status, visibility in STATES:
            document = make_document(terms=("cause.primary:network/dns", "trigger:upgrade"))
            make_postmortem(document, team=team, status=status, visibility=visibility)
    make_postmortem(team=payments, visibility="restricted", named=(alice,))


@pytest.fixture
def viewers(alice, bob, charlie, dana):
    return (VISITOR, alice, bob, charlie, dana)


def test_hits_and_counts_are_those_of_the_visible_set(everything, viewers):
    every = [status for status, _label in Postmortem.Status.choices]

    for viewer in viewers:
        visible = set(Postmortem.objects.visible_to(viewer).values_list("ref", flat=True))
        assert found(by=viewer, status=every) == visible
        results = ask(by=viewer, status=every)
        assert results.count == len(visible)
        assert sum(counts(results, "visibility").values()) == len(visible)


def test_archived_ones_stay_out_until_they_are_asked_for(everything, dana):
    archived = set(Postmortem.objects.filter(status="archived").values_list("ref", flat=True))

    assert not archived & found(by=dana)
    assert not archived & found("-status:draft", by=dana)
    assert not archived & found(by=dana, status="-draft")
    assert not archived & found("status:published", by=dana)
    assert found("status:archived", by=dana) == found(by=dana, status="archived") == archived
    assert archived < found("status:archived,published", by=dana)


def test_teams_of_which_nothing_is_visible_have_no_name(alice, charlie):
    make_postmortem(team=make_team("secret-project"), visibility="team")
    make_postmortem(team=make_team("platform"))

    assert [item.value for item in facet(ask(by=charlie), "team").values] == ["platform"]


def test_a_hidden_team_is_answered_like_one_that_does_not_exist(charlie):
    make_postmortem(team=make_team("secret-project"), visibility="team")

    hidden, absent = (
        ask(f"team:{slug}", by=charlie) for slug in ("secret-project", "no-such-team")
    )

    assert hidden.count == absent.count == 0
    assert hidden.notices == ("“team:secret-project” is not known, so nothing has it.",)
    assert absent.notices == ("“team:no-such-team” is not known, so nothing has it.",)


def test_a_change_of_rights_shows_at_once(alice, charlie, system):
    postmortem = make_postmortem(make_document("Walrus"), visibility="team")
    assert found("walrus", by=charlie) == set()

    authoring.change_envelope(postmortem, by=system, visibility="internal")
    assert found("walrus", by=charlie) == refs(postmortem)

    authoring.change_envelope(postmortem, by=system, visibility="restricted")
    assert found("walrus", by=charlie) == found("walrus", by=alice) == set()


def test_leaving_a_team_shows_at_once(alice, platform):
    postmortem = make_postmortem(team=platform, visibility="team")
    assert found(by=alice) == refs(postmortem)

    Membership.objects.filter(user=alice).delete()

    assert found(by=alice) == set()


def test_a_deactivated_account_sees_what_a_visitor_sees(alice, platform):
    make_postmortem(team=platform, visibility="internal")
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert found(by=User.objects.get(pk=alice.pk)) == set()


def test_what_is_in_the_bin_is_not_found(dana):
    postmortem = make_postmortem(make_document("Walrus"))
    postmortem.deleted_at = postmortem.created_at
    postmortem.save()
    log_change(postmortem)

    assert found("walrus", by=dana) == set()


def log_change(postmortem):
    from postmortems import outbox

    with outbox.writing():
        outbox.log_change(postmortem)


@pytest.fixture
def related(platform):
    hidden = make_postmortem(make_document("Hidden"), team=platform, visibility="team")
    document = replace(make_document("Seen"), relations=(Relation("same-defect", hidden.ref),))
    return make_postmortem(document, team=platform), hidden


def test_a_relation_is_there_for_who_may_see_both_ends(related, alice, charlie):
    seen, hidden = related

    assert found("relation:same-defect", by=alice) == refs(seen, hidden)
    assert found("relation:same-defect", by=charlie) == set()
    assert found("has:relation", by=charlie) == set()
    assert found("no:relation", by=charlie) == refs(seen)


def test_what_is_counted_of_parts_holds_no_relation_without_its_audience(related):
    [source] = sources.load([related[0].pk])
    values = entries.fields(source, lookup.current())

    assert [item.partition("@")[0] for item in values["relation"]] == ["same-defect"] * 2
    assert "relation" not in (*values["has"], *values["parts"][0].split())


def test_a_relation_appears_when_its_other_end_does(related, charlie, system):
    seen, hidden = related

    authoring.change_envelope(hidden, by=system, visibility="public")

    assert found("relation:same-defect", by=charlie) == refs(seen, hidden)


def test_a_directed_relation_counts_at_its_start_only(platform):
    target = make_postmortem(make_document("Target"))
    document = replace(make_document("Start"), relations=(Relation("follow-up", target.ref),))
    start = make_postmortem(document)

    assert found("relation:follow-up") == refs(start)


def test_hidden_words_change_nothing_for_others(charlie, platform):
    make_postmortem(make_document("Deploy went wrong"))
    before = normal(ask("deploy*", by=charlie)), normal(ask("de*", by=charlie))

    for title in ("Deployment of walrus", "Deployable", "Destroyed"):
        make_postmortem(make_document(title), team=platform, visibility="restricted")

    assert (normal(ask("deploy*", by=charlie)), normal(ask("de*", by=charlie))) == before


def normal(results):
    return replace(results, query=None)


def test_a_count_of_a_value_is_the_viewers(alice, charlie, platform):
    make_postmortem(make_document(terms=("cause:time",)), team=platform, visibility="team")

    assert value(ask(by=alice), "cause", "time").count == 1
    assert value(ask(by=charlie), "cause", "time").count == 0
