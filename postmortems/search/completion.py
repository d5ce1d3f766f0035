"""Completion of a query while it is typed: fields, values and words, counted for the viewer alone."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from django.utils.translation import gettext as _

from postmortems.access import Viewer
from postmortems.search import analysis, facets, query, selection, sync
from postmortems.search.caret import caret_of
from postmortems.search.completion_asked import Asked, asked_of
from postmortems.search.completion_names import fields_called, label_of, terms_called
from postmortems.search.completion_options import Completions, Group, Option
from postmortems.search.completion_values import fixed_of, shows, term_option, values_of
from postmortems.search.fields import CHOICES, OPTIONS, canonical, known_fields
from postmortems.search.query import Word
from postmortems.search.saved import visible_saved

MOST_FIELDS = 6
MOST_FIELDS_AT_START = 8
MOST_VALUES = 6
MOST_WORDS = 6
MOST_SAVED = 8
# Words of one stem are one option; so many are looked at to find enough that differ.
MOST_FORMS = 30
# One letter begins a twentieth of all words: too many to count, and no help.
SHORTEST_WORD = 2
SHORTEST_FIXED = 3
LONGEST_TYPED = 100
# The fields whose values say by themselves what is meant.
NAMED_ALONE = tuple(field for field in CHOICES if field not in OPTIONS)
# Words that nobody looks for: offered, they would stand before all that somebody does.
SMALL_WORDS = (
    "about after again all also although among and any are around because been before being between"
    " both but came can cannot come could did does down each even every few first for from had has"
    " have having here how however into its itself just least like made make many may might more most"
    " much must near never not nothing now off once one only onto other others our out over own per"
    " rather same second several she should since some still such than that the their them then there"
    " these they this those though three through thus too took two under until upon use used very was"
    " well went were what when where whether which while who whose why will with within without would"
    " yet you your"
)
FUNCTION_WORDS = frozenset(SMALL_WORDS.split())


@sync.mended
def complete(
    text: str, at: int, by: Viewer, language: str = "en", params: Mapping[str, object] | None = None
) -> Completions:
    """What may stand at place `at` of the query `text`, for what `by` may see of it; `params` are
    the other parameters of the search address, which narrow as well. Never raises for any text."""
    text = selection.readable(text)
    view = sync.view()
    terms = view.terms()
    caret = caret_of(text, at, known_fields(terms))
    if caret is None or len(caret.typed) > LONGEST_TYPED:
        place = max(0, min(at, len(text)))
        return Completions(place, place)
    language = facets.language_of(language)
    asked = asked_of(text, caret, params or {}, by, view=view, terms=terms, language=language)
    groups = _in_field(asked) if caret.field else _at_word(asked)
    if not text.strip():
        groups = chain([_saved(by)], groups)
    shown = tuple(group for group in groups if group.options)
    return Completions(caret.start, caret.end, shown)


def _saved(by: Viewer) -> Group:
    """The saved searches that are theirs to run, while nothing is asked yet."""
    found = visible_saved(by)[:MOST_SAVED]
    options = [Option("saved", "", item.name, url=item.search_url) for item in found]
    return Group("saved", _("Saved searches"), tuple(options))


def _in_field(asked: Asked) -> Iterator[Group]:
    options = tuple(values_of(asked))
    name = canonical(asked.caret.field)
    kind = "part" if name == "in" else "value"
    yield Group(kind, label_of(name, asked.terms, asked.language), options)


def _at_word(asked: Asked) -> Iterator[Group]:
    """What a word may be the beginning of; every field where nothing is typed yet."""
    typed = asked.caret.typed
    most = MOST_FIELDS if typed else MOST_FIELDS_AT_START
    called = fields_called(typed, asked.terms, asked.language)
    fields = [Option("field", f"{name}:", f"{name}:", hint) for name, hint in called]
    yield Group("field", _("Fields"), tuple(fields[:most]))
    if typed:
        yield Group("value", _("Values"), tuple(_values(asked)))
        yield Group("word", _("Words"), tuple(_words(asked)))


# --- Values of any field ------------------------------------------------------------------------


def _values(asked: Asked) -> list[Option]:
    """Terms that are called so and that something has, then fixed values of the built-in fields."""
    counts = asked.counts("term")
    found = [
        (item, counts[str(item.term.id)])
        for item in terms_called(asked.caret.typed, asked.terms)
        if str(item.term.id) in counts
    ]
    found.sort(key=lambda pair: (pair[0].quality, not shows(pair[0], asked), -pair[1]))
    options = [
        _as_whole(item.term.vocabulary, term_option(item.term, count, asked, matched=item), asked)
        for item, count in found[:MOST_VALUES]
    ]
    return [*options, *_fixed_values(asked)][:MOST_VALUES]


def _fixed_values(asked: Asked) -> Iterator[Option]:
    """Values of the built-in fields: a verdict, a status."""
    if len(asked.caret.typed) >= SHORTEST_FIXED:
        for field in NAMED_ALONE:
            yield from (_as_whole(field, option, asked) for option in fixed_of(asked, field))


def _as_whole(field: str, option: Option, asked: Asked) -> Option:
    """The value of a field together with its field."""
    name = label_of(field, asked.terms, asked.language)
    hint = " · ".join(filter(None, (name, option.hint)))
    return Option("value", f"{field}:{option.insert}", option.label, hint, option.count)


# --- Words --------------------------------------------------------------------------------------


def _words(asked: Asked) -> Iterator[Option]:
    """The words of the collection that begin so, one a stem. A count is what the rest of the query
    finds together with the word, so it is the length of the list that taking it leads to."""
    typed = asked.caret.typed
    start, last = _split(typed)
    if len(last) < SHORTEST_WORD:
        return
    beside = Word(start, part=asked.part) if start else query.EVERYTHING
    forms = asked.counts("surface", last, most=MOST_FORMS, beside=beside)
    # What has the stem of a whole word finds nothing else than the word as it is typed already.
    known = {analysis.stems(last)} if last in forms else set()
    words = [f"{start}{form}" for form in _one_a_stem(forms, known) if form not in FUNCTION_WORDS]
    counted = ((word, asked.count(Word(word, part=asked.part))) for word in words)
    found = list(islice((pair for pair in counted if pair[1]), MOST_WORDS))
    for word, count in sorted(found, key=lambda pair: -pair[1]):
        yield Option("word", query.to_text(Word(word)), word, "", count)


def _split(typed: str) -> tuple[str, str]:
    """What is typed of an identifier before its last token, as it is written, and that token as the
    index has it; no token after a sign, or in Chinese, which is indexed character by character."""
    tokens = [match for match in analysis.TOKEN.finditer(typed) if match.end() == len(typed)]
    if not tokens or analysis.HAN_RUN.match(tokens[0].group()):
        return typed, ""
    return typed[: tokens[0].start()], analysis.fold(tokens[0].group())


def _one_a_stem(forms: Iterable[str], known: set[tuple[str, ...]]) -> list[str]:
    """For each stem, the commonest first, the shortest of its forms."""
    by_stem: dict[tuple[str, ...], list[str]] = {}
    for form in forms:
        by_stem.setdefault(analysis.stems(form), []).append(form)
    return [min(same, key=len) for stem, same in by_stem.items() if stem not in known]
