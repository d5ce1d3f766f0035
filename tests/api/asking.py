"""Asking the API as a tool does: JSON there and back, with the tags that changes need."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

LIST = "/api/v1/postmortems/"
MERGE_PATCH = "application/merge-patch+json"


def send(
    client: Client,
    method: str,
    path: str,
    body: Any = None,
    *,
    kind: str = "application/json",
    **headers: str,
) -> HttpResponse:
    """The answer to a request with a JSON body; a header `if_match` is sent as If-Match."""
    data = b"" if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(method, path, data, content_type=kind, headers=named)


def of(ref: str, rest: str = "") -> str:
    """The address of a postmortem, or of something below it."""
    return f"{LIST}{ref}/{rest}"


def tag_of(client: Client, ref: str) -> str:
    """The tag that the client holds after reading."""
    return client.get(of(ref))["ETag"]


def change(
    client: Client, method: str, ref: str, body: Any = None, rest: str = "", **more: str
) -> HttpResponse:
    """A change over the version that the client reads first."""
    return send(client, method, of(ref, rest), body, if_match=tag_of(client, ref), **more)
