"""Titles and summaries in the reader's language where they exist, else in the nearest, with the language they are in.

One place for all pages: views and templates ask here, so that no page shows another title than the next.
"""

from typing import NamedTuple

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from postmortems.models import Postmortem

register = template.Library()


class Words(NamedTuple):
    """A text and the language it is in."""

    words: str
    language: str


def reader_language() -> str:
    """The language that the page is in."""
    return get_language() or "en"


@register.filter
def title_here(postmortem: Postmortem) -> Words:
    """The title that the reader reads best."""
    return Words(*postmortem.title_in(reader_language()))


@register.filter
def title_words(postmortem: Postmortem) -> str:
    """The same as plain text, for where no language can be told: the head of a page, a message."""
    return title_here(postmortem).words


@register.filter
def title_marked(postmortem: Postmortem) -> SafeString:
    """The same to stand inside of a sentence, marked with its language where that is not the page's."""
    title = title_here(postmortem)
    if title.language == reader_language():
        return conditional_escape(title.words)
    return format_html('<span lang="{}">{}</span>', title.language, title.words)


def summary_here(postmortem: Postmortem) -> Words:
    """The summary that the reader reads best, as it was typed; empty where there is none."""
    return Words(*postmortem.summary_in(reader_language()))
