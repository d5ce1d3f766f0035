"""Vocabularies and their terms as they are stored. `lookup` is how everything else reads them."""

import secrets
from typing import Any

from django.db import models
from django.db.models import F, Q

from taxonomy import languages, tree

ROLES = ("primary", "contributing")
SLUG_LENGTH = 60
PATH_LENGTH = 255


class Vocabulary(models.Model):
    """A tree, flat list or ordered scale of terms; each is a facet, form field, import key."""

    class Kind(models.TextChoices):
        TREE = "tree"
        FLAT = "flat"
        ORDERED = "ordered"

    slug = models.CharField(max_length=SLUG_LENGTH, unique=True)
    names: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    help: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    many = models.BooleanField(default=False)
    roles_allowed: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    required = models.BooleanField(default=False)
    facet_shown = models.BooleanField(default=True)
    facet_open = models.BooleanField(default=False)
    facet_values = models.PositiveSmallIntegerField(default=7)
    position = models.PositiveIntegerField(default=0)
    # What a file last said of it, by column; what differs from that was changed by a curator.
    loaded: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="vocabulary_has_slug"),
            models.CheckConstraint(
                condition=Q(kind__in=["tree", "flat", "ordered"]), name="vocabulary_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(facet_values__gte=1), name="vocabulary_facet_shows_values"
            ),
            models.CheckConstraint(
                condition=Q(facet_shown=True) | Q(facet_open=False),
                name="vocabulary_open_facet_is_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def name_in(self, language: str) -> str:
        """The name in the language or its fallback, else the slug."""
        return languages.pick(self.names, language, self.slug)


class Term(models.Model):
    """One value of a vocabulary. It is retired, never deleted: what was classified stays readable.

    `path` is the slugs from the root down (`network/dns`) and identifies the term in files, URLs
    and the API. `rank` orders the terms of an ordered vocabulary, 1 being the gravest.
    """

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.PROTECT, related_name="terms")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    slug = models.CharField(max_length=SLUG_LENGTH)
    path = models.CharField(max_length=PATH_LENGTH)
    names: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    aliases: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    definitions: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    symbol = models.CharField(max_length=16, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    # As of a vocabulary, with the path that the file calls it by; empty when no file named it yet.
    loaded: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "path"], name="term_path_once"),
            models.CheckConstraint(condition=~Q(slug=""), name="term_has_slug"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, path=F("slug"))
                | (Q(parent__isnull=False) & ~Q(path=F("slug"))),
                name="term_root_path_is_slug",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="term_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(retired_at__isnull=False),
                name="term_merged_is_retired",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="term_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["vocabulary", "parent", "position"], name="term_siblings"),
        ]

    def __str__(self) -> str:
        return self.path

    def name_in(self, language: str) -> str:
        """The name in the language or its fallback, else the slug."""
        return languages.pick(self.names, language, self.slug)

    def definition_in(self, language: str) -> str:
        """The definition in the language or its fallback; empty when there is none."""
        return languages.pick(self.definitions, language)

    @property
    def parent_path(self) -> str:
        """The path of the term above; empty for a root."""
        return tree.split(self.path)[0]


class FormerPath(models.Model):
    """A path that a term had before it was moved; its old address leads to where it is now."""

    vocabulary = models.ForeignKey(
        Vocabulary, on_delete=models.CASCADE, related_name="former_paths"
    )
    path = models.CharField(max_length=PATH_LENGTH)
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="former_paths")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "path"], name="former_path_once"),
        ]

    def __str__(self) -> str:
        return self.path


class TaxonomyState(models.Model):
    """One row, whose mark changes with every change of the vocabularies; `lookup` compares it."""

    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="taxonomy_state_single"),
        ]

    def __str__(self) -> str:
        return str(self.revision)

    @classmethod
    def bump(cls) -> None:
        """Make every process read the vocabularies again; called by all that changes them."""
        # Random, not counted up: after a rollback or a restored backup the same count could come
        # twice with different vocabularies behind it.
        cls.objects.update_or_create(pk=1, defaults={"revision": secrets.randbelow(2**62) + 1})
