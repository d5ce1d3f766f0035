"""What a person sets for themselves. Called by the preferences page."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.models import User
from taxonomy.languages import LANGUAGES

THEMES = ("", "light", "dark")
LONGEST_NAME = 120


def set_preferences(
    user: User,
    *,
    theme: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> User:
    """Store what is given and leave the rest; a theme of "" follows the system, a
    language of "" the browser.

    Raises ValidationError keyed by field for a value that does not exist.
    """
    wanted = {"theme": theme, "language": language, "time_zone": time_zone}
    given = {field: value for field, value in wanted.items() if value is not None}
    for field, value in given.items():
        if not _is_known(field, value):
            raise ValidationError({field: _("“%(value)s” cannot be chosen.") % {"value": value}})
    changes = {field: value for field, value in given.items() if value != getattr(user, field)}
    if not changes:
        return user
    before = {field: getattr(user, field) for field in changes}
    for field, value in changes.items():
        setattr(user, field, value)
    with outbox.writing():
        user.save(update_fields=list(changes))
        audit.record("set-preferences", user, by=user, before=before, after=changes)
    return user


def set_name(user: User, name: str) -> User:
    """What others read instead of the name to sign in; raises ValidationError keyed by field."""
    name = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    if len(name) > LONGEST_NAME:
        message = _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME}
        raise ValidationError({"name": message})
    if name != user.name:
        user.name = name
        with outbox.writing():
            user.save(update_fields=["name"])
            audit.record("set-name", user, by=user)
    return user


def _is_known(field: str, value: str) -> bool:
    if field == "time_zone":
        # Reads hundreds of files, so only when a zone is asked for.
        return value == "" or value in available_timezones()
    return value in (THEMES if field == "theme" else ("", *LANGUAGES))
