"""Trackers of tickets: how a new ticket is begun, and where a key leads. The server asks them nothing.

Templates come from curators and the values from anybody: an address is only ever made of a template
that begins with http and names its host, and of values that are percent-encoded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.access import Viewer
from postmortems.audit.masking import MASK
from postmortems.models import Tracker, User

MOST_TRACKERS = 20
IN_TICKETS = ("title", "text", "url", "ref", "due")
IN_KEYS = ("key",)
FIELDS = ("name", "ticket_url", "prefix", "key_url")
PREFIX = re.compile(r"[A-Za-z0-9#_.-]{1,40}", re.ASCII)
# What follows the prefix in a key.
NUMBER = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)
PLACEHOLDER = re.compile(r"\{([a-z]*)\}")
# Nothing that a browser would read differently than this module, and nothing that it would not show.
PLAIN = re.compile(r"[!#-;=?-\[\]_a-z{}~]+", re.ASCII)
# Browsers and trackers cut longer addresses.
LONGEST_VALUE = 1_000


# --- Making addresses -----------------------------------------------------------------------------


def ticket_link(tracker: Tracker, values: Mapping[str, str]) -> str:
    """The address that begins a ticket filled with these values; empty where the tracker has none."""
    return _filled(tracker.ticket_url, values)


def key_link(trackers: Iterable[Tracker], text: str) -> str:
    """Where a ticket leads to: an address to itself, a key to its tracker; empty for anything else."""
    if text.startswith(("https://", "http://")):
        return text
    fitting = [item for item in trackers if item.key_url and _is_key(item, text)]
    # Of `OPS-` and `OPS-NET-` the longer one is meant.
    tracker = max(fitting, key=lambda item: len(item.prefix), default=None)
    return _filled(tracker.key_url, {"key": text}) if tracker else ""


def _is_key(tracker: Tracker, text: str) -> bool:
    rest = text.removeprefix(tracker.prefix)
    return text.startswith(tracker.prefix) and bool(NUMBER.fullmatch(rest))


def _filled(template: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(
        lambda match: quote(values.get(match[1], "")[:LONGEST_VALUE], safe=""), template
    )


# --- Changing them --------------------------------------------------------------------------------


def may_change_trackers(user: Viewer) -> bool:
    """Whether the user may change trackers: curators and administrators."""
    return isinstance(user, User) and (user.is_system or user.is_curator or user.is_administrator)


def check_may_change_trackers(user: Viewer) -> None:
    """Raise PermissionDenied for who may not."""
    if not may_change_trackers(user):
        raise PermissionDenied(_("Only curators and administrators change trackers."))


def add(*, by: User, **values: str) -> Tracker:
    """A new tracker: name, ticket_url, prefix, key_url.

    Raises PermissionDenied, or ValidationError keyed by field.
    """
    with _changing(by):
        wanted = _checked(values)
        if Tracker.objects.count() >= MOST_TRACKERS:
            message = _("There are %(most)d trackers already.") % {"most": MOST_TRACKERS}
            raise ValidationError({"name": message})
        _check_is_new(wanted["name"])
        tracker = Tracker.objects.create(**wanted)
        audit.record("add-tracker", tracker, by=by, after=_logged(wanted))
    return tracker


def change(tracker: Tracker, *, by: User, **values: str) -> Tracker:
    """Make the tracker this; raises what `add` raises."""
    with _changing(by):
        tracker = Tracker.objects.select_for_update().get(pk=tracker.pk)
        before = _told(tracker)
        wanted = _checked(before | values)
        if wanted["name"] != tracker.name:
            _check_is_new(wanted["name"])
        for name, value in wanted.items():
            setattr(tracker, name, value)
        tracker.save(update_fields=list(wanted))
        if wanted != before:
            changed = [name for name in FIELDS if wanted[name] != before[name]]
            audit.record(
                "change-tracker",
                tracker,
                by=by,
                before=_logged({name: before[name] for name in changed}),
                after=_logged({name: wanted[name] for name in changed}),
            )
    return tracker


def remove(tracker: Tracker, *, by: User) -> None:
    """Offer it no longer; keys that stand in actions stay, without a link."""
    with _changing(by):
        audit.record("remove-tracker", tracker, by=by, before=_logged(_told(tracker)))
        tracker.delete()


@contextmanager
def _changing(by: User) -> Iterator[None]:
    check_may_change_trackers(by)
    with outbox.writing():
        yield


def _told(tracker: Tracker) -> dict[str, str]:
    return {name: getattr(tracker, name) for name in FIELDS}


def _logged(values: Mapping[str, str]) -> dict[str, str]:
    """The same for the audit log: which fields, never their words, which may have to go one day."""
    return {name: MASK if value else "" for name, value in values.items()}


def _check_is_new(name: str) -> None:
    if Tracker.objects.filter(name=name).exists():
        raise ValidationError({"name": _("There is a tracker of that name already.")})


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    """All fields as they are stored; raises ValidationError keyed by field."""
    # No row holds a NUL, and PostgreSQL refuses it with an error.
    wanted = {name: values.get(name, "").replace("\0", "").strip() for name in FIELDS}
    found = {
        "name": _name_problem(wanted["name"]),
        "ticket_url": _template_problem(wanted["ticket_url"], IN_TICKETS),
        "prefix": _prefix_problem(wanted["prefix"], wanted["key_url"]),
        "key_url": _template_problem(wanted["key_url"], IN_KEYS)
        or _key_problem(wanted["key_url"], wanted["prefix"]),
    }
    if not wanted["ticket_url"] and not wanted["key_url"]:
        found["ticket_url"] = _("Say where tickets are begun, or where keys lead to.")
    if problems := {name: problem for name, problem in found.items() if problem}:
        raise ValidationError(problems)
    return wanted


def _name_problem(name: str) -> str:
    if not name or len(name) > 60 or not name.isprintable():
        return _("Write a name of at most 60 characters.")
    return ""


def _prefix_problem(prefix: str, key_url: str) -> str:
    if prefix and not PREFIX.fullmatch(prefix):
        return _("Write what keys begin with, such as OPS-, in letters, digits and # _ . -")
    if key_url and not prefix:
        return _("Say what keys begin with, such as OPS-.")
    return ""


def _key_problem(template: str, prefix: str) -> str:
    if template and "{key}" not in template:
        return _("Write {key} where the key belongs.")
    if prefix and not template:
        return _("Say where such keys lead to.")
    return ""


def _template_problem(template: str, names: tuple[str, ...]) -> str:
    if not template:
        return ""
    if len(template) > 1_000 or not PLAIN.fullmatch(template) or not _has_own_host(template):
        return _(
            "Write an address that begins with https:// and a host, without spaces, of at most "
            "1,000 characters; placeholders stand after the host."
        )
    strange = set(PLACEHOLDER.findall(template)).difference(names)
    if strange or set("{}") & set(PLACEHOLDER.sub("", template)):
        known = " ".join(f"{{{name}}}" for name in names)
        return _("Placeholders are: %(names)s.") % {"names": known}
    return ""


def _has_own_host(template: str) -> bool:
    try:
        parts = urlsplit(template)
        port = parts.port
    except ValueError:
        return False
    is_web = template.startswith(("https://", "http://")) and parts.scheme in ("https", "http")
    is_plain = not set("{}@\\") & set(parts.netloc) and port != 0
    return is_web and bool(parts.hostname) and is_plain
