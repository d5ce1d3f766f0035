"""What is known of actions beside the content: since when a status holds; and where their tickets are."""

from django.db import models

from postmortems.models.postmortem import Postmortem


class Confirmation(models.Model):
    """When the status of an action was last set or confirmed, as far as that is known.

    No content: restoring a revision restores no date. It holds while the action has the `status`
    that it names; an action without a row has a status that nobody knows the age of.
    """

    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="confirmations"
    )
    key = models.CharField(max_length=40)
    status = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "key"], name="confirmation_once_an_action"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.postmortem_id}: {self.status}"


class Tracker(models.Model):
    """A tracker of tickets: the address that a new one is begun at, and where a key leads to.

    Both are templates; one of them at least is there. A key begins with `prefix`.
    """

    name = models.CharField(max_length=60, unique=True)
    ticket_url = models.CharField(max_length=1000, blank=True)
    prefix = models.CharField(max_length=40, blank=True)
    key_url = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="tracker_has_name"),
            models.CheckConstraint(
                condition=~models.Q(ticket_url="", key_url=""), name="tracker_leads_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name
