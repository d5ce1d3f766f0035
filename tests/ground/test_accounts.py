"""The verbs of accounts, teams and keys: who may, what is refused, what is logged."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import accounts
from postmortems.models import AuditEntry, Membership, User
from tests.makers import make_user


def test_an_administrator_makes_an_account(dana):
    user = accounts.create_user("eve", by=dana, name="Eve", password="four small words")

    assert User.objects.get(username="eve").check_password("four small words")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_id) == ("create", dana, str(user.pk))
    assert "four small words" not in str(entry.__dict__)


def test_without_a_password_nobody_signs_in_by_one(system):
    assert not accounts.create_user("eve", by=system).has_usable_password()


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_others_make_neither_accounts_nor_teams(alice, bob, charlie, name):
    by = User.objects.get(username=name)

    with pytest.raises(PermissionDenied):
        accounts.create_user("eve", by=by)
    with pytest.raises(PermissionDenied):
        accounts.create_team("web", by=by)


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("ALICE", "", "username"),
        ("System", "", "username"),
        ("two words", "", "username"),
        ("", "", "username"),
        ("x" * 61, "", "username"),
        ("eve", "12345", "password"),
        ("eve", "password", "password"),
    ],
)
def test_what_cannot_be_an_account_is_refused(alice, dana, username, password, field):
    with pytest.raises(ValidationError) as caught:
        accounts.create_user(username, by=dana, password=password)

    assert list(caught.value.message_dict) == [field]


@pytest.mark.parametrize("slug", ["platform", "Two Words", "", "-x"])
def test_what_cannot_be_a_team_is_refused(dana, platform, slug):
    with pytest.raises(ValidationError) as caught:
        accounts.create_team(slug, by=dana)

    assert list(caught.value.message_dict) == ["slug"]


def test_a_team_is_named_after_its_slug_unless_told(dana):
    assert accounts.create_team("site-reliability", by=dana).name == "Site reliability"
    assert accounts.create_team("sre", by=dana, name="SRE").name == "SRE"


def test_a_lead_changes_a_role_and_the_log_says_from_what(alice, platform):
    lead = make_user("lena", team=platform, role="lead")

    accounts.add_member(platform, alice, role="reviewer", by=lead)

    entry = AuditEntry.objects.get()
    assert Membership.objects.get(user=alice).role == "reviewer"
    assert (entry.before["role"], entry.after["role"]) == ("author", "reviewer")


def test_only_leads_of_the_team_add_members(alice, bob, charlie, platform, payments):
    stranger = make_user("lena", team=payments, role="lead")

    for by in (alice, bob, charlie, stranger):
        with pytest.raises(PermissionDenied):
            accounts.add_member(platform, charlie, role="reader", by=by)


def test_a_role_that_is_not_there_is_refused(dana, alice, platform):
    with pytest.raises(ValidationError):
        accounts.add_member(platform, alice, role="owner", by=dana)


def test_people_make_keys_for_themselves_only(alice, bob):
    token, secret = accounts.create_token(alice, by=alice)

    assert (token.scope, token.prefix) == ("read", secret[:8])
    with pytest.raises(PermissionDenied):
        accounts.create_token(alice, by=bob)


def test_a_scope_that_is_not_there_is_refused(alice):
    with pytest.raises(ValidationError):
        accounts.create_token(alice, by=alice, scope="root")
