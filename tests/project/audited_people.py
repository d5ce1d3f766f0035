"""The acts about accounts, teams and readers, for `test_audited`: what they need, and their rows."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.test import override_settings
from django.utils import timezone

from postmortems import (
    invitations,
    mail_address,
    passwords,
    people,
    profiles,
    pseudonyms,
    redacting,
    second_step,
    sessions,
    sharing,
    single_sign_on,
    teams,
)
from postmortems.models import Invitation, Session, Team, User
from postmortems.models.accounts import digest_of
from postmortems.single_sign_on import Identity
from tests.makers import PASSWORD, make_user

NEW_PASSWORD = "walrus-on-the-ice"
SECRET = "secret"
IDENTITY = Identity("sso", "7", "eve", "Eve")
OTHER_IDENTITY = replace(IDENTITY, subject="8")

# What acts for the one person it is about, who is no `by`.
OF_ONESELF = {
    "invitations.accept_as",
    "invitations.accept_with_account",
    "passwords.change",
    "passwords.set_with_key",
    "profiles.set_name",
    "profiles.set_preferences",
    "second_step.turn_off",
    "second_step.turn_on",
    "sessions.end_others",
    "single_sign_on.link",
    "single_sign_on.unlink",
    "single_sign_on.user_for",
}


def prepare(bob: User, dana: User, platform: Team) -> None:
    """What these acts need to be there."""
    single_sign_on.link(IDENTITY, bob)
    secret = second_step.get_adapter().encrypt("A" * 32)
    Authenticator.objects.create(user=bob, type=second_step.TOTP, data={"secret": secret})
    RecoveryCodes.activate(bob)
    make_user("gone", is_active=False)
    make_user("newest")
    Invitation.objects.create(
        team=platform,
        email="eve@example.org",
        digest=digest_of(SECRET),
        invited_by=dana,
        expires_at=timezone.now() + timedelta(days=7),
    )


def named(username: str) -> User:
    """One of those that were made."""
    return User.objects.get(username=username)


def a_session(user: User) -> Session:
    """Where the user is signed in."""
    until = timezone.now() + timedelta(days=1)
    return Session.objects.create(session_key="x" * 32, user=user, expire_date=until)


def key_of_letter(user: User) -> str:
    """What a letter that sets a new password holds."""
    return f"{user.pk}.{default_token_generator.make_token(user)}"


def confirm_address(user: User) -> None:
    """An address, confirmed with the key that was sent there."""
    key = signing.dumps([user.pk, "", "alice@example.org"], salt=mail_address.SALT)
    mail_address.confirm(key, by=user)


def turn_on_second_step(user: User) -> None:
    """With a code of the moment."""
    secret = second_step.new_secret()
    now = int(time.time()) // 30
    plain = second_step.get_adapter().decrypt(secret)
    with override_settings(MFA_TOTP_TOLERANCE=40):
        second_step.turn_on(user, secret, totp.format_hotp_value(totp.hotp_value(plain, now)))


def recovery_code(user: User) -> str:
    """One that is not used up."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return RecoveryCodes(row).get_unused_codes()[0]


def restrict(world: Any) -> None:
    """Alice alone reads what she wrote."""
    wanted = replace(sharing.of(world.postmortem("wrtten01")), visibility="restricted")
    sharing.change(world.postmortem("wrtten01"), wanted, by=world.alice)


ACTS: dict[str, tuple[Callable[[Any], object], list[str]]] = {
    "profiles.set_preferences": (
        lambda w: profiles.set_preferences(named("alice"), theme="dark"), ["set-preferences"]),
    "profiles.set_name": (lambda w: profiles.set_name(named("alice"), "Al"), ["set-name"]),
    "mail_address.confirm": (lambda w: confirm_address(named("alice")), ["confirm-mail"]),
    "passwords.change": (
        lambda w: passwords.change(named("alice"), PASSWORD, NEW_PASSWORD, session_key="x"), ["change-password"]),
    "passwords.set_with_key": (
        lambda w: passwords.set_with_key(key_of_letter(w.alice), NEW_PASSWORD), ["reset-password"]),
    "sessions.end": (lambda w: sessions.end(a_session(w.alice), by=w.alice), ["end-session"]),
    "sessions.end_others": (
        lambda w: sessions.end_others(a_session(w.alice).user, keep="y"), ["end-sessions"]),
    "second_step.turn_on": (lambda w: turn_on_second_step(w.alice), ["turn-on-second-step"]),
    "second_step.turn_off": (
        lambda w: second_step.turn_off(w.bob, recovery_code(w.bob), browser=""), ["turn-off-second-step"]),
    "second_step.take_from": (lambda w: second_step.take_from(w.bob, by=w.dana), ["turn-off-second-step"]),
    "single_sign_on.user_for": (
        lambda w: single_sign_on.user_for(OTHER_IDENTITY), ["create", "link-identity"]),
    "single_sign_on.link": (lambda w: single_sign_on.link(OTHER_IDENTITY, w.alice), ["link-identity"]),
    "single_sign_on.unlink": (lambda w: single_sign_on.unlink(w.bob), ["unlink-identity"]),
    "people.deactivate": (lambda w: people.deactivate(w.bob, by=w.dana), ["deactivate"]),
    "people.reactivate": (lambda w: people.reactivate(named("gone"), by=w.dana), ["reactivate"]),
    "people.set_site_roles": (
        lambda w: people.set_site_roles(w.bob, by=w.dana, is_curator=True, is_administrator=False),
        ["set-site-roles"]),
    "teams.rename": (lambda w: teams.rename(w.alice.teams.get(), "Base", by=w.dana), ["rename"]),
    "teams.set_role": (
        lambda w: teams.set_role(w.alice.teams.get(), w.dana, "lead", by=w.dana), ["add-member"]),
    "teams.remove_member": (
        lambda w: teams.remove_member(w.alice.teams.get(), w.bob, by=w.dana), ["remove-member"]),
    "invitations.invite": (
        lambda w: invitations.invite("otter@example.org", by=w.dana, address="https://h.example/"), ["invite"]),
    "invitations.revoke": (lambda w: invitations.revoke(Invitation.objects.get(), by=w.dana), ["revoke"]),
    "invitations.accept_as": (
        lambda w: invitations.accept_as(SECRET, named("newest")), ["accept", "add-member"]),
    "invitations.accept_with_account": (
        lambda w: invitations.accept_with_account(SECRET, username="eve", name="Eve", password=NEW_PASSWORD),
        ["create", "accept", "add-member"]),
    "sharing.change": (restrict, ["change-envelope"]),
    "pseudonyms.replace": (
        lambda w: pseudonyms.replace(w.postmortem("wrtten01"), ["Walrus"], "Engineer 2", by=w.alice, revision=2),
        ["edit"]),
    "redacting.redact": (lambda w: redacting.redact(["walrus"], by=w.dana), ["redact"]),
}  # fmt: skip
