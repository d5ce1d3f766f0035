"""Atom feeds of searches: what RFC 4287 asks for, who sees what, and keys that leave no trace."""

import logging
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from postmortems import authoring, feed_secrets
from postmortems.document import Translation
from postmortems.models import FeedSecret, Postmortem, User
from tests.makers import make_document, make_postmortem

PUBLIC = "/feeds/search.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def private(user, name="Reader") -> str:
    """The address of a private feed of the user."""
    return f"/feeds/{feed_secrets.create(name, by=user)[1]}/search.atom"


def entries(response) -> list[ElementTree.Element]:
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def titles(response) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(response)]


def text(element, name) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


@pytest.fixture
def walrus(db) -> Postmortem:
    return make_postmortem(
        make_document(
            "Walrus <b>& co</b>",
            summary="The *walrus* went & died, 1 < 2.",
            terms=("cause.primary:network/dns", "severity:sev2", "kind:outage"),
        )
    )


def test_a_feed_has_what_atom_requires(browse, walrus):
    response = browse().get(f"{PUBLIC}?q=walrus&cause=network/dns")

    feed = ElementTree.fromstring(response.content)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert response["Content-Type"].startswith("application/atom+xml")
    assert (feed.tag, feed.get(LANGUAGE)) == (f"{ATOM}feed", "en")
    assert text(feed, "title") == "Hindsight: walrus · Root cause: DNS"
    assert text(feed, "id").startswith("urn:uuid:")
    assert datetime.fromisoformat(text(feed, "updated")).tzinfo
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Hindsight"
    assert links == {
        "alternate": "http://testserver/?q=walrus&cause=network/dns",
        "self": "http://testserver/feeds/search.atom?q=walrus&cause=network/dns",
    }


def test_an_entry_has_what_atom_requires(browse, walrus):
    (entry,) = entries(browse().get(PUBLIC))

    walrus.refresh_from_db()
    assert entry.get(LANGUAGE) == "en"
    assert text(entry, "title") == "Walrus <b>& co</b>"
    assert text(entry, "id").startswith("urn:uuid:")
    assert datetime.fromisoformat(text(entry, "updated")) == walrus.updated_at
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{walrus.get_absolute_url()}"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Platform"
    assert [item.get("term") for item in entry.findall(f"{ATOM}category")] == [
        "severity:sev2",
        "cause:network/dns",
    ]


def test_the_summary_is_html_in_which_nothing_runs(browse, walrus):
    (entry,) = entries(browse().get(PUBLIC))

    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert summary.text == (
        '<p lang="en">SEV2 · DNS</p>'
        '<div lang="en"><p>The <em>walrus</em> went &amp; died, 1 &lt; 2.</p></div>'
    )


def test_script_and_great_length_stay_behind(browse, db):
    make_postmortem(make_document("Bad", summary="<script>alert(1)</script> *x*"))
    make_postmortem(make_document("Long", summary="word & *more* " * 2_000 + "end"))

    long, bad = (text(entry, "summary") for entry in entries(browse().get(PUBLIC)))

    assert "<script" not in bad
    assert len(long) < 6_000
    assert "word &amp; more" in long


def test_an_entry_speaks_the_readers_language_where_it_can(browse, db):
    chinese = Translation("海象", "海象死了")
    make_postmortem(make_document("Walrus", summary="Died.", translations={"zh-hans": chinese}))
    make_postmortem(make_document("Seal", summary="Lives."))

    response = browse().get(f"{PUBLIC}?sort=started", headers={"Accept-Language": "zh-CN"})

    seal, walrus = entries(response)
    assert [item.get(LANGUAGE) for item in (seal, walrus)] == ["en", "zh-Hans"]
    assert (text(seal, "title"), text(walrus, "title")) == ("Seal", "海象")
    assert '<div lang="zh-Hans"><p>海象死了</p>' in text(walrus, "summary")
    assert '<div lang="en"><p>Lives.</p>' in text(seal, "summary")


def test_what_xml_cannot_hold_is_left_out_of_the_title(browse, walrus):
    response = browse().get(PUBLIC, {"q": "walrus \x07\x1b\ufffe"})

    assert titles(response) == ["Walrus <b>& co</b>"]


def test_the_last_changed_comes_first_whatever_order_is_asked(browse, system):
    for name in ("One", "Two", "Three"):
        make_postmortem(make_document(name))
    one = Postmortem.objects.get(title="One")
    changed = make_document("One changed", terms=("kind:stub",))
    authoring.edit(one, changed, by=system, revision=1)

    assert titles(browse().get(f"{PUBLIC}?sort=severity"))[0] == "One changed"


def test_the_address_of_the_site_stands_in_links_where_it_is_set(browse, walrus, settings):
    settings.BASE_URL = "https://hindsight.example"

    feed = ElementTree.fromstring(browse().get(PUBLIC).content)

    found = [link.get("href") for link in feed.iter(f"{ATOM}link")]
    assert all(address.startswith("https://hindsight.example/") for address in found)


