"""Accounts, teams and invitations: who may change them, and that a change holds at once."""

import re
import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from postmortems import accounts, invitations, letters, people, teams
from postmortems.models import AuditEntry, Invitation, Membership, Postmortem, Team, User
from tests import makers

PASSWORD = "quite another sentence"


@pytest.fixture
def lena(platform):
    return makers.make_user("lena", team=platform, role="lead")


def key_in_letter():
    """The key of the last invitation."""
    letters.let_all_go()
    return re.search(r"\?key=(\S+)", mail.outbox[-1].body)[1]


def invite(client, email="eve@example.org", team="platform", role="author"):
    return client.post("/people/invite/", {"email": email, "team": team, "role": role})


def sees(client, postmortem):
    return client.get(postmortem.get_absolute_url()).status_code == 200


# --- Accounts ---------------------------------------------------------------------------------


def test_administrators_find_accounts_by_words_and_state(browse, dana, alice, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False, email="bob@example.org")
    client = browse(dana)

    assert "/people/person/alice/" in client.get("/people/?q=ALI").text
    page = client.get("/people/?q=example.org&state=inactive").text
    assert ("/people/person/bob/" in page, "/people/person/alice/" in page) == (True, False)
    assert "/people/person/system/" not in client.get("/people/").text


def test_the_list_asks_the_same_of_the_database_for_one_and_for_many(
    browse, dana, platform, django_assert_num_queries
):
    client = browse(dana)
    makers.make_user("one", team=platform)
    client.get("/people/")
    with django_assert_num_queries(7):
        client.get("/people/")

    for number in range(3):
        makers.make_user(f"more-{number}", team=platform)

    with django_assert_num_queries(7):
        client.get("/people/")


def test_deactivating_holds_from_the_next_request_on(browse, alice, dana):
    page, session = browse(alice), browse(alice)
    _token, secret = accounts.create_token(alice, by=alice)
    sent = {"Authorization": f"Bearer {secret}"}
    assert browse().get("/api/v1/search/", headers=sent).status_code == 200

    browse(dana).post("/people/person/alice/deactivate/")

    assert page.get("/settings/").status_code == 302
    assert session.get("/saved/").status_code == 302
    assert browse().get("/api/v1/search/", headers=sent).status_code == 401
    assert (
        browse().post("/sign-in/", {"username": "alice", "password": makers.PASSWORD}).status_code
        == 200
    )


def test_reactivating_brings_no_session_and_no_token_back(browse, alice, dana):
    client = browse(alice)
    _token, secret = accounts.create_token(alice, by=alice)
    people.deactivate(alice, by=dana)

    browse(dana).post("/people/person/alice/reactivate/")

    sent = {"Authorization": f"Bearer {secret}"}
    assert client.get("/settings/").status_code == 302
    assert browse().get("/api/v1/search/", headers=sent).status_code == 401
    assert (
        browse().post("/sign-in/", {"username": "alice", "password": makers.PASSWORD}).status_code
        == 302
    )


def test_the_last_administrator_stays(dana, alice):
    with pytest.raises(ValidationError):
        people.set_site_roles(dana, by=dana, is_curator=True, is_administrator=False)
    people.set_site_roles(alice, by=dana, is_curator=False, is_administrator=True)
    people.set_site_roles(dana, by=dana, is_curator=True, is_administrator=False)

    with pytest.raises(ValidationError):
        people.deactivate(User.objects.get(username="alice"), by=User.objects.system())
    assert User.objects.get(username="alice").is_active


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_take_the_role_from_each_other_at_once():
    if connection.vendor == "sqlite":
        pytest.skip("A database in memory refuses a second writer; PostgreSQL's run does this.")
    pair = [makers.make_user(name, is_administrator=True) for name in ("dana", "dora")]
    wait = threading.Barrier(2)

    def take(user, by):
        wait.wait(30)
        try:
            people.set_site_roles(user, by=by, is_curator=False, is_administrator=False)
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=each) for each in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(is_administrator=True).count() == 1


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_others_change_no_account(alice, bob, charlie, name):
    by = User.objects.get(username=name)

    for act in (people.deactivate, people.reactivate):
        with pytest.raises(PermissionDenied):
            act(alice, by=by)
    with pytest.raises(PermissionDenied):
        people.set_site_roles(by, by=by, is_curator=True, is_administrator=True)


# --- Teams ------------------------------------------------------------------------------------


def test_a_lead_takes_people_in_and_out_and_what_they_see_follows_at_once(
    browse, lena, charlie, platform
):
    postmortem = makers.make_postmortem(team=platform, visibility="team")
    client, theirs = browse(lena), browse(charlie)
    assert not sees(theirs, postmortem)

    client.post("/people/teams/platform/role/", {"username": "CHARLIE", "role": "reader"})
    assert sees(theirs, postmortem)
    client.post("/people/teams/platform/remove/", {"username": "charlie"})

    assert not sees(theirs, postmortem)
    assert [entry.action for entry in AuditEntry.objects.filter(actor=lena)] == [
        "add-member",
        "remove-member",
    ]


def test_a_former_lead_no_longer_sees_the_bin(lena, dana, alice, platform):
    postmortem = makers.make_postmortem(team=platform, authors=(alice,))
    Postmortem.objects.filter(pk=postmortem.pk).update(deleted_at=postmortem.created_at)
    teams.set_role(platform, alice, "lead", by=dana)
    assert postmortem.audience.filter(token=f"user:{lena.pk}").exists()

    teams.set_role(platform, lena, "author", by=dana)

    assert not postmortem.audience.filter(token=f"user:{lena.pk}").exists()


