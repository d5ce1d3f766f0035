"""The terms of a postmortem as the read page prints them: badge and facts, causes in order, all others."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from postmortems.document import CONTRIBUTING, PRIMARY, WEIGHTIEST_FIRST, Classification, Document
from postmortems.near_misses import VOCABULARY as KIND
from postmortems.near_misses import is_near_miss
from postmortems.web.search_rows import SeverityMark, TierMark, severity_mark
from taxonomy.lookup import TermInfo, Terms

# What set it off, what was wrong, what made it worse: shown with their reasons, in this order.
REASONED = ("trigger", "cause", "factor")
# What stands in the line below the title.
IN_FACTS = ("severity", "tier", "organisation", "environment")


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term on the postmortem: its chip, where it stands in its tree, why it was chosen and by whom."""

    label: str
    name: str
    url: str
    path: str
    remark: str
    why: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The terms of one vocabulary."""

    name: str
    url: str
    terms: tuple[TermUse, ...]


@dataclass(frozen=True, slots=True)
class Badges:
    """Severity with who assigned it, and tier."""

    severity: SeverityMark
    severity_hint: str
    assigned: str
    tier: TierMark | None


def uses_of(document: Document, vocabulary: str) -> list[Classification]:
    """The uses of one vocabulary in their stored order."""
    return [item for item in document.classifications if item.vocabulary == vocabulary]


def badges_of(document: Document, terms: Terms, language: str) -> Badges:
    """Severity and tier for the line below the title."""
    severity = _first(document, terms, "severity")
    tier = _first(document, terms, "tier")
    near_miss = is_near_miss((use.term for use in uses_of(document, KIND)), terms)
    found = [severity[1]] if severity else []
    return Badges(
        severity=severity_mark(terms, found, language, near_miss=near_miss),
        severity_hint=severity[1].definition(language) if severity else "",
        assigned=assigned_words(severity[0].assigned_by) if severity else "",
        tier=TierMark(tier[1].symbol, tier[1].name(language)) if tier else None,
    )


def _first(
    document: Document, terms: Terms, vocabulary: str
) -> tuple[Classification, TermInfo] | None:
    for use in uses_of(document, vocabulary):
        if term := terms.get(vocabulary, use.term):
            return use, term
    return None


def assigned_words(assigned_by: str) -> str:
    """Who assigned a term, as words after it."""
    if assigned_by == "source":
        return _("from the source")
    if assigned_by == "inferred":
        return _("suggested by a curator")
    return _("assigned by %(name)s") % {"name": assigned_by} if assigned_by else ""


def names_of(document: Document, terms: Terms, vocabulary: str, language: str) -> list[TermUse]:
    """All terms of a vocabulary, for a line of facts."""
    return _uses(uses_of(document, vocabulary), terms, language)


def causes_of(document: Document, terms: Terms, language: str) -> list[TermUse]:
    """What set it off, the root causes with the primary first, what contributed."""
    ordered = [
        use
        for vocabulary in REASONED
        for use in sorted(
            uses_of(document, vocabulary), key=lambda item: WEIGHTIEST_FIRST.index(item.role)
        )
    ]
    return _uses(ordered, terms, language)


def other_groups(document: Document, terms: Terms, language: str) -> list[TermGroup]:
    """The vocabularies that stand neither in the facts nor among the causes."""
    groups = []
    for vocabulary in terms.vocabularies:
        uses = _uses(uses_of(document, vocabulary.slug), terms, language)
        if uses and vocabulary.slug not in (*REASONED, *IN_FACTS):
            url = reverse("vocabulary", args=[vocabulary.slug])
            groups.append(TermGroup(vocabulary.name(language), url, tuple(uses)))
    return groups


def _uses(uses: Iterable[Classification], terms: Terms, language: str) -> list[TermUse]:
    found = ((use, terms.get(use.vocabulary, use.term)) for use in uses)
    return [_use(use, term, terms, language) for use, term in found if term]


def _use(use: Classification, term: TermInfo, terms: Terms, language: str) -> TermUse:
    above = [item.name(language) for item in terms.ancestors(term)[:-1]]
    role = _("primary") if use.role == PRIMARY else ""
    assigned = assigned_words(use.assigned_by) if use.assigned_by != "source" else ""
    return TermUse(
        label=_label(use, terms, language),
        name=term.name(language),
        url=term_url(term.vocabulary, term.path),
        path=" › ".join(above),
        remark=" · ".join(filter(None, (role, assigned))),
        why=use.why,
        is_primary=use.role == PRIMARY,
    )


@lru_cache(maxsize=4096)
def term_url(vocabulary: str, path: str) -> str:
    """The address of a term's page; a page names dozens of them."""
    return reverse("term", kwargs={"vocabulary": vocabulary, "path": path})


def _label(use: Classification, terms: Terms, language: str) -> str:
    if use.role == CONTRIBUTING or use.vocabulary == "factor":
        return _("Contributing")
    vocabulary = terms.vocabulary(use.vocabulary)
    return vocabulary.name(language) if vocabulary else use.vocabulary
