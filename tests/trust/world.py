"""The world that the table is about: one team, its people, and a postmortem of every kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from postmortems import bin as bins
from postmortems import feed_secrets, file_store
from postmortems.models import (
    ApiToken,
    Postmortem,
    SavedSearch,
    StoredFile,
    TermSuggestion,
    User,
)
from postmortems.models.accounts import digest_of
from taxonomy.models import Term, Vocabulary
from tests import makers
from tests.trust.expecting import POSTMORTEMS
from tests.trust.table import ABSENT, PEOPLE, TOKENS, Page

# Refs hold a digit: an error page takes an address apart into words, and drops those that are refs.
ABSENT_REF = "trst9999"
SAVED = {"private": "savd0001", "of the team": "savd0002", "of the site": "savd0003"}
CSRF = "c" * 32


@dataclass(frozen=True)
class World:
    """The people, how each subject signs in, and what stands for the words of the table."""

    people: Mapping[str, User]
    clients: Mapping[str, Client]
    names: Mapping[tuple[str, object], Mapping[str, str]]

    def address(self, page: Page, target: object) -> tuple[str, dict[str, str], Mapping[str, str]]:
        """The path, what is sent, and the names in both that differ from one target to the next."""
        own = self.names.get(("postmortem" if page.about == "binned" else page.about, target), {})
        names = {**self.names["", "of all"], **own}
        kwargs = {name: names.get(value, value) for name, value in page.kwargs.items()}
        body = {name: names.get(value, value) for name, value in page.body.items()}
        return reverse(page.name, kwargs=kwargs) + page.query, body, own


def make_world() -> World:
    """All of it, through the verbs where there are verbs."""
    people = make_people()
    clients = {name: client_of(people.get(name)) for name in PEOPLE}
    clients |= {name: token_client(people[who], scope) for name, (who, scope) in TOKENS.items()}
    clients |= dead_clients(people)
    makers.load_shipped_templates()
    names = {("postmortem", target): make_one(target, people) for target in POSTMORTEMS}
    names |= make_owned(people)
    User.objects.filter(username="deactivated").update(is_active=False)
    term = Term.objects.get(vocabulary__slug="cause", path="network/dns")
    _key, secret = feed_secrets.create("reader", by=people["writer"])
    names["", "of all"] = {"TERM": str(term.pk), "SECRET": secret}
    return World(people, clients, names)


# --- People -------------------------------------------------------------------------------------


def make_people() -> dict[str, User]:
    """One account for each, named as in the table."""
    team, other = makers.make_team("platform"), makers.make_team("payments")
    roles = {name: name for name in ("reader", "author", "reviewer", "lead")}
    people = {
        name: makers.make_user(name, team=team, role=role)
        for name, role in (roles | {"writer": "author", "deactivated": "lead"}).items()
    }
    return people | {
        "outsider": makers.make_user("outsider", team=other),
        "curator": makers.make_user("curator", is_curator=True),
        "named": makers.make_user("named"),
        "guest": makers.make_user("guest"),
        "administrator": makers.make_user("administrator", is_administrator=True),
    }


def client_of(user: User | None) -> Client:
    """A browser, signed in when there is somebody; with a token for forms that never changes."""
    client = Client()
    if user:
        client.force_login(user)
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return client


def token_client(user: User, scope: str, **fields: Any) -> Client:
    """A tool with a token of that scope, and no session."""
    secret = f"hs_{user.username}-{scope}-{len(fields)}"
    ApiToken.objects.create(
        user=user, name=scope, prefix=secret[:8], digest=digest_of(secret), scope=scope, **fields
    )
    client = client_of(None)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def dead_clients(people: Mapping[str, User]) -> dict[str, Client]:
    """Tools whose tokens have ended, each in its way."""
    past, writer = timezone.now() - timedelta(days=1), people["writer"]
    return {
        "revoked token": token_client(writer, "admin", revoked_at=past),
        "expired token": token_client(writer, "admin", expires_at=past, last_used_at=past),
        "deactivated's token": token_client(people["deactivated"], "admin"),
    }


# --- Postmortems and what else there is ---------------------------------------------------------


def make_one(target: tuple[str, str], people: Mapping[str, User]) -> dict[str, str]:
    """A postmortem of that status and visibility with a file that it has and one that it had."""
    status, visibility = target
    number = POSTMORTEMS.index(target)
    ref = f"trst{number:04}"
    made = makers.make_postmortem(
        makers.make_document("A secret"),
        ref=ref,
        slug="slug",
        team=makers.make_team("platform"),
        authors=(people["writer"], people["guest"], people["deactivated"]),
        named=(people["named"],),
        visibility=visibility,
        status="published" if status == "bin" else status,
    )
    files = {"FILE": f"f0{ref * 3}"[:20], "FORMER": f"f1{ref * 3}"[:20]}
    for file_id in files.values():
        keep_file(people["writer"], file_id, made)
    made.attachments = [{"id": files["FILE"], "name": "a.png"}]
    made.save()
    if status == "bin":
        bins.throw_away(made, by=User.objects.system())
    return {"REF": ref, **files}


def keep_file(owner: User, file_id: str, postmortem: Postmortem | None = None) -> None:
    """A picture of the postmortem, or of the owner alone, under that id."""
    with file_store.desk() as folder:
        sources = {size: folder / (size or "whole") for size in ("", *file_store.SIZES)}
        for source in sources.values():
            source.write_bytes(b"pixels")
        file_store.keep(file_id, sources)
    StoredFile.objects.create(
        pk=file_id,
        owner=owner,
        name="a.png",
        media_type="image/png",
        size=6,
        digest="d" * 64,
        width=1,
        height=1,
        postmortem=postmortem,
        claimed_at=postmortem and postmortem.created_at,
    )


def make_owned(people: Mapping[str, User]) -> dict[tuple[str, object], dict[str, str]]:
    """An upload, saved searches and suggestions; and the names that nothing has."""
    writer, team = people["writer"], makers.make_team("platform")
    upload = "0wnf" * 5
    keep_file(writer, upload)
    names: dict[tuple[str, object], dict[str, str]] = {
        ("upload", "of the writer"): {"FILE": upload},
        ("upload", ABSENT): {"FILE": "0wng" * 5},
        ("saved search", ABSENT): {"REF": "savd9999"},
        ("suggestion", ABSENT): {"REF": "71000009"},
        ("postmortem", ABSENT): {
            "REF": ABSENT_REF,
            "FILE": f"f0{ABSENT_REF * 3}"[:20],
            "FORMER": f"f1{ABSENT_REF * 3}"[:20],
        },
    }
    shared = {"private": ("private", None), "of the team": ("team", team)}
    for kind, ref in SAVED.items():
        how, owner_team = shared.get(kind, ("site", None))
        SavedSearch.objects.create(
            ref=ref, owner=writer, name=kind, query="q=secret", shared=how, team=owner_team
        )
        names["saved search", kind] = {"REF": ref}
    for number, who in enumerate(("writer", "outsider")):
        made = TermSuggestion.objects.create(
            pk=71_000_000 + number,
            vocabulary=Vocabulary.objects.get(slug="cause"),
            names={"en": f"Secret of {who}"},
            suggested_by=people[who],
        )
        names["suggestion", f"of the {who}"] = {"REF": str(made.pk)}
    return names
