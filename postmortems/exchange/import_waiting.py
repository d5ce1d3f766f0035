"""Uploads between preview and confirmation: kept for who sent them alone, for an hour, a few at a time."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from postmortems import access
from postmortems.exchange.upload import Upload, shown_name
from postmortems.models import Team, User, WaitingImport
from postmortems.models.stored_file import is_file_id

KEPT = timedelta(hours=1)
MOST_PER_PERSON = 3


def keep(uploads: Sequence[Upload], *, by: User, team: Team) -> WaitingImport:
    """Keep what was previewed until it is confirmed; the oldest ones of the person give way.

    It is nobody's act yet: nobody else sees it, and the database forgets it within the hour.
    """
    access.check_may_write_in(by, team)
    WaitingImport.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    former = WaitingImport.objects.filter(owner=by).order_by("-created_at", "-pk")
    over = former.values_list("pk", flat=True)[MOST_PER_PERSON - 1 :]
    WaitingImport.objects.filter(pk__in=list(over)).delete()
    files = [
        {"name": shown_name(item.name), "media_type": item.media_type, "size": len(item.data)}
        for item in uploads
    ]
    data = b"".join(item.data for item in uploads)
    return WaitingImport.objects.create(owner=by, team=team, files=files, data=data)


def find(user: User, waiting_id: str) -> WaitingImport | None:
    """What waits under that id, if it is the user's and not too old."""
    if not is_file_id(waiting_id):
        return None
    mine = WaitingImport.objects.filter(owner=user, created_at__gte=timezone.now() - KEPT)
    return mine.select_related("team").filter(pk=waiting_id).first()


def uploads_of(waiting: WaitingImport) -> list[Upload]:
    """The files as they were sent."""
    data, found, start = bytes(waiting.data), [], 0
    for file in waiting.files:
        end = start + file["size"]
        found.append(Upload(file["name"], data[start:end], file["media_type"]))
        start = end
    return found
