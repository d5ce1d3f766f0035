"""The addresses behind the numbers: the list of a search narrowed by more, or of all that it leaves out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from postmortems.search import query
from postmortems.search.front_door import Asked, read
from postmortems.search.parser import MAX_LENGTH
from postmortems.search.query import Any, Node, Not, Or
from postmortems.search.questions import range_of
from postmortems.search.selection import MAX_VALUES, SAFE, Choice, Selection, values_of

Values = str | Sequence[str]


@dataclass(frozen=True)
class Addresses:
    """The addresses of a search's list, whole and narrowed; `base` is that of the list of everything."""

    asked: Asked
    base: str
    _known: dict[object, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def whole(self) -> str:
        """The address of all that the search finds."""
        return _address(self.base, self.asked.chosen, self.asked.text, self.asked.chosen.choices)

    def narrowed(self, more: Mapping[str, Values], further: Iterable[tuple[str, str]] = ()) -> str:
        """The list narrowed by more values: of one field any of them, and none of those with `-` before
        them. Where a field has a choice already, the address alone would widen it, so the values go
        into the text, as what is `further` asked does. Empty where the text cannot say it."""
        chosen = self.asked.chosen.choices
        again = tuple((slug, _every(values)) for slug, values in more.items() if slug in chosen)
        beside = tuple(further)
        whole = self._again(again, beside) if again or beside else self.whole
        fresh = {slug: values for slug, values in more.items() if slug not in chosen}
        return _appended(whole, fresh) if whole else ""

    def _again(
        self, again: tuple[tuple[str, tuple[str, ...]], ...], further: tuple[tuple[str, str], ...]
    ) -> str:
        """The list narrowed by fields that have a choice already: a page asks for few such ones, each
        with many others beside it, and reading a text takes its time."""
        key = (again, further)
        if key not in self._known:
            self._known[key] = self._written_again(again, further)
        return self._known[key]

    def _written_again(
        self, again: Iterable[tuple[str, tuple[str, ...]]], further: Iterable[tuple[str, str]]
    ) -> str:
        written = [_any_of(slug, (value,)) for slug, value in further]
        choices = dict(self.asked.chosen.choices)
        for slug, values in again:
            before, added = choices[slug], _choice_of(values)
            if before.included and added.included:
                written.append(_any_of(slug, added.included))
            choices[slug] = Choice(
                before.included or added.included,
                tuple(dict.fromkeys((*before.excluded, *added.excluded))),
            )
        if any(len(values_of(choice)) > MAX_VALUES for choice in choices.values()):
            return ""
        text = _with(self.asked, written) if written else self.asked.text
        return _address(self.base, self.asked.chosen, text, choices) if text is not None else ""


def _appended(whole: str, more: Mapping[str, Values]) -> str:
    """An address with parameters that it does not have; a page has hundreds of these."""
    written = []
    for slug, values in more.items():
        every = _every(values)
        if len(every) > MAX_VALUES:
            return ""
        written.append(_written(slug, every))
    own = "&".join(filter(None, written))
    return f"{whole}{'&' if '?' in whole else '?'}{own}" if own else whole


def _every(values: Values) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


@lru_cache(maxsize=10_000)
def _written(slug: str, values: tuple[str, ...]) -> str:
    """Some values of one field as parameters, those that are excluded last."""
    return urlencode([(slug, value) for value in values_of(_choice_of(values))], safe=SAFE)


def left_out(asked: Asked) -> tuple[str, dict[str, list[str]]] | None:
    """The text and parameters of the search for all that this one leaves out; None where none says it."""
    choices, node = asked.chosen.choices, asked.reading.node
    if node == query.EVERYTHING and len(choices) == 1:
        ((slug, choice),) = choices.items()
        if not (choice.included and choice.excluded):
            return "", {slug: values_of(Choice(choice.excluded, choice.included))}
    whole = query.conjunction([node, *_nodes_of(choices)])
    text = query.to_text(Not(whole))
    is_read = len(text) < MAX_LENGTH and read(text, asked.known).node == Not(whole)
    return (text, {}) if is_read else None


def _choice_of(values: Values) -> Choice:
    every = _every(values)
    wanted = tuple(value for value in every if not value.startswith("-"))
    return Choice(wanted, tuple(value[1:] for value in every if value.startswith("-")))


def _with(asked: Asked, written: Sequence[Node]) -> str | None:
    """The text with more in it, if it is read as meant."""
    wanted = query.conjunction([asked.reading.node, *written])
    text = query.to_text(wanted)
    is_read = len(text) < MAX_LENGTH and read(text, asked.known).node == wanted
    return text if is_read else None


def _address(base: str, chosen: Selection, text: str, choices: Mapping[str, Choice]) -> str:
    pairs = [("q", text)] if text else []
    pairs += [(name, one) for name, every in chosen.plain.items() if name != "q" for one in every]
    pairs += [(slug, value) for slug, choice in choices.items() for value in values_of(choice)]
    return f"{base}?{urlencode(pairs, safe=SAFE)}" if pairs else base


def _nodes_of(choices: Mapping[str, Choice]) -> Iterator[Node]:
    for slug, choice in choices.items():
        if choice.included:
            yield _any_of(slug, choice.included)
        yield from (Not(_any_of(slug, (value,))) for value in choice.excluded)


def _any_of(slug: str, values: Sequence[str]) -> Node:
    """Any of some values, ranges written as ranges."""
    ranges = {value: range_of(slug, value) for value in values}
    plain = tuple(value for value, found in ranges.items() if found is None)
    nodes: list[Node] = [found for found in ranges.values() if found]
    nodes = [Any(slug, plain), *nodes] if plain else nodes
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
