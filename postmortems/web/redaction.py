"""The page on which administrators take a text out of everything that is stored."""

from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from postmortems import people, redacting
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, render_page

LABELS = {
    "postmortems": gettext_lazy("Postmortems"),
    "revisions": gettext_lazy("Revisions"),
    "drafts": gettext_lazy("Unsaved drafts"),
    "files": gettext_lazy("Names of files"),
    "saved_searches": gettext_lazy("Saved searches"),
    "reading_lists": gettext_lazy("Reading lists"),
    "suggestions": gettext_lazy("Suggested terms"),
    "templates": gettext_lazy("Body templates"),
    "trackers": gettext_lazy("Trackers"),
    "review_comments": gettext_lazy("Review comments"),
    "rendered_texts": gettext_lazy("Texts laid out"),
    "kept_answers": gettext_lazy("Answers of the API kept for a day"),
    "imports": gettext_lazy("Reports of imports"),
}


@login_required
@never_cache
@sensitive_post_parameters("texts")
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: AuthenticatedRequest) -> HttpResponse:
    """Ask what to take out; count; take it out."""
    people.check_may_administer(request.user)
    typed = request.POST.get("texts", "")
    context: dict[str, Any] = {"tab": "redact", "texts": typed, "errors": {}}
    if request.method != "POST":
        return render_page(request, "redaction/redact.html", context)
    is_real = "really" in request.POST
    act = redacting.redact if is_real else redacting.count
    try:
        counts = asdict(act(typed.splitlines(), by=request.user))
    except ValidationError as error:
        context["errors"] = errors_of(error)
        return render_page(request, "redaction/redact.html", context)
    nowhere = [_inside(str(LABELS[name])) for name, number in counts.items() if not number]
    context |= {
        "counts": [(LABELS[name], number) for name, number in counts.items() if number],
        "nowhere": pgettext("between names", ", ").join(nowhere),
        "is_counted": True,
        "is_done": is_real,
    }
    return render_page(request, "redaction/redact.html", context)


def _inside(label: str) -> str:
    """The label as it stands inside of a sentence."""
    return label[:1].lower() + label[1:]
