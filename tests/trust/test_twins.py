"""Two sites that are the same but for what is hidden answer every outsider alike, to the last byte.

All addresses of the table are asked, about what is seen and about what is hidden, then every link
that the answers hold. What differs from request to request is taken out by `asking.PER_REQUEST`; the
clock stands still, so that no page differs by when it was asked.
"""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urljoin

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from postmortems import authoring, content, drafts, feed_secrets, notifications, outbox
from postmortems import bin as bins
from postmortems.document import Relation
from postmortems.models import (
    ApiToken,
    Draft,
    FeedSecret,
    Following,
    Helped,
    Import,
    Membership,
    Notification,
    Postmortem,
    ReadingList,
    SavedSearch,
    Session,
    StoredFile,
    Team,
    TermSuggestion,
    User,
)
from postmortems.notifications import sending
from postmortems.notifications.preferences import stop_key
from postmortems.search import sync
from taxonomy.models import Term, Vocabulary
from tests import makers
from tests.search.mixed import mixed_collection
from tests.search.test_twin_worlds import ASKED, CANARIES, make_hidden
from tests.soak import IS_FULL
from tests.trust.asking import Answer, answer
from tests.trust.hiding import (
    FIRST_COMMENT,
    PERSON,
    REFS,
    follow,
    hide_people,
    hide_review,
)
from tests.trust.rules import Page
from tests.trust.table import PAGES
from tests.trust.world import client_of, token_client

pytestmark = pytest.mark.django_db

NOW = timezone.now()
VISIBLE, HIDDEN = 10, 12
LINK = re.compile(rb'(?:href|src|action|hx-get|data-[a-z-]*url|"url": ?)="?(/[^"#\s]*)')
FOLLOWED = 2_000 if IS_FULL else 30
QUERIED = ("search", "api:search", "api:postmortems", "feed-search", "export")
OUTSIDERS = ("visitor", "charlie", "carol", "lead", "charlie's token")
CANARY = "canary"
# A list that everybody reads, with hidden ones among those that are seen.
LIST = "f0ra1100"
OF_LIST = (
    *(f"/lists/{LIST}/", f"/lists/{LIST}/?print", "/lists/?tab=shared"),
    *(
        f"/api/v1/reading-lists/{LIST}/{part}"
        for part in ("", "items/", "items/?page_size=2", "order/")
    ),
)


@dataclass(frozen=True)
class Twin:
    """What outsiders see, who they are, and what the addresses of hidden things are made of."""

    visible: list[Postmortem]
    clients: dict[str, Client]
    hidden: tuple[dict[str, str], ...]
    secret: str
    told: str
    stops: str


@pytest.fixture
def twin(platform, payments, alice, charlie, settings) -> Twin:
    """A site with both; `forget_what_is_hidden` makes the other one of it."""
    settings.EMAIL_HOST = "mail.example"
    dice = random.Random(3)
    team, author = makers.make_team(CANARY), makers.make_user("canary-author")
    visible = []
    for number in range(max(VISIBLE, HIDDEN)):
        if number < VISIBLE:
            visible += mixed_collection(dice, 1, (platform, payments), (alice, charlie))
        make_hidden(dice, visible, team, author)
    hidden = list(Postmortem.objects.filter(team=team).order_by("pk"))
    tie(visible, hidden)
    hide_what_is_ones_own(author, team, visible, hidden)
    makers.load_shipped_templates()
    people = {
        "charlie": charlie,
        "carol": makers.make_user("carol", is_curator=True, email="carol@example.org"),
        "lead": makers.make_user("lead", team=platform, role="lead", email="lead@example.org"),
    }
    User.objects.filter(pk=charlie.pk).update(email="charlie@example.org")
    names = tuple(hide(number, item, author) for number, item in enumerate(hidden[:2]))
    hide_people(team, author)
    for number, item in enumerate(hidden):
        hide_review(number, item, author, people.values())
    tell(visible[:3], people.values(), author)
    follow(author, people.values())
    clients = {name: client_of(user) for name, user in people.items()}
    clients |= {"visitor": client_of(None), "charlie's token": token_client(charlie, "write")}
    _key, secret = feed_secrets.create("reader", by=charlie)
    open_ones = [item for item in visible if item.visibility == "public"]
    published = [item for item in open_ones if item.status == "published"]
    hidden_news = Notification.objects.filter(user=charlie, postmortem__team=team).order_by("pk")
    return Twin(published, clients, names, secret, str(hidden_news[0].pk), stop_key(charlie))


def hide(number: int, item: Postmortem, author: User) -> dict[str, str]:
    """Give a hidden one a file; its names."""
    file_id = f"cnry{number}" * 4
    makers.keep_file(author, file_id, item)
    item.attachments = [{"id": file_id, "name": "canarium.png"}]
    item.save()
    names = {"REF": item.ref, "FILE": file_id, "FORMER": file_id, "slug": item.slug}
    return names | {"COMMENT": str(FIRST_COMMENT + 10 * number)}


