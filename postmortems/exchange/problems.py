"""What can be wrong with a file that comes in: a sentence, the place, and what to do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

# More problems of one file than this help nobody, and finding near words takes time.
PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to mend in a file; `line` counts from 1, `key` is as the file writes it."""

    line: int | None
    key: str
    message: str
    advice: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.message}{' ' if self.advice else ''}{self.advice}"


class Refused(ValueError):
    """The file cannot be read any further; `problem` says why."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """“Did you mean …?” with the nearest known words, else another advice."""
    near = get_close_matches(word[:100], list(known), n=3)
    return f"Did you mean {' or '.join(near)}?" if near else otherwise
