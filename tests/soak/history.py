"""What writers meant to do and what was acknowledged: the oracle that answers are held against."""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

LETTERS = "bcdfghjkmnpqrtvz"
PUBLIC, RESTRICTED, GONE = "public", "restricted", "gone"


def word(kind: str, number: int) -> str:
    """A word that occurs nowhere else and that no stemmer shortens."""
    digits = "".join(LETTERS[int(digit, 16)] for digit in f"{number:08x}")
    return f"{kind}{digits}"


@dataclass(frozen=True)
class Version:
    """One state of one postmortem: how often it was changed, and who may see it."""

    number: int
    shown: str = PUBLIC

    def is_seen_by(self, viewer: str) -> bool:
        """Whether a visitor (the empty name) or an administrator finds it."""
        return self.shown == PUBLIC or (self.shown == RESTRICTED and viewer != "")


@dataclass
class Story:
    """All versions of one postmortem in order; those up to `acknowledged` are certain."""

    key: str
    ref: str = ""
    versions: list[Version] = field(default_factory=list)
    acknowledged: int = -1

    def possible(self, since: int | None = None) -> list[Version | None]:
        """What may be there now: None for nothing at all, before the first was acknowledged."""
        start = self.acknowledged if since is None else since
        nothing: list[Version | None] = [None] if start < 0 else []
        return nothing + list(self.versions[max(start, 0) :])

    def settle(self, found: int | None) -> None:
        """After a crash: what was found is what is there."""
        if found is not None:
            self.acknowledged = next(
                place for place, item in enumerate(self.versions) if item.number == found
            )
        self.versions = self.versions[: self.acknowledged + 1]


def is_possible(possible: Iterable[Version | None], viewer: str, found: int | None) -> bool:
    """Whether an answer fits: the number of the version that was found, or None for no hit."""
    seen = [item if item and item.is_seen_by(viewer) else None for item in possible]
    return found in [item and item.number for item in seen]


class Book:
    """The stories of one process, kept in a file: a line is on the disk before anybody relies on it."""

    def __init__(self, path: Path, stories: Iterable[Story] = ()) -> None:
        self.stories = {story.key: story for story in stories}
        self._file = path.open("a")
        self._guard = threading.Lock()

    def begin(self, key: str, version: Version, ref: str = "") -> None:
        """Say what is about to be done."""
        with self._guard:
            self._write({"do": "begin", "key": key, "ref": ref, **asdict(version)})
            self.stories.setdefault(key, Story(key, ref)).versions.append(version)

    def acknowledge(self, key: str, ref: str) -> None:
        """Say that the last that was begun is done."""
        with self._guard:
            self._write({"do": "ack", "key": key, "ref": ref})
            story = self.stories[key]
            story.ref, story.acknowledged = ref, len(story.versions) - 1

    def report(self, what: str) -> None:
        """Write down a wrong answer."""
        with self._guard:
            self._write({"do": "wrong", "what": what})

    def _write(self, line: dict) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def lines_of(path: Path) -> Iterator[dict]:
    """The whole lines of a book; the last may be half, since its writer was killed."""
    for line in path.read_text().splitlines(keepends=True) if path.exists() else ():
        if line.endswith("\n"):
            yield json.loads(line)


def acknowledged(paths: Iterable[Path]) -> int:
    """How many writes the books have as done until now."""
    return sum(line["do"] == "ack" for path in paths for line in lines_of(path))


def read(path: Path, stories: dict[str, Story]) -> tuple[int, list[str]]:
    """Carry a book's lines into the stories; returns how many acknowledgements, and wrong answers."""
    count, wrong = 0, []
    for line in lines_of(path):
        act = line.pop("do")
        if act == "wrong":
            wrong.append(line["what"])
            continue
        story = stories.setdefault(line["key"], Story(line["key"]))
        story.ref = line["ref"] or story.ref
        if act == "begin":
            story.versions.append(Version(line["number"], line["shown"]))
        else:
            story.acknowledged = len(story.versions) - 1
            count += 1
    return count, wrong
