"""Sessions in the database, asked for by keys that can be keys. Named by `settings`."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's store, which ignores a cookie that it cannot have set itself."""

    def __init__(self, session_key: str | None = None) -> None:
        # A cookie may hold a NUL, which PostgreSQL refuses with an error instead of finding nothing.
        super().__init__(session_key if session_key and session_key.isalnum() else None)
