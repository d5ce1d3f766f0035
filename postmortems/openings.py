"""Which postmortems somebody has opened, and so which are new to them. Nobody else is told, and nothing is counted.

A postmortem is news from when it is published or revised until it is opened; so is only what was
published after the reader came, and none of it from before they marked everything as read.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import OperationalError
from django.db.models import DateTimeField, Exists, F, FilteredRelation, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from postmortems import outbox
from postmortems.access import Viewer
from postmortems.models import Opening, Postmortem, ReadUpTo, Revision, User
from postmortems.models.postmortem import PostmortemQuerySet

NOTED_EVERY = timedelta(minutes=1)
NEW, CHANGED = "new", "changed"


def with_opening(user: Viewer) -> PostmortemQuerySet:
    """All postmortems, each with what `note_opened` asks: which revision the user opened last, and when."""
    if not isinstance(user, User):
        return Postmortem.objects.all()
    own = FilteredRelation("openings", condition=Q(openings__user=user))
    rows = Postmortem.objects.annotate(own_opening=own)
    return rows.annotate(
        opened_revision=F("own_opening__revision"), opened_at=F("own_opening__opened_at")
    )


def note_opened(postmortem: Postmortem, user: Viewer) -> None:
    """Remember that the user has opened a postmortem of `with_opening`, where that is news.

    At most once a minute, and not while somebody else holds the lock of all writers: readers read on.
    """
    if not isinstance(user, User) or not _is_worth_noting(postmortem):
        return
    with suppress(OperationalError):
        _store([postmortem], user)


def note_own(postmortems: Iterable[Postmortem], user: User) -> None:
    """What somebody has just written or published is not new to them; inside the verb's transaction."""
    if not user.is_system:
        _store(postmortems, user)


def _is_worth_noting(postmortem: Postmortem) -> bool:
    revision: int | None = getattr(postmortem, "opened_revision", None)
    at: datetime | None = getattr(postmortem, "opened_at", None)
    if revision is None or at is None:
        return True
    published = postmortem.published_at
    is_known = revision >= postmortem.revision and not (published and published > at)
    return not is_known and timezone.now() - at > NOTED_EVERY


def _store(postmortems: Iterable[Postmortem], user: User) -> None:
    now = timezone.now()
    Opening.objects.bulk_create(
        [
            Opening(user=user, postmortem=postmortem, revision=postmortem.revision, opened_at=now)
            for postmortem in postmortems
        ],
        update_conflicts=True,
        unique_fields=["user", "postmortem"],
        update_fields=["revision", "opened_at"],
    )


def news_for(user: Viewer) -> PostmortemQuerySet:
    """The published postmortems that are new to the user, with `was_opened`; not narrowed by rights."""
    if not isinstance(user, User):
        return Postmortem.objects.none()
    # Where there is no row yet, it began with the account.
    began = Value(user.created_at, output_field=DateTimeField())
    mark = ReadUpTo.objects.filter(user=user)
    since: Combinable = Coalesce(mark.values("since")[:1], began)
    until: Combinable = Coalesce(mark.values("until")[:1], began)
    of_this = Opening.objects.filter(user=user, postmortem=OuterRef("pk"))
    # Compared with the row that is asked about: it knows the text and the state that are there now.
    opened = of_this.filter(
        revision__gte=OuterRef("revision"), opened_at__gte=OuterRef("published_at")
    )
    revised = Revision.objects.filter(
        postmortem=OuterRef("pk"), number=OuterRef("revision"), created_at__gt=until
    )
    published = Postmortem.objects.published().filter(published_at__gt=since)
    fresh = published.filter(Q(published_at__gt=until) | Q(Exists(revised)))
    return fresh.filter(~Exists(opened)).annotate(was_opened=Exists(of_this))


def marks_of(refs: Collection[str], user: Viewer) -> dict[str, str]:
    """Of postmortems that a page shows, those that are news: NEW, or CHANGED since they were opened."""
    if not refs or not isinstance(user, User):
        return {}
    rows = news_for(user).filter(ref__in=refs).only("ref")
    return {row.ref: mark_of(row) for row in rows}


def mark_of(row: Postmortem) -> str:
    """Whether a row of `news_for` is new altogether, or was opened before it changed."""
    return CHANGED if getattr(row, "was_opened", False) else NEW


def mark_all_read(user: User, *, until: datetime) -> None:
    """Nothing of what happened up to that moment is new to the user any more.

    It is a mark of the reader's own and no act upon a postmortem: the audit log holds none.
    """
    until = min(until, timezone.now())
    with outbox.writing():
        mark, is_new = ReadUpTo.objects.select_for_update().get_or_create(
            user=user, defaults={"since": user.created_at, "until": until}
        )
        if not is_new and mark.until < until:
            mark.until = until
            mark.save(update_fields=["until"])


def begin_anew(users: Iterable[User]) -> None:
    """Let what was published so far be news to none of these users: they have just come."""
    now = timezone.now()
    with outbox.writing():
        ReadUpTo.objects.bulk_create(
            [ReadUpTo(user=user, since=now, until=now) for user in users],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=["since", "until"],
        )
