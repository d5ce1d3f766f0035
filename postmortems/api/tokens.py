"""/api/v1/tokens/: one's own keys for tools. The secret stands in the answer that makes one, and nowhere else."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import accounts
from postmortems.api.fields import Sent, sent
from postmortems.api.permissions import ChangesNeedAdminScope
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.digits import number_in
from postmortems.models import ApiToken, User

LAST_ID = 2**62
TAGS = ["people"]


class TokenFields(Sent):
    """What a new token is to be."""

    name = serializers.CharField(max_length=accounts.LONGEST_TOKEN_NAME)
    scope = serializers.ChoiceField(choices=ApiToken.Scope.values)
    days = serializers.IntegerField(
        min_value=1, max_value=accounts.LONGEST_DAYS, required=False, allow_null=True
    )


class TokenBody(serializers.Serializer[Any]):
    """A token as it is listed."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="The first eight characters of the secret.")
    scope = serializers.ChoiceField(choices=ApiToken.Scope.values)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(
        allow_null=True, help_text="To the minute: it is written at most once in one."
    )


class NewTokenBody(TokenBody):
    """A token that was just made."""

    secret = serializers.CharField(
        allow_null=True, help_text="Null when the same request is sent again: it is not stored."
    )


class Tokens(Resource):
    """The list, making one, and revoking."""

    permission_classes = [ChangesNeedAdminScope]

    @extend_schema(
        operation_id="list_tokens",
        tags=TAGS,
        summary="Your own tokens that are not revoked, the newest first",
        parameters=PAGES,
        responses={200: list_of(TokenBody), **problems(400)},
    )
    def list(self, request: Request) -> Response:
        """Visitors have none."""
        return listed(request, _tokens_of(request).order_by("-created_at", "-pk"), _body)

    @extend_schema(
        operation_id="create_token",
        tags=TAGS,
        summary="Make a token; its secret is answered this once",
        request=TokenFields,
        responses={201: NewTokenBody, **problems(400, 403, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """A browser's session may make one of any scope; a token needs the scope `admin`."""
        wanted = sent(TokenFields(data=request.data))
        user = person(request)
        token, secret = accounts.create_token(user, by=user, **wanted)
        body = _body(token)
        response = Response(
            body | {"secret": secret}, status=201, headers={"Location": _address(token)}
        )
        # What is kept for a repetition lies in the database, where no secret may lie.
        response.kept = body | {"secret": None}  # type: ignore[attr-defined]
        return response

    @extend_schema(
        operation_id="read_token",
        tags=TAGS,
        summary="One of your tokens, without its secret",
        responses={200: TokenBody, **problems(404)},
    )
    def retrieve(self, request: Request, token_id: str) -> Response:
        """Another person's is as absent as one that never was."""
        return Response(_body(_get(request, token_id)))

    @extend_schema(
        operation_id="revoke_token",
        tags=TAGS,
        summary="Revoke a token: the next request with it is refused",
        responses={204: None, **problems(403, 404)},
    )
    def destroy(self, request: Request, token_id: str) -> Response:
        """It cannot be brought back."""
        accounts.revoke_token(_get(request, token_id), by=person(request))
        return Response(status=204)


def _tokens_of(request: Request) -> Any:
    if not isinstance(request.user, User):
        return ApiToken.objects.none()
    return ApiToken.objects.filter(user=request.user, revoked_at__isnull=True)


def _get(request: Request, token_id: str) -> ApiToken:
    number = number_in(token_id, 1, LAST_ID)
    found = _tokens_of(request).filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404
    return found


def _body(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "scope": token.scope,
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
    }


def _address(token: ApiToken) -> str:
    return reverse("api:token", kwargs={"token_id": token.pk})
