"""Which rows of the audit log somebody wants to see. The page and the file of the same search use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from postmortems.models import ApiToken, AuditEntry, User
from postmortems.models.audit import AuditQuerySet
from postmortems.models.postmortem import is_ref

AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """What all must be true of a row; what is empty narrows nothing. Days are those of UTC."""

    who: str = ""
    action: str = ""
    kind: str = ""
    object_id: str = ""
    token: str = ""
    request_id: str = ""
    since: date | None = None
    until: date | None = None


def entries_of(wanted: Wanted) -> AuditQuerySet:
    """The rows, newest first."""
    found = AuditEntry.objects.newest_first()
    columns = {
        "action": wanted.action,
        "object_kind": wanted.kind,
        "object_id": _object_id(wanted.object_id),
        "request_id": wanted.request_id,
    }
    found = found.filter(**{column: value for column, value in columns.items() if value})
    if wanted.who:
        # By the account, which has an index; a name that is no account's now may stand in old rows.
        accounts = list(User.objects.filter(username__iexact=wanted.who))
        found = (
            found.filter(actor__in=accounts) if accounts else found.filter(actor_name=wanted.who)
        )
    if wanted.token:
        prefix = wanted.token.removesuffix("…")
        found = found.filter(token__in=list(ApiToken.objects.filter(prefix=prefix)))
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until) + timedelta(days=1))
    return found


def stream(wanted: Wanted) -> Iterator[AuditEntry]:
    """All of them, some at a time, from the head that the log has now."""
    rest = entries_of(wanted)
    while some := list(rest[:AT_ONCE]):
        yield from some
        rest = entries_of(wanted).filter(number__lt=some[-1].number)


def _object_id(text: str) -> str:
    # A ref is one in any letter case; other ids are numbers, or the beginnings of tokens.
    return text.lower() if is_ref(text.lower()) else text


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
