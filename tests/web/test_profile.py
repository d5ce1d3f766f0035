"""One's own account, and the way back to a forgotten one."""

import re

import pytest
from django.core import mail

from postmortems import letters
from postmortems.models import AuditEntry, User
from tests import makers

NEW = "quite another sentence"


@pytest.fixture
def erin(platform):
    return makers.make_user("erin", team=platform, email="erin@example.org")


def mailed():
    """The letters that were sent."""
    letters.let_all_go()
    return mail.outbox


def link_in(letter):
    """The address in a letter, without its host."""
    return re.search(r"http://testserver(/\S+)", letter.body)[1]


def can_sign_in(browse, name, password):
    return browse().post("/sign-in/", {"username": name, "password": password}).status_code == 302


def test_name_time_zone_and_language_are_kept(browse, alice):
    fields = {"name": " Alice  Liddell ", "time_zone": "Asia/Taipei", "language": "zh-hant"}

    browse(alice).post("/settings/", fields)

    alice.refresh_from_db()
    assert (alice.name, alice.time_zone, alice.language) == (
        "Alice Liddell",
        "Asia/Taipei",
        "zh-hant",
    )


def test_what_cannot_be_chosen_is_said_beside_its_field(browse, alice):
    page = browse(alice).post("/settings/", {"name": "x" * 121, "time_zone": "Asia/Taipei"}).text

    assert 'id="name-error"' in page


def test_where_a_field_is_wrong_nothing_of_the_form_is_stored(browse, alice):
    browse(alice).post("/settings/", {"name": "x" * 121, "time_zone": "Asia/Taipei"})

    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice", "")


def want_mail(client, email: str, password: str = makers.PASSWORD):
    return client.post("/settings/mail/", {"email": email, "password": password})


def test_nothing_is_sent_to_a_new_mail_address_without_the_password(browse, alice):
    answers = [
        want_mail(browse(alice), "thief@example.org", password) for password in ("", "wrong")
    ]

    assert ["That is not your password." in answer.text for answer in answers] == [True, True]
    assert mailed() == []


def test_guessing_the_password_at_the_mail_address_ends(browse, alice):
    client = browse(alice)
    statuses = [want_mail(client, "thief@example.org", f"guess {n}").status_code for n in range(11)]

    assert statuses == [200] * 10 + [429]


def test_who_signs_in_elsewhere_alone_is_asked_for_no_password(browse, alice):
    alice.set_unusable_password()
    alice.save()

    answer = want_mail(browse(alice), "alice@example.org", "")

    assert (answer.status_code, len(mailed())) == (302, 1)


def test_a_mail_address_counts_once_its_owner_opens_the_link(browse, alice):
    client = browse(alice)
    want_mail(client, "alice@example.org")
    alice.refresh_from_db()
    assert alice.email == ""

    link = link_in(mailed()[0])
    assert client.get(link).status_code == 200
    alice.refresh_from_db()
    assert alice.email == ""
    client.post(link)

    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert "alice@example.org" not in str(list(AuditEntry.objects.values()))


def test_the_link_is_of_use_to_its_account_only_and_only_once(browse, alice, charlie):
    client = browse(alice)
    want_mail(client, "alice@example.org")
    link = link_in(mailed()[0])

    browse(charlie).post(link)
    client.post(link)
    want_mail(client, "other@example.org")
    client.post(link_in(mailed()[-1]))
    page = client.post(link).text

    alice.refresh_from_db()
    charlie.refresh_from_db()
    assert (alice.email, charlie.email) == ("other@example.org", "")
    assert "used or is too old" in page
    assert mailed()[-1].to == ["alice@example.org"]


def test_an_address_of_another_account_is_refused_only_to_who_reads_its_mail(browse, alice, erin):
    client = browse(alice)

    answer = want_mail(client, "ERIN@example.org")
    page = client.post(link_in(mailed()[0])).text

    alice.refresh_from_db()
    assert answer.status_code == 302
    assert (alice.email, "Another account has this mail address" in page) == ("", True)


def test_a_wrong_password_changes_nothing(browse, alice):
    page = browse(alice).post("/settings/password/", {"old": "wrong", "new": NEW}).text

    alice.refresh_from_db()
    assert "That is not your current password." in page
    assert alice.check_password(makers.PASSWORD)


def test_an_easy_password_is_refused(browse, alice):
    fields = {"old": makers.PASSWORD, "new": "password"}

    assert 'id="new-error"' in browse(alice).post("/settings/password/", fields).text


def test_a_short_password_is_told_how_many_characters_it_takes(browse, alice):
    fields = {"old": makers.PASSWORD, "new": "abc"}
    says = "This password is too short: it takes at least 8 characters."

    assert says in browse(alice).post("/settings/password/", fields).text


@pytest.mark.parametrize("typed", ["erin", "ERIN", "Erin@Example.org"])
def test_a_forgotten_password_is_set_by_mail(browse, erin, typed):
    browse().post("/sign-in/forgotten/", {"typed": typed})
    client = browse()
    link = link_in(mailed()[0])

    assert 'value="erin"' in client.get(link).text
    client.post(link, {"new": NEW})

    assert mailed()[0].to == ["erin@example.org"]
    assert can_sign_in(browse, "erin", NEW)
    assert "used or is too old" in client.post(link, {"new": "a third sentence"}).text


def test_known_and_unknown_names_get_the_same_page(browse, erin, alice, db):
    typed = ["erin", "alice", "nobody", "nobody@example.org", "nul\0", "", "@" * 60_000]

    pages = [browse().post("/sign-in/forgotten/", {"typed": name}) for name in typed]

    texts = {re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", page.text) for page in pages}
    assert {page.status_code for page in pages} == {200}
    assert len(texts) == 1
    assert [letter.to for letter in mailed()] == [["erin@example.org"]]


def test_letters_to_one_account_are_few(browse, erin):
    for _ in range(8):
        browse().post("/sign-in/forgotten/", {"typed": "erin"})

    assert len(mailed()) == 5


def test_a_reset_lets_the_owner_in_while_others_guess(browse, erin):
    for _ in range(10):
        can_sign_in(browse, "erin", "wrong")
    browse().post("/sign-in/forgotten/", {"typed": "erin"})
    owner = browse()
    owner.post(link_in(mailed()[0]), {"new": NEW})

    answer = owner.post("/sign-in/", {"username": "erin", "password": NEW})

    assert answer.status_code == 302
    assert not can_sign_in(browse, "erin", NEW)


def test_a_reset_ends_every_session(browse, erin):
    client = browse(erin)
    browse().post("/sign-in/forgotten/", {"typed": "erin"})

    browse().post(link_in(mailed()[0]), {"new": NEW})

    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize("key", ["", "x", "1", "1.x-y", "9" * 30 + ".x", "１.x", "1.\0"])
def test_a_key_that_nobody_made_opens_nothing(browse, db, key):
    page = browse().get("/sign-in/password/", {"key": key})

    assert page.status_code == 200
    assert 'name="new"' not in page.text


def test_only_named_people_keep_their_password_beside_a_provider(browse, erin, alice, settings):
    settings.LOCAL_SIGN_IN = ["alice"]

    assert can_sign_in(browse, "alice", makers.PASSWORD)
    assert not can_sign_in(browse, "erin", makers.PASSWORD)
    browse().post("/sign-in/forgotten/", {"typed": "erin"})
    assert mailed() == []
    assert User.objects.get(username="erin").is_active
