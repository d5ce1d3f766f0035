"""Going back to an old revision: what is saved, who may, and contents older than today's terms and schema."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from postmortems import authoring, content, history, restoring
from postmortems.authoring import Conflict
from postmortems.document import Classification
from postmortems.models import Revision
from taxonomy import lookup
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem, make_user

DNS = ("cause.primary:network/dns",)
MERGED = ("network/dns", "network/cni-routing")


@pytest.fixture
def made(alice):
    """A draft at its second revision."""
    document = make_document("Pods", DNS, summary="First.")
    first = make_postmortem(document, status="draft", authors=(alice,))
    changed = replace(content.read(first), summary="Second.", classifications=())
    return authoring.edit(first, changed, by=alice, revision=1)


def rename_term(number: int, postmortem, path: str) -> None:
    """Make an old revision name another term."""
    revision = Revision.objects.get(postmortem=postmortem, number=number)
    revision.document["classifications"][0]["term"] = path
    revision.save()


def test_restoring_saves_the_old_content_as_a_new_revision(alice, made):
    restored = restoring.restore(made, 1, by=alice, revision=2)

    assert restored.revision == 3
    assert content.read(restored).summary == "First."
    assert content.read(restored).classifications == (
        Classification("cause", "network/dns", "primary", assigned_by="source"),
    )
    assert Revision.objects.get(postmortem=made, number=3).comment == "Restored revision 1"
    assert Revision.objects.get(postmortem=made, number=2).document["summary"] == "Second."


def test_restoring_needs_the_right_to_edit(made, charlie, platform):
    reader = make_user("reader", team=platform, role="reader")

    for by in (charlie, reader):
        with pytest.raises(PermissionDenied):
            restoring.restore(made, 1, by=by, revision=2)
    assert Revision.objects.filter(postmortem=made).count() == 2


def test_restoring_over_a_newer_revision_is_a_conflict(alice, made):
    newer = replace(content.read(made), summary="Third.")
    authoring.edit(made, newer, by=alice, revision=2)

    with pytest.raises(Conflict) as caught:
        restoring.restore(made, 1, by=alice, revision=2)

    assert caught.value.current == 3


@pytest.mark.parametrize(
    ("number", "comment", "field"),
    [(9, "", "number"), (2, "", "number"), (1, "x" * 501, "comment")],
)
def test_what_makes_no_sense_is_refused_by_field(alice, made, number, comment, field):
    with pytest.raises(ValidationError) as caught:
        restoring.restore(made, number, by=alice, revision=2, comment=comment)

    assert list(caught.value.message_dict) == [field]


def test_control_characters_in_a_comment_are_left_out(alice, made):
    restoring.restore(made, 1, by=alice, revision=2, comment="a\x00b ")

    assert Revision.objects.get(postmortem=made, number=3).comment == "ab"


def test_a_term_that_is_no_longer_there_is_left_out_and_named(alice, made):
    rename_term(1, made, "network/gone")

    found = restoring.restoration_of(Revision.objects.get(postmortem=made, number=1))
    restored = restoring.restore(made, 1, by=alice, revision=2)

    assert [use.term for use in found.lost_terms] == ["network/gone"]
    assert content.read(restored).classifications == ()


def test_a_merged_term_is_followed_to_what_it_is_now(alice, made):
    old, new = (Term.objects.get(vocabulary__slug="cause", path=path) for path in MERGED)
    Term.objects.filter(pk=old.pk).update(merged_into=new, retired_at=timezone.now())
    lookup.forget()

    restored = restoring.restore(made, 1, by=alice, revision=2)

    assert [use.term for use in content.read(restored).classifications] == [new.path]


def test_old_schemas_are_read_step_by_step():
    steps = {
        1: lambda data: {**data, "schema": 2, "summary": data["abstract"]},
        2: lambda data: {**data, "schema": 3, "title": data["title"].title()},
    }

    assert history.upgraded({"title": "pods", "abstract": "x"}, steps) == {
        **{"title": "Pods", "abstract": "x", "schema": 3},
        "summary": "x",
    }
    assert history.upgraded({"title": "pods"}) == {"title": "pods"}


def test_the_history_follows_the_audience(alice, bob, charlie, dana, system, made):
    named = make_postmortem(visibility="restricted", authors=(charlie,))

    seen = {user: restoring.may_see_history(user, made) for user in (alice, bob, charlie, dana)}

    assert seen == {alice: True, bob: True, charlie: False, dana: True}
    assert restoring.may_see_history(charlie, named)
    assert not restoring.may_see_history(bob, named)
    assert restoring.may_see_history(system, named)
