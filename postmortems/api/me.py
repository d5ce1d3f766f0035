"""/api/v1/me/: who asks, what they may, and what they have chosen for themselves."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import outbox, profiles
from postmortems.api.fields import Sent, sent
from postmortems.api.resources import Resource, person
from postmortems.api.schema import problems
from postmortems.models import ApiToken, Membership, User
from taxonomy.languages import LANGUAGES

TAGS = ["people"]
THEME = "`light`, `dark`, or empty to follow the system."
LONGEST_ZONE = 60


class MeFields(Sent):
    """What a person changes of themselves; what is left out stays."""

    ignored = ("username", "email", "teams", "is_curator", "is_administrator", "scope")

    name = serializers.CharField(max_length=profiles.LONGEST_NAME, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=LONGEST_ZONE, required=False, allow_blank=True)
    theme = serializers.ChoiceField(choices=profiles.THEMES, required=False, help_text=THEME)


class MyTeamBody(serializers.Serializer[Any]):
    """A team one is in."""

    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Membership.Role.values)


class MeBody(serializers.Serializer[Any]):
    """Who asks; of a visitor all is empty."""

    username = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField(help_text="Empty when none is confirmed.")
    language = serializers.ChoiceField(choices=["", *LANGUAGES])
    time_zone = serializers.CharField(help_text="An IANA name; empty when none is chosen.")
    theme = serializers.ChoiceField(choices=profiles.THEMES, help_text=THEME)
    is_curator = serializers.BooleanField()
    is_administrator = serializers.BooleanField()
    teams = MyTeamBody(many=True)
    scope = serializers.ChoiceField(
        choices=ApiToken.Scope.values,
        allow_null=True,
        help_text="What the token allows; null without one.",
    )


class MyAccount(Resource):
    """The account behind the credential."""

    @extend_schema(
        operation_id="read_me",
        tags=TAGS,
        summary="Who asks: name, teams with roles, site roles, choices, scope of the token",
        responses={200: MeBody},
    )
    def retrieve(self, request: Request) -> Response:
        """Visitors are told that they are nobody."""
        return Response(_body(request))

    @extend_schema(
        operation_id="change_me",
        tags=TAGS,
        summary="Change name, language, time zone or theme",
        request=MeFields,
        responses={200: MeBody, **problems(400, 403, 413, 415)},
    )
    def partial_update(self, request: Request) -> Response:
        """Change what is given, all of it or nothing."""
        user = person(request)
        wanted = sent(MeFields(data=request.data))
        with outbox.writing():
            if "name" in wanted:
                profiles.set_name(user, wanted.pop("name"))
            profiles.set_preferences(user, **wanted)
        return Response(_body(request))


def _body(request: Request) -> dict[str, Any]:
    user = request.user if isinstance(request.user, User) else User(username="")
    return {
        "username": user.username or None,
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": user.theme,
        "is_curator": user.is_curator,
        "is_administrator": user.is_administrator,
        "teams": [
            {"slug": item.team.slug, "name": item.team.name, "role": item.role}
            for item in _memberships(user)
        ],
        "scope": request.auth.scope if isinstance(request.auth, ApiToken) else None,
    }


def _memberships(user: User) -> list[Membership]:
    if user.pk is None:
        return []
    mine = Membership.objects.filter(user=user).select_related("team")
    return list(mine.order_by("team__name", "team__slug"))
