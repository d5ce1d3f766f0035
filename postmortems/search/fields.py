"""The table of what may stand before a colon, and of the parts that text is searched in.

Every vocabulary's slug is a field as well; that is added from the vocabularies as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postmortems.document import (
    ACTION_STATUSES,
    CONTRIBUTING,
    LANGUAGES,
    PRIMARY,
    RELATION_KINDS,
    SECTIONS,
    VERDICTS,
)
from postmortems.models import Postmortem
from taxonomy.lookup import Terms

ALIASES = {"org": "organisation", "sev": "severity", "env": "environment", "lang": "language"}

# Built-in fields by the kind of value they take.
TOKENS = ("status", "visibility", "team", "language", "year", "ref")
MOMENTS = ("started", "detected", "mitigated", "resolved", "updated")
# Fields of lengths, by what is measured; each is two columns of the index, and a third to count by.
MEASURED = {"resolve": "duration", "detect": "to-detect", "mitigate": "to-mitigate"}
LENGTHS = tuple(MEASURED.values())
FLAGS = ("has", "no")
ROWS = ("hypothesis", "action", "fix", "relation")
# Where the index keeps a field under another name.
COLUMNS = {
    "hypothesis": "verdict",
    "action": "action_status",
    "fix": "fix_status",
    "year": "when",
}
OPTIONS = {"match": ("most", "all")}
# What stands before a colon in a text alone: it says how words are read, and is no filter.
NO_FILTERS = frozenset(("in", *OPTIONS))
ROLES = (PRIMARY, CONTRIBUTING)
# The fields whose values are fixed; anything else is not known, so nothing has it.
CHOICES: dict[str, tuple[str, ...]] = {
    "status": tuple(Postmortem.Status.values),
    "visibility": tuple(Postmortem.Visibility.values),
    "language": LANGUAGES,
    "hypothesis": VERDICTS,
    "action": ACTION_STATUSES,
    "fix": ACTION_STATUSES,
    "relation": RELATION_KINDS,
    **OPTIONS,
}
UNKNOWN = "unknown"
BOUNDED = "bounded"
KNOWN = "known"

# What `has:` and `no:` ask for, beside every vocabulary.
PRESENT = (
    *("started", "detected", "mitigated", "resolved", "duration", "summary", "section"),
    *("signal", "workaround", "timeline", "hypothesis", "lesson", "action", "fix", "relation"),
    *("reference", "translation"),
)
PLURALS = {"hypotheses": "hypothesis", "fixes": "fix"} | {f"{name}s": name for name in PRESENT}


@dataclass(frozen=True)
class Part:
    """A part of a postmortem that text is searched in; `weight` is what a match in it is worth."""

    name: str
    label: str | Promise
    weight: float


PARTS = (
    Part("title", _("Title"), 10),
    Part("signals", _("What it looked like"), 8),
    Part("terms", _("Classification"), 6),
    Part("summary", _("Summary"), 5),
    Part("workarounds", _("Work-around"), 5),
    Part("causes", pgettext_lazy("part of a postmortem", "Causes"), 4),
    Part("hypotheses", _("Hypothesis"), 3),
    Part("lessons", _("Lesson"), 3),
    Part("sections", _("Section"), 3),
    Part("timeline", _("Timeline"), 2.5),
    Part("actions", _("Action"), 2.5),
    Part("references", _("Source"), 1),
)
PART_BY_NAME = {part.name: part for part in PARTS}
# Terms are matched by id at query time; all other parts are text in the index.
TEXT_PARTS = tuple(part for part in PARTS if part.name != "terms")
PART_ALIASES = {
    **{part.name: part.name for part in PARTS},
    **{"hypothesis": "hypotheses", "lesson": "lessons", "action": "actions"},
    **{"reference": "references", "sources": "references", "source": "references"},
    **{"signal": "signals", "workaround": "workarounds", "section": "sections", "cause": "causes"},
    **{name: name for name in SECTIONS},
}


def known_fields(terms: Terms) -> frozenset[str]:
    """Everything that means something before a colon."""
    built_in: Iterable[str] = (*TOKENS, *MOMENTS, *LENGTHS, *FLAGS, *ROWS, *OPTIONS, *ALIASES, "in")
    slugs = [info.slug for info in terms.vocabularies]
    roles = [f"{info.slug}.{role}" for info in terms.vocabularies for role in info.roles_allowed]
    return frozenset((*built_in, *slugs, *roles))


def parts_named(part: str) -> frozenset[str]:
    """The parts that a word's `in:` names; empty for all of them."""
    return frozenset(filter(None, part.split(",")))


def canonical(name: str) -> str:
    """The field that an alias stands for."""
    return ALIASES.get(name, name)


def canonical_value(name: str, value: str) -> str:
    """A value of a built-in field as the index and the facets write it."""
    plain = value.strip().lower()
    if name in (*LENGTHS, "year"):
        return plain.replace(" ", "")
    return plain.replace(" ", "_" if name == "status" else "-")


def present_name(value: str, terms: Terms) -> str:
    """What `has:` means by a value, singular or plural."""
    name = value.lower()
    single = canonical(name.removesuffix("s"))
    if name not in PLURALS and terms.vocabulary(single) and not terms.vocabulary(name):
        return single
    return PLURALS.get(name, canonical(name))
