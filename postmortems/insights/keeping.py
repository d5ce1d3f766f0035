"""Answers that are kept: a question that is asked again is not counted again while nothing has changed that
its reader may see.

Most of what is saved are drafts: they change no answer to anybody who does not see them.
"""

import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from pyroaring import BitMap

from postmortems.insights.asking import Selected, all_visible
from postmortems.search import states
from postmortems.search.latest import Latest
from postmortems.search.states import State

MOST = 60

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Kept:
    """An answer, the state of the index that it was counted in, and all that its reader saw then. The
    state holds the snapshot of the vocabularies that terms are named of."""

    state: State
    seen: BitMap
    answer: object


_kept = Latest[_Kept](MOST)


def forget() -> None:
    """Drop all answers that are kept."""
    _kept.forget()


def kept(
    question: Callable[Concatenate[Selected, Given], Answer],
) -> Callable[Concatenate[Selected, Given], Answer]:
    """The same question, answered from what is kept where nothing has changed that the reader sees."""

    @functools.wraps(question)
    def asked(selected: Selected, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        key = _key_of(question, selected, *args, **kwargs)
        seen = all_visible(selected)
        found = _found(key, selected, seen)
        answer = found.answer if found else question(selected, *args, **kwargs)
        _kept.keep(key, _Kept(selected.state, seen, answer))
        return answer  # type: ignore[return-value]

    return asked


def is_kept(
    question: Callable[Concatenate[Selected, Given], object],
    selected: Selected,
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> bool:
    """Whether a question that is kept would be answered without asking it."""
    key = _key_of(question, selected, *args, **kwargs)
    return _found(key, selected, all_visible(selected)) is not None


def _key_of(
    question: Callable[..., object], selected: Selected, *args: object, **kwargs: object
) -> Hashable:
    return (question.__qualname__, selected.key, args, tuple(sorted(kwargs.items())))


def _found(key: Hashable, selected: Selected, seen: BitMap) -> _Kept | None:
    found = _kept.get(key)
    return found if found and _holds(found, selected.state, seen) else None


def _holds(found: _Kept, state: State, seen: BitMap) -> bool:
    """Whether nothing that changed since was seen by the reader, nor is now."""
    then, terms = found.state
    if terms is not state[1]:
        return False
    if then == state[0]:
        return True
    changed = states.changed_between(found.state, state)
    if changed is None:
        return False
    touched = BitMap(changed)
    return touched.isdisjoint(found.seen) and touched.isdisjoint(seen)