def tell(visible: list[Postmortem], people: Iterable[User], by: User) -> None:
    """Everybody has news of what is seen, too, so that there are mails and pages to compare."""
    for item in visible:
        with outbox.writing():
            notifications.notify("published", item, to=[user.pk for user in people], by=by)
            outbox.log_changes([item.pk])


def tie(visible: list[Postmortem], hidden: list[Postmortem]) -> None:
    """What is seen names what is hidden, too: by a relation, and in its words."""
    for seen, other in zip(visible, hidden, strict=False):
        document = content.read(seen)
        relations = (*document.relations, Relation("follow-up", other.ref, "see there"))
        text = f"As in {other.ref}, see /p/{other.ref}/ and (/p/{other.ref}/)"
        changed = replace(document, relations=relations, summary=text)
        authoring.edit(seen, changed, by=User.objects.system(), revision=seen.revision)
        seen.refresh_from_db()


def hide_what_is_ones_own(
    author: User, team: Team, visible: list[Postmortem], hidden: list[Postmortem]
) -> None:
    """Drafts, searches, feeds, suggestions, something in the bin: all of somebody else."""
    Membership.objects.create(user=author, team=team, role="lead")
    drafts.keep("canary-draft", {"title": CANARIES[0]}, by=author)
    for number, shared in enumerate(("private", "team")):
        SavedSearch.objects.create(
            ref=f"cnrysvd{number}",
            owner=author,
            name=CANARIES[number],
            query=f"q={CANARIES[0]}",
            shared=shared,
            team=team if shared == "team" else None,
        )
    hide_lists(author, team, visible, hidden)
    feed_secrets.create(CANARIES[0], by=author)
    TermSuggestion.objects.create(
        vocabulary=Vocabulary.objects.get(slug="cause"),
        names={"en": CANARIES[0]},
        suggested_by=author,
        outcome="declined",
        decided_by=author,
        decided_at=NOW,
    )
    bins.throw_away(hidden[-1], by=User.objects.system())


def hide_lists(
    author: User, team: Team, visible: list[Postmortem], hidden: list[Postmortem]
) -> None:
    """Reading lists of somebody else, and hidden entries with marks in lists that everybody reads."""
    for number, shared in enumerate(("private", "team")):
        made = ReadingList.objects.create(
            ref=f"cnryr1s{number}",
            owner=author,
            name=CANARIES[number],
            shared=shared,
            team=team if shared == "team" else None,
        )
        made.entries.create(postmortem=hidden[0], position=1, why=CANARIES[0])
    entries = [item for pair in zip(hidden, visible, strict=False) for item in pair]
    everybodys = ReadingList.objects.create(
        ref=LIST, owner=User.objects.get(username="charlie"), name="For all", shared="public"
    )
    for place, item in enumerate(entries):
        everybodys.entries.create(postmortem=item, position=place, why=f"Why {item.title}")
    Helped.objects.create(postmortem=hidden[0], reader=author)


def forget_what_is_hidden(settings, folder: Path) -> None:
    """The same site as if nothing hidden had ever been, in an index that has never held it."""
    author = User.objects.get(username="canary-author")
    ones_own = {
        ReadingList: "owner",
        SavedSearch: "owner",
        Draft: "owner",
        FeedSecret: "user",
        ApiToken: "user",
        Following: "user",
    }
    for model, whose in (ones_own | {Import: "by"}).items():
        model.objects.filter(**{whose: author}).delete()
    StoredFile.objects.filter(owner=author).delete()
    Postmortem.objects.filter(team__slug=CANARY).delete()
    User.objects.filter(username=PERSON).delete()
    Session.objects.filter(user=author).delete()
    Team.objects.filter(slug=CANARY).delete()
    settings.SEARCH_INDEX_DIR = folder
    sync.forget()


# --- What is asked ------------------------------------------------------------------------------


