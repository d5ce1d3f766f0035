"""Bearer tokens: `Authorization: Bearer hs_…`."""

from contextlib import suppress
from datetime import timedelta

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from postmortems.audit import notes, origin
from postmortems.models import ApiToken, User

SCHEME = "Bearer"
NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """Signs a tool in by its token; a bad one is refused instead of ignored."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's user, None without the header; raises AuthenticationFailed for a bad token."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        # Another scheme may be a proxy's own; then the session decides.
        if scheme.lower() != SCHEME.lower():
            return None
        token = ApiToken.objects.find(secret.strip())
        if token is None:
            notes.refused_token(secret.strip())
            raise AuthenticationFailed(
                _("This token is unknown, expired or revoked. Make another one.")
            )
        note_use(token)
        origin.acts_by(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return SCHEME


def note_use(token: ApiToken) -> None:
    """Remember when the token was used, at most once a minute: reading must stay cheap."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        # Where somebody else holds the lock of all writers, readers read on.
        with suppress(OperationalError):
            # As it was read: of many requests at once one writes.
            ApiToken.objects.filter(pk=token.pk, last_used_at=token.last_used_at).update(
                last_used_at=now
            )
