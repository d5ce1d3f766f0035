"""The second step: set up, asked for, used once, guessed at, taken away."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.exceptions import PermissionDenied

from postmortems import second_step
from tests import makers

PAGE = "/settings/second-step/"
CODE = "/sign-in/code/"


@pytest.fixture(autouse=True)
def codes_hold_long(settings, monkeypatch):
    """A machine that does other things meanwhile makes no code too old."""
    settings.MFA_TOTP_TOLERANCE = 40
    monkeypatch.setattr(second_step, "USED_SECONDS", 7200)


def code_of(user, step=0):
    """What the user's app shows now, or some half minutes on."""
    row = Authenticator.objects.get(user=user, type="totp")
    secret = second_step.Adapter().decrypt(row.data["secret"])
    now = int(time.time()) // 30
    return auth.format_hotp_value(auth.hotp_value(secret, now + step))


def set_up(client):
    """Turn it on by the pages; returns the page with the recovery codes."""
    client.post(f"{PAGE}prepare/")
    secret = re.search(r"<code class=\"address\">(\w+)</code>", client.get(PAGE).text)[1]
    now = int(time.time()) // 30
    code = auth.format_hotp_value(auth.hotp_value(secret, now))
    return client.post(PAGE, {"code": code, "password": makers.PASSWORD}), secret


def with_password(client, user):
    return client.post(
        "/sign-in/", {"username": user.username, "password": makers.PASSWORD, "next": "/taxonomy/"}
    )


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_password_alone_no_longer_signs_in(browse, alice):
    set_up(browse(alice))
    client = browse()

    answer = with_password(client, alice)

    assert answer["Location"] == CODE
    assert not is_in(client)
    assert client.get("/settings/").status_code == 302


def test_a_code_signs_in_and_leads_on(browse, alice):
    set_up(browse(alice))
    client = browse()
    with_password(client, alice)

    answer = client.post(CODE, {"code": f" {code_of(alice)} "})

    assert answer["Location"] == "/taxonomy/"
    assert is_in(client)


def test_a_code_is_of_use_once(browse, alice):
    set_up(browse(alice))
    code = code_of(alice)

    clients = [browse(), browse()]
    for client in clients:
        with_password(client, alice)
        client.post(CODE, {"code": code})

    assert [is_in(client) for client in clients] == [True, False]


def test_a_recovery_code_is_of_use_once(browse, alice):
    page, _secret = set_up(browse(alice))
    codes = re.findall(r"<li><code>(\d+)</code>", page.text)

    clients = [browse(), browse()]
    for client in clients:
        with_password(client, alice)
        client.post(CODE, {"code": codes[3]})

    assert len(codes) == 10
    assert [is_in(client) for client in clients] == [True, False]


def test_ten_codes_are_looked_at_and_no_more(browse, alice):
    set_up(browse(alice))
    client = browse()
    with_password(client, alice)

    answers = [client.post(CODE, {"code": f"wrong {n}"}).status_code for n in range(11)]
    last = client.post(CODE, {"code": code_of(alice)})

    assert answers == [200] * 10 + [429]
    assert last.status_code == 429


def test_the_half_of_a_sign_in_ends_with_the_password(browse, alice):
    set_up(browse(alice))
    client = browse()
    with_password(client, alice)
    alice.set_password("another one entirely")
    alice.save()

    assert client.post(CODE, {"code": code_of(alice)})["Location"] == "/sign-in/"
    assert not is_in(client)


def test_without_a_password_nobody_is_asked_for_a_code(browse, alice):
    assert browse().get(CODE)["Location"] == "/sign-in/"


@pytest.mark.parametrize("fields", [{"code": "wrong"}, {"code": ""}, {"password": "wrong"}])
def test_it_is_not_on_before_the_app_has_shown_a_code(browse, alice, fields):
    client = browse(alice)
    client.post(f"{PAGE}prepare/")

    client.post(PAGE, {"password": makers.PASSWORD, **fields})

    assert not second_step.is_on(alice)


def test_a_form_without_a_prepared_secret_turns_nothing_on(browse, alice):
    answer = browse(alice).post(PAGE, {"code": "123456", "password": makers.PASSWORD})

    assert answer.status_code == 200
    assert not second_step.is_on(alice)


def test_the_database_holds_no_secret_in_plain(browse, alice):
    _page, secret = set_up(browse(alice))

    assert secret not in str(list(Authenticator.objects.values()))


def test_turning_it_off_takes_a_code(browse, alice):
    client = browse(alice)
    set_up(client)

    client.post(f"{PAGE}off/", {"code": "wrong"})
    assert second_step.is_on(alice)
    client.post(f"{PAGE}off/", {"code": code_of(alice, 1)})

    assert not second_step.is_on(alice)


def test_an_administrator_takes_it_from_who_has_lost_it(browse, alice, bob, dana):
    set_up(browse(alice))
    with pytest.raises(PermissionDenied):
        second_step.take_from(alice, by=bob)

    browse(dana).post("/people/person/alice/second-step/")

    assert with_password(browse(), alice)["Location"] == "/taxonomy/"


def test_with_another_secret_key_every_code_is_wrong(browse, alice, settings):
    set_up(browse(alice))
    code = code_of(alice)
    settings.SECRET_KEY = "of another machine"
    client = browse()
    with_password(client, alice)

    answer = client.post(CODE, {"code": code})

    assert "This code is wrong." in answer.text
    assert not is_in(client)


def test_the_picture_needs_no_style_of_its_own(browse, alice):
    client = browse(alice)
    client.post(f"{PAGE}prepare/")

    picture = re.search(
        r'aria-label="The key as a picture">(<svg.*?</svg>)', client.get(PAGE).text, re.S
    )[0]

    assert not re.search(r"style|<script|href", picture)
