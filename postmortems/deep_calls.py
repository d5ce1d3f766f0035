"""Room for deep calls, so that they cost what they should.

CPython 3.11 to 3.13 keep the frames of a thread in chunks of 16 KB, and give a chunk back to the
system as soon as the last frame in it ends. A loop that calls across the end of a chunk asks for
memory and gives it back at each turn; a page as deep as Django's templates took twice as long
wherever that happened (https://github.com/python/cpython/issues/142183). A frame that does not fit gets a
chunk of the next power of two; what it does not need itself serves the calls below it.
"""

from collections.abc import Callable
from typing import TypeVar

# In words of eight bytes: the frame takes a little more than half of a chunk of 1 MB, of which the
# system gives only what is written to.
WORDS = 70_000

Given = TypeVar("Given")
Other = TypeVar("Other")
Answer = TypeVar("Answer")


def with_room(call: Callable[[Given, Other], Answer]) -> Callable[[Given, Other], Answer]:
    """The same call of two arguments, with room for some thousand frames below it."""

    def called(one: Given, other: Other) -> Answer:
        return call(one, other)

    called.__code__ = called.__code__.replace(co_stacksize=WORDS)
    return called