def questions(twin: Twin, name: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every address of the table in each way it takes, about two that are seen and two hidden ones.

    Beside other tests about one of each: of the hidden ones the next outsider is asked about the other.
    """
    seen = [{"REF": item.ref, "slug": item.slug} for item in twin.visible[: 2 if IS_FULL else 1]]
    term = Term.objects.get(vocabulary__slug="component", path="helm")
    of_all = {"TERM": str(term.pk), "SECRET": twin.secret, "cause": "component", "slug": "slug"}
    of_all |= {"FILE": "z" * 20, "FORMER": "z" * 20, "COMMENT": str(FIRST_COMMENT), "guest": PERSON}
    of_all |= {"NOTIFICATION": twin.told, "STOPS": twin.stops, "STOPPED": "nothing"}
    for number, page in enumerate(PAGES, OUTSIDERS.index(name)):
        # Curators see what others suggest; that is nothing hidden.
        if page.about == "suggestion" or page.name in ("suggestions", "sign-out"):
            continue
        hidden = twin.hidden if IS_FULL else (twin.hidden[number % len(twin.hidden)],)
        about = {"": [{}], **REFS}.get(page.about, [*seen, *hidden])
        for names in about:
            for method in page.answers:
                yield method, *address(page, of_all | names)
    for name in QUERIED:
        for query in ASKED:
            yield "GET", reverse(name) + query, {}
    for path in OF_LIST:
        yield "GET", path, {}
    for text in ("", "can", "wal", "team:", "component:", "year:", "is:"):
        yield "GET", reverse("api:suggest") + f"?q={text}", {}


def address(page: Page, names: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The path and what is sent."""
    kwargs = {name: names.get(value, value) for name, value in page.kwargs.items()}
    body = {name: names.get(value, value) for name, value in page.body.items()}
    if "text" in body:
        body["text"] = "walrus canarium seal"
    return reverse(page.name, kwargs=kwargs) + page.query, body


def answers(twin: Twin, name: str) -> dict[tuple[str, str, str], Answer]:
    """What one outsider is told, first by the table's addresses, then by the links in the answers."""
    client, told = twin.clients[name], {}
    for method, path, body in questions(twin, name):
        told[method, path, str(body)] = answer(client, method, path, body, {})
    found = {link for item in told.values() for link in links_in(item)}
    fresh = sorted(found - {path for _method, path, _body in told})
    for path in random.Random(2).sample(fresh, min(FOLLOWED, len(fresh))):
        told["GET", path, ""] = answer(client, "GET", path, {}, {})
    return told


def links_in(item: Answer) -> Iterator[str]:
    """The addresses of this site that an answer names."""
    for found in LINK.findall(item.body):
        path = urljoin("/", found.decode(errors="replace").replace("&amp;", "&"))
        if not path.startswith(("/static/", "/sign-out/")):
            yield path


def still():
    """The clock stands still."""
    return patch("django.utils.timezone.now", return_value=NOW)


def differences(one: dict[tuple[str, str, str], Answer], other: dict) -> list[object]:
    """Each question that is answered differently, with the first thing that differs."""
    found = []
    for asked, told in one.items():
        if told != other[asked]:
            lines = (
                (item.status, *item.headers, *item.body.split(b"\n"))
                for item in (told, other[asked])
            )
            pairs = zip_longest(*lines)
            found.append((asked, next(pair for pair in pairs if pair[0] != pair[1])))
    return found


@pytest.mark.slow
@pytest.mark.timeout(3_600 if IS_FULL else 600)
@pytest.mark.parametrize("name", OUTSIDERS)
def test_every_answer_is_the_same_without_what_is_hidden(name, twin, settings, tmp_path):
    with still():
        with_hidden, sent = answers(twin, name), [str(item.message()) for item in mail.outbox]
        forget_what_is_hidden(settings, tmp_path)
        without = answers(twin, name)

    assert len(without) > 200
    assert with_hidden.keys() == without.keys()
    assert differences(with_hidden, without) == []
    assert CANARY not in "".join(sent)


def test_every_mail_is_the_same_without_what_is_hidden(twin, settings, tmp_path):
    with_hidden = mailed()

    forget_what_is_hidden(settings, tmp_path)
    without = mailed()

    assert {to for to, *_rest in without} == {
        f"{name}@example.org" for name in ("carol", "charlie", "lead")
    }
    assert with_hidden == without
    assert CANARY not in str(with_hidden)


def test_the_news_that_is_hidden_would_be_mailed_to_who_may_see_it(twin, charlie):
    before = mailed()

    User.objects.filter(pk=charlie.pk).update(is_administrator=True)

    assert {to for to, *_rest in set(mailed()) - set(before)} == {"charlie@example.org"}


def mailed() -> list[tuple[object, ...]]:
    """All mail that is due now, with its headers, both of its parts and nothing that is made by chance."""
    mail.outbox.clear()
    with still(), transaction.atomic():
        sending.send_due(NOW + timedelta(days=8))
        transaction.set_rollback(True)
    return sorted(
        (item.to[0], item.subject, item.body, str(item.alternatives), str(item.extra_headers))
        for item in mail.outbox
    )


@pytest.mark.slow
def test_the_static_copy_is_the_same_without_what_is_hidden(twin, settings, tmp_path, capsys):
    with_hidden = copied(tmp_path / "with")

    forget_what_is_hidden(settings, tmp_path / "index")
    without = copied(tmp_path / "without")

    assert with_hidden == without


def copied(folder: Path) -> dict[str, bytes]:
    """The files of a copy for charlie."""
    with still():
        call_command("export_site", str(folder), "--as", "charlie", verbosity=0)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_hidden_ones_would_show_if_they_could_be_seen(twin, alice, settings, tmp_path):
    alice.is_administrator = True
    alice.save()
    client = client_of(alice)
    twin.clients["alice"] = client
    path = reverse("search") + "?q=canarium"

    seen = answer(client, "GET", path, {}, {})
    forget_what_is_hidden(settings, tmp_path)

    assert answer(client, "GET", path, {}, {}) != seen
