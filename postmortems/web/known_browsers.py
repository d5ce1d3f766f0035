"""A signed cookie that says who has signed in with this browser before. It signs nobody in."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "hindsight_known"
SALT = "hindsight.known-browser"
YEAR_SECONDS = 365 * 24 * 3600
MOST_NAMES = 5


def known_as(request: HttpRequest, username: str) -> str:
    """The id this browser has for the account, empty when its owner never signed in with it."""
    return _names_in(request).get(username.casefold(), "")


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let the browser prove from now on that the account's owner has used it."""
    names = _names_in(request)
    name = username.casefold()
    # The last ones stay: a machine that many share must not grow its cookie for ever.
    others = {key: value for key, value in names.items() if key != name}
    kept = dict(list(others.items())[-MOST_NAMES + 1 :])
    kept[name] = names.get(name) or secrets.token_hex(8)
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=YEAR_SECONDS,
        path="/sign-in/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _names_in(request: HttpRequest) -> dict[str, str]:
    try:
        names = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR_SECONDS)
    except signing.BadSignature:
        return {}
    return names if isinstance(names, dict) else {}
