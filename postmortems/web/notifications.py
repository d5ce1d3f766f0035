"""Notifications: the list, marking them as read, when mail comes, and the page that stops it without signing in."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmortems.digits import number_in
from postmortems.models import Mailbox, Notification
from postmortems.notifications import mail_times, preferences, reading, wording
from postmortems.templatetags.title_tags import title_here
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import moment_in, page_of, render_page, safe_next

PAGE_SIZE = 25
# What a button of the list may name at once: the rows of one page.
MOST_MARKED = 100
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Row:
    """One notification of the list in the reader's words."""

    notification: Notification
    sentence: str
    title: str
    language: str
    icon: str
    url: str


ICONS = {
    Notification.Kind.REVIEW_ASKED: "eye",
    Notification.Kind.REVIEWER_NAMED: "person",
    Notification.Kind.APPROVED: "check",
    Notification.Kind.CHANGES_ASKED: "edit",
    Notification.Kind.WITHDRAWN: "minus",
    Notification.Kind.COMMENTED: "quote",
    Notification.Kind.REPLIED: "quote",
    Notification.Kind.PUBLISHED: "globe",
    Notification.Kind.ACTION_OVERDUE: "clock",
    Notification.Kind.SHARED: "lock",
    Notification.Kind.FOLLOWED: "bookmark",
}


@login_required
@require_safe
def notifications(request: AuthenticatedRequest) -> HttpResponse:
    """What is unread, or everything; only about what the reader may see now."""
    shows_all = request.GET.get("tab") == "all"
    found = reading.shown_to(request.user)
    shown, pages = page_of(request, found if shows_all else found.unread(), PAGE_SIZE)
    context = {
        "tab": "all" if shows_all else "",
        "rows": [_row(item) for item in shown],
        "pages": pages,
        "until": timezone.now().isoformat(),
    }
    return render_page(request, "notifications/list.html", context)


@login_required
@require_POST
def mark_read(request: AuthenticatedRequest) -> HttpResponse:
    """Mark one as read, or all that stood there when the page was made."""
    until = moment_in(request.POST.get("until", ""))
    if request.POST.get("all") and until:
        reading.mark_all_read(request.user, until=until)
    named = request.POST.getlist("one")[:MOST_MARKED]
    numbers = [number for text in named if (number := number_in(text, 1, LARGEST_NUMBER))]
    if numbers:
        reading.mark_read(request.user, numbers)
    return redirect(safe_next(request, "notifications"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: AuthenticatedRequest) -> HttpResponse:
    """When mail comes."""
    errors = {}
    if request.method == "POST":
        try:
            preferences.choose_mail(request.user, request.POST.get("mail", ""), by=request.user)
        except ValidationError as error:
            errors = {name: " ".join(found) for name, found in error.message_dict.items()}
        else:
            messages.success(request, _("Saved."))
            return redirect("notification-settings")
    context = {
        "choices": Mailbox.Mail.choices,
        "chosen": preferences.mail_of(request.user),
        "errors": errors,
        "is_on": mail_times.is_on(),
        "zone": mail_times.zone_of(request.user).key,
        "tab": "notifications",
    }
    return render_page(request, "notifications/settings.html", context)


# Mail programs post here by themselves, with no session and no token: the key is the right.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether to stop the mail of the account that the key is of, and stop it.

    404 tells alike of a key that is none and of an account that has ended.
    """
    holder = preferences.holder_of(key)
    if holder is None:
        return render_page(request, "notifications/stop_unknown.html", {}, status=404)
    if request.method == "POST":
        preferences.choose_mail(holder, Mailbox.Mail.NEVER, by=holder)
    is_stopped = preferences.mail_of(holder) == Mailbox.Mail.NEVER
    return render_page(request, "notifications/stop.html", {"is_stopped": is_stopped})


def _row(item: Notification) -> Row:
    title, title_language = title_here(item.postmortem)
    icon = ICONS[Notification.Kind(item.kind)]
    return Row(item, wording.sentence(item), title, title_language, icon, wording.path_of(item))
