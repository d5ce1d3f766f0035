"""What is said in a review stays in it: no other page, file, feed, answer or stored text holds a word of it."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from postmortems import content, duplicating, feed_secrets, reviews
from postmortems.models import (
    Approval,
    AuditEntry,
    Postmortem,
    RenderedText,
    ReviewComment,
    Revision,
    User,
)
from postmortems.search import sync
from tests.makers import make_document, make_postmortem, make_user

MARKER = "Zanzibar"
# It is another one in every answer.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")


def talk(postmortem: Postmortem, alice, bob) -> None:
    """Everything that can be said in a review, with the marker in it."""
    first = reviews.comment(postmortem, f"{MARKER} one", by=bob, anchor="impact")
    reviews.reply(first, f"{MARKER} two", by=alice)
    reviews.settle(reviews.comment(postmortem, f"{MARKER} three", by=bob), by=bob)
    if postmortem.status == "in_review":
        reviews.request_changes(postmortem, 1, by=bob, comment=f"{MARKER} four")
        reviews.ask(postmortem, by=alice)


def make(platform, alice, status: str = "published", **fields) -> Postmortem:
    """A postmortem of alice."""
    document = make_document("Walrus", PUBLISHABLE, sections={"impact": "Much."})
    return make_postmortem(document, team=platform, authors=(alice,), status=status, **fields)


@pytest.fixture
def published(platform, alice, bob) -> Postmortem:
    """A public one, talked about while it was in review."""
    made = make(platform, alice, "draft", ref="pbshed01")
    talk(reviews.ask(made, by=alice, reviewers=[bob]), alice, bob)
    return reviews.publish(made, by=User.objects.system())


ADDRESSES = (
    "/",
    "/?q=zanzibar",
    "/?q=walrus",
    "/p/{ref}/{slug}/",
    "/p/{ref}/print/",
    "/p/{ref}/export.md",
    "/p/{ref}/similar/",
    "/p/{ref}/history/",
    "/p/{ref}/history/1/",
    "/export/?q=walrus&format=csv",
    "/export/?q=walrus&format=json",
    "/export/?q=walrus&format=md",
    "/feeds/search.atom?q=walrus",
    "/api/v1/search/?q=zanzibar",
    "/api/v1/search/?q=walrus",
    "/api/v1/postmortems/?facets=1",
    "/api/v1/suggest/?q=zanz&at=4",
    "/taxonomy/cause/network/dns/",
    "/reviews/?tab=all",
    "/audit/",
)


def text_of(answer) -> str:
    """The body of an answer, streamed or not."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return TOKEN.sub("", body.decode(errors="replace"))


@pytest.mark.parametrize("name", [None, "alice", "charlie", "dana"])
def test_no_other_page_holds_a_word_of_it(browse, published, request, charlie, dana, name):
    sync.catch_up()
    viewer = request.getfixturevalue(name) if name else None

    paths = [address.format(ref=published.ref, slug=published.slug) for address in ADDRESSES]
    answers = {path: browse(viewer).get(path) for path in paths}

    assert [path for path, answer in answers.items() if MARKER in text_of(answer)] == []


@pytest.mark.parametrize("name", ["alice", "bob", "dana"])
def test_who_takes_part_still_finds_it_in_the_review(browse, published, request, dana, name):
    page = browse(request.getfixturevalue(name)).get(f"/p/{published.ref}/review/").text

    assert [f"{MARKER} {word}" in page for word in ("one", "two", "three", "four")] == [True] * 4


@pytest.mark.parametrize("name", ["charlie", "rita"])
def test_everybody_else_is_told_that_there_is_nothing(browse, published, charlie, platform, name):
    viewer = charlie if name == "charlie" else make_user("rita", team=platform, role="reader")

    answer = browse(viewer).get(f"/p/{published.ref}/review/")
    absent = browse(viewer).get("/p/pbshed02/review/")

    assert answer.status_code == absent.status_code == 404
    assert text_of(answer) == text_of(absent).replace("pbshed02", "pbshed01")


def test_no_stored_text_but_the_review_holds_it(published, alice):
    copy = duplicating.duplicate(published, by=alice)

    stored = [
        *Postmortem.objects.values(),
        *Revision.objects.values(),
        *RenderedText.objects.values(),
        *AuditEntry.objects.values(),
        content.read(published),
        content.read(copy),
    ]

    assert MARKER in str(list(ReviewComment.objects.values()))
    assert MARKER in str(list(Approval.objects.values()))
    assert MARKER not in str(stored)


def test_the_index_finds_no_word_of_it(browse, published, alice):
    sync.catch_up()

    assert browse(alice).get("/api/v1/search/?q=walrus").json()["count"] == 1
    assert browse(alice).get("/api/v1/search/?q=zanzibar").json()["count"] == 0


def test_a_feed_with_a_key_holds_no_word_of_it(browse, published, alice):
    sync.catch_up()
    _kept, secret = feed_secrets.create("Mine", by=alice)

    feed = text_of(browse().get(reverse("feed-private", args=[secret]) + "?q=walrus"))

    assert "Walrus" in feed
    assert MARKER not in feed


def test_a_copy_of_the_site_holds_no_word_of_it(published, tmp_path, settings):
    sync.catch_up()
    call_command("export_site", str(tmp_path / "copy"), verbosity=0)
    files = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]

    assert any(b"Walrus" in path.read_bytes() for path in files)
    assert all(MARKER.encode() not in path.read_bytes() for path in files)


def test_a_backup_takes_the_tables_of_it_with_the_others(published):
    names = {"review", "reviewer", "approval", "reviewcomment", "reviewrule"}

    # What `tables.dump` copies on PostgreSQL; on SQLite it copies the whole file.
    assert {f"postmortems_{name}" for name in names} <= set(connection.introspection.table_names())


# --- Twin worlds --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "charlie", "rita"])
def test_a_world_with_reviews_answers_outsiders_like_one_without(
    browse, platform, alice, bob, charlie, name
):
    reader = make_user("rita", team=platform, role="reader")
    viewer = {"charlie": charlie, "rita": reader, None: None}[name]
    public = make(platform, alice, ref="pbcpage1", slug="walrus")
    team = make(platform, alice, "in_review", ref="teampage", slug="otter", visibility="team")
    hidden = make(platform, alice, "in_review", ref="hddnpage", slug="s", visibility="restricted")
    addresses = [
        f"/p/{made.ref}/{rest}"
        for made in (public, team, hidden)
        for rest in (f"{made.slug}/", "review/", "review/ask/", "history/", "print/", "export.md")
    ]
    addresses += ["/reviews/", "/reviews/?tab=all", "/reviews/?tab=mine", "/?q=walrus"]
    sync.catch_up()
    before = [(answer.status_code, text_of(answer)) for answer in asked(browse, viewer, addresses)]

    talk(public, alice, bob)
    talk(team, alice, bob)
    reviews.name_reviewers(hidden, by=alice, reviewers=[bob])
    reviews.comment(hidden, MARKER, by=bob)
    sync.catch_up()

    after = [(answer.status_code, text_of(answer)) for answer in asked(browse, viewer, addresses)]
    assert [pair for pair in zip(addresses, before, after, strict=True) if pair[1] != pair[2]] == []


def asked(browse, viewer, addresses):
    """What the addresses answer, with one client and its one form token."""
    client = browse(viewer)
    return [client.get(address) for address in addresses]
