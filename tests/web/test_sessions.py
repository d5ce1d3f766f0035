"""Sessions: listed, ended one by one or together, and over by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import accounts, feed_secrets, sessions
from postmortems.models import Session
from tests import makers

LIST = "/settings/sessions/"
END = "/settings/sessions/end/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(client, user, agent=FIREFOX):
    fields = {"username": user.username, "password": makers.PASSWORD}
    client.post("/sign-in/", fields, headers={"User-Agent": agent})
    return client


def is_in(client):
    return client.get(LIST).status_code == 200


def test_the_list_names_each_browser_and_shows_no_key(browse, alice):
    here = sign_in(browse(), alice)
    sign_in(browse(), alice, "curl/8.0")

    page = here.get(LIST).text

    assert "Firefox 140, Linux" in page
    assert "curl/8.0" in page
    assert page.count("This browser") == 1
    assert all(session.session_key not in page for session in Session.objects.all())


def test_this_browser_comes_first_in_the_list(browse, alice):
    first, _second = browse(alice), browse(alice)
    Session.objects.filter(session_key=first.session.session_key).update(
        last_seen_at=timezone.now() - timedelta(seconds=30)
    )

    shown = first.get("/settings/sessions/").context["sessions"]

    assert [session.session_key == first.session.session_key for session in shown] == [True, False]


def test_one_session_is_ended_and_the_others_go_on(browse, alice):
    here, there, elsewhere = (sign_in(browse(), alice) for _ in range(3))
    ref = Session.objects.get(session_key=there.session.session_key).ref

    here.post(END, {"session": ref})

    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, True)


def test_all_others_are_ended_at_once(browse, alice, charlie):
    here, there = sign_in(browse(), alice), sign_in(browse(), alice)
    stranger = sign_in(browse(), charlie)

    here.post(END, {"others": "1"})

    assert (is_in(here), is_in(there), is_in(stranger)) == (True, False, True)


def test_another_persons_session_is_not_there(browse, alice, charlie):
    theirs = sign_in(browse(), alice)
    ref = Session.objects.get(user=alice).ref

    assert sign_in(browse(), charlie).post(END, {"session": ref}).status_code == 404
    assert is_in(theirs)


@pytest.mark.parametrize(
    ("field", "days", "is_over"),
    [
        ("last_seen_at", 13, False),
        ("last_seen_at", 15, True),
        ("created_at", 59, False),
        ("created_at", 61, True),
    ],
)
def test_a_session_is_over_when_it_is_old_or_unused(browse, alice, field, days, is_over):
    client = sign_in(browse(), alice)
    Session.objects.update(**{field: timezone.now() - timedelta(days=days)})

    assert is_in(client) is not is_over


def test_a_visit_is_noted_at_most_once_a_minute(browse, alice):
    client = sign_in(browse(), alice)
    began, later = timezone.now(), timezone.now() + timedelta(days=1)
    Session.objects.update(last_seen_at=began - timedelta(seconds=61))

    client.get("/help/")
    noted = Session.objects.get().last_seen_at
    Session.objects.update(last_seen_at=later)
    client.get("/help/")

    assert noted >= began
    assert Session.objects.get().last_seen_at == later


def test_signing_in_begins_a_new_session(browse, alice):
    client = sign_in(browse(), alice)
    old = client.session.session_key
    beginning = timezone.now() - timedelta(days=50)
    Session.objects.update(created_at=beginning)

    sign_in(client, alice)

    assert client.session.session_key != old
    assert not Session.objects.filter(session_key=old).exists()
    assert Session.objects.get().created_at > beginning


def test_what_a_page_keeps_in_the_session_changes_neither_its_beginning_nor_its_name(browse, alice):
    client = sign_in(browse(), alice)
    before = Session.objects.get()

    client.post(END, {"others": "1"})

    after = Session.objects.get()
    assert (after.ref, after.created_at, after.user) == (before.ref, before.created_at, alice)


def test_a_new_password_ends_sessions_tokens_and_feed_keys(browse, alice):
    here, there = sign_in(browse(), alice), sign_in(browse(), alice)
    _token, secret = accounts.create_token(alice, by=alice)
    _key, feed = feed_secrets.create("reader", by=alice)

    fields = {"old": makers.PASSWORD, "new": "quite another sentence"}
    response = here.post("/settings/password/", fields)

    api = browse().get("/api/v1/search/", headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 302
    assert (is_in(here), is_in(there), api.status_code) == (True, False, 401)
    assert browse().get(f"/feeds/{feed}/search.atom").status_code == 404


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", ""),
        (FIREFOX, "Firefox 140, Linux"),
        ("Mozilla/5.0 (iPhone; CPU) Version/18.1 Mobile Safari/604.1", "Safari 18, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.1", "Edge 140, Windows"),
        ("evil\x00\r\nname", "evilname"),
    ],
)
def test_a_browser_is_named_in_a_few_words(agent, words):
    assert sessions.browser_of(agent) == words
