"""Archiving, copying, and the menu of the read page that leads there."""

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from postmortems import shelving
from postmortems.models import Membership, Postmortem
from tests.makers import make_document, make_postmortem, make_team, make_user


@pytest.fixture
def walrus(platform, alice):
    """A public postmortem of alice."""
    return make_postmortem(make_document("Walrus outage"), team=platform, authors=(alice,))


def page_of(name, postmortem) -> str:
    return reverse(name, kwargs={"ref": postmortem.ref})


def test_archiving_asks_first_and_bringing_back_too(browse, walrus, alice):
    client, address = browse(alice), page_of("postmortem-archive", walrus)

    assert "Archive “Walrus outage”?" in client.get(address).text
    assertRedirects(client.post(address, {"act": "archive"}), walrus.get_absolute_url())
    assert Postmortem.objects.get().status == "archived"

    assert "back from the archive?" in client.get(address).text
    assertRedirects(client.post(address, {"act": "unarchive"}), walrus.get_absolute_url())
    assert Postmortem.objects.get().status == "published"


def test_a_form_sent_twice_does_not_undo_itself(browse, walrus, alice):
    client, address = browse(alice), page_of("postmortem-archive", walrus)

    for _ in range(2):
        client.post(address, {"act": "archive"})

    assert Postmortem.objects.get().status == "archived"


@pytest.mark.parametrize("sent", [{}, {"act": "publish"}])
def test_a_form_that_names_no_act_changes_nothing(browse, walrus, alice, sent):
    response = browse(alice).post(page_of("postmortem-archive", walrus), sent)

    assert response.status_code == 409
    assert Postmortem.objects.get().status == "published"


@pytest.mark.parametrize("act", ["archive", "unarchive"])
def test_a_draft_is_not_archived(browse, platform, alice, act):
    draft = make_postmortem(status="draft", team=platform, authors=(alice,))
    client, address = browse(alice), page_of("postmortem-archive", draft)

    page = client.get(address).text
    response = client.post(address, {"act": act})

    assert "is not published yet" in page
    assert 'name="act"' not in page
    assert (response.status_code, Postmortem.objects.get().status) == (409, "draft")


def test_a_status_that_changed_meanwhile_shows_the_page_again(browse, walrus, alice):
    def meanwhile(execute, sql, *rest):
        """Somebody takes it back to a draft once the page has looked and before the verb does."""
        if sql.startswith("SAVEPOINT"):
            Postmortem.objects.filter(status="published").update(status="draft")
        return execute(sql, *rest)

    client = browse(alice)
    with connection.execute_wrapper(meanwhile):
        response = client.post(page_of("postmortem-archive", walrus), {"act": "archive"})

    assert response.status_code == 409
    assert "Only what was published can be archived" in response.text
    assert "is not published yet" in response.text


def test_a_copy_is_asked_for_with_ones_teams_and_made(browse, walrus, alice, payments):
    Membership.objects.create(user=alice, team=payments, role="author")
    client, address = browse(alice), page_of("postmortem-duplicate", walrus)

    page = client.get(address).text
    response = client.post(address, {"team": "payments"})

    assert '<option value="platform" selected>' in page
    made = Postmortem.objects.exclude(pk=walrus.pk).get()
    assertRedirects(response, made.get_absolute_url())
    assert (made.title, made.team) == ("Copy of Walrus outage", payments)


@pytest.mark.parametrize("team", ["", "platform", "moon"])
def test_a_team_that_is_not_offered_makes_no_copy(browse, walrus, charlie, team):
    response = browse(charlie).post(page_of("postmortem-duplicate", walrus), {"team": team})

    assert response.status_code == 200
    assert Postmortem.objects.get() == walrus


def test_who_writes_nowhere_is_told_so(browse, walrus, platform):
    reader = make_user("rita", team=platform, role="reader")

    assert browse(reader).get(page_of("postmortem-duplicate", walrus)).status_code == 403


@pytest.mark.parametrize("name", ["postmortem-duplicate", "postmortem-archive", "postmortem-bin"])
def test_charlie_gets_404_for_what_is_hidden(browse, platform, charlie, name):
    hidden = make_postmortem(team=platform, visibility="team")

    assert browse(charlie).get(page_of(name, hidden)).status_code == 404
    assert browse(charlie).post(page_of(name, hidden)).status_code == 404


ENTRIES = ("print", "markdown", "duplicate", "archive", "bin")


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        (None, ("print", "markdown")),
        ("rita", ("print", "markdown")),
        ("charlie", ("print", "markdown", "duplicate")),
        ("alice", ENTRIES),
        ("dana", ENTRIES),
    ],
)
def test_the_menu_offers_what_the_reader_may(browse, walrus, request, platform, name, offered):
    if name == "rita":
        viewer = make_user("rita", team=platform, role="reader")
    else:
        viewer = request.getfixturevalue(name) if name else None

    page = browse(viewer).get(walrus.get_absolute_url()).text

    there = [entry for entry in ENTRIES if page_of(f"postmortem-{entry}", walrus) in page]
    assert there == list(offered)
    for entry in offered:
        address = page_of(f"postmortem-{entry}", walrus)
        assert browse(viewer).get(address).status_code == 200


def test_the_menu_names_the_way_back_for_an_archived_one_and_none_for_a_draft(
    browse, walrus, platform, alice
):
    draft = make_postmortem(status="draft", team=platform, authors=(alice,))
    shelving.archive(walrus, by=alice)

    assert "Bring back from the archive" in browse(alice).get(walrus.get_absolute_url()).text
    page = browse(alice).get(draft.get_absolute_url()).text
    assert page_of("postmortem-archive", draft) not in page


def test_an_administrator_may_choose_every_team(browse, walrus, dana):
    make_team("payments")

    page = browse(dana).get(page_of("postmortem-duplicate", walrus)).text

    assert page.count("<option") == 2
