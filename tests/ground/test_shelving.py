"""Archiving what was published and bringing it back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import shelving
from postmortems.models import AuditEntry
from postmortems.search import search
from tests.makers import make_document, make_postmortem, make_user


def found(text, by, **asked):
    return {hit.ref for hit in search(text, asked, by).hits}


@pytest.fixture
def walrus(platform, alice):
    return make_postmortem(make_document("Walrus outage"), team=platform, authors=(alice,))


def test_an_archived_one_is_out_of_search_unless_asked_for(walrus, alice, charlie):
    archived = shelving.archive(walrus, by=alice)

    assert archived.status == "archived"
    assert found("walrus", charlie) == set()
    assert found("walrus status:archived", charlie) == {walrus.ref}


def test_it_comes_back_as_it_was(walrus, alice, charlie):
    shelving.archive(walrus, by=alice)

    back = shelving.unarchive(walrus, by=alice)

    assert (back.status, back.published_at) == ("published", walrus.published_at)
    assert found("walrus", charlie) == {walrus.ref}
    entry = AuditEntry.objects.get(action="unarchive")
    assert (entry.actor, entry.before, entry.after) == (
        alice,
        {"status": "archived"},
        {"status": "published"},
    )


@pytest.mark.parametrize("verb", [shelving.archive, shelving.unarchive])
def test_only_who_may_change_it_moves_it(walrus, charlie, platform, verb):
    for person in (charlie, make_user("rita", team=platform, role="reader")):
        with pytest.raises(PermissionDenied):
            verb(walrus, by=person)


@pytest.mark.parametrize("verb", [shelving.archive, shelving.unarchive])
def test_a_draft_does_not_become_readable_this_way(platform, alice, verb):
    draft = make_postmortem(status="draft", team=platform, authors=(alice,))

    with pytest.raises(ValidationError) as caught:
        verb(draft, by=alice)

    assert list(caught.value.message_dict) == ["status"]


def test_bringing_back_what_is_published_changes_nothing(walrus, alice):
    assert shelving.unarchive(walrus, by=alice).version == walrus.version
