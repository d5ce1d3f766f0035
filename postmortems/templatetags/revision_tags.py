"""Why a revision was made: sentences of the product's own are said again in the reader's language.

A revision keeps the words of the moment it was made in; what a person wrote there stays as it is.
"""

import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

register = template.Library()

# What acts write as the reason of the revision they make.
SENTENCES = (
    _("Imported from %(file)s"),
    _("Import %(ref)s was taken back"),
    _("Restored revision %(number)s"),
    _("Copied from %(ref)s"),
    _("Linked as same defect."),
    _("No longer linked as same defect."),
    _("Statuses of actions"),
    _("Added the file %(name)s"),
    _("Removed the file %(name)s"),
    _("A name was replaced by “%(words)s”"),
    _("A text was taken out"),
    _("Action taken down in the review"),
)
# What stands in a place of a sentence: sentences of people begin like these, too.
PLACES = {"ref": "[0-9a-z]{6,12}", "number": "[0-9]+", "file": r".+\.\w+", "name": r".+\.\w+"}
PLACEHOLDER = re.compile(r"%\\\((\w+)\\\)s")


@register.filter
def reason_here(comment: str) -> str:
    """The reason in the reader's language where it is one of the product's own."""
    for pattern, sentence in _patterns():
        if match := pattern.fullmatch(comment):
            return gettext(sentence) % match.groupdict()
    return comment


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each sentence as it stands in each language, and what it is looked up by."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts = [(re.escape(gettext(sentence)), sentence) for sentence in SENTENCES]
        found += [(re.compile(PLACEHOLDER.sub(_place, text)), sentence) for text, sentence in texts]
    return found


def _place(placeholder: re.Match[str]) -> str:
    name = placeholder[1]
    return f"(?P<{name}>{PLACES.get(name, '.+')})"
