"""Where a hit matched: the best places, highlighted on the original text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.utils.html import escape

from postmortems.search import analysis, mostly
from postmortems.search.fields import PART_BY_NAME, parts_named
from postmortems.search.names import terms_named
from postmortems.search.query import Node, Phrase, Word, conjuncts, leaves
from postmortems.search.results import PlaceLink, Snippet
from postmortems.search.spans import Marker, Span, Wanted, merged, spans_of
from taxonomy.lookup import TermInfo, Terms

SHOWN = 2
# Of a long text with a common word nobody follows every place.
MOST_LINKED = 12
# The vocabularies that the read page shows together under its causes.
CAUSAL = ("cause", "trigger", "factor")
WINDOW = 190
LEAD = 60


@dataclass(frozen=True)
class Place:
    """A place of a postmortem with what matched in it."""

    part: str
    anchor: str
    note: str
    text: str
    spans: tuple[tuple[int, int], ...]
    kinds: int


def wanted_of(node: Node, terms: Terms) -> list[Wanted]:
    """What to highlight for a query: its words and phrases that are not excluded; where not all are
    needed, those that say something."""
    children = conjuncts(node)
    if mostly.ASKED in children:
        asked = mostly.optional(children)
        pairs = [Word(pair, part=leaf.part) for leaf in asked for pair in mostly.pieces(leaf)]
        return [one for leaf in (*asked, *pairs) for one in _wanted(leaf, terms)]
    return [
        one
        for leaf, negated in leaves(node)
        if isinstance(leaf, Word | Phrase) and not negated
        for one in _wanted(leaf, terms)
    ]


def _wanted(leaf: Word | Phrase, terms: Terms) -> list[Wanted]:
    parts = parts_named(leaf.part)
    if isinstance(leaf, Word) and leaf.prefix:
        return [Wanted((), parts, analysis.last_token(leaf.text)[1])]
    runs = analysis.script_runs(leaf.text) if isinstance(leaf, Word) else [leaf.text]
    found = [Wanted(analysis.forms(run), parts) for run in runs]
    return [replace(one, terms=_called(terms, one)) for one in found]


def _called(terms: Terms, wanted: Wanted) -> frozenset[tuple[str, str]]:
    named = (terms.by_id[term_id] for term_id in terms_named(terms, wanted.sequences))
    return frozenset((term.vocabulary, term.path) for top in named for term in terms.under(top))


def snippets_of(
    places: Iterable[Sequence[str]],
    named: Iterable[Place],
    marker: Marker,
    url: str,
    sections: Callable[[str], str],
) -> tuple[tuple[Snippet, ...], tuple[PlaceLink, ...]]:
    """The best places as snippets, and more that matched. A place that has more of the words
    comes first, then the part of greater weight, then the order of the page. Names of terms
    (`named`) come after text, because every hit shows its terms anyway. `sections` says what a
    section is called."""
    if not marker.wanted:
        return (), ()
    found = [place for item in places if (place := _place(item, marker)).spans]
    found += named
    ranked = sorted(
        found,
        key=lambda place: (
            -place.kinds,
            place.part == "terms",
            -PART_BY_NAME[place.part].weight,
        ),
    )
    more = (PlaceLink(_label(place, sections), _url(place, url)) for place in ranked[SHOWN:])
    linked = dict.fromkeys(islice(more, MOST_LINKED))
    shown = (_snippet(place, _label(place, sections), url) for place in ranked[:SHOWN])
    return tuple(shown), tuple(linked)


def named_places(
    rows: Iterable[Sequence[str]], wanted: Sequence[Wanted], terms: Terms, language: str
) -> Iterator[Place]:
    """The classifications that are called by a word of the query, with what stands above them."""
    asked = [one for one in wanted if one.terms and one.is_about("terms")]
    for vocabulary, path, _role in rows if asked else ():
        matching = [one for one in asked if (vocabulary, path) in one.terms]
        if not matching:
            continue
        info, term = terms.vocabulary(vocabulary), terms.get(vocabulary, path)
        if info is None or term is None:
            continue
        text, marked = _named(terms.ancestors(term), matching, language)
        anchor = "causes" if vocabulary in CAUSAL else "classified"
        yield Place("terms", anchor, info.name(language), text, marked, len(matching))


def _named(
    line: Sequence[TermInfo], wanted: Sequence[Wanted], language: str
) -> tuple[str, tuple[Span, ...]]:
    """A term with all above it, and what of that is meant; behind it the other name that is."""
    text = " › ".join(item.name(language) for item in line)
    spans = merged([span for one in wanted for span in spans_of(text, one)])
    if not spans and (alias := _alias(line, wanted)):
        return f"{text} ({alias})", ((len(text) + 2, len(text) + 2 + len(alias)),)
    # Words of several names matched together: then the whole is the match.
    return text, tuple(spans) or ((0, len(text)),)


def _alias(line: Iterable[TermInfo], wanted: Iterable[Wanted]) -> str:
    """The other name, of a term or of one above it, that a word of the query is in."""
    names = (name for term in line for name in (*term.aliases, *term.names.values()))
    asked = list(wanted)
    return next((name for name in names if any(spans_of(name, one) for one in asked)), "")


def _place(item: Sequence[str], marker: Marker) -> Place:
    part, anchor, note, text = item
    found = [
        spans
        for number, spans in marker.spans(text).items()
        if marker.wanted[number].is_about(part, anchor)
    ]
    spans = merged(span for spans in found for span in spans)
    return Place(part, anchor, note, text, tuple(spans), len(found))


def _snippet(place: Place, label: str, url: str) -> Snippet:
    return Snippet(
        part=place.anchor if place.part == "sections" else place.part,
        label=label,
        html=highlight(place.text, place.spans),
        url=_url(place, url),
    )


def _url(place: Place, url: str) -> str:
    return f"{url}#{place.anchor}" if place.anchor else url


def _label(place: Place, sections: Callable[[str], str]) -> str:
    if place.part == "sections":
        return sections(place.anchor)
    if place.part == "terms":
        return place.note
    label = str(PART_BY_NAME[place.part].label)
    if place.part == "timeline" and place.note:
        return f"{label} {place.note}"
    return label


def highlight(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text around the first match, escaped, with `<mark>` round every match."""
    start = max(0, spans[0][0] - LEAD)
    if start:
        space = text.find(" ", start, spans[0][0])
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + WINDOW)
    if end < len(text):
        space = text.rfind(" ", spans[0][1], end)
        end = space if space > 0 else end
    pieces, position = [], start
    for first, last in spans:
        if first >= end or last > end:
            break
        pieces += [escape(text[position:first]), "<mark>", escape(text[first:last]), "</mark>"]
        position = last
    pieces.append(escape(text[position:end]))
    return ("… " if start else "") + "".join(map(str, pieces)) + (" …" if end < len(text) else "")
