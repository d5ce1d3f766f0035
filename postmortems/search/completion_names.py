"""Which fields and terms are called something that begins as typed, in any language and script."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from postmortems.search import analysis, labels
from postmortems.search.fields import ROLES
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import TermInfo, Terms

# How good a match is, the best first: the whole name, the beginning of it, the beginning of a word.
WHOLE, BEGINNING, INSIDE = range(3)

# The built-in fields that are offered, in this order, each with an example of its own.
EXAMPLES = {
    "started": "started:2022..2023-06",
    "duration": "duration:>4h",
    "has": "has:workaround",
    "no": "no:detected",
    "in": "in:timeline",
    "hypothesis": "hypothesis:refuted",
    "action": "action:open",
    "relation": "relation:same-defect",
    "team": "team:platform",
    "status": "status:archived",
    "visibility": "visibility:public",
    "language": "language:zh-hans",
    "detected": "detected:2023-03",
    "mitigated": "mitigated:unknown",
    "resolved": "resolved:<2022",
    "updated": "updated:>2024",
    "match": "match:most",
}


@dataclass(frozen=True, slots=True)
class Name:
    """One thing that something is called: as written, and as token streams ready to be looked into."""

    text: str
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """A term that is called so: by which of its names, and how well that matches."""

    term: TermInfo
    name: str
    quality: int


def name_of(text: str) -> Name:
    """A name that can be matched."""
    return Name(text, streams_of(text))


def streams_of(text: str) -> tuple[str, ...]:
    """The token streams of a text, each with a space before every token."""
    streams = (f" {' '.join(stream.split())}" for stream in analysis.stream(text).split("\x1f"))
    return tuple(dict.fromkeys(stream for stream in streams if stream.strip()))


def quality_of(wanted: Iterable[str], streams: Iterable[str]) -> int | None:
    """How well a name begins with one of the typed streams; None when it does not."""
    found = [_fit(one, stream) for one in wanted for stream in streams if one in stream]
    return min(found, default=None)


def _fit(wanted: str, stream: str) -> int:
    if stream == wanted:
        return WHOLE
    return BEGINNING if stream.startswith(wanted) else INSIDE


def label_of(field: str, terms: Terms, language: str) -> str:
    """What a field is called."""
    return _("Only in one part") if field == "in" else labels.field_label(field, terms, language)


def fields_called(typed: str, terms: Terms, language: str) -> list[tuple[str, str]]:
    """The fields whose name or label begins as typed, with what to say of each; a role of a
    vocabulary only after its dot. Everything for nothing typed."""
    wanted = streams_of(typed)
    shown = typed.lower()
    found = []
    for info in terms.vocabularies:
        names = [info.slug, *info.names.values()]
        label = info.name(language)
        if _begins(shown, wanted, names):
            found.append((info.slug, label))
        if shown.startswith(f"{info.slug}."):
            roles = [f"{info.slug}.{role}" for role in ROLES if role in info.roles_allowed]
            found += [
                (role, label_of(role, terms, language)) for role in roles if role.startswith(shown)
            ]
    for field, example in EXAMPLES.items():
        name = label_of(field, terms, language)
        if _begins(shown, wanted, [field, name]):
            found.append((field, f"{name} · {example}"))
    return found


def _begins(shown: str, wanted: tuple[str, ...], names: list[str]) -> bool:
    if not shown or any(name.lower().startswith(shown) for name in names):
        return True
    if "." in shown:
        return False
    streams = [stream for name in names for stream in streams_of(name)]
    quality = quality_of(wanted, streams)
    return quality is not None and quality < INSIDE


_names: KeptPerSnapshot[str, list[tuple[TermInfo, list[Name]]]] = KeptPerSnapshot()


def names_by_vocabulary(terms: Terms) -> dict[str, list[tuple[TermInfo, list[Name]]]]:
    """The terms of each vocabulary in display order with all they are called, what was merged into
    them included; kept per snapshot."""
    kept = _names.of(terms)
    if not kept:
        merged: dict[int, list[TermInfo]] = {}
        for term in terms.by_id.values():
            merged.setdefault(terms.heir(term).id, []).append(term)
        kept |= {
            info.slug: [
                (term, _names_of(merged.get(term.id, [])))
                for term in terms.terms_of(info.slug, retired=True)
                if term.merged_into_id is None
            ]
            for info in terms.vocabularies
        }
    return kept


def _names_of(terms: list[TermInfo]) -> list[Name]:
    texts = [
        text for term in terms for text in (*term.names.values(), *term.aliases, term.slug) if text
    ]
    return [name_of(text) for text in dict.fromkeys(texts)]


def terms_called(typed: str, terms: Terms, vocabulary: str = "") -> list[Called]:
    """The terms with a name, alias or slug that begins as typed, or, within one vocabulary, with
    such a path; in display order."""
    wanted = streams_of(typed)
    by_vocabulary = names_by_vocabulary(terms)
    asked = [by_vocabulary.get(vocabulary, [])] if vocabulary else by_vocabulary.values()
    found = []
    for term, names in chain.from_iterable(asked):
        matches = [
            (quality, name.text)
            for name in names
            if (quality := quality_of(wanted, name.streams)) is not None
        ]
        if not matches and vocabulary and f"{term.path}/".startswith(typed.lower()):
            matches = [(BEGINNING, term.path)]
        if matches:
            # Of equal names the one that is written as it was typed, in its script.
            quality, text = min(matches, key=lambda match: (match[0], typed not in match[1]))
            found.append(Called(term, text, quality))
    return found
