"""The world that the table is about: one team, its people, and a postmortem of every kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from postmortems import authoring, feed_secrets, notifications, outbox, reviews
from postmortems import bin as bins
from postmortems.document import Action, TimelineEntry
from postmortems.models import (
    ApiToken,
    Following,
    Import,
    Invitation,
    Notification,
    Postmortem,
    ReadingList,
    ReviewComment,
    SavedSearch,
    Session,
    Team,
    TermSuggestion,
    User,
)
from postmortems.models.accounts import digest_of
from postmortems.notifications.preferences import stop_key
from taxonomy.models import Term, Vocabulary
from tests import makers
from tests.trust.expecting import POSTMORTEMS
from tests.trust.rules import ABSENT, PEOPLE, TOKENS, Page

# Refs hold a digit: an error page takes an address apart into words, and drops those that are refs.
ABSENT_REF = "trst9999"
ANOTHER_REF = "trst8888"
# Numbers that stand nowhere else in an answer, where they are replaced by their words; tens, for the
# database numbers the answers that follow one.
COMMENT_OF_ANOTHER, FIRST_COMMENT = 71_900_009, 71_900_010
PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
LISTS = {
    **{"private": "r1st0001", "of the team": "r1st0002"},
    **{"of the site": "r1st0003", "public": "r1st0004"},
}
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
    make_another(people["outsider"])
    names |= make_owned(people) | make_accounts_things(people, clients)
    User.objects.filter(username="deactivated").update(is_active=False)
    term = Term.objects.get(vocabulary__slug="cause", path="network/dns")
    _key, secret = feed_secrets.create("reader", by=people["writer"])
    news = Notification.objects.filter(user=people["outsider"]).order_by("pk")[0]
    names["", "of all"] = {
        "TERM": str(term.pk),
        "SECRET": secret,
        "NOTIFICATION": str(news.pk),
        "STOPS": stop_key(people["writer"]),
        "STOPPED": stop_key(people["deactivated"]),
    }
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
        "named reviewer": makers.make_user("named-reviewer"),
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
        # Nothing is missing that publishing needs, so that what is refused is refused to a person.
        makers.make_document(
            "A secret",
            terms=PUBLISHABLE,
            timeline=(TimelineEntry("t1", "detect", "A secret"),),
            actions=(Action("a1", "A secret"),),
        ),
        ref=ref,
        slug="slug",
        team=makers.make_team("platform"),
        authors=(people["writer"], people["guest"], people["deactivated"]),
        named=(people["named"],),
        visibility=visibility,
        status="published" if status == "bin" else status,
    )
    talk_about(made, people, number)
    files = {"FILE": f"f0{ref * 3}"[:20], "FORMER": f"f1{ref * 3}"[:20]}
    for file_id in files.values():
        makers.keep_file(people["writer"], file_id, made)
    made.attachments = [{"id": files["FILE"], "name": "a.png"}]
    made.save()
    if status == "bin":
        bins.throw_away(made, by=User.objects.system())
    return {"REF": ref, "COMMENT": str(FIRST_COMMENT + 10 * number), **files}


def talk_about(made: Postmortem, people: Mapping[str, User], number: int) -> None:
    """Its named reviewer, a comment of the writer's that is answered, and news of it for everybody."""
    made.reviewers.create(user=people["named reviewer"], named_by=people["writer"])
    said = ReviewComment.objects.create(
        pk=FIRST_COMMENT + 10 * number,
        postmortem=made,
        author=people["writer"],
        revision=made.revision,
        text="A secret word",
    )
    reviews.reply(said, "A secret answer", by=people["guest"])
    with outbox.writing():
        before = {"reviewers": []}
        authoring.save_envelope(made, by=people["writer"], action="name-reviewers", before=before)
        told = {user.pk for user in people.values()}
        notifications.notify("commented", made, to=told, by=people["guest"], comment=said.pk)


def make_another(author: User) -> None:
    """A postmortem of another team with a comment, which no address about the others reaches."""
    other = makers.make_postmortem(
        makers.make_document("Elsewhere", terms=PUBLISHABLE),
        ref=ANOTHER_REF,
        team=makers.make_team("payments"),
        authors=(author,),
    )
    ReviewComment.objects.create(
        pk=COMMENT_OF_ANOTHER, postmortem=other, author=author, revision=1, text="Elsewhere"
    )