def test_members_see_who_is_in_their_team_and_change_nothing(browse, alice, bob):
    page = browse(alice).get("/people/teams/platform/").text

    assert "Bob" in page
    assert "/remove/" not in page


def test_everybody_may_leave(browse, alice, platform):
    browse(alice).post("/people/teams/platform/leave/")

    assert not Membership.objects.filter(user=alice).exists()


@pytest.mark.parametrize(
    ("name", "said"), [("no", "no"), ("x" * 60_000, "x" * 60), ("nul\0", "nul")]
)
def test_an_unknown_name_is_said_beside_its_field(browse, lena, name, said):
    page = browse(lena).post("/people/teams/platform/role/", {"username": name, "role": "lead"})

    assert f"There is no account “{said}" in page.text


def test_adding_who_is_in_the_team_is_said_beside_the_field(browse, lena, bob):
    fields = {"username": "bob", "role": "lead", "add": "1"}

    page = browse(lena).post("/people/teams/platform/role/", fields)

    assert "“Bob” is already in the team." in page.text
    assert bob.memberships.get().role == "reviewer"


def test_a_member_sees_no_bar_of_a_single_tab(browse, alice, lena):
    bars = [
        'class="tabs"' in browse(who).get("/people/teams/platform/").text for who in (alice, lena)
    ]

    assert bars == [False, True]


@pytest.mark.parametrize("name", ["\0", "x" * 121])
def test_a_team_gets_no_name_that_no_database_can_hold(browse, dana, name):
    page = browse(dana).post("/people/teams/new/", {"slug": "sre", "name": name})

    assert "A team needs a name of at most 120 characters." in page.text
    assert not Team.objects.filter(slug="sre").exists()


def test_administrators_make_and_leads_rename_teams(browse, dana, lena, platform):
    browse(dana).post("/people/teams/new/", {"slug": "sre", "name": "SRE"})
    browse(lena).post("/people/teams/platform/rename/", {"name": "The Platform"})

    platform.refresh_from_db()
    assert platform.name == "The Platform"
    assert browse(dana).get("/people/teams/sre/").status_code == 200


# --- Invitations ------------------------------------------------------------------------------


def test_an_invitation_makes_an_account_in_the_team(browse, lena):
    invite(browse(lena))
    key, guest = key_in_letter(), browse()
    assert "join the team" in guest.get("/invitation/", {"key": key}).text

    guest.post("/invitation/", {"key": key, "username": "eve", "password": PASSWORD})

    eve = User.objects.get(username="eve")
    assert (eve.email, eve.memberships.get().role) == ("eve@example.org", "author")
    assert guest.session["_auth_user_id"] == str(eve.pk)
    assert key not in str(list(Invitation.objects.values()))


def test_without_a_mail_server_the_page_says_to_pass_the_link_on(browse, lena, settings):
    client = browse(lena)
    page, done = client.get("/people/invite/").text, invite(client, "eve@example.org")
    told = client.get(done.url).text
    settings.EMAIL_HOST = "mail.example"
    with_server = client.get("/people/invite/").text

    assert "Make the invitation" in page
    assert "pass the link on by hand" in page
    assert "Pass its link on by hand." in told
    assert "Send the invitation" in with_server
    assert "by hand" not in with_server


def test_an_invitation_joins_with_the_account_that_is_signed_in(browse, lena, charlie, platform):
    invite(browse(lena))

    browse(charlie).post("/invitation/", {"key": key_in_letter()})

    assert charlie.memberships.get(team=platform).role == "author"


def test_a_greater_role_is_not_lowered(browse, lena, bob, platform):
    invite(browse(lena))

    browse(bob).post("/invitation/", {"key": key_in_letter()})

    assert bob.memberships.get(team=platform).role == "reviewer"


def spoil(name, lena, invitation):
    """Do what ends an invitation."""
    if name == "used":
        invitations.accept_as(key_in_letter(), makers.make_user("first"))
    elif name == "taken back":
        invitations.revoke(invitation, by=lena)
    elif name == "old":
        Invitation.objects.update(expires_at=invitation.created_at)
    else:
        Membership.objects.filter(user=lena).update(role="author")


@pytest.mark.parametrize("name", ["used", "taken back", "old", "the inviter is no lead any more"])
def test_an_invitation_that_has_ended_opens_nothing(browse, lena, name):
    invite(browse(lena))
    key = key_in_letter()
    spoil(name, lena, Invitation.objects.get())

    page = browse().post("/invitation/", {"key": key, "username": "eve", "password": PASSWORD}).text

    assert "used or is too old" in page
    assert not User.objects.filter(username="eve").exists()


def test_what_was_typed_wrong_leaves_the_invitation_open(browse, lena, alice):
    invite(browse(lena))
    key = key_in_letter()

    for username, password in (("alice", PASSWORD), ("eve", "password"), ("two words", PASSWORD)):
        fields = {"key": key, "username": username, "password": password}
        assert 'aria-invalid="true"' in browse().post("/invitation/", fields).text

    assert Invitation.objects.open().count() == 1


def test_an_address_with_an_account_is_not_told_to_the_inviter(browse, lena, charlie):
    User.objects.filter(pk=charlie.pk).update(email="eve@example.org")

    answer = invite(browse(lena))
    fields = {"key": key_in_letter(), "username": "eve", "password": PASSWORD}
    page = browse().post("/invitation/", fields).text

    assert answer.status_code == 302
    assert "There is an account with this mail address" in page


@pytest.mark.parametrize(
    ("name", "team"), [("lena", ""), ("lena", "payments"), ("alice", "platform")]
)
def test_leads_invite_into_their_team_only(browse, lena, alice, payments, name, team):
    answer = invite(browse(User.objects.get(username=name)), team=team)

    assert answer.status_code == 403
    assert not Invitation.objects.exists()
