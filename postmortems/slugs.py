"""The words in a postmortem's address: made of its title, or chosen. Called by the verbs of writing."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

MOST_SLUG = 120
MADE_OF_TITLE = 80
# What stands behind the ref in addresses of their own; as a slug it would hide the read page.
TAKEN = frozenset(
    (
        "again",
        "archive",
        "bin",
        "duplicate",
        "edit",
        "files",
        "helped",
        "history",
        "lists",
        "known",
        "print",
        "pseudonyms",
        "publish",
        "review",
        "sharing",
        "similar",
    )
)


def check(slug: str) -> None:
    """Raise ValidationError for a slug that no address can hold."""
    is_one_part = "/" not in slug and bool(slug.strip(". ")) and len(slug) <= MOST_SLUG
    if not is_one_part or slug in TAKEN:
        # An address that cannot be made would break every list that the postmortem stands in.
        message = _("“%(slug)s” cannot stand in an address.") % {"slug": slug[:60]}
        raise ValidationError({"slug": message})


def slug_of(title: str) -> str:
    """The slug that a title makes."""
    slug = slugify(title)[:MADE_OF_TITLE] or "postmortem"
    return f"{slug}-1" if slug in TAKEN else slug
