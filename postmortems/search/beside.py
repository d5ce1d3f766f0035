"""What the engine counts beside its caller: it lets go of the interpreter while it counts, so that another
core can work on the rest of a page meanwhile.

For calls that ask nothing but the engine: a connection to the database belongs to one thread.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")

_pool = ThreadPoolExecutor(1, thread_name_prefix="beside")


def begun(call: Callable[[], Answer]) -> Callable[[], Answer]:
    """A call that has begun, to be called for its answer, or for what it raised. Whoever wants it before
    it could begin makes it himself."""
    future = _pool.submit(call)
    return lambda: call() if future.cancel() else future.result()
