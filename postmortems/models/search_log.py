"""The log that every node's search index follows."""

from typing import Self

from django.db import models
from django.utils import timezone


class SearchLogQuerySet(models.QuerySet["SearchLog"]):
    """Words for stretches of the log."""

    def newest(self) -> "SearchLog | None":
        """The last line, by one primary-key look-up; None for an empty log."""
        return self.order_by("-pk").first()

    def since(self, position: int) -> Self:
        """The lines after a position, oldest first."""
        return self.filter(pk__gt=position).order_by("pk")

    def shorten(self, keep: int) -> int:
        """Remove all but the last `keep` numbers, never the last line; returns how many lines went.

        An index that was at a removed line can no longer tell what it lacks, and is made anew.
        """
        newest = self.newest()
        if newest is None:
            return 0
        return self.filter(pk__lte=newest.pk - max(keep, 1)).delete()[0]


class SearchLog(models.Model):
    """One change that search must know of: of one postmortem, or of the vocabularies (no postmortem).

    Lines are appended under the log lock, so ids become visible in commit order. `epoch` names the
    history the line belongs to, and `created_at` tells a line from the one that has its number in
    another history: an index that does not find its last line as it was is made anew.
    """

    epoch = models.CharField(max_length=32)
    # A bare number: the line must outlive the postmortem, to take a purged one out of the index.
    postmortem_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SearchLogQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pk}: {self.postmortem_id or 'vocabularies'}"
