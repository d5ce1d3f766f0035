"""/api/v1/teams/: the teams one is in and who is in them; changed by their leads and by administrators."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import accounts, people, teams
from postmortems.api.fields import Sent, sent
from postmortems.api.permissions import ChangesNeedAdminScope
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.models import Membership, Team, User

TAGS = ["people"]
LONGEST_SLUG = 60
ROLES = Membership.Role.values


class TeamFields(Sent):
    """What is changed of a team: its name."""

    ignored: ClassVar[tuple[str, ...]] = ("slug", "role", "url")

    name = serializers.CharField(max_length=accounts.LONGEST_TEAM_NAME, required=False)


class NewTeamFields(TeamFields):
    """A new team; without a name it is called after its slug."""

    ignored = ("role", "url")

    slug = serializers.RegexField(accounts.TEAM_SLUG, max_length=LONGEST_SLUG)


class TeamBody(serializers.Serializer[Any]):
    """A team."""

    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(
        choices=ROLES, allow_null=True, help_text="Your own; null where you are not in it."
    )
    url = serializers.CharField()


class MemberFields(Sent):
    """The role that somebody is given."""

    ignored = ("username", "name")

    role = serializers.ChoiceField(choices=ROLES)


class MemberBody(serializers.Serializer[Any]):
    """Somebody in a team."""

    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ROLES)


class Teams(Resource):
    """The list, one, making and renaming."""

    permission_classes = [ChangesNeedAdminScope]

    @extend_schema(
        operation_id="list_teams",
        tags=TAGS,
        summary="The teams you are in, by name; all for administrators",
        parameters=PAGES,
        responses={200: list_of(TeamBody), **problems(400)},
    )
    def list(self, request: Request) -> Response:
        """Visitors are in none."""
        roles = _roles(request)
        rows = _seen_by(request).order_by("name", "slug")
        return listed(request, rows, lambda team: _body(team, roles))

    @extend_schema(
        operation_id="create_team",
        tags=TAGS,
        summary="Make a team",
        request=NewTeamFields,
        responses={201: TeamBody, **problems(400, 403, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """For administrators."""
        people.check_may_administer(person(request))
        made = accounts.create_team(by=person(request), **sent(NewTeamFields(data=request.data)))
        address = reverse("api:team", kwargs={"slug": made.slug})
        return Response(_body(made, _roles(request)), status=201, headers={"Location": address})

    def again(self, request: Request, body: Any, **_address: Any) -> Any:
        """The team, to who still sees it."""
        _get(request, body["slug"])
        return body

    @extend_schema(
        operation_id="read_team",
        tags=TAGS,
        summary="One team",
        responses={200: TeamBody, **problems(404)},
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        """One that you are not in is as absent as one that never was."""
        return Response(_body(_get(request, slug), _roles(request)))

    @extend_schema(
        operation_id="change_team",
        tags=TAGS,
        summary="Give a team another name; its address stays",
        request=TeamFields,
        responses={200: TeamBody, **problems(400, 403, 404, 413, 415)},
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """For its leads and for administrators."""
        team = _get(request, slug)
        teams.check_may_lead(person(request), team)
        wanted = sent(TeamFields(data=request.data))
        if "name" in wanted:
            team = teams.rename(team, wanted["name"], by=person(request))
        return Response(_body(team, _roles(request)))


class Members(Resource):
    """Who is in a team and as what."""

    permission_classes = [ChangesNeedAdminScope]

    @extend_schema(
        operation_id="list_members",
        tags=TAGS,
        summary="Who is in a team, by the name they sign in with",
        parameters=PAGES,
        responses={200: list_of(MemberBody), **problems(400, 404)},
    )
    def list(self, request: Request, slug: str) -> Response:
        """One page."""
        rows = _members(_get(request, slug)).order_by(Lower("user__username"))
        return listed(request, rows, _member)

    @extend_schema(
        operation_id="read_member",
        tags=TAGS,
        summary="One member of a team",
        responses={200: MemberBody, **problems(404)},
    )
    def retrieve(self, request: Request, slug: str, username: str) -> Response:
        """The name may be written in any letter case."""
        return Response(_member(_membership(_get(request, slug), username)))

    @extend_schema(
        operation_id="set_member",
        tags=TAGS,
        summary="Take somebody into a team, or give them another role there",
        request=MemberFields,
        responses={200: MemberBody, 201: MemberBody, **problems(400, 403, 404, 413, 415)},
    )
    def update(self, request: Request, slug: str, username: str) -> Response:
        """For its leads and for administrators; 201 when they were not in it."""
        team = _get(request, slug)
        teams.check_may_lead(person(request), team)
        role = sent(MemberFields(data=request.data))["role"]
        user = people.called(username)
        if user is None or user.is_system:
            raise Http404
        is_new = not _members(team).filter(user=user).exists()
        membership = teams.set_role(team, user, role, by=person(request))
        if not is_new:
            return Response(_member(membership))
        kwargs = {"slug": team.slug, "username": user.username}
        headers = {"Location": reverse("api:member", kwargs=kwargs)}
        return Response(_member(membership), status=201, headers=headers)

    @extend_schema(
        operation_id="remove_member",
        tags=TAGS,
        summary="Take somebody out of a team; everybody may leave",
        responses={204: None, **problems(403, 404)},
    )
    def destroy(self, request: Request, slug: str, username: str) -> Response:
        """Their rights there end with the next request."""
        team = _get(request, slug)
        user = people.called(username)
        # First the right: who leads no team is not told who is in it by what is absent.
        if user is None or user.pk != person(request).pk:
            teams.check_may_lead(person(request), team)
        teams.remove_member(team, _membership(team, username).user, by=person(request))
        return Response(status=204)


def _seen_by(request: Request) -> QuerySet[Team]:
    if not isinstance(request.user, User):
        return Team.objects.none()
    return Team.objects.all() if request.user.is_administrator else request.user.teams.all()


def _get(request: Request, slug: str) -> Team:
    # What cannot be a slug never reaches the database: PostgreSQL refuses a NUL with an error.
    found = None
    if accounts.TEAM_SLUG.fullmatch(slug):
        found = _seen_by(request).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _members(team: Team) -> QuerySet[Membership]:
    return Membership.objects.filter(team=team).select_related("user")


def _membership(team: Team, username: str) -> Membership:
    user = people.called(username)
    found = _members(team).filter(user=user).first() if user else None
    if found is None:
        raise Http404
    return found


def _roles(request: Request) -> dict[int, str]:
    return request.user.roles() if isinstance(request.user, User) else {}


def _body(team: Team, roles: dict[int, str]) -> dict[str, Any]:
    return {
        "slug": team.slug,
        "name": team.name,
        "role": roles.get(team.pk),
        "url": reverse("team", args=[team.slug]),
    }


def _member(membership: Membership) -> dict[str, Any]:
    user = membership.user
    return {"username": user.username, "name": user.name, "role": membership.role}
