"""The verbs of passwords: change one's own, ask for a way to set a forgotten one, set it.

A new password ends everything that signed in with the old one.
"""

from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import audit, letters, marks, outbox, sessions, signing_in
from postmortems.accounts import USERNAME
from postmortems.guessing import digest_of_name
from postmortems.models import User

MOST_LETTERS = 5
HOUR_SECONDS = 3600
# SQLite compares nothing that is very long.
LONGEST_ADDRESS = 254


class LongEnough(MinimumLengthValidator):
    """Django's own, with a sentence that stands in the languages of this site."""

    def get_error_message(self) -> str:
        """What is said of a password that is too short."""
        says = _("This password is too short: it takes at least %(count)s characters.")
        return says % {"count": self.min_length}


def change(user: User, old: str, new: str, *, session_key: str) -> User:
    """Set one's own password; raises ValidationError keyed by field, or TooManyGuesses.

    The session with that key goes on, all else that signs in as the user ends.
    """
    if not signing_in.has_shown_password(user, old, session_key=session_key):
        raise ValidationError({"old": _("That is not your current password.")})
    return _set(user, new, keep=session_key, action="change-password")


def ask_for_new(typed: str, *, address: str) -> None:
    """Send a letter that sets a new password, if the name or mail address has an account that may.

    `address` is the page that the letter's key opens. Nothing here tells whether there is one.
    """
    key = f"reset:{digest_of_name(typed)}"
    is_within = marks.take(key, most=MOST_LETTERS, seconds=HOUR_SECONDS) is not None
    user = _found(typed)
    if user is None or not is_within:
        return
    link = f"{address}?key={user.pk}.{default_token_generator.make_token(user)}"
    letters.send(
        user.email,
        _("Set a new password"),
        [
            _("Somebody asked to set a new password for the account %(name)s.")
            % {"name": user.username},
            _("To set one, open this address within two hours:"),
            link,
            _("If that was not you, there is nothing to do: your password stays as it is."),
        ],
    )


def user_of_key(key: str) -> User | None:
    """Whose password a letter's key sets; None for a key that is wrong, old or used."""
    number, _dot, token = key.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    user = User.objects.filter(pk=int(number), is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        return None
    return user


def set_with_key(key: str, new: str) -> User:
    """Set the password that was forgotten; raises ValidationError keyed by field."""
    user = user_of_key(key)
    if user is None:
        raise ValidationError({"key": _("This link has been used or is too old. Ask for another.")})
    return _set(user, new, keep="", action="reset-password")


def check_strength(password: str, user: User, *, field: str = "new") -> None:
    """Raise ValidationError keyed by the field for a password that is too easy."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def _set(user: User, new: str, *, keep: str, action: str) -> User:
    check_strength(new, user)
    user.set_password(new)
    with outbox.writing():
        user.save(update_fields=["password"])
        sessions.end_all_access(user, keep=keep)
        audit.record(action, user, by=user)
    return user


def _found(typed: str) -> User | None:
    typed = typed.strip()
    if USERNAME.fullmatch(typed):
        user = User.objects.filter(username__iexact=typed, is_active=True).first()
    elif "@" in typed and "\0" not in typed and len(typed) <= LONGEST_ADDRESS:
        user = User.objects.filter(email__iexact=typed, is_active=True).first()
    else:
        return None
    if user is None or not user.email or not user.has_usable_password():
        return None
    return user if signing_in.may_use_password(user) else None
