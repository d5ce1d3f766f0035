"""Threads that do their acts again and again until told to stop; what fails in one is written down."""

import random
import threading
from collections.abc import Callable, Iterable
from typing import Self

from django.db import connection

Act = Callable[[random.Random], None]
# A slow machine may need this long to end what is just being done.
LAST_ACT = 600


class Threads:
    """One thread an act; `wrong` takes what failed, beside what the acts write there themselves."""

    def __init__(self, acts: Iterable[Act], wrong: list[str]) -> None:
        self.wrong = wrong
        self.ended = threading.Event()
        # As daemons: a test that fails meanwhile must not keep the process from ending.
        self.threads = [
            threading.Thread(target=self._until_ended, args=(act,), daemon=True) for act in acts
        ]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(LAST_ACT)

    def _until_ended(self, act: Act) -> None:
        dice = random.Random(act.__name__)
        try:
            while not self.ended.is_set():
                act(dice)
        except Exception as error:
            self.wrong.append(f"{act.__name__}: {type(error).__name__}: {error}")
            raise
        finally:
            connection.close()
