"""Sentences put together: a language that sets no space after a full stop sets none between them either."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def then(first: str, second: str) -> SafeString:
    """Two sentences in a row; one that is empty leaves the other as it is."""
    if not (first and second):
        return format_html("{}", first or second)
    together = pgettext("two sentences", "%(first)s %(second)s")
    return format_html(together % {"first": "{0}", "second": "{1}"}, first, second)


@register.simple_tag
def gap() -> str:
    """What stands between a sentence or a label with its colon and what follows it on the line."""
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": "", "second": ""}
