"""The listed parts of a postmortem's content, one row an item; `key` is the item's id in the Document."""

from typing import Any

from django.db import models

from postmortems.models.postmortem import Postmortem


class Part(models.Model):
    """What all parts share: their postmortem, their stored order, their id within the Document."""

    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="%(class)s_rows"
    )
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=40)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "key"], name="%(class)s_key_once_a_postmortem"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.postmortem_id}"


class TimelineEntry(Part):
    """What happened at a moment; `when` is the moment as JSON."""

    kind = models.CharField(max_length=20)
    text = models.TextField()
    when: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    source = models.CharField(max_length=200, blank=True)


class Hypothesis(Part):
    """A claim during the incident, with its evidence as a list of JSON objects."""

    claim = models.TextField()
    holder = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=list)


class Lesson(Part):
    """Something learned."""

    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)


class Action(Part):
    """Something to be done or done."""

    text = models.TextField()
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=10)
    owner = models.CharField(max_length=200, blank=True)
    due = models.CharField(max_length=10, blank=True)
    tracker = models.CharField(max_length=500, blank=True)

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["due", "status"], name="action_by_due")]


class Reference(Part):
    """A source."""

    title = models.TextField()
    url = models.CharField(max_length=2000, blank=True)
    label = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=35, blank=True)
    kind = models.CharField(max_length=12)
    archived = models.CharField(max_length=2000, blank=True)


class Relation(models.Model):
    """A link to another postmortem by its ref.

    There is no foreign key on purpose: the target may be imported later, or be hidden from the
    reader, and both look the same, as if it were not there.
    """

    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="relation_rows"
    )
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    target_ref = models.CharField(max_length=8)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "kind", "target_ref"], name="relation_once_a_kind"
            )
        ]
        indexes = [models.Index(fields=["target_ref"], name="relation_by_target")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_ref}"
