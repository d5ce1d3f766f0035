"""The verbs of one's mail address: ask for another, confirm it with the key that was sent there."""

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.translation import gettext as _

from postmortems import audit, letters, marks, outbox, signing_in
from postmortems.models import User

SALT = "hindsight.mail-address"
DAY_SECONDS = 24 * 3600
MOST_LETTERS = 10


def ask(user: User, email: str, *, password: str, session_key: str, address: str) -> None:
    """Send a key to the wanted address; raises ValidationError keyed by field, or TooManyGuesses.

    The password is asked for because the address resets it: a session that somebody else got hold of
    must not become the account. Whether another account has the address is not told: its owner finds
    out from the letter.
    """
    email = tidied(email)
    if email.lower() == user.email.lower():
        return
    if not signing_in.has_shown_password(user, password, session_key=session_key):
        raise ValidationError({"password": _("That is not your password.")})
    if marks.take(f"mail:{user.pk}", most=MOST_LETTERS, seconds=DAY_SECONDS) is None:
        raise ValidationError({"email": _("That was often enough for one day. Try it tomorrow.")})
    key = signing.dumps([user.pk, user.email, email], salt=SALT)
    letters.send(
        email,
        _("Confirm your mail address"),
        [
            _("The account %(name)s wants to use this mail address.") % {"name": user.username},
            _("To confirm it, open this address within a day, signed in as that account:"),
            f"{address}?key={key}",
            _("If that was not you, there is nothing to do."),
        ],
    )


def wanted_by_key(key: str, user: User) -> str:
    """The address that the key confirms for this user; empty for a key that does not."""
    try:
        pk, before, email = signing.loads(key, salt=SALT, max_age=DAY_SECONDS)
    except (signing.BadSignature, ValueError):
        return ""
    # Asked twice, the key of the first letter must not undo what the second has done.
    return email if (pk, before) == (user.pk, user.email) else ""


def confirm(key: str, *, by: User) -> User:
    """Take the address that the key was sent to; raises ValidationError keyed by field."""
    email = wanted_by_key(key, by)
    if not email:
        raise ValidationError({"key": _("This link has been used or is too old. Ask for another.")})
    before = by.email
    by.email = email
    try:
        with outbox.writing():
            by.save(update_fields=["email"])
            audit.record("confirm-mail", by, by=by)
    except IntegrityError as error:
        by.email = before
        raise ValidationError({"key": _("Another account has this mail address.")}) from error
    if before:
        says = _("The account %(name)s no longer uses this mail address.") % {"name": by.username}
        letters.send(before, _("Your mail address was changed"), [says])
    return by


def tidied(email: str) -> str:
    """A mail address as it is stored; raises ValidationError keyed by field for what is none."""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    return email
