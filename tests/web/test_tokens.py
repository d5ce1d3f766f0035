"""/settings/tokens/: made with the secret shown once, listed without it, revoked after asking."""

import re

import pytest

from postmortems import accounts
from postmortems.models import ApiToken
from postmortems.models.accounts import digest_of

URL = "/settings/tokens/"
NEW = {"name": "Dashboard", "scope": "write", "days": "90"}
SECRET = re.compile(r"hs_[\w-]{43}")


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def secret_in(answer) -> str:
    return SECRET.search(answer.content.decode())[0]


def test_a_token_is_made_and_its_secret_shown_once(page, alice):
    answer = page.post(URL, NEW)

    token = ApiToken.objects.get()
    assert digest_of(secret_in(answer)) == token.digest
    assert (token.user, token.name, token.scope) == (alice, "Dashboard", "write")
    assert token.expires_at is not None
    assert not SECRET.search(page.get(URL).content.decode())


def test_the_page_leads_to_the_guide_and_to_where_it_is_tried(page):
    shown = page.get(URL).content.decode()

    assert "Choose the least that the tool needs." in shown
    assert 'href="/help/api/"' in shown
    assert shown.count('href="/api/docs/"') == 2


def test_the_secret_is_kept_by_no_cache_and_no_session(page):
    answer = page.post(URL, NEW)

    assert "no-store" in answer["Cache-Control"]
    assert secret_in(answer) not in str(dict(page.session))


def test_a_token_may_be_one_that_does_not_end(page):
    page.post(URL, NEW | {"days": ""})

    assert ApiToken.objects.get().expires_at is None
    assert "does not end" in page.get(URL).content.decode()


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"scope": "all"}, {"days": "0"}, {"days": "x"}, {"days": "9999"}]
)
def test_what_cannot_be_makes_no_token_and_stays_in_the_form(page, change):
    answer = page.post(URL, NEW | change)

    assert 'role="alert"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_the_list_tells_prefix_scope_and_use(page, alice, charlie):
    token, secret = accounts.create_token(alice, by=alice, name="Bot", scope="read")
    accounts.create_token(charlie, by=charlie, name="Charlie's")

    shown = page.get(URL).content.decode()

    assert f"{token.prefix}…" in shown
    assert "not used yet" in shown
    assert secret not in shown
    assert "Charlie&#x27;s" not in shown


def test_revoking_asks_first_and_then_holds_at_once(page, alice, client):
    token, secret = accounts.create_token(alice, by=alice, name="Bot")
    address = f"{URL}{token.pk}/revoke/"

    asked = page.get(address)
    assert "Revoke “Bot”?" in asked.content.decode()
    assert ApiToken.objects.usable().count() == 1
    assert page.post(address).status_code == 302

    sent = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/search/", headers=sent).status_code == 401
    assert page.get(address).status_code == 404


def test_another_persons_token_cannot_be_revoked(page, charlie):
    token, _secret = accounts.create_token(charlie, by=charlie)

    answers = [page.post(f"{URL}{pk}/revoke/").status_code for pk in (token.pk, 10**30)]

    assert answers == [404, 404]
    assert ApiToken.objects.usable().count() == 1
