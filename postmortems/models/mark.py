"""Short-lived marks and counts: what happened to a key lately. On SQLite they stand in a file of their own."""

from django.db import models


class Mark(models.Model):
    """One mark; it counts until it ends. `postmortems.marks` is what reads and writes it."""

    key = models.CharField(max_length=120)
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "ends_at"], name="mark_by_key"),
            models.Index(fields=["ends_at"], name="mark_by_end"),
        ]

    def __str__(self) -> str:
        return self.key


class Tally(models.Model):
    """How often something happened in the span of time that began at `span` (seconds since 1970).

    Another span counts from one again.
    """

    key = models.CharField(max_length=120, unique=True)
    span = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
