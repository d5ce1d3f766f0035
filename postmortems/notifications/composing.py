"""The mail to one person, in their language and zone: plain text, and the same as simple HTML."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.audit.masking import visible
from postmortems.models import Notification, Postmortem, User
from postmortems.notifications import mail_times, wording
from postmortems.notifications.preferences import stop_key
from taxonomy.languages import LANGUAGES

# Where nobody has said what the site is reached by: mode demo, on one's own machine.
LOCAL_ADDRESS = "http://127.0.0.1:8000"
LONGEST_TITLE = 120
MOST_TOLD = 100


@dataclass(frozen=True)
class Item:
    """One postmortem of a mail and all that is told of it, the latest first."""

    title: str
    language: str
    url: str
    lines: list[tuple[str, datetime]]


def compose(user: User, rows: Sequence[Notification]) -> EmailMultiAlternatives:
    """One mail about those notifications, which the user may see at this moment; the latest first."""
    language = user.language if user.language in LANGUAGES else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(mail_times.zone_of(user)):
        stop_url = address(reverse("mail-stop", kwargs={"key": stop_key(user)}))
        context = {
            "items": _items(rows[:MOST_TOLD], language),
            "more": max(len(rows) - MOST_TOLD, 0),
            "list_url": address(reverse("notifications")),
            "zone": timezone.get_current_timezone_name(),
            "language": language,
            "settings_url": address(reverse("notification-settings")),
            "stop_url": stop_url,
        }
        message = EmailMultiAlternatives(
            subject=_subject(rows, language),
            body=render_to_string("notifications/mail.txt", context).strip() + "\n",
            to=[user.email],
            headers={
                "Message-ID": message_id(rows),
                # RFC 8058: the mail program offers a button, which posts there without a session.
                "List-Unsubscribe": f"<{stop_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(
            render_to_string("notifications/mail.html", context), "text/html"
        )
    return message


def address(path: str) -> str:
    """The absolute address of a page."""
    return (settings.BASE_URL or LOCAL_ADDRESS) + path


def message_id(rows: Sequence[Notification]) -> str:
    """Always the same for the same news: of a mail that had to be sent twice, many programs keep one."""
    told = ",".join(f"{row.pk}:{row.times}" for row in sorted(rows, key=lambda row: row.pk))
    digest = hashlib.sha256(f"{settings.SECRET_KEY}\0{told}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(address('')).hostname}>"


def _items(rows: Sequence[Notification], language: str) -> list[Item]:
    by_postmortem: dict[int, list[Notification]] = {}
    for row in rows:
        by_postmortem.setdefault(row.postmortem_id, []).append(row)
    return [_item(group, language) for group in by_postmortem.values()]


def _item(rows: list[Notification], language: str) -> Item:
    postmortem = rows[0].postmortem
    title, title_language = _title(postmortem, language)
    lines = [(wording.sentence(row), row.created_at) for row in rows]
    return Item(title, title_language, address(wording.path_of(rows[0])), lines)


def _title(postmortem: Postmortem, language: str) -> tuple[str, str]:
    if wording.is_veiled(postmortem):
        return _("A restricted postmortem"), language
    title, title_language = postmortem.title_in(language)
    return visible(" ".join(title.split())), title_language


def _subject(rows: Sequence[Notification], language: str) -> str:
    if len(rows) == 1:
        title, _language = _title(rows[0].postmortem, language)
        title = Truncator(title).chars(LONGEST_TITLE)
        return _("%(what)s: %(title)s") % {"what": wording.sentence(rows[0]), "title": title}
    forms = ngettext("%(n)s notification", "%(n)s notifications", len(rows))
    return f"Hindsight: {forms % {'n': len(rows)}}"
