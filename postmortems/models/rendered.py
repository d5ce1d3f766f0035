"""Markdown that was laid out once: the HTML and the plain text, found again by the text's digest."""

from django.db import models
from django.utils import timezone


class RenderedText(models.Model):
    """What `rendering` made of one text.

    The digest covers the text and the version of the renderer, so a row is never out of date: a
    changed text or renderer asks for another digest. Rows may be deleted at any time.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    html = models.TextField()
    plain = models.TextField()
    notice = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest
