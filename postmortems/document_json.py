"""A Document as JSON and back. Pure; revisions and the API carry this JSON.

One generic pair of functions over the dataclasses of `document`: no class is written out twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Any, get_args, get_origin

from postmortems import document_rules as rules
from postmortems.document import ITEMS, Document
from postmortems.document_rules import Problem, clean
from postmortems.durations import Duration
from postmortems.moments import UNKNOWN, Moment

__all__ = ["Invalid", "Problem", "build", "check", "clean", "from_json", "to_json"]

# More problems than this help nobody and cost time.
PROBLEMS = 100
WORDS: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


class Invalid(ValueError):
    """The data is no valid Document; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{item.pointer}: {item.message}" for item in problems))
        self.problems = problems


def to_json(content: Document | Moment | Duration) -> dict[str, Any]:
    """A Document, or a time in it, as JSON; what is empty by default is left out."""
    plain: dict[str, Any] = _plain(content)
    return plain


def from_json(data: object) -> Document:
    """The Document that JSON from outside describes, its texts cleaned; raises Invalid, only."""
    if problems := list(islice(_misfits(Document, data, ""), PROBLEMS)):
        raise Invalid(problems)
    document = build(_cleaned(data))
    if problems := check(document):
        raise Invalid(problems)
    return document


def build(data: Mapping[str, Any]) -> Document:
    """The Document that our own JSON describes, unchecked: for what was stored before."""
    document: Document = _builder(Document)(data)
    return document


def check(document: Document) -> list[Problem]:
    """What is wrong with the content; empty when the Document may be stored."""
    found = list(islice(rules.problems(document), PROBLEMS))
    return found or list(rules.size_problems(to_json(document)))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if type(value) not in rules.DEFAULTS:
        return value
    pairs = (
        (name, getattr(value, name), default)
        for name, default in rules.DEFAULTS[type(value)].items()
    )
    return {
        name: _plain(item)
        for name, item, default in pairs
        if item != default or (item and item != UNKNOWN)
    }


@cache
def _builder(hint: Any) -> Callable[[Any], Any]:
    """The function that makes a value of a type out of its trusted JSON."""
    if get_origin(hint) is tuple:
        item = _builder(get_args(hint)[0])
        return lambda values: tuple(map(item, values))
    if get_origin(hint) is Mapping:
        item = _builder(get_args(hint)[1])
        return lambda values: MappingProxyType({key: item(value) for key, value in values.items()})
    if hint not in rules.DEFAULTS:
        return lambda value: value
    members = {name: _builder(member) for name, member in rules.HINTS[hint].items()}
    return lambda values: hint(**{name: members[name](value) for name, value in values.items()})


def _cleaned(data: Any) -> Any:
    """JSON of the right shape with clean texts; null and sections without text are left out."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, list | tuple):
        return [_cleaned(item) for item in data]
    if not isinstance(data, dict):
        return data
    pairs = {key: _cleaned(value) for key, value in data.items() if value is not None}
    for key in {"sections", "translations"} & pairs.keys():
        pairs[key] = {name: value for name, value in pairs[key].items() if value}
    return pairs


def _misfits(hint: Any, value: Any, pointer: str) -> Iterator[Problem]:
    """Where JSON from outside has not the shape of a type."""
    if get_origin(hint) is tuple:
        yield from _list_misfits(get_args(hint)[0], value, pointer)
    elif get_origin(hint) is Mapping:
        yield from _mapping_misfits(get_args(hint)[1], value, pointer)
    elif hint in rules.DEFAULTS:
        yield from _object_misfits(hint, value, pointer)
    elif not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        yield rules.problem(pointer, "type", name=_name(pointer), type=WORDS[hint])


def _list_misfits(hint: Any, value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield rules.problem(pointer, "type", name=_name(pointer), type="a list")
    elif len(value) > ITEMS:
        yield rules.problem(pointer, "too-many", name=_name(pointer), most=ITEMS)
    else:
        for index, item in enumerate(value):
            yield from _misfits(hint, item, f"{pointer}/{index}")


def _mapping_misfits(hint: Any, value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield rules.problem(pointer, "type", name=_name(pointer), type="an object")
    elif len(value) > ITEMS or not all(isinstance(key, str) for key in value):
        yield rules.problem(pointer, "too-many-keys", name=_name(pointer), most=ITEMS)
    else:
        for key, item in value.items():
            yield from _misfits(hint, item, rules.below(pointer, key))


def _object_misfits(kind: Any, value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield rules.problem(pointer, "type", name=_name(pointer), type="an object")
        return
    hints = rules.HINTS[kind]
    for key in (key for key in value if key not in hints):
        values = {"value": rules.short(key), "choices": rules.choice(hints)}
        place = rules.below(pointer, key)
        yield rules.problem(place, "unknown-key", name=_name(pointer), **values)
    for name, default in rules.DEFAULTS[kind].items():
        given = value.get(name, default)
        if given is MISSING:
            yield rules.problem(f"{pointer}/{name}", "missing", name=name)
        # null is allowed exactly where it is the default.
        elif given is not default and type(given) is not hints[name]:
            yield from _misfits(hints[name], given, f"{pointer}/{name}")


def _name(pointer: str) -> str:
    *above, last = pointer.split("/")
    if not above:
        return "The document"
    return f"Item {int(last) + 1} of {above[-1]}" if last.isdecimal() else last
