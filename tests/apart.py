"""Work in a process of its own, which may be killed in the midst of it.

It is forked from a server that has no threads: a fork of the test's own process would inherit
locks that the engine's threads hold at that moment, and wait for them for ever.
"""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

# Longer than any such work takes on a loaded machine.
SECONDS = 600

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.apart_preload"])


def in_a_process(work: Callable[..., object], *arguments: object) -> int:
    """Call a function of a module, in the index folder of this test; returns the signal that ended
    the process, 0 for none."""
    process = _context.Process(target=_begin, args=(settings.SEARCH_INDEX_DIR, work, arguments))
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        raise TimeoutError(f"{work.__name__} did not end within {SECONDS} seconds.")
    if process.exitcode and process.exitcode > 0:
        raise RuntimeError(f"{work.__name__} failed; what it said stands in the captured output.")
    return -(process.exitcode or 0)


def _begin(folder: Path, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    django.setup()
    settings.SEARCH_INDEX_DIR = folder
    work(*arguments)
