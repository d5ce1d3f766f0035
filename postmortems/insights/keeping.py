"""Answers that are kept: a question that is asked again of the same state of the index is not counted again."""

import functools
import threading
from collections.abc import Callable, Hashable
from typing import Concatenate, ParamSpec, TypeVar

from postmortems.insights.asking import Selected
from taxonomy.lookup import Terms

MOST = 60

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

# Each with the snapshot of the vocabularies that it names terms of.
_kept: dict[Hashable, tuple[Terms, object]] = {}
_guard = threading.Lock()


def forget() -> None:
    """Drop all answers that are kept."""
    with _guard:
        _kept.clear()


def kept(
    question: Callable[Concatenate[Selected, Given], Answer],
) -> Callable[Concatenate[Selected, Given], Answer]:
    """The same question, answered from what is kept where nothing has changed."""

    @functools.wraps(question)
    def asked(selected: Selected, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        key = (question.__qualname__, selected.key, args, tuple(sorted(kwargs.items())))
        with _guard:
            terms, answer = _kept.get(key, (None, None))
        if terms is selected.terms:
            return answer  # type: ignore[return-value]
        made = question(selected, *args, **kwargs)
        with _guard:
            _kept.pop(key, None)
            _kept[key] = (selected.terms, made)
            if len(_kept) > MOST:
                del _kept[next(iter(_kept))]
        return made

    return asked