def make_owned(people: Mapping[str, User]) -> dict[tuple[str, object], dict[str, str]]:
    """An upload, saved searches and suggestions; and the names that nothing has."""
    writer, team = people["writer"], makers.make_team("platform")
    upload = "0wnf" * 5
    makers.keep_file(writer, upload)
    names: dict[tuple[str, object], dict[str, str]] = {
        ("upload", "of the writer"): {"FILE": upload},
        ("upload", ABSENT): {"FILE": "0wng" * 5},
        ("import", "of the writer"): {"REF": "1mpt0001"},
        ("import", ABSENT): {"REF": "1mpt9999"},
        ("saved search", ABSENT): {"REF": "savd9999"},
        **{
            (about, ABSENT): {"REF": "r1st9999", "INSIDE": "r1st9998"}
            for about in ("reading list", "reading list of a team")
        },
        ("suggestion", ABSENT): {"REF": "71000009"},
        ("postmortem", ABSENT): {
            "REF": ABSENT_REF,
            "FILE": f"f0{ABSENT_REF * 3}"[:20],
            "FORMER": f"f1{ABSENT_REF * 3}"[:20],
            "COMMENT": str(FIRST_COMMENT + 999),
        },
    }
    Import.objects.create(
        ref="1mpt0001", by=writer, team=team, digest="d" * 64, finished_at=timezone.now()
    )
    shared = {"private": ("private", None), "of the team": ("team", team)}
    for kind, ref in SAVED.items():
        how, owner_team = shared.get(kind, ("site", None))
        SavedSearch.objects.create(
            ref=ref, owner=writer, name=kind, query="q=secret", shared=how, team=owner_team
        )
        names["saved search", kind] = {"REF": ref}
    names |= make_reading_lists(writer, team)
    for number, who in enumerate(("writer", "outsider")):
        made = TermSuggestion.objects.create(
            pk=71_000_000 + number,
            vocabulary=Vocabulary.objects.get(slug="cause"),
            names={"en": f"Secret of {who}"},
            suggested_by=people[who],
        )
        names["suggestion", f"of the {who}"] = {"REF": str(made.pk)}
    return names


def make_reading_lists(owner: User, team: Team) -> dict[tuple[str, object], dict[str, str]]:
    """One for each kind of sharing, with a postmortem in it that everybody reads."""
    names: dict[tuple[str, object], dict[str, str]] = {}
    how = {"of the team": "team", "of the site": "site"}
    inside = Postmortem.objects.live().get(status="published", visibility="public", team=team)
    for kind, ref in LISTS.items():
        shared = how.get(kind, kind)
        made = ReadingList.objects.create(
            ref=ref,
            owner=owner,
            name=kind,
            shared=shared,
            team=team if shared == "team" else None,
        )
        made.entries.create(postmortem=inside, position=1)
        about = "reading list of a team" if shared == "team" else "reading list"
        names[about, kind] = {"REF": ref, "INSIDE": inside.ref}
    return names


def make_accounts_things(
    people: Mapping[str, User], clients: Mapping[str, Client]
) -> dict[tuple[str, object], dict[str, str]]:
    """Teams, invitations, a second session of the writer's, links that stop mail; and the absent ones."""
    invited = {
        "into platform": ("nvtt0001", makers.make_team("platform")),
        "into another team": ("nvtt0002", makers.make_team("payments")),
        "into the site": ("nvtt0003", None),
    }
    for ref, team in invited.values():
        Invitation.objects.create(
            ref=ref,
            email=f"{ref}@example.org",
            team=team,
            digest=digest_of(ref),
            invited_by=people["administrator"],
            expires_at=timezone.now() + timedelta(days=7),
        )
    ApiToken.objects.create(
        pk=71_000_050, user=people["writer"], name="Tool", prefix="hs_tool", digest="d" * 64
    )
    term = Term.objects.get(vocabulary__slug="cause", path="time")
    Following.objects.create(pk=71_000_060, user=people["writer"], term=term)
    client_of(people["writer"])
    used = clients["writer"].cookies[settings.SESSION_COOKIE_NAME].value
    other = Session.objects.filter(user=people["writer"]).exclude(session_key=used)
    other.update(ref="sssn0001")
    return {
        **{("invitation", kind): {"REF": ref} for kind, (ref, _team) in invited.items()},
        ("invitation", ABSENT): {"REF": "nvtt9999"},
        ("session", "of the writer"): {"REF": "sssn0001"},
        ("session", ABSENT): {"REF": "sssn9999"},
        ("token", "of the writer"): {"REF": "71000050"},
        ("token", ABSENT): {"REF": "71000059"},
        ("following", "of the writer"): {"REF": "71000060"},
        ("following", ABSENT): {"REF": "71000069"},
        ("team", "platform"): {"REF": "platform"},
        ("team", ABSENT): {"REF": "platf0rm"},
        ("membership", "in platform"): {"REF": "platform"},
        ("membership", ABSENT): {"REF": "platf0rm"},
    }
