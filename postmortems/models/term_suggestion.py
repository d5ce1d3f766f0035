"""A term that somebody misses, until a curator has decided on it."""

from typing import Any

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from taxonomy import languages
from taxonomy.models import Term, Vocabulary


class TermSuggestionQuerySet(models.QuerySet["TermSuggestion"]):
    """Words for sets of suggestions."""

    def open(self) -> "TermSuggestionQuerySet":
        """Those that nobody has decided on, the oldest first."""
        return self.filter(outcome="").order_by("created_at", "pk")


class TermSuggestion(models.Model):
    """What the term should be called and why it is needed; then who decided what, and the term made."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="suggestions")
    parent = models.ForeignKey(
        Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="suggestions_below"
    )
    names: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    definitions: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    suggested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suggested_terms")
    created_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, blank=True, choices=Outcome.choices)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="decided_terms"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    term = models.ForeignKey(
        Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="suggestions"
    )

    objects = TermSuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "accepted", "declined"]),
                name="term_suggestion_outcome_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(outcome="", decided_at__isnull=True)
                    | (~models.Q(outcome="") & models.Q(decided_at__isnull=False))
                ),
                name="term_suggestion_decided_with_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["outcome", "created_at"], name="term_suggestion_open")]

    def __str__(self) -> str:
        return self.name_in("en")

    def name_in(self, language: str) -> str:
        """What the term should be called, in the language or its fallback."""
        return languages.pick(self.names, language)
