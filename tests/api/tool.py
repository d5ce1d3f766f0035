"""Asking the API as a tool does, for all tests of it."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from postmortems import accounts
from postmortems.models import User

PROBLEM = "application/problem+json"


class Tool:
    """`Tool("alice's user", "write").post("/api/v1/…", {…})`; without a user it is a visitor's."""

    def __init__(self, user: User | None = None, scope: str = "admin") -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            _token, secret = accounts.create_token(user, by=user, scope=scope)
            self.headers["Authorization"] = f"Bearer {secret}"

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """The answer; underscores of header names stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent: Mapping[str, Any] = {} if body is None else {"data": body}
        return getattr(self.client, method)(
            address,
            **sent,
            **({} if method in ("get", "head") else {"content_type": "application/json"}),
            headers=self.headers | named,
        )

    def get(self, address: str, **headers: str) -> Any:
        """The answer to GET."""
        return self.ask("get", address, **headers)

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        """The answer to POST."""
        return self.ask("post", address, {} if body is None else body, **headers)

    def patch(self, address: str, body: Any, **headers: str) -> Any:
        """The answer to PATCH."""
        return self.ask("patch", address, body, **headers)

    def put(self, address: str, body: Any, **headers: str) -> Any:
        """The answer to PUT."""
        return self.ask("put", address, body, **headers)

    def delete(self, address: str, **headers: str) -> Any:
        """The answer to DELETE."""
        return self.ask("delete", address, **headers)


def reads(captured: Any) -> int:
    """How many statements read, but for the counting of requests, which is another on each database."""
    texts = [query["sql"] for query in captured.captured_queries]
    return sum(text.startswith("SELECT") and "tally" not in text for text in texts)


def pointers(answer: Any) -> list[str]:
    """What a refused body is refused for."""
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    return [error["pointer"] for error in answer.json()["errors"]]


def status(answer: Any) -> int:
    """The status of an answer that is no success, which is always a problem document."""
    assert answer["Content-Type"] == PROBLEM
    assert answer.json()["status"] == answer.status_code
    return answer.status_code
