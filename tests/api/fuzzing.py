"""Every operation of the OpenAPI document asked what nobody would ask, by everybody who may ask at all."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from schemathesis.config import SchemathesisConfig

from postmortems import accounts, attachments, reviews, saved_searches
from postmortems.api.description import FILE
from postmortems.document import Action, Document, TimelineEntry
from postmortems.exchange import imports
from postmortems.exchange.upload import Upload
from postmortems.models import ApiToken, Postmortem, User
from taxonomy.models import Term
from tests import makers, pictures
from tests.soak import IS_FULL

BASE = "http://testserver"
CSRF = "c" * 32
# What a schema cannot say (a team that is not yours, a time without a day) is refused like what it says.
REFUSED = ["2xx", "304", "400", "401", "403", "404", "409", "412", "413", "422", "428", "429"]
WRONG = ["304", "400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "phases": {"coverage": {"enabled": IS_FULL}, "stateful": {"enabled": False}},
        "generation": {"database": "none", "deterministic": not IS_FULL},
        "checks": {"negative_data_rejection": {"expected-statuses": WRONG}},
        "operations": [
            {
                "include-method": method,
                "checks": {"positive_data_acceptance": {"expected-statuses": REFUSED}},
            }
            for method in ("POST", "PUT", "PATCH", "DELETE")
        ],
    }
)
DOCUMENT = json.loads(FILE.read_text())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
SCHEMA.app = get_wsgi_application()


@dataclass(frozen=True)
class Asker:
    """Somebody, and what their requests carry."""

    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """Who asks, and what is there to be named in addresses."""

    askers: tuple[Asker, ...]
    known: Mapping[str, tuple[str, ...]]

    def named(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of an address, three of four of them named like something that is there."""
        return {name: self._named(name, str(value)) for name, value in parameters.items()}

    def sent(self, body: Any) -> Any:
        """A body with the names in it likewise: of teams, people, terms, files, revisions."""
        if not isinstance(body, dict):
            return body
        return {name: self._said(MEANT.get(name, name), value) for name, value in body.items()}

    def _said(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and name in self.known:
            return self._named(name, value)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return sorted({self._said(name, item) for item in value})
        return value

    def _named(self, name: str, value: str) -> str:
        choice = zlib.crc32(f"{name} {value}".encode(errors="replace"))
        known = self.known.get(name, ())
        return known[choice // 4 % len(known)] if known and choice % 4 else value


# Fields of bodies that name what stands in addresses under another name.
MEANT = {
    **dict.fromkeys(("reviewers", "authors", "named_people"), "username"),
    **{"team": "slug", "vocabulary": "slug", "parent": "path", "target": "path"},
}


def make_world() -> World:
    """A team with its people, and one of everything that has an address."""
    team = makers.make_team("platform")
    reader = makers.make_user("reader", team=team, role="reader")
    author = makers.make_user("author", team=team)
    administrator = makers.make_user("administrator", is_administrator=True, is_curator=True)
    made = [
        makers.make_postmortem(_document(), team=team, authors=(author,)),
        makers.make_postmortem(
            _document(), team=team, authors=(author,), status="draft", visibility="team"
        ),
    ]
    files = [str(attachments.add(item, pictures.upload(), by=author).file.pk) for item in made]
    comments = [str(reviews.comment(item, "Why?", by=author).pk) for item in made]
    record = Upload("record.json", json.dumps({"title": "Queue", "import_id": "q-1"}).encode())
    batch = imports.bring_in([record], by=author, team=team)
    saved = saved_searches.create("DNS", "q=dns", by=author)
    terms = Term.objects.filter(vocabulary__slug="cause").order_by("path")[:3]
    askers = (
        Asker("visitor"),
        *(in_browser(user) for user in (reader, author, administrator)),
        *(by_token(author, scope) for scope in ("read", "write")),
        by_token(administrator, "admin"),
    )
    known = {
        "ref": (*(item.ref for item in made), saved.ref, batch.ref),
        "other": tuple(item.ref for item in made),
        "item_id": ("t1", "a1"),
        **dict.fromkeys(("number", "before", "after"), ("1", "2")),
        "id": tuple(comments),
        "file_id": tuple(files),
        "slug": (team.slug, "cause", "kind"),
        "username": ("reader", "author", "administrator"),
        "term_id": tuple(str(term.pk) for term in terms),
        "path": tuple(term.path for term in terms),
        "token_id": tuple(str(token.pk) for token in ApiToken.objects.order_by("pk")),
    }
    return World(askers, known)


def _document() -> Document:
    """A content with an entry and an action."""
    return makers.make_document(
        terms=("kind:stub",),
        timeline=(TimelineEntry("t1", "detect", "Orders fail."),),
        actions=(Action("a1", "Watch the resolver."),),
    )


def in_browser(user: User) -> Asker:
    """Signed in, with the token of a page's form."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: key, settings.CSRF_COOKIE_NAME: CSRF}
    return Asker(f"{user} in a browser", {"X-CSRFToken": CSRF}, cookies)


def by_token(user: User, scope: str) -> Asker:
    """With a token of that scope."""
    secret = accounts.create_token(user, by=user, scope=scope)[1]
    return Asker(f"{user} by a token to {scope}", {"Authorization": f"Bearer {secret}"})


def version_of(ref: str) -> str | None:
    """A tag of the postmortem's present version."""
    found = Postmortem.objects.filter(ref=ref.lower()[:20]).values_list("version", flat=True)
    return f'"{found[0]}-0123456789abcdef"' if found else None


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation
