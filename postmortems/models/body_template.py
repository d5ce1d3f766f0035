"""A body template: which sections a postmortem of a kind is written in, and what each of them asks."""

from typing import Any

from django.db import models

from taxonomy import languages
from taxonomy.models import SLUG_LENGTH


class BodyTemplateQuerySet(models.QuerySet["BodyTemplate"]):
    """Words for sets of templates."""

    def offered(self) -> "BodyTemplateQuerySet":
        """Those that nobody has removed, in their order."""
        return self.filter(removed_at__isnull=True).order_by("position", "slug")


class BodyTemplate(models.Model):
    """Its sections in their order, each `{"key", "names", "prompts", "is_open"}`, names and prompts by
    language; `kinds` are the paths of the terms it is for.

    `shipped` is what the product came with, kept beside what is in use: while both are equal nobody
    has edited the template, and a newer product may bring a newer one. `revision` counts changes. A
    removed template still names the sections that were written in it.
    """

    slug = models.CharField(max_length=SLUG_LENGTH, unique=True)
    names: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    kinds: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    sections: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    shipped: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = BodyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(slug=""), name="body_template_has_slug"),
            models.CheckConstraint(
                condition=models.Q(revision__gte=1), name="body_template_revision_counts"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def name_in(self, language: str) -> str:
        """The name in the language or its fallback, else the slug."""
        return languages.pick(self.names, language, self.slug)

    @property
    def content(self) -> dict[str, Any]:
        """What is compared with `shipped`, and restored from it."""
        return {"names": self.names, "kinds": self.kinds, "sections": self.sections}

    @property
    def is_edited(self) -> bool:
        """Whether it differs from what the product came with; one of the site's own never does."""
        return self.shipped is not None and self.shipped != self.content
