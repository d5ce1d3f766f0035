"""Where an act comes from: the request's id, the client's address, the token. The doors say it once."""

from contextvars import ContextVar
from dataclasses import dataclass, replace

from postmortems.models import ApiToken


@dataclass(frozen=True)
class Origin:
    """What a row says of the request; empty for commands."""

    request_id: str = ""
    address: str = ""
    token: ApiToken | None = None


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin of what is done", default=NOWHERE)


def begin(*, request_id: str, address: str) -> None:
    """A request begins: what the thread served before is forgotten, its token above all."""
    _origin.set(Origin(request_id=request_id, address=address))


def acts_by(token: ApiToken) -> None:
    """The request signed in by this token."""
    _origin.set(replace(_origin.get(), token=token))


def forget() -> None:
    """Nothing is under way any more."""
    _origin.set(NOWHERE)


def current() -> Origin:
    """Where what is being done comes from."""
    return _origin.get()
