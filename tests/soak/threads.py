"""The writers and readers of one process."""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.db import connection

from postmortems import authoring, content
from postmortems.models import Postmortem, User
from tests.makers import make_document, make_postmortem
from tests.soak import acts, history
from tests.soak.history import Book, Story, Version
from tests.threads import LAST_ACT

Possible = Callable[[], list[Version | None]]

# What a writer does next, by weight.
ACTS = {"create": 4, "edit": 4, "restrict": 2, "open": 2, "remove": 1}


class Crowd:
    """Threads that write and read until the process is killed or told to stop."""

    def __init__(self, path: Path, stories: list[Story], still: list[str]) -> None:
        self.book = Book(path, stories)
        # Postmortems that nobody changes.
        self.still = still
        self.ended = threading.Event()
        self.threads: list[threading.Thread] = []
        self.answers = 0

    def start(self, writers: list[int], readers: int, seed: int) -> None:
        """Let them loose; `writers` are numbers that no other process uses."""
        work = [(self._write, writer) for writer in writers]
        work += [(self._read, number) for number in range(readers)]
        for act, number in work:
            source = random.Random(f"{seed} {act.__name__} {number}")
            thread = threading.Thread(target=self._until_ended, args=(act, number, source))
            thread.daemon = True
            thread.start()
            self.threads.append(thread)

    def stop(self) -> None:
        """End them all, each after what it is at."""
        self.ended.set()
        for thread in self.threads:
            thread.join(LAST_ACT)

    def _until_ended(self, act, number: int, source: random.Random) -> None:
        mine = [story for story in self.book.stories.values() if _writer_of(story.key) == number]
        try:
            while not self.ended.is_set():
                act(number, source, mine)
        except Exception as error:
            self.book.report(f"{act.__name__} {number}: {type(error).__name__}: {error}")
            raise
        finally:
            connection.close()

    # Writing

    def _write(self, number: int, source: random.Random, mine: list[Story]) -> None:
        living = [story for story in mine if story.versions[-1].shown != history.GONE]
        act = source.choices(list(ACTS), list(ACTS.values()))[0] if living else "create"
        if act == "create":
            mine.append(self._create(key_of(number, len(mine), source)))
        else:
            self._change(act, source.choice(living))

    def _create(self, key: str) -> Story:
        self.book.begin(key, Version(1))
        made = make_postmortem(make_document(acts.title_of(key, 1)))
        self.book.acknowledge(key, made.ref)
        return self.book.stories[key]

    def _change(self, act: str, story: Story) -> None:
        last = story.versions[-1]
        shown = {"restrict": history.RESTRICTED, "open": history.PUBLIC, "remove": history.GONE}
        number = last.number + 1 if act == "edit" else last.number
        self.book.begin(story.key, Version(number, shown.get(act, last.shown)), story.ref)
        postmortem = Postmortem.objects.get(ref=story.ref)
        system = User.objects.system()
        if act == "edit":
            document = content.read(postmortem)
            document = replace(document, title=acts.title_of(story.key, number))
            authoring.edit(postmortem, document, by=system, revision=postmortem.revision)
        elif act == "remove":
            acts.remove(story.ref)
        else:
            authoring.change_envelope(postmortem, by=system, visibility=shown[act])
        self.book.acknowledge(story.key, story.ref)

    # Reading

    def _read(self, number: int, source: random.Random, mine: list[Story]) -> None:
        viewer = source.choice(["", "dana"])
        if self.still and source.random() < 0.5:
            key = source.choice(self.still)
            self._compare(key, lambda: [Version(1)], viewer)
        elif stories := list(self.book.stories.values()):
            story = source.choice(stories)
            since = story.acknowledged
            self._compare(story.key, lambda: story.possible(since), viewer)
        self.answers += 1

    def _compare(self, key: str, possible: Possible, viewer: str) -> None:
        """Hold an answer against what was there at some moment between question and answer."""
        found, says_it_lacks = acts.answer_of(key, viewer)
        allowed = [*possible(), None] if says_it_lacks else possible()
        if not history.is_possible(allowed, viewer, found):
            self.book.report(f"{key} for {viewer or 'a visitor'}: found {found}, not {allowed}")


def key_of(writer: int, number: int, source: random.Random) -> str:
    """A word for one postmortem, which says whose it is."""
    return history.word("k", (writer << 24) + (number << 12) + source.randrange(1 << 12))


def _writer_of(key: str) -> int:
    return int("".join(f"{history.LETTERS.index(letter):x}" for letter in key[1:]), 16) >> 24
