"""Who may come in: a name with its password. The pages of signing in call this."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest

from postmortems import guessing
from postmortems.accounts import USERNAME
from postmortems.models import User


def by_password(
    username: str, password: str, *, browser: str = "", request: HttpRequest | None = None
) -> User | None:
    """The account with that name and password, or None; `browser` as in `guessing.one_of`.

    Raises TooManyGuesses. Known and unknown names take the same way, and the same time.
    """
    # Other letters may equal these ones to a database that ignores case, and would be counted apart.
    name = username if USERNAME.fullmatch(username) else ""
    with guessing.one_of("password", username, browser=browser) as guess:
        user = authenticate(request, username=name, password=password)
        if not isinstance(user, User) or not may_use_password(user):
            return None
        guess.was_right()
        return user


def has_shown_password(user: User, password: str, *, session_key: str) -> bool:
    """Whether the signed-in person knows their password; true for who has none.

    Each session has guesses of its own: strangers at the sign-in page do not use them up.
    """
    if not user.has_usable_password():
        return True
    with guessing.one_of("password", user.username, browser=f"session {session_key}") as guess:
        if user.check_password(password):
            guess.was_right()
            return True
        return False


def may_use_password(user: User) -> bool:
    """Whether the account may sign in without the identity provider."""
    named = settings.LOCAL_SIGN_IN
    return not named or user.username.lower() in named
