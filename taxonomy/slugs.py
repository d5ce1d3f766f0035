"""Which slugs vocabularies and terms may have. Asked wherever one is named: by files and verbs."""

import re

from django.utils.translation import gettext as _

from taxonomy.models import SLUG_LENGTH

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)

# A vocabulary's slug is a field of the search language, a parameter of every list, a key of the
# file format and a key of the API. So it must not be one of these already.
# fmt: off
PARAMETERS = frozenset(
    (
        "q", "sort", "page", "open", "facets", "format", "explain", "match", "lang", "tz",
        "next", "view", "named", "rows", "columns", "depth", "heat", "span", "narrow",
    )
)
SEARCH_FIELDS = frozenset(
    (
        "in", "has", "no", "not", "or", "and", "sev", "org", "started", "detected",
        "mitigated", "resolved", "duration", "updated", "created", "published", "year",
        "status", "visibility", "team", "author", "language", "hypothesis", "action",
        "relation", "fix", "to-detect", "to-mitigate",
    )
)
DOCUMENT_FIELDS = frozenset(
    (
        "hindsight", "import-id", "slug", "ref", "url", "authors", "title", "summary",
        "translations", "moments", "signal", "signals", "workaround", "workarounds",
        "timeline", "hypotheses", "lesson", "lessons", "actions", "relations", "reference",
        "references", "section", "sections", "classification", "classifications", "attachment",
        "attachments", "schema", "version", "revision", "term", "terms", "snippet",
        "vocabulary", "vocabularies", "new", "suggestions",
    )
)
# What stands behind a vocabulary in addresses of their own; a root term of that name could not be opened.
ADDRESSES = frozenset(("add", "edit", "suggest", "term"))
# fmt: on
RESERVED = PARAMETERS | SEARCH_FIELDS | DOCUMENT_FIELDS

# `cause:unknown` asks for what has no cause; a term of that name could never be found.
UNKNOWN = "unknown"


def vocabulary_slug_problem(slug: str) -> str:
    """Why a vocabulary may not be called this, as a sentence; empty when it may."""
    if problem := _form_problem(slug):
        return problem
    if slug in RESERVED or slug == UNKNOWN:
        return _("“%(slug)s” already means something in searches and files.") % {"slug": slug}
    if slug.isdigit():
        return _("“%(slug)s” is a number; begin it with a letter.") % {"slug": slug}
    return ""


def term_slug_problem(slug: str) -> str:
    """Why a term may not be called this, as a sentence; empty when it may."""
    if problem := _form_problem(slug):
        return problem
    if slug == UNKNOWN:
        return _("“unknown” is not a term: what is unknown is left out.")
    if slug in ADDRESSES:
        return _("“%(slug)s” already means something in addresses.") % {"slug": slug}
    return ""


def _form_problem(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        return _(
            "“%(slug)s” does not fit: small letters a–z, digits, and single hyphens between."
        ) % {"slug": slug}
    if len(slug) > SLUG_LENGTH:
        return _("“%(slug)s” is longer than %(limit)d characters.") % {
            "slug": slug,
            "limit": SLUG_LENGTH,
        }
    return ""
