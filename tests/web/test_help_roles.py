"""The tables of "Rights" say what the site does: each cell is asked of the site and compared."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from postmortems import (
    access,
    authoring,
    bin,
    body_templates,
    invitations,
    restoring,
    saved_searches,
    teams,
)
from postmortems.curation import rights as curation
from postmortems.models import Membership, Postmortem, Reviewer, Team, User
from postmortems.reviews import rights as reviews
from postmortems.reviews import rules
from postmortems.web import help as manual
from tests.makers import make_postmortem, make_team, make_user
from tests.web.test_help import text_of

pytestmark = pytest.mark.django_db

ROLES = tuple(Membership.Role.values)


def table(heading: str) -> dict[str, dict[str, bool]]:
    """The yes and no of the table below a heading, by row and column."""
    part = next(part for part in manual.split(text_of("roles")) if part.startswith(f"## {heading}"))
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    head, *rows = [[cell.strip("* ") for cell in line.strip("| ").split(" | ")] for line in lines]
    assert {cell for row in rows for cell in row[1:]} == {"yes", "no"}
    return {
        row[0]: {name: cell == "yes" for name, cell in zip(head[1:], row[1:], strict=True)}
        for row in rows
    }


@dataclass(frozen=True)
class World:
    """A team, its people, others, and the author of what they are asked about."""

    team: Team
    people: dict[str, User | AnonymousUser]


@pytest.fixture
def world() -> World:
    team = make_team("platform")
    people: dict[str, User | AnonymousUser] = {"visitor": AnonymousUser()}
    people |= {role: make_user(role, team=team, role=role) for role in ROLES}
    others = ("not a member", "named to read", "named to review", "guest")
    people |= {name: make_user(name.replace(" ", "-")) for name in others}
    people["signed in"] = people["not a member"]
    people["writes in a team"] = make_user("charlie", team=make_team("payments"))
    people["curator"] = make_user("curator", is_curator=True)
    people["administrator"] = make_user("dana", is_administrator=True)
    return World(team, people)


# --- Who sees a postmortem ----------------------------------------------------------------------

SEEN_AS = {"owning team": "reader", "author": "guest"}
FIRST = {
    "published or archived": ("published", "archived"),
    "draft or in review": ("draft", "in_review"),
}
SEEN = table("Who sees")


def cases() -> list[tuple[str, str, str]]:
    """Row, status and visibility of each postmortem that the first table speaks of."""
    found = [
        (row, "bin", visibility)
        for row in SEEN
        if row == "in the bin"
        for visibility in Postmortem.Visibility.values
    ]
    for row in SEEN:
        statuses, _comma, visibilities = row.partition(", ")
        for status in FIRST.get(statuses, ()):
            found += [(row, status, word) for word in re.split(r", | or ", visibilities)]
    return found


def in_world(world: World, status: str, visibility: str) -> Postmortem:
    """A postmortem of the guest with a named person and a named reviewer."""
    stored = "draft" if status in ("bin", "in_review") else status
    people = world.people
    postmortem = make_postmortem(
        team=world.team,
        status=stored,
        visibility=visibility,
        authors=(people["guest"],),
        named=(people["named to read"],),
    )
    Reviewer.objects.create(
        postmortem=postmortem, user=people["named to review"], named_by=people["guest"]
    )
    if status == "in_review":
        Postmortem.objects.filter(pk=postmortem.pk).update(status="in_review")
        postmortem.refresh_from_db()
    # Its audience is stored anew, as every verb does it.
    authoring.follow_rights([postmortem])
    return binned(postmortem) if status == "bin" else postmortem


def binned(postmortem: Postmortem) -> Postmortem:
    return bin.throw_away(postmortem, by=User.objects.system())


def sees(user: User | AnonymousUser, postmortem: Postmortem) -> bool:
    if postmortem.deleted_at:
        return bin.binned_for(user).filter(pk=postmortem.pk).exists()
    return Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists()


@pytest.mark.parametrize(("row", "status", "visibility"), cases())
def test_the_table_of_who_sees_is_true(world, row, status, visibility):
    postmortem = in_world(world, status, visibility)

    told = {name: sees(world.people[SEEN_AS.get(name, name)], postmortem) for name in SEEN[row]}

    assert told == SEEN[row]


def test_the_table_of_who_sees_has_every_status_and_visibility():
    seen = {(status, visibility) for _row, status, visibility in cases()}

    assert len(seen) == len(cases()) == (len(Postmortem.Status.values) + 1) * 4


# --- In a team ----------------------------------------------------------------------------------

Asked = Callable[[User, World, Postmortem], bool]


IN_A_TEAM: dict[str, Asked] = {
    "see its earlier revisions": lambda user, world, it: restoring.may_see_history(user, it),
    "write a new one, import into the team": lambda user, world, it: access.may_write_in(
        user, world.team
    ),
    "change it, archive it, move it to the bin": lambda user, world, it: access.may_edit(user, it),
    "say who reads it, ask for review, take it back": lambda user, world, it: access.may_edit(
        user, it
    ),
    "see its review and comment": lambda user, world, it: reviews.may_see(user, it),
    "approve it, ask for changes": lambda user, world, it: reviews.may_decide(user, it),
    "publish it, where approvals are needed": lambda user, world, it: reviews.may_publish(
        user, it, 1
    ),
    "publish it, where none is needed": lambda user, world, it: reviews.may_publish(user, it, 0),
    "take it out of the bin": lambda user, world, it: bin.may_restore(user, binned(it)),
    "remove it for good": lambda user, world, it: bin.may_purge(user, binned(it)),
    "see who is in the team": lambda user, world, it: teams.may_see(user, world.team),
    "invite into the team, give roles, rename it": lambda user, world, it: (
        invitations.may_invite(user, world.team) and teams.may_lead(user, world.team)
    ),
    "share a saved search with the team": lambda user, world, it: access.may_write_in(
        user, world.team
    ),
    "share a saved search with everybody": lambda user, world, it: (
        saved_searches.may_share_with_site(user)
    ),
}


def test_the_table_of_a_team_has_what_is_asked_here():
    assert list(table("In a team")) == list(IN_A_TEAM)


@pytest.mark.parametrize("row", IN_A_TEAM)
def test_the_table_of_a_team_is_true(world, row):
    postmortem = make_postmortem(team=world.team)
    written = table("In a team")[row]

    told = {name: IN_A_TEAM[row](world.people[name], world, postmortem) for name in written}

    assert told == written


# --- On the whole site --------------------------------------------------------------------------


def opens(path: str) -> Callable[[User | AnonymousUser], bool]:
    """Whether a page answers with 200, and does not lead to signing in."""

    def asked(user: User | AnonymousUser) -> bool:
        client = Client()
        if isinstance(user, User):
            client.force_login(user)
        return client.get(path).status_code == 200

    return asked


ON_THE_SITE: dict[str, tuple[Callable[[User | AnonymousUser], bool], ...]] = {
    "search, read what is public, open the manual": (opens("/"), opens("/help/")),
    "keep searches, keys of feeds, tokens": (
        opens("/saved/"),
        opens("/saved/feeds/"),
        opens("/settings/tokens/"),
    ),
    "import": (opens("/import/"),),
    "suggest a term": (curation.may_suggest, opens("/taxonomy/cause/suggest/")),
    "change vocabularies": (curation.may_curate, opens("/taxonomy/new/")),
    "change templates of postmortems": (
        body_templates.may_change_templates,
        opens("/settings/templates/"),
    ),
    "change what publishing needs": (rules.may_change_rules, opens("/settings/review/")),
    "make, close and open accounts, give site roles": (opens("/people/person/charlie/"),),
    "make a team": (opens("/people/teams/new/"),),
    "redact": (opens("/people/redact/"),),
    "read the audit log": (opens("/audit/"),),
}


def test_the_table_of_the_site_has_what_is_asked_here():
    assert list(table("On the whole site")) == list(ON_THE_SITE)


@pytest.mark.parametrize("row", ON_THE_SITE)
def test_the_table_of_the_site_is_true(world, row):
    written = table("On the whole site")[row]

    told = [{name: asked(world.people[name]) for name in written} for asked in ON_THE_SITE[row]]

    assert told == [written] * len(told)
