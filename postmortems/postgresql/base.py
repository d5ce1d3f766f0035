"""The database wrapper that `settings` names: connections watch over the server while they wait for it."""

import time
import types
from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from postmortems.postgresql import probing


class Connection(psycopg.Connection[Any]):
    """Waits for a slow statement as long as it takes, and for a server that is gone not at all.

    A limit for statements would not do: the server that should keep it is the one that hangs.
    """

    address = ""

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """As psycopg's; raises OperationalError, and closes itself, when the server stops answering."""
        if self.address:
            if probing.is_closed(self.address):
                self.close()
                raise psycopg.OperationalError("The database did not answer a moment ago.")
            gen = self._watched(gen)
        return super().wait(gen, *args, **kwargs)

    def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        asked_at = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                # psycopg comes by every tenth of a second with nothing.
                if not ready and time.monotonic() - asked_at > probing.PATIENCE_SECONDS:
                    self._make_sure()
                    asked_at = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as ended:
            return ended.value

    def _make_sure(self) -> None:
        try:
            probing.refuse_if_hanging(self.address)
        except psycopg.OperationalError:
            # Mid-statement it can never be used again.
            self.close()
            raise


def connect(*args: Any, **parameters: Any) -> Connection:
    """A connection, after the server has shown that it answers; psycopg itself waits two seconds at least."""
    address = probing.address_of(parameters)
    probing.refuse_if_hanging(address)
    connection = Connection.connect(*args, **parameters)
    connection.address = address
    return connection


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with those connections."""

    # Django asks this module for `connect` and for the exceptions.
    Database: Any = types.SimpleNamespace(**vars(psycopg) | {"connect": connect})
