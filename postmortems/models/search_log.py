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


class SearchLog(models.Model):
    """One change that search must know of: of one postmortem, or of the vocabularies (no postmortem).

    Lines are appended under the log lock, so ids become visible in commit order. `epoch` names the
    history the line belongs to; an index that holds another epoch is rebuilt.
    """

    epoch = models.CharField(max_length=32)
    # A bare number: the line must outlive the postmortem, to take a purged one out of the index.
    postmortem_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SearchLogQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pk}: {self.postmortem_id or 'vocabularies'}"
