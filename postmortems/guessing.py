"""How often a secret may be guessed: ten wrong guesses an account in a quarter of an hour.

Names are counted and not addresses: whoever guesses has many addresses, and headers lie about them.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from postmortems import marks

MOST_GUESSES = 10
WINDOW_SECONDS = 15 * 60


class TooManyGuesses(Exception):
    """Ten guesses were wrong lately; this one was not looked at."""


class Guess:
    """One guess that is looked at; `was_right` keeps it from being counted."""

    is_right = False

    def was_right(self) -> None:
        """Say that the secret was the right one."""
        self.is_right = True


@contextmanager
def one_of(what: str, name: str, *, browser: str = "") -> Iterator[Guess]:
    """Around the look at a guess; raises TooManyGuesses before it when there were too many.

    `browser` is a browser that the owner has signed in with before. It has guesses of its own, so
    that a stranger who uses up the account's does not lock the owner out.
    """
    key = f"{what}:{digest_of_name(name, browser)}"
    number = marks.take(key, most=MOST_GUESSES, seconds=WINDOW_SECONDS)
    if number is None:
        raise TooManyGuesses
    guess = Guess()
    yield guess
    if guess.is_right:
        marks.give_back(number)


def digest_of_name(name: str, browser: str = "") -> str:
    """What stands for a typed name: people type passwords into that field."""
    counted = f"{name.strip().casefold()}\n{browser}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(counted).hexdigest()
