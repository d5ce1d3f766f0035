"""Two that look alike: who may say that they are the same defect, or not similar, and what follows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from postmortems import authoring, content, similar_pairs
from postmortems.document import Relation
from postmortems.models import AuditEntry, Dismissal, Postmortem
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(platform, payments):
    """One of each team, both public."""
    mine = make_postmortem(make_document("Mine"), team=platform)
    return mine, make_postmortem(make_document("Theirs"), team=payments)


def links(postmortem):
    return [(item.kind, item.target) for item in content.read(postmortem).relations]


def acts():
    return set(AuditEntry.objects.values_list("action", flat=True))


def hidden_from(viewer, postmortem):
    return similar_pairs.dismissed_refs(postmortem, viewer)


def test_the_relation_stands_in_the_one_that_the_person_edits(alice, charlie, pair):
    mine, theirs = pair

    similar_pairs.confirm(theirs, mine, by=alice)

    assert links(mine) == [("same-defect", theirs.ref)]
    assert links(theirs) == []
    assert Postmortem.objects.get(pk=mine.pk).revision == 2


def test_of_two_that_one_edits_the_one_asked_about_says_it(alice, platform):
    one, other = make_postmortem(), make_postmortem()

    similar_pairs.confirm(one, other, by=alice)

    assert (links(one), links(other)) == ([("same-defect", other.ref)], [])


def test_what_is_linked_already_is_not_linked_again(alice, charlie, pair):
    mine, theirs = pair
    similar_pairs.confirm(mine, theirs, by=alice)

    similar_pairs.confirm(mine, theirs, by=alice)
    similar_pairs.confirm(theirs, mine, by=charlie)

    assert (links(mine), links(theirs)) == ([("same-defect", theirs.ref)], [])


def test_a_further_relation_of_another_kind_stays(alice, platform):
    other = make_postmortem()
    document = make_document(relations=(Relation("follow-up", other.ref, "Why"),))
    one = make_postmortem(document)

    similar_pairs.confirm(one, other, by=alice)
    similar_pairs.unlink(one, other, by=alice)

    assert content.read(one).relations == document.relations


@pytest.mark.parametrize("is_turned", [False, True])
def test_taking_it_back_finds_it_at_either_end(alice, pair, is_turned):
    mine, theirs = pair
    similar_pairs.confirm(mine, theirs, by=alice)

    similar_pairs.unlink(*(reversed(pair) if is_turned else pair), by=alice)

    assert links(mine) == []
    similar_pairs.unlink(mine, theirs, by=alice)
    assert Postmortem.objects.get(pk=mine.pk).revision == 3


def test_who_edits_neither_links_nothing(bob, platform, pair):
    _mine, theirs = pair
    other = make_postmortem(team=theirs.team)

    with pytest.raises(PermissionDenied):
        similar_pairs.confirm(theirs, other, by=bob)

    assert links(theirs) == links(other) == []


def test_who_edits_the_other_end_alone_does_not_take_a_link_back(alice, charlie, pair):
    mine, theirs = pair
    similar_pairs.confirm(mine, theirs, by=alice)

    with pytest.raises(PermissionDenied):
        similar_pairs.unlink(mine, theirs, by=charlie)

    assert links(mine) == [("same-defect", theirs.ref)]


@pytest.mark.parametrize("act", ["confirm", "unlink", "dismiss", "bring_back"])
def test_nothing_is_said_about_what_one_may_not_see(alice, charlie, act):
    seen = make_postmortem()
    hidden = make_postmortem(visibility="restricted", authors=(alice,))

    for one, other in ((seen, hidden), (hidden, seen)):
        with pytest.raises(PermissionDenied):
            getattr(similar_pairs, act)(one, other, by=charlie)

    assert not Dismissal.objects.exists()


@pytest.mark.parametrize("act", ["confirm", "unlink", "dismiss", "bring_back"])
def test_one_is_not_compared_with_itself(alice, pair, act):
    with pytest.raises(ValidationError):
        getattr(similar_pairs, act)(pair[0], pair[0], by=alice)


def test_a_readers_dismissal_counts_for_that_reader(bob, charlie, payments, platform):
    one, other = make_postmortem(team=platform), make_postmortem(team=platform)

    similar_pairs.dismiss(one, other, by=charlie)

    assert hidden_from(charlie, one) == {other.ref}
    assert hidden_from(charlie, other) == {one.ref}
    assert hidden_from(bob, one) == frozenset()


@pytest.mark.parametrize("is_turned", [False, True])
def test_an_editors_dismissal_counts_for_everybody(alice, bob, charlie, pair, is_turned):
    one, other = reversed(pair) if is_turned else pair

    similar_pairs.dismiss(one, other, by=alice)

    for viewer in (alice, bob, charlie):
        assert hidden_from(viewer, one) == {other.ref}
    assert "dismiss-similar" in acts()


def test_what_is_hidden_is_not_among_what_was_dismissed(alice, charlie):
    one = make_postmortem()
    hidden = make_postmortem(visibility="restricted", authors=(alice,))

    similar_pairs.dismiss(one, hidden, by=alice)

    assert hidden_from(alice, one) == {hidden.ref}
    assert hidden_from(charlie, one) == frozenset()


def test_a_dismissal_is_taken_back_by_who_made_it(alice, charlie, pair):
    one, other = make_postmortem(), make_postmortem()
    similar_pairs.dismiss(one, other, by=charlie)

    similar_pairs.bring_back(other, one, by=charlie)

    assert hidden_from(charlie, one) == frozenset()
    assert "bring-back-similar" in acts()


def test_an_editor_takes_back_what_counts_for_everybody_and_a_reader_does_not(
    alice, bob, charlie, platform
):
    one, other = make_postmortem(), make_postmortem()
    similar_pairs.dismiss(one, other, by=alice)

    similar_pairs.bring_back(one, other, by=charlie)
    assert hidden_from(charlie, one) == {other.ref}

    similar_pairs.bring_back(one, other, by=bob)
    assert hidden_from(charlie, one) == frozenset()


def test_an_editor_leaves_a_readers_own_dismissal(alice, charlie, platform):
    one, other = make_postmortem(), make_postmortem()
    similar_pairs.dismiss(one, other, by=charlie)

    similar_pairs.bring_back(one, other, by=alice)

    assert hidden_from(charlie, one) == {other.ref}


def test_confirming_brings_the_pair_back(alice, bob, pair):
    mine, theirs = pair
    similar_pairs.dismiss(mine, theirs, by=bob)

    similar_pairs.confirm(mine, theirs, by=alice)

    assert hidden_from(bob, mine) == frozenset()


def test_dismissing_twice_is_one_dismissal(charlie, platform, payments, system):
    one, other = make_postmortem(team=platform), make_postmortem(team=platform)

    similar_pairs.dismiss(one, other, by=charlie)
    similar_pairs.dismiss(other, one, by=charlie)
    assert Dismissal.objects.get().is_for_all is False

    authoring.change_envelope(one, by=system, team=payments)
    similar_pairs.dismiss(one, other, by=charlie)
    assert Dismissal.objects.get().is_for_all is True


def test_a_pair_is_stored_in_one_order_only(alice, pair):
    mine, theirs = sorted(pair, key=lambda row: row.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.create(first=theirs, second=mine, by=alice)
