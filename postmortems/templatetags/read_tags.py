"""Small repeated pieces of the read page as filters: hundreds of them on a page, too many to include templates."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


class Citation(Protocol):
    """A note that names its reference by number and id, or only by words."""

    @property
    def words(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def reference_id(self) -> str: ...


@register.filter
def citations(notes: Iterable[Citation]) -> SafeString:
    """The notes behind a sentence: ` [1] [3]`, each a link to its source."""
    return format_html_join("", "{}", ((_citation(note),) for note in notes))


def _citation(note: Citation) -> SafeString:
    if not note.number:
        return format_html(' <span class="cite">[{}]</span>', note.words)
    return format_html(
        ' <a class="cite" href="#{}" title="{}"><span class="vh">{} </span>[{}]</a>',
        note.reference_id,
        note.words,
        _("source"),
        note.number,
    )


@register.filter
def anchor(item_id: str) -> SafeString:
    """The link to a part, to be copied; it shows when the part is pointed at."""
    return format_html(
        ' <a class="anchor" href="#{}" data-copy-link="{}" aria-label="{}">#</a>',
        item_id,
        _("Link copied"),
        _("Link to %(id)s") % {"id": item_id},
    )


@register.filter
def part(known: Mapping[str, Any] | str | None, name: str) -> Any:
    """What is known of a part of the page by its id; None on a page that knows nothing of parts."""
    return known.get(name) if isinstance(known, Mapping) else None


@register.filter
def code_spans(text: str) -> SafeString:
    """Plain text, escaped, in which what stands between backticks is set as code."""
    if "`" not in text:
        return conditional_escape(text)
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return conditional_escape(text)
    tagged = (
        format_html("<code>{}</code>", piece) if index % 2 and piece else conditional_escape(piece)
        for index, piece in enumerate(pieces)
    )
    return mark_safe("".join(tagged))
