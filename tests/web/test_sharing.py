"""Who reads a postmortem: changed by those who may edit, and true at once everywhere."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import authoring, sharing
from postmortems.models import User
from postmortems.sharing import Sharing
from tests import makers

CANARY = "zanzibar"


@pytest.fixture
def postmortem(alice, platform):
    document = makers.make_document(f"The {CANARY} outage")
    return makers.make_postmortem(document, team=platform, authors=(alice,), visibility="internal")


def wish(visibility="internal", team="platform", authors=("alice",), named=()):
    return Sharing(visibility, team, frozenset(authors), frozenset(named))


def send(client, postmortem, **fields):
    sent = {"visibility": "internal", "team": "platform", "author": ["alice"], "save": "1"}
    return client.post(f"/p/{postmortem.ref}/sharing/", {**sent, **fields})


def where_it_shows(client, postmortem):
    """The places that show it to this reader."""
    pages = {
        "page": client.get(postmortem.get_absolute_url()),
        "search": client.get(f"/?q={CANARY}"),
        "feed": client.get(f"/feeds/search.atom?q={CANARY}"),
        "api": client.get(f"/api/v1/search/?q={CANARY}"),
        "completion": client.get(f"/api/v1/suggest/?q={CANARY[:4]}&at=4"),
        "export": client.get(f"/export/?q={CANARY}&format=csv"),
    }
    title = f"The {CANARY} outage"
    return {
        name
        for name, page in pages.items()
        if page.status_code == 200 and title.encode() in b"".join(page)
    }


def test_what_somebody_sees_follows_at_once_both_ways(browse, alice, charlie, postmortem):
    author, stranger = browse(alice), browse(charlie)
    before = where_it_shows(stranger, postmortem)
    assert before >= {"page", "search", "api", "export"}

    send(author, postmortem, visibility="restricted")
    assert where_it_shows(stranger, postmortem) == set()
    send(author, postmortem, visibility="public")

    assert where_it_shows(stranger, postmortem) == before | {"feed"}


def test_a_named_person_reads_what_is_restricted_and_no_longer_when_unnamed(
    browse, dana, charlie, bob, postmortem
):
    administrator, named = browse(dana), browse(charlie)
    send(administrator, postmortem, visibility="restricted", named=["charlie"])
    assert "page" in where_it_shows(named, postmortem)
    assert where_it_shows(browse(bob), postmortem) == set()

    send(administrator, postmortem, visibility="restricted")

    assert where_it_shows(named, postmortem) == set()


def test_people_of_ones_teams_are_found_by_name_and_no_others(
    browse, alice, bob, charlie, postmortem
):
    client = browse(alice)

    found = send(client, postmortem, find="1", name="bo").text
    hidden = send(client, postmortem, find="1", name="charl").text

    assert 'name="named" value="bob"' in found
    assert 'value="charlie"' not in hidden


def test_looking_for_somebody_keeps_what_was_chosen_and_saves_nothing(
    browse, alice, bob, postmortem
):
    page = send(browse(alice), postmortem, visibility="restricted", find="1", name="bob").text

    postmortem.refresh_from_db()
    assert 'value="restricted" checked' in page
    assert postmortem.visibility == "internal"


def test_a_stranger_cannot_be_added_by_writing_their_name(alice, charlie, postmortem):
    with pytest.raises(ValidationError) as caught:
        sharing.change(postmortem, wish(named=("charlie",)), by=alice)

    assert list(caught.value.message_dict) == ["people"]


def test_who_stands_there_already_may_stay(alice, charlie, postmortem):
    postmortem.named_people.add(charlie)

    sharing.change(postmortem, wish("restricted", named=("charlie",)), by=alice)

    assert list(postmortem.named_people.all()) == [charlie]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"authors": ()}, "authors"),
        ({"visibility": "secret"}, "visibility"),
        ({"team": "nothing"}, "team"),
    ],
)
def test_what_cannot_be_is_refused(dana, postmortem, fields, field):
    with pytest.raises(ValidationError) as caught:
        sharing.change(postmortem, wish(**fields), by=dana)

    assert list(caught.value.message_dict) == [field]


def test_nobody_locks_themselves_out(platform, postmortem):
    carol = makers.make_user("carol", team=platform)

    with pytest.raises(ValidationError):
        sharing.change(postmortem, wish("restricted"), by=carol)


def test_an_author_stays_an_author_and_gives_it_to_no_foreign_team(
    alice, bob, payments, postmortem
):
    for wanted in (wish(authors=("bob",)), wish(team="payments")):
        with pytest.raises(PermissionDenied):
            sharing.change(postmortem, wanted, by=alice)


def test_an_older_page_gives_nothing_back_that_was_taken_away(browse, alice, bob, dana, postmortem):
    administrator = browse(dana)
    send(administrator, postmortem, visibility="restricted", named=["bob"])
    page = browse(alice).get(f"/p/{postmortem.ref}/sharing/")
    send(administrator, postmortem, visibility="restricted")

    older = {"version": page.context["version"], "visibility": "restricted", "named": ["bob"]}
    said = send(browse(alice), postmortem, **older)

    assert "It was changed meanwhile." in said.text
    assert 'name="named" value="bob"' not in said.text
    assert not postmortem.named_people.exists()


def test_looking_for_somebody_keeps_what_the_form_began_from(browse, alice, bob, dana, postmortem):
    client = browse(alice)
    began = client.get(f"/p/{postmortem.ref}/sharing/").context["version"]
    send(browse(dana), postmortem, visibility="public")

    page = send(client, postmortem, version=began, find="1", name="bob")

    assert page.context["version"] == began


@pytest.mark.parametrize("fields", [{"find": "1"}, {"visibility": "restricted"}])
def test_names_that_no_database_can_hold_are_nobodys(browse, alice, postmortem, fields):
    page = send(browse(alice), postmortem, author=["alice", "nul\0"], **fields)

    assert page.status_code == 200
    assert list(postmortem.authors.all()) == [alice]


def test_who_may_only_read_gets_403(browse, charlie, postmortem):
    assert send(browse(charlie), postmortem, visibility="public").status_code == 403


@pytest.mark.parametrize(
    ("status", "visibility", "words"),
    [
        ("published", "public", "Everybody can read it"),
        ("published", "team", "The team Platform can read it."),
        ("draft", "public", "Once published, everybody can"),
        ("draft", "restricted", "The people named here can read it"),
    ],
)
def test_the_page_says_who_reads_it_now(browse, alice, platform, status, visibility, words):
    made = makers.make_postmortem(
        team=platform, authors=(alice,), status=status, visibility=visibility
    )

    assert words in browse(alice).get(f"/p/{made.ref}/sharing/").text


def test_the_read_page_leads_there_for_those_who_may(browse, alice, charlie, postmortem):
    link = f"/p/{postmortem.ref}/sharing/"

    assert link in browse(alice).get(postmortem.get_absolute_url()).text
    assert link not in browse(charlie).get(postmortem.get_absolute_url()).text


def test_no_slug_takes_the_address(alice, postmortem):
    with pytest.raises(ValidationError):
        authoring.change_envelope(postmortem, by=alice, slug="sharing")
    assert User.objects.filter(pk=alice.pk).exists()
