"""The headers every page carries."""

import pytest

from tests import makers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/help/", "/sign-in/", "/nothing/here/"])
def test_the_content_security_policy_is_the_strict_one(browse, db, path):
    policy = browse().get(path)["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == sorted(POLICY.split("; "))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cache-Control", "private, no-cache"),
    ],
)
def test_a_page_tells_browsers_to_be_careful(browse, db, name, value):
    assert browse().get("/help/")[name] == value


def test_the_sign_in_page_is_stored_nowhere(browse, db):
    assert "no-store" in browse().get("/sign-in/")["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_for_scripts(browse, alice):
    response = browse().post("/sign-in/", {"username": "alice", "password": makers.PASSWORD})

    cookie = response.cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_cookies_of_preferences_are_too(browse, db):
    response = browse().post("/settings/preferences/", {"theme": "dark"})

    cookie = response.cookies["hindsight_theme"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
