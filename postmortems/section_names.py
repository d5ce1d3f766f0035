"""What the sections of a postmortem are called: the fixed ones as the product says, those of body
templates as their template says. Called wherever the name of a section is shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from postmortems.document import SECTIONS, Document
from postmortems.models import BodyTemplate
from taxonomy import languages
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import Terms

SECTION_NAMES = {
    "impact": _("Impact"),
    "what-happened": _("What happened"),
    "root-cause": _("Root cause"),
    "resolution": _("Resolution"),
    "went-well": _("Went well"),
    "went-badly": _("Went badly"),
    "got-lucky": _("Got lucky"),
    "what-surprised-us": _("What surprised us"),
    "open-questions": _("Open questions"),
    "conflicting-accounts": _("Conflicting accounts"),
}
# The vocabulary whose terms say which template a postmortem is written in.
KIND = "kind"


def kinds_of(document: Document) -> list[str]:
    """The terms that say which template's names come first."""
    return [item.term for item in document.classifications if item.vocabulary == KIND]


@dataclass(frozen=True, slots=True)
class _Place:
    """A section in a template: what it is called there, and which one it is."""

    kinds: frozenset[str]
    names: dict[str, str]
    number: int

    def is_for(self, kinds: Collection[str]) -> bool:
        """Whether the template is for one of these kinds."""
        return not self.kinds.isdisjoint(kinds)


Places = dict[str, list[_Place]]
PLACES = "places"
_kept: KeptPerSnapshot[str, Places] = KeptPerSnapshot()


class SectionNames:
    """Names of sections for readers of a language, for one page or one file.

    The templates are read in one statement, and only once a section is asked for that is none of
    the fixed ones. Given a snapshot of the vocabularies, they are kept with it: who changes a
    template changes the mark of the vocabularies, so that no page asks for templates of its own.
    """

    def __init__(self, language: str, terms: Terms | None = None) -> None:
        self._language, self._terms = language, terms

    def of(self, key: str, kinds: Collection[str] = ()) -> str:
        """The section's name, as the template of one of these kinds calls it if there is one that
        has the section, else as any template does, else the key in letters."""
        if fixed := SECTION_NAMES.get(key):
            return str(fixed)
        found = [place for place in self._places.get(key, ()) if place.names]
        best = next((place for place in found if place.is_for(kinds)), found[0] if found else None)
        own = languages.pick(best.names, self._language) if best else ""
        return own or key.replace("-", " ").capitalize()

    def in_order(self, keys: Iterable[str], kinds: Collection[str] = ()) -> list[str]:
        """The keys of sections as a page shows them: the fixed ones, then those of the template of
        these kinds in its order, then the rest."""
        given = list(keys)
        fixed = [key for key in SECTIONS if key in given]
        rest = set(given).difference(fixed)
        return [*fixed, *sorted(rest, key=lambda key: (self._number(key, kinds), key))]

    def _number(self, key: str, kinds: Collection[str]) -> int:
        places = self._places.get(key, ())
        return next((place.number for place in places if place.is_for(kinds)), len(self._places))

    @cached_property
    def _places(self) -> Places:
        if self._terms is None:
            return _read()
        kept = _kept.of(self._terms)
        if PLACES not in kept:
            kept[PLACES] = _read()
        return kept[PLACES]


def _read() -> Places:
    """Where each key stands in which template, those in use before those removed."""
    found: Places = {}
    rows = BodyTemplate.objects.order_by("position", "slug")
    columns = rows.values_list("removed_at", "kinds", "sections")
    for _removed, kinds, sections in sorted(columns, key=lambda row: row[0] is not None):
        for number, section in enumerate(sections):
            place = _Place(frozenset(kinds), section["names"], number)
            found.setdefault(section["key"], []).append(place)
    return found
