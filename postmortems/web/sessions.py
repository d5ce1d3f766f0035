"""Sessions in the database, asked for by keys that can be keys. Named by `settings`."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone

from postmortems import sessions
from postmortems.models import Session
from postmortems.web.client_address import client_address


class SessionStore(db.SessionStore):
    """Django's store over our rows, which say whose a session is and when it was last seen.

    It ignores a cookie that it cannot have set itself, and a session that has lasted too long.
    """

    row: Session | None = None
    browser = ""
    address = ""

    def __init__(self, session_key: str | None = None) -> None:
        # A cookie may hold a NUL, which PostgreSQL refuses with an error instead of finding nothing.
        super().__init__(session_key if session_key and session_key.isalnum() else None)

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Where the sessions stand."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        if row is None or row.is_over:
            self._session_key = None
            return None
        self.row = row
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is to be stored; a new key is a new session, with a new beginning."""
        made = cast(Session, super().create_model_instance(data))
        made.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        made.browser, made.address = self.browser, self.address
        before = self.row
        if before and before.session_key == made.session_key:
            made.ref, made.created_at = before.ref, before.created_at
            made.browser, made.address = before.browser, before.address
            # Whoever signs in has just been seen; else what the table says must not go back.
            made.last_seen_at = before.last_seen_at if before.user_id else timezone.now()
        self.row = made
        return made


def note_visit(request: HttpRequest) -> None:
    """Remember the browser for when its session is stored, and that a stored one was just seen."""
    store: Any = request.session
    store.browser = sessions.browser_of(request.headers.get("User-Agent", ""))
    store.address = client_address(request.META)
    if getattr(store, "row", None):
        sessions.note_use(store.row, browser=store.browser, address=store.address)
