"""Asking the site one question of the matrix, leaving no trace of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from taxonomy import lookup
from tests.trust.expecting import Cell
from tests.trust.rules import SAFE
from tests.trust.world import World

# Differs from request to request and not by what is asked for:
# the tokens of forms, the nonces of scripts, the keys of drafts and feeds that are begun anew, when a
# draft was kept, a tool's new token with its number, and
# the number of what is followed: PostgreSQL gives out each once even where nothing comes of it.
PER_REQUEST = re.compile(
    rb'((?:name="csrfmiddlewaretoken" value=|"X-CSRFToken": ?|nonce=|data-token=|name="key" value=|'
    rb'"key": ?|"kept_at": ?)")'
    rb'[^"]*|hsf_\w+|hs_[\w-]{5}(?:[\w-]{38})?|(?<=/settings/tokens/)\d+'
    rb'|(?<=\{"id":)\d+(?=,"name":"[^"]*","url":"[^"]*","(?:term|saved_search)":)'
)
# Rights are asked about here, and not who was quicker.
ANY_VERSION = ", ".join(f'"{number}-0123456789abcdef"' for number in range(1, 10))
PER_REQUEST_HEADERS = frozenset({"X-Request-Id", "Expires", "RateLimit", "RateLimit-Policy"})


@dataclass(frozen=True)
class Answer:
    """All that a client gets to see, with the words of the table for what it asked about."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(world: World, cell: Cell) -> Answer:
    """The answer; whatever the request changed is as before."""
    path, body, names = world.address(cell.page, cell.target)
    client = world.clients[cell.subject]
    return answer(client, cell.method, path, body, names, json=cell.page.json)


def answer(
    client: Client,
    method: str,
    path: str,
    body: Mapping[str, str],
    names: Mapping[str, str],
    json: str = "",
) -> Answer:
    """The same for one request; in the answer each of `names` stands for its value."""
    kept = SimpleCookie(client.cookies)
    with transaction.atomic():
        told = plain(send(client, method, path, body, json), names)
        transaction.set_rollback(method not in SAFE)
    client.cookies = kept
    if method not in SAFE and told.status < 400:
        lookup.forget()
    return told


def send(
    client: Client, method: str, path: str, body: Mapping[str, str], json: str = ""
) -> HttpResponseBase:
    """The response; what changes something sends a form, or JSON over whatever version there is."""
    if method in SAFE:
        return client.generic(method, path)
    if json:
        headers = {"if-match": ANY_VERSION}
        return client.generic(method, path, json, "application/json", headers=headers)
    data = encode_multipart(BOUNDARY, dict(body))
    return client.generic(method, path, data, content_type=MULTIPART_CONTENT)


def plain(response: HttpResponseBase, names: Mapping[str, str]) -> Answer:
    """The response without what differs in every one, its `names` said by their words."""
    content = b"".join(response) if response.streaming else response.content
    headers = {name: value for name, value in response.items() if name not in PER_REQUEST_HEADERS}
    headers |= {f"cookie {name}": item.value for name, item in response.cookies.items()}
    return Answer(
        response.status_code,
        tuple(sorted((name, _named(value, names)) for name, value in headers.items())),
        _named(PER_REQUEST.sub(b"", content).decode(errors="replace"), names).encode(),
    )


def _named(text: str, names: Mapping[str, str]) -> str:
    for word, value in names.items():
        text = text.replace(value, word)
    return text
