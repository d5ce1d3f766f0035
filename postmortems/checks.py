"""System checks: what must hold before the site may serve in mode production. Each has an id and a hint."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connection

from postmortems.models import User

MIN_SECRET_LENGTH = 40
DEMO_USERNAMES = ("alice", "bob", "charlie", "dana")


@register(Tags.security)
def production_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Contradictions between mode production and the other settings."""
    if settings.MODE != "production":
        return []
    found = [
        (
            settings.DEBUG,
            "E001",
            "DEBUG is on.",
            "Leave it off: error pages would show code and data.",
        ),
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "E002",
            "The host names of this site are not set.",
            "Set HINDSIGHT_ALLOWED_HOSTS to the names it is reached by, separated by commas.",
        ),
        (
            not settings.BASE_URL.startswith("https://"),
            "E003",
            "HINDSIGHT_BASE_URL is missing or does not begin with https://.",
            "Set it to the address that people open; cookies and links depend on it.",
        ),
        (
            len(settings.SECRET_KEY) < MIN_SECRET_LENGTH,
            "E004",
            f"HINDSIGHT_SECRET_KEY is shorter than {MIN_SECRET_LENGTH} characters.",
            "Leave it unset, and a random key is kept in the data directory.",
        ),
        (
            not settings.MAIL_HOST,
            "E011",
            "It is not said how mail is sent.",
            "Set HINDSIGHT_MAIL_HOST to the mail server, or to none.",
        ),
    ]
    return [_error(number, says, hint) for is_wrong, number, says, hint in found if is_wrong]


@register(Tags.database)
def production_accounts(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """In production nobody may sign in with the published demonstration password."""
    # Django names a database only to who asks for it: `serve` does, and `check --database default`.
    if settings.MODE != "production" or not databases:
        return []
    try:
        names = accounts_with_demo_password()
    except OperationalError as error:
        return [_unreachable(error)]
    if not names:
        return []
    says = f"Accounts with the demonstration password: {', '.join(names)}."
    return [_error("E005", says, "Give them other passwords, or make them inactive.")]


def accounts_with_demo_password() -> list[str]:
    """Names of active demonstration accounts whose password is still the published one."""
    # A database that is still empty has no accounts.
    if User._meta.db_table not in connection.introspection.table_names():
        return []
    people = User.objects.filter(username__in=DEMO_USERNAMES, is_active=True).values_list(
        "username", "password"
    )
    return [name for name, hashed in people if check_password(settings.DEMO_PASSWORD, hashed)]


def _unreachable(error: OperationalError) -> Warning:
    """The site may start before its database: it answers 503 until that is there."""
    says = f"The database cannot be asked whether it is safe: {str(error).strip()}"
    hint = "Start it. Then `manage.py check --database default` asks what was left out."
    return Warning(says, hint=hint, id="hindsight.W001")


def _error(number: str, says: str, hint: str) -> Error:
    return Error(says, hint=hint, id=f"hindsight.{number}")
