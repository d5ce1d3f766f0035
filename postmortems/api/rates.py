"""How many requests a minute an address, a person and a token may send, counted exactly over all workers.

Headers say what is left (draft-ietf-httpapi-ratelimit-headers): `RateLimit-Policy` the limit `q` over
`w` seconds, `RateLimit` what remains `r` and in how many seconds `t` counting begins anew.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from postmortems import marks
from postmortems.audit import origin
from postmortems.models import ApiToken, User

log = structlog.get_logger("postmortems.api.rates")

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """What one counting said: the policy's name, its limit, and what is left of it."""

    name: str
    most: int
    left: int


class Beyond(Throttled):
    """429: the limit of `rate` is used up until the next minute begins."""

    def __init__(self, rate: Rate) -> None:
        message = _("At most %(most)d requests a minute are answered.") % {"most": rate.most}
        super().__init__(detail=message)
        self.rate = rate
        # Not as an argument: it would be put into the sentence, which is to be the same each time.
        setattr(self, "wait", _seconds_left())  # noqa: B010


def count_address() -> Rate:
    """Count the request for the address it came from; raises Beyond."""
    address = origin.current().address or "none"
    return _count("address", f"api address {address}", settings.API_RATE_ADDRESS)


def count_caller(request: Request) -> Rate | None:
    """Count it for its token, else for who is signed in; None for visitors. Raises Beyond."""
    if isinstance(request.auth, ApiToken):
        return _count("token", f"api token {request.auth.pk}", settings.API_RATE_TOKEN)
    if isinstance(request.user, User):
        return _count("person", f"api person {request.user.pk}", settings.API_RATE_TOKEN)
    return None


def tell(response: HttpResponseBase, rates: Sequence[Rate]) -> None:
    """Say in headers what is left of the narrowest limit."""
    if not rates:
        return
    least = min(rates, key=lambda rate: rate.left)
    response["RateLimit-Policy"] = f'"{least.name}";q={least.most};w={SECONDS}'
    response["RateLimit"] = f'"{least.name}";r={least.left};t={_seconds_left()}'


def _seconds_left() -> int:
    return SECONDS - int(time.time()) % SECONDS


def _count(name: str, key: str, most: int) -> Rate:
    try:
        number = marks.count(key, seconds=SECONDS)
    except marks.Uncounted as error:
        # A full disk must not keep anybody from reading.
        log.error("requests are not counted", error=str(error))
        number = 1
    rate = Rate(name, most, max(most - number, 0))
    if number > most:
        raise Beyond(rate)
    return rate
