"""A term on a postmortem, with its role, why, and who assigned it."""

from django.db import models

from postmortems.models.postmortem import Postmortem
from taxonomy.models import ROLES, Term


class Classification(models.Model):
    """One use of a term; the same term may stand once a role."""

    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="classifications"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="classifications")
    role = models.CharField(max_length=12, blank=True)
    why = models.TextField(blank=True)
    assigned_by = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "term", "role"], name="classification_once_a_role"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["", *ROLES]),
                name="classification_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} on {self.postmortem_id}"
