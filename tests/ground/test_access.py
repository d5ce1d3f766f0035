"""Who may see and do what, row by row of the rules."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from postmortems import access, authoring
from postmortems.models import Postmortem
from postmortems.reviews import rights
from tests.makers import make_document, make_postmortem, make_user

CAST = ("visitor", "alice", "bob", "charlie", "dana")

# status, visibility -> who sees it. alice wrote none of these; bob and alice are in the team.
RULES = [
    ("published", "public", {"visitor", "alice", "bob", "charlie", "dana"}),
    ("published", "internal", {"alice", "bob", "charlie", "dana"}),
    ("published", "team", {"alice", "bob", "dana"}),
    ("published", "restricted", {"dana"}),
    ("archived", "public", {"visitor", "alice", "bob", "charlie", "dana"}),
    ("archived", "team", {"alice", "bob", "dana"}),
    ("draft", "public", {"alice", "bob", "dana"}),
    ("draft", "internal", {"alice", "bob", "dana"}),
    ("draft", "restricted", {"dana"}),
    ("in_review", "public", {"alice", "bob", "dana"}),
    ("in_review", "restricted", {"dana"}),
]


@pytest.fixture
def cast(alice, bob, charlie, dana):
    return dict(zip(CAST, (AnonymousUser(), alice, bob, charlie, dana), strict=True))


def seen_by(cast, postmortem) -> set[str]:
    return {
        name
        for name, user in cast.items()
        if Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists()
    }


@pytest.mark.parametrize(("status", "visibility", "expected"), RULES)
def test_who_sees_a_postmortem(cast, platform, status, visibility, expected):
    postmortem = make_postmortem(team=platform, status=status, visibility=visibility)

    assert seen_by(cast, postmortem) == expected


def test_a_restricted_postmortem_is_for_its_authors_and_named_people(cast, platform):
    postmortem = make_postmortem(
        team=platform, visibility="restricted", authors=(cast["alice"],), named=(cast["charlie"],)
    )

    assert seen_by(cast, postmortem) == {"alice", "charlie", "dana"}


def test_the_bin_is_for_authors_and_team_leads(cast, platform):
    lead = make_user("lena", team=platform, role="lead")
    postmortem = make_postmortem(team=platform, authors=(cast["charlie"],))
    postmortem.deleted_at = postmortem.created_at

    assert access.audience_of(postmortem) == (
        "admins",
        *sorted((f"user:{cast['charlie'].pk}", f"user:{lead.pk}")),
    )


def test_nothing_in_the_bin_is_live(cast, platform):
    postmortem = make_postmortem(team=platform)

    Postmortem.objects.filter(pk=postmortem.pk).update(deleted_at=postmortem.created_at)

    assert seen_by(cast, postmortem) == set()


def test_an_inactive_user_sees_what_a_visitor_sees(alice, platform):
    make_postmortem(team=platform, visibility="internal")
    alice.is_active = False

    assert not Postmortem.objects.visible_to(alice).exists()


def test_a_change_of_visibility_takes_effect_at_once(cast, platform, system):
    postmortem = make_postmortem(team=platform, visibility="public")

    authoring.change_envelope(postmortem, by=system, visibility="team")

    assert seen_by(cast, postmortem) == {"alice", "bob", "dana"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("visitor", False), ("alice", True), ("bob", True), ("charlie", False), ("dana", True)],
)
def test_who_may_edit_a_public_postmortem(cast, platform, name, expected):
    postmortem = make_postmortem(team=platform)

    assert access.may_edit(cast[name], postmortem) is expected


def test_a_team_author_may_not_edit_what_is_restricted_to_others(alice, platform):
    postmortem = make_postmortem(team=platform, visibility="restricted")

    assert not access.may_edit(alice, postmortem)


def test_nobody_publishes_what_they_wrote(bob, platform):
    postmortem = make_postmortem(team=platform, status="draft", authors=(bob,))

    assert not rights.may_publish(bob, postmortem, approvals=1)


def test_no_author_leaves_the_authors_by_themselves(bob, alice, platform):
    postmortem = authoring.create(make_document(), by=bob, team=platform)

    with pytest.raises(PermissionDenied):
        authoring.change_envelope(postmortem, by=bob, authors=(alice,))

    assert not rights.may_publish(bob, postmortem, approvals=1)
