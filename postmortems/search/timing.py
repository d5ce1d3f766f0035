"""Tells whoever asked how long each search took; who counts that is no concern of this package."""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

# Called with the seconds of each search.
after_search: list[Callable[[float], object]] = []


def timed(search: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The same search, told to `after_search`, failed or not."""

    @functools.wraps(search)
    def measured(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        began = time.perf_counter()
        try:
            return search(*args, **kwargs)
        finally:
            for told in after_search:
                told(time.perf_counter() - began)

    return measured
