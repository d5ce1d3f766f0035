"""Markdown to safe HTML, and to plain text for search, in bounded time. Pure; called by `content`.

Plain prose is set at once and short texts are laid out here; all others in a child process, which
is ended when a text costs too much. Such a text is shown as it was typed, with a notice.
"""

import atexit
import hashlib
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path

from postmortems import rendering_worker as worker

logger = logging.getLogger(__name__)

# To be raised when the same text comes out as other HTML: stored results are then made anew.
VERSION = 2
MADE_BY = " ".join([str(VERSION), *map(version, ("Markdown", "pymdown-extensions", "nh3"))])

TOO_SLOW = "too-slow"
# The machine had no time for the text: not to be stored, the next attempt may well succeed.
BUSY = "busy"

WAIT_SECONDS = 3.0
WASTED_SECONDS = 2.0
# Digests of texts found to be too slow, which need no second trial in this process.
SLOW: deque[str] = deque(maxlen=1000)
REMEMBERED_LENGTH = 4000

# A text within these limits was never seen to take over 10 ms, whatever it is made of; only the
# marks of Markdown, above all brackets, make its layout take more than linear time.
CHEAP_LENGTH = 2000
CHEAP_MARKS = 80
CHEAP_BRACKETS = 12
CHEAP_NUMBERS = 20
MARKS = "\\`*_[]<>&|#~-+\n"
NUMBER = re.compile(r"\d\.\s")

# Prose: no character of it means anything to Markdown, and no line begins like a list or heading.
LINE = (
    r"(?!\d+\.\s)[^\s#+=~\\`*_\[\]<>&|-]"
    r"(?:[^\n\t\xa0\\`*_\[\]<>&|]*[^\s\\`*_\[\]<>&|])?"
)
PROSE = re.compile(rf"{LINE}(?:\n{{1,2}}{LINE})*")

SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One text as HTML that may stand in any page and as plain text.

    `notice` is empty, TOO_SLOW or BUSY; with a notice the HTML is the text as it was typed.
    """

    html: str
    plain: str
    notice: str = ""


class Busy(Exception):
    """The child process gave no answer in time, or could not be started."""


def digest(text: str) -> str:
    """The key under which what `render` makes of this text may be stored."""
    return hashlib.sha256(f"{MADE_BY}\0{text}".encode(errors="surrogatepass")).hexdigest()


def to_html(text: str) -> str:
    """The Markdown as safe HTML."""
    return render(text).html


def to_plain(text: str) -> str:
    """What a reader sees of the Markdown."""
    return render(text).plain


def render_many(texts: Iterable[str]) -> dict[str, Rendered]:
    """Each text with what `render` makes of it.

    When texts that are too slow have cost WASTED_SECONDS in all, the other long ones are BUSY.
    """
    found: dict[str, Rendered] = {}
    wasted = 0.0
    for text in dict.fromkeys(texts):
        started = time.monotonic()
        spent = wasted > WASTED_SECONDS and not is_cheap(text) and not PROSE.fullmatch(text)
        found[text] = _as_typed(_tidy(text), BUSY) if spent else render(text)
        wasted += time.monotonic() - started if found[text].notice else 0
    return found


def render(text: str) -> Rendered:
    """The Markdown as HTML and plain text; never raises, and ends within about a second."""
    try:
        return _remembered(text) if len(text) <= REMEMBERED_LENGTH else _render(text)
    except Busy:
        return _as_typed(_tidy(text), BUSY)


@lru_cache(maxsize=1024)
def _remembered(text: str) -> Rendered:
    return _render(text)


def _render(text: str) -> Rendered:
    text = _tidy(text)
    if PROSE.fullmatch(text):
        html = "</p>\n<p>".join(escape(text, quote=False).split("\n\n"))
        return Rendered(f"<p>{html}</p>", text)
    html, plain, failure = worker.attempt(text) if is_cheap(text) else _attempt_long(text)
    if not failure:
        return Rendered(html, plain)
    if failure != TOO_SLOW:
        logger.warning("the text %.12s could not be laid out: %s", digest(text), failure)
    return _as_typed(text, TOO_SLOW)


def _attempt_long(text: str) -> tuple[str, str, str]:
    key = digest(text)
    if key in SLOW:
        return "", "", TOO_SLOW
    html, plain, failure = CHILD.attempt(text)
    if failure:
        SLOW.append(key)
    return html, plain, failure


def _tidy(text: str) -> str:
    text = worker.UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _as_typed(text: str, notice: str) -> Rendered:
    return Rendered(f'<pre class="plain">{escape(text)}</pre>', text, notice)


def is_cheap(text: str) -> bool:
    """Whether a text may be laid out in this process."""
    return (
        len(text) <= CHEAP_LENGTH
        and sum(map(text.count, MARKS)) <= CHEAP_MARKS
        and text.count("[") <= CHEAP_BRACKETS
        and len(NUMBER.findall(text)) <= CHEAP_NUMBERS
    )


class Child:
    """The one child process of this process: made when first needed, and anew after each end."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.socket: socket.socket | None = None

    def attempt(self, text: str) -> tuple[str, str, str]:
        """What the worker's `attempt` returns for the text; raises Busy."""
        if not self.lock.acquire(timeout=WAIT_SECONDS):
            raise Busy
        try:
            return self._ask(text.encode())
        except BaseException:
            # Whatever came between question and answer, the two are out of step now.
            self.end()
            raise
        finally:
            self.lock.release()

    def _ask(self, text: bytes) -> tuple[str, str, str]:
        process, connection = self._running()
        try:
            connection.sendall(worker.frame(text))
            with connection.makefile("rb") as answers:
                html, plain, failure = (worker.read_frame(answers).decode() for _ in range(3))
        except (EOFError, ConnectionError):
            return "", "", self._why_ended(process)
        except TimeoutError as error:
            raise Busy from error
        return html, plain, failure

    def _why_ended(self, process: subprocess.Popen[bytes]) -> str:
        ending = -process.wait(WAIT_SECONDS)
        self.end()
        # By the kernel, as the text took too much time (SIGPROF) or memory (SIGABRT, SIGSEGV).
        if ending in (signal.SIGPROF, signal.SIGABRT, signal.SIGSEGV):
            return signal.Signals(ending).name
        raise Busy

    def _running(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        if self.process is None or self.socket is None or self.process.poll() is not None:
            self.end()
            self.process, self.socket = self._start()
        return self.process, self.socket

    @staticmethod
    def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair()
        ours.settimeout(WAIT_SECONDS)
        root = Path(__file__).resolve().parent.parent
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", worker.__name__],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                env={**os.environ, "PYTHONPATH": str(root)},
            )
        return process, ours

    def end(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._drop()

    def forget(self) -> None:
        """After a fork: the process belongs to the parent, and a thread of it may hold the lock."""
        self.lock = threading.Lock()
        if self.process is not None:
            # Else the end of the object would wait for a process that is not ours.
            self.process.returncode = 0
        self._drop()

    def _drop(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.process = self.socket = None


CHILD = Child()
os.register_at_fork(after_in_child=CHILD.forget)
atexit.register(CHILD.end)
