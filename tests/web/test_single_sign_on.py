"""Signing in by an identity provider that speaks OpenID Connect over real HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread

from postmortems import environment
from postmortems.models import Membership, User
from tests import makers

BEGIN = "/sign-in/sso/"
MAIL = "erin@example.org"


def known(subject, *, verified=True, groups=None, **claims):
    """A person whom the provider knows."""
    more = {} if groups is None else {"groups": groups}
    return Known(sub=subject, claims={"email_verified": verified, **more, **claims})


PEOPLE = (
    known("1", preferred_username="erin", name="Erin Example", email=MAIL),
    known("2", preferred_username="Alice", email="alice@example.org"),
    known("3", verified=False, preferred_username="mallory", email=MAIL),
    known("4", preferred_username="frank", groups=["sre", "all"]),
    known("5", preferred_username="system\u202e 甲", groups=[]),
)


@pytest.fixture(scope="module")
def provider():
    """The address of a running provider."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def configured(settings, provider):
    settings.OIDC_ISSUER = provider
    app = {
        "provider_id": "sso",
        "name": "Corp",
        "client_id": "hindsight",
        "secret": "not-a-secret",
        "settings": {"server_url": provider, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def at_provider(client, **fields):
    """Press the button; where the provider is asked."""
    return client.post(BEGIN, fields)["Location"]


def come_back(client, subject, **fields):
    """Press the button, choose somebody at the provider, and follow the way back."""
    answer = requests.post(
        at_provider(client, **fields), data={"sub": subject}, allow_redirects=False, timeout=10
    )
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def user_in(client):
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def test_the_first_sign_in_makes_an_account_and_the_next_one_finds_it(browse, db):
    first, second = browse(), browse()

    answer = come_back(first, "1", next="/taxonomy/")
    come_back(second, "1")

    erin = User.objects.get(username="erin")
    assert answer["Location"] == "/taxonomy/"
    assert (erin.name, erin.email, erin.has_usable_password()) == ("Erin Example", MAIL, False)
    assert user_in(first) == user_in(second) == erin
    assert SocialAccount.objects.get().extra_data == {}


def test_the_code_is_bound_to_a_proof_and_to_this_browser(browse, db):
    client = browse()

    asked = parse_qs(urlsplit(at_provider(client)).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"]


def test_another_browser_cannot_use_what_came_back(browse, db):
    victim = browse()
    answer = requests.post(
        at_provider(browse()), data={"sub": "1"}, allow_redirects=False, timeout=10
    )
    back = urlsplit(answer.headers["Location"])

    victim.get(f"{back.path}?{back.query}")

    assert user_in(victim) is None


@pytest.mark.parametrize("way_on", ["https://elsewhere.example/", "//elsewhere.example", "/\\e.x"])
def test_the_way_back_never_leaves_the_site(browse, db, way_on):
    assert come_back(browse(), "1", next=way_on)["Location"] == "/"


def test_a_taken_name_gets_a_number_and_nobody_elses_account(browse, alice):
    client = browse()

    come_back(client, "2")

    assert user_in(client).username == "Alice-2"


def test_who_has_no_password_sets_one_and_may_then_unlink(browse, db):
    client = browse()
    come_back(client, "1")
    client.post("/settings/sso/unlink/")
    assert SocialAccount.objects.exists()

    client.post("/settings/password/", {"new": "quite another sentence"})
    client.post("/settings/sso/unlink/")

    assert user_in(client).check_password("quite another sentence")
    assert not SocialAccount.objects.exists()


def test_letters_that_no_name_holds_are_left_out(browse, system):
    client = browse()

    come_back(client, "5")

    assert user_in(client).username == "system-2"


@pytest.mark.parametrize(
    ("is_trusted", "subject", "fields", "is_linked"),
    [
        (True, "1", {}, True),
        (False, "1", {}, False),
        (True, "3", {}, False),
        (True, "1", {"is_administrator": True}, False),
    ],
)
def test_an_address_links_only_where_that_is_safe(
    browse, db, settings, is_trusted, subject, fields, is_linked
):
    settings.OIDC_LINK_BY_MAIL = is_trusted
    mine = makers.make_user("mine", email=MAIL, **fields)
    client = browse()

    come_back(client, subject)

    assert (user_in(client) == mine) is is_linked
    assert is_linked or user_in(client).email == ""


def test_a_second_identity_with_the_same_address_is_somebody_else(browse, db, settings):
    settings.OIDC_LINK_BY_MAIL = True
    mine = makers.make_user("mine", email=MAIL)
    SocialAccount.objects.create(user=mine, provider="sso", uid="another")
    client = browse()

    come_back(client, "1")

    assert user_in(client) != mine


def test_who_is_signed_in_links_their_account_and_unlinks_it(browse, alice):
    client = browse(alice)
    come_back(client, "1")
    other = browse()
    come_back(other, "1")
    assert user_in(other) == alice

    client.post("/settings/sso/unlink/")

    assert not SocialAccount.objects.exists()


def test_an_identity_of_another_account_cannot_be_linked(browse, alice, bob):
    come_back(browse(bob), "1")

    come_back(browse(alice), "1")

    assert SocialAccount.objects.get().user == bob


def test_groups_become_roles_and_go_again(browse, platform, payments, settings):
    settings.OIDC_GROUPS = {"all": ("platform", "reader"), "sre": ("platform", "lead")}
    client = browse()
    come_back(client, "4")
    frank = user_in(client)
    Membership.objects.create(user=frank, team=payments, role="author")
    assert frank.memberships.get(team=platform).role == "lead"

    settings.OIDC_GROUPS = {"other": ("platform", "reader")}
    come_back(browse(), "4")

    assert [item.team for item in frank.memberships.all()] == [payments]


def test_a_deactivated_account_stays_out(browse, db):
    come_back(browse(), "1")
    User.objects.filter(username="erin").update(is_active=False)
    client = browse()

    answer = come_back(client, "1")

    assert answer["Location"] == "/sign-in/"
    assert "This account cannot sign in." in client.get("/sign-in/").text
    assert user_in(client) is None


def test_who_says_no_at_the_provider_is_told_so(browse, db):
    client = browse()
    state = parse_qs(urlsplit(at_provider(client)).query)["state"][0]

    answer = client.get(f"/sign-in/sso/sso/callback/?error=access_denied&state={state}")

    assert answer["Location"] == "/sign-in/"
    assert "did not work" in client.get("/sign-in/").text


def test_a_provider_that_is_down_leaves_the_password(browse, alice, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://localhost:9"
    )
    client = browse()

    assert client.post(BEGIN)["Location"] == "/sign-in/"
    assert "does not answer" in client.get("/sign-in/").text
    client.post("/sign-in/", {"username": "alice", "password": makers.PASSWORD})
    assert user_in(client) == alice


def test_the_sign_in_page_alone_lets_forms_go_to_the_provider(browse, db, provider):
    def allowed(path):
        policy = browse().get(path)["Content-Security-Policy"]
        return next(part for part in policy.split("; ") if part.startswith("form-action"))

    assert allowed("/sign-in/") == f"form-action 'self' {provider}"
    assert allowed("/") == "form-action 'self'"


def test_without_a_provider_there_is_no_such_button(browse, db, settings):
    settings.OIDC_ISSUER = ""

    assert BEGIN not in browse().get("/sign-in/").text
    assert browse().post(BEGIN).status_code == 404


@pytest.mark.parametrize("text", ["sre", "sre=platform", "sre=platform:owner", "=platform:lead"])
def test_a_mapping_that_cannot_be_read_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("X_GROUPS", text)

    with pytest.raises(ImproperlyConfigured):
        environment.read_group_roles("X_GROUPS")
