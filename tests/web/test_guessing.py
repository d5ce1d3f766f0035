"""Guessing passwords: ten an account, whatever the guesser does; the owner still gets in."""

import threading

import pytest
from django.db import connection
from django.test import Client

from postmortems import signing_in
from postmortems.guessing import TooManyGuesses
from postmortems.models import AuditEntry
from tests import makers
from tests.soak import IS_FULL

SIGN_IN = "/sign-in/"
WRONG = "Name or password do not match."
GUESSES = 1_000 if IS_FULL else 128
CLIENTS = 64


def guess(client, username="alice", password="wrong", **headers):
    return client.post(SIGN_IN, {"username": username, "password": password}, **headers)


def use_up(username="alice"):
    """Ten wrong guesses, from browsers that nobody knows, each at another address."""
    for number in range(10):
        guess(Client(), username, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_the_eleventh_guess_is_not_looked_at_even_if_it_is_right(alice):
    use_up()

    client = Client()
    response = guess(client, password=makers.PASSWORD)

    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["ALICE", " alice ", "aLiCe"])
def test_another_way_to_write_the_name_is_the_same_name(alice, name):
    use_up()

    assert guess(Client(), name, makers.PASSWORD).status_code == 429


@pytest.mark.parametrize("name", ["al\u0131ce", "\u212aasper"])
def test_letters_that_only_a_database_takes_for_others_name_nobody(alice, name):
    makers.make_user("Kasper")

    client = Client()
    guess(client, name, makers.PASSWORD)

    assert not is_signed_in(client)


def test_other_accounts_are_not_concerned(alice, bob):
    use_up()

    client = Client()
    guess(client, "bob", makers.PASSWORD)

    assert is_signed_in(client)


def test_right_passwords_are_not_counted(alice):
    answers = [guess(Client(), password=makers.PASSWORD).status_code for _ in range(12)]

    assert answers == [302] * 12


def test_the_owner_gets_in_with_a_browser_that_signed_in_before(alice):
    owner = Client()
    guess(owner, password=makers.PASSWORD)
    owner.post("/sign-out/")
    use_up()

    guess(owner, password=makers.PASSWORD)

    assert is_signed_in(owner)


def test_a_known_browser_has_ten_guesses_too(alice):
    owner = Client()
    guess(owner, password=makers.PASSWORD)
    owner.post("/sign-out/")

    answers = [guess(owner).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_a_browser_known_for_one_account_is_a_stranger_to_others(alice, charlie):
    browser = Client()
    guess(browser, "charlie", makers.PASSWORD)
    use_up("alice")

    assert guess(browser, "alice", makers.PASSWORD).status_code == 429


def test_a_cookie_that_nobody_signed_is_ignored(alice):
    browser = Client()
    browser.cookies["hindsight_known"] = '{"alice": "0123"}'
    use_up()

    assert guess(browser, password=makers.PASSWORD).status_code == 429


def test_known_and_unknown_names_get_the_same_answers(alice):
    pages = {}
    for name in ("alice", "nobody"):
        answers = [guess(Client(), name) for _ in range(12)]
        pages[name] = [(page.status_code, WRONG in page.text) for page in answers]

    assert pages["alice"] == pages["nobody"]


def test_the_audit_log_tells_of_each_guess_and_once_of_those_not_looked_at(alice):
    use_up()
    for _ in range(3):
        guess(Client())

    rows = AuditEntry.objects.filter(action="refuse-sign-in")
    assert [(row.object_name, row.object_id) for row in rows] == [("alice", str(alice.pk))] * 11


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_ten_guesses_together():
    makers.make_user("alice")
    answers, begin = [], threading.Barrier(CLIENTS)

    def guess_on(number):
        begin.wait(60)
        for step in range(number, GUESSES, CLIENTS):
            name = "".join(
                sign.upper() if step >> at & 1 else sign for at, sign in enumerate("alice")
            )
            try:
                answers.append(signing_in.by_password(name, f"wrong {step}"))
            except TooManyGuesses:
                answers.append("not looked at")
        connection.close()

    threads = [threading.Thread(target=guess_on, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == GUESSES
    assert answers.count(None) == 10
    assert answers.count("not looked at") == GUESSES - 10
