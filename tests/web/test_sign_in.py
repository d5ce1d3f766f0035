"""Signing in and out: one answer to every failure, a new session, a safe way back."""

import pytest
from django.urls import reverse

from tests import makers

SIGN_IN = "/sign-in/"
DEMO = "/sign-in/demo/"


def post(client, username="alice", password=makers.PASSWORD, **fields):
    """The sign-in form, sent."""
    return client.post(SIGN_IN, {"username": username, "password": password, **fields})


def signed_in_id(client):
    """The id of the user that the session belongs to, as text; None for a visitor."""
    return client.session.get("_auth_user_id")


def test_the_right_password_signs_in_and_leads_back(browse, alice):
    client = browse()

    response = post(client, next="/taxonomy/")

    assert response.status_code == 302
    assert response["Location"] == "/taxonomy/"
    assert signed_in_id(client) == str(alice.pk)


def test_the_name_counts_in_any_letter_case(browse, alice):
    client = browse()

    post(client, username=" ALICE ")

    assert signed_in_id(client) == str(alice.pk)


def test_every_failure_has_the_same_page(browse, alice, system):
    makers.make_user("former", is_active=False)
    attempts = [
        ("alice", "wrong"),
        ("nobody", "wrong"),
        ("former", makers.PASSWORD),
        ("system", ""),
    ]

    pages = [post(browse(), name, password) for name, password in attempts]

    assert [page.status_code for page in pages] == [200] * 4
    assert all("Name or password do not match." in page.text for page in pages)


def test_a_failure_keeps_the_name_and_not_the_password(browse, alice):
    page = post(browse(), password="typed-by-mistake").text

    assert 'value="alice"' in page
    assert "typed-by-mistake" not in page


def test_the_session_gets_a_new_key(browse, alice):
    client = browse()
    client.get("/sign-in/")
    session = client.session
    session["kept"] = True
    session.save()
    before = session.session_key

    post(client)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "/\\elsewhere.example",
        "",
    ],
)
def test_the_way_back_never_leaves_the_site(browse, alice, target):
    response = post(browse(), next=target)

    assert response["Location"] == reverse("search")


def test_signing_out_ends_the_session(browse, alice):
    client = browse(alice)

    response = client.post("/sign-out/")

    assert response["Location"] == reverse("search")
    assert signed_in_id(client) is None


@pytest.mark.parametrize("path", ["/sign-out/", DEMO])
def test_a_link_cannot_change_who_is_signed_in(browse, alice, path):
    client = browse(alice)

    assert client.get(path).status_code == 405
    assert signed_in_id(client) == str(alice.pk)


def test_mode_demo_offers_the_four_accounts(browse, db):
    page = browse().get(SIGN_IN).text

    assert all(
        f'name="username" value="{name}"' in page for name in ("alice", "bob", "charlie", "dana")
    )


def test_a_demonstration_account_signs_in_by_its_button(browse, charlie):
    client = browse()

    client.post(DEMO, {"username": "charlie"})

    assert signed_in_id(client) == str(charlie.pk)


def test_no_other_account_signs_in_by_a_button(browse, system):
    makers.make_user("erin")

    answers = [
        browse().post(DEMO, {"username": name}).status_code for name in ("erin", "system", "")
    ]

    assert answers == [404, 404, 404]


def test_mode_production_has_no_buttons(browse, alice, settings):
    settings.MODE = "production"
    client = browse()

    assert DEMO not in client.get(SIGN_IN).text
    assert client.post(DEMO, {"username": "alice"}).status_code == 404
    assert signed_in_id(client) is None


@pytest.mark.parametrize("name", ["al\0ice", "\0"])
def test_a_name_that_no_database_can_hold_is_only_wrong(browse, alice, name):
    page = post(browse(), name, "wrong")

    assert page.status_code == 200
    assert "Name or password do not match." in page.text


@pytest.mark.parametrize("key", ["nul\0nul\0nul", "'; select 1 --", "x" * 5000])
def test_a_session_cookie_that_nobody_set_makes_a_visitor(browse, db, key):
    client = browse()
    client.cookies["sessionid"] = key

    assert client.get("/").status_code == 200