def test_ids_stay_when_the_site_moves(browse, walrus, settings):
    (before,) = entries(browse().get(PUBLIC))
    settings.BASE_URL = "https://elsewhere.example"
    (after,) = entries(browse().get(PUBLIC))

    assert text(before, "id") == text(after, "id")


def test_a_feed_that_has_not_changed_is_not_sent_again(browse, walrus, system):
    client = browse()
    first = client.get(PUBLIC)
    by_tag = {"If-None-Match": first["ETag"]}

    assert client.get(PUBLIC).content == first.content
    assert client.get(PUBLIC, headers=by_tag).status_code == 304
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get(PUBLIC, headers=since).status_code == 304
    authoring.change_envelope(walrus, by=system, visibility="internal")
    assert client.get(PUBLIC, headers=by_tag).status_code == 200


def test_an_empty_feed_is_a_feed_and_the_same_each_time(browse, db):
    first, second = (browse().get(f"{PUBLIC}?q=nothing") for _number in range(2))

    assert entries(first) == []
    assert first["ETag"] == second["ETag"]


def test_the_public_feed_is_the_visitors_whoever_asks(browse, alice, platform):
    make_postmortem(make_document("Open"))
    make_postmortem(make_document("Ours"), team=platform, visibility="team")

    assert titles(browse(alice).get(PUBLIC)) == ["Open"]


def test_a_private_feed_is_what_the_keys_owner_sees(browse, alice, bob, charlie, dana, platform):
    make_postmortem(make_document("Open"))
    make_postmortem(make_document("Ours"), team=platform, visibility="team")
    make_postmortem(make_document("Hers"), visibility="restricted", authors=(alice,))

    seen = {user.username: set(titles(browse().get(private(user)))) for user in (alice, bob)}

    assert seen == {"alice": {"Open", "Ours", "Hers"}, "bob": {"Open", "Ours"}}
    assert set(titles(browse().get(private(charlie)))) == {"Open"}
    # Who is signed in makes no difference: the key decides.
    assert set(titles(browse(dana).get(private(bob)))) == {"Open", "Ours"}


def test_a_hidden_postmortem_changes_no_byte(browse, charlie, alice, platform):
    make_postmortem(make_document("Open", summary="One"))
    addresses = [PUBLIC, private(charlie), f"{PUBLIC}?q=open"]
    before = [browse().get(address).content for address in addresses]

    make_postmortem(make_document("Open too"), visibility="restricted", authors=(alice,))

    assert [browse().get(address).content for address in addresses] == before


def test_rights_taken_away_show_in_the_next_answer(browse, alice, platform):
    make_postmortem(make_document("Ours"), team=platform, visibility="team")
    address = private(alice)
    assert titles(browse().get(address)) == ["Ours"]

    alice.memberships.all().delete()

    assert titles(browse().get(address)) == []


@pytest.mark.parametrize("end", ["revoked", "deactivated", "mistyped", "empty"])
def test_a_key_that_ended_answers_like_one_that_never_was(browse, alice, end):
    address = private(alice)
    if end == "revoked":
        feed_secrets.revoke(FeedSecret.objects.get(), by=alice)
    elif end == "deactivated":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    wrong = {"mistyped": address.replace("hsf_", "hsf_x"), "empty": "/feeds//search.atom"}

    assert browse().get(wrong.get(end, address)).status_code == 404


def test_no_log_and_no_page_holds_the_key(browse, alice, caplog, walrus):
    caplog.set_level(logging.DEBUG)
    address = private(alice)
    secret = address.split("/")[2]
    client = browse()

    answers = [client.get(address), client.head(address), client.put(address)]
    feed_secrets.revoke(FeedSecret.objects.get(), by=alice)
    answers.append(client.get(address))

    assert [answer.status_code for answer in answers] == [200, 200, 405, 404]
    assert secret[:10] in caplog.text
    assert secret not in caplog.text
    assert all(secret not in answer.text for answer in answers)


def test_a_private_feed_travels_no_further(browse, alice, walrus):
    response = browse().get(private(alice))

    assert response["Referrer-Policy"] == "no-referrer"
    assert "private" in response["Cache-Control"]
    rels = [link.get("rel") for link in ElementTree.fromstring(response.content)]
    assert "self" not in rels


def test_the_use_of_a_key_is_noted_at_most_once_a_minute(browse, alice):
    address = private(alice)
    browse().get(address)
    first = FeedSecret.objects.get().last_used_at
    browse().get(address)
    assert first is not None
    assert FeedSecret.objects.get().last_used_at == first

    FeedSecret.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    browse().get(address)

    assert FeedSecret.objects.get().last_used_at >= first


def test_a_feed_asks_the_same_for_one_and_for_three(browse, walrus, django_assert_num_queries):
    for _number in range(2):
        browse().get(PUBLIC)
        with django_assert_num_queries(5):
            browse().get(PUBLIC)
        make_postmortem(make_document("Another", summary="More"))
        make_postmortem(make_document("And another", summary="And more"))


def test_odd_queries_are_feeds_too(browse, walrus):
    for query in ("q=%00%ff", "sort=moon", "page=x", "cause=-", "q=%22%28", "year=..", "q=a" * 400):
        assert browse().get(f"{PUBLIC}?{query}").status_code == 200
