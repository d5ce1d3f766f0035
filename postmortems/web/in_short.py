"""The box "If you are in something like this": what it looked like, what helped, what did not. Made from data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from postmortems.document import Document
from postmortems.web.read_terms import names_of, uses_of
from taxonomy.lookup import Terms

LINES = 3
NEEDED = 2
# How a roll-back ended tells where it belongs; "not tried" tells nothing.
ROLLBACK_HELPED = ("worked",)
ROLLBACK_FAILED = ("failed", "abandoned")
ROLLBACK_NO_WAY = ("impossible",)


@dataclass(frozen=True, slots=True)
class ShortLine:
    """One line in the document's language; `lead` stands before it in the reader's."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class ShortGroup:
    """One of the four groups; `more` follows behind the words `more_words`."""

    key: str
    icon: str
    title: str
    shown: tuple[ShortLine, ...]
    more: tuple[ShortLine, ...]
    more_words: str


def in_short_of(document: Document, terms: Terms, language: str) -> list[ShortGroup]:
    """The filled groups; none at all unless two are filled."""
    groups = [
        _group("looks-like", "eye", _("Looks like"), _looks_like(document)),
        _group("helped", "check", _("Helped"), _helped(document, terms, language)),
        _group("did-not-help", "x", _("Did not help"), _did_not_help(document, terms, language)),
        _group("was-not", "scale", _("Turned out not to be"), _was_not(document, terms, language)),
    ]
    filled = [group for group in groups if group.shown]
    return filled if len(filled) >= NEEDED else []


def _group(key: str, icon: str, title: str, lines: Iterable[ShortLine]) -> ShortGroup:
    every = tuple(dict.fromkeys(lines))
    hidden = every[LINES:]
    return ShortGroup(key, icon, title, every[:LINES], hidden, _("all %(n)s") % {"n": len(every)})


def _looks_like(document: Document) -> Iterator[ShortLine]:
    yield from (ShortLine(signal.text) for signal in document.signals)
    yield from _entries(document, "detect")
    if not document.signals and "impact" in document.sections:
        first = document.sections["impact"].strip().split("\n\n")[0]
        yield ShortLine(first.replace("\n", " "))


def _helped(document: Document, terms: Terms, language: str) -> Iterator[ShortLine]:
    yield from (ShortLine(item.text) for item in document.workarounds if item.state == "verified")
    yield from _entries(document, "mitigate", "recover")
    yield from _rollback(document, terms, language, ROLLBACK_HELPED)


def _did_not_help(document: Document, terms: Terms, language: str) -> Iterator[ShortLine]:
    yield from _entries(document, "failed-attempt")
    yield from _rollback(document, terms, language, ROLLBACK_FAILED)


def _was_not(document: Document, terms: Terms, language: str) -> Iterator[ShortLine]:
    yield from (ShortLine(item.claim) for item in document.hypotheses if item.verdict == "refuted")
    yield from _rollback(document, terms, language, ROLLBACK_NO_WAY)


def _entries(document: Document, *kinds: str) -> Iterator[ShortLine]:
    return (ShortLine(entry.text) for entry in document.timeline if entry.kind in kinds)


def _rollback(
    document: Document, terms: Terms, language: str, outcomes: tuple[str, ...]
) -> Iterator[ShortLine]:
    vocabulary = terms.vocabulary("rollback")
    if vocabulary is None or not {use.term for use in uses_of(document, "rollback")} & {*outcomes}:
        return
    for use in names_of(document, terms, "rollback", language):
        words = {"vocabulary": vocabulary.name(language), "outcome": use.name.lower()}
        form = _("%(vocabulary)s: %(outcome)s.") if use.why else _("%(vocabulary)s: %(outcome)s")
        yield ShortLine(use.why, lead=form % words)
