"""What the actions board changes: the status of one action or of many, and that a status still holds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext
from django.views.decorators.http import require_POST

from postmortems.actions import marking
from postmortems.actions.marking import Chosen, Report
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import safe_next


@login_required
@require_POST
def mark(request: AuthenticatedRequest) -> HttpResponse:
    """Do with the chosen actions what the pressed button says, and tell what became of them."""
    sent = request.POST
    try:
        if one := sent.get("one"):
            name = one.rpartition("/")[0]
            report = marking.set_status(_read([one]), sent.get(f"to-{name}", ""), by=request.user)
        elif still := sent.get("still"):
            report = marking.confirm(_read([still]), by=request.user)
        elif sent.get("do") == "confirm":
            report = marking.confirm(_read(sent.getlist("action")), by=request.user)
        else:
            chosen = _read(sent.getlist("action"))
            report = marking.set_status(chosen, sent.get("status", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        is_whole = report == Report(changed=report.changed)
        tell = messages.success if is_whole else messages.warning
        tell(request, words_of(report))
    return HttpResponseRedirect(safe_next(request, "actions"))


def _read(values: list[str]) -> list[Chosen]:
    """`REF/KEY/STATUS` as the page wrote it; what is not that is as if it were gone."""
    parts = (value.replace("\0", "")[:120].split("/", 2) for value in values[: marking.MOST + 1])
    return [Chosen(*part) for part in parts if len(part) == 3]


def words_of(report: Report) -> str:
    """`4 changed, 1 not yours, 1 moved on meanwhile`."""
    counts = (
        (
            report.changed,
            npgettext("actions", "%(n)s changed", "%(n)s changed", report.changed),
        ),
        (report.same, ngettext("%(n)s had it already", "%(n)s had it already", report.same)),
        (report.not_yours, ngettext("%(n)s not yours", "%(n)s not yours", report.not_yours)),
        (
            report.moved_on,
            ngettext("%(n)s moved on meanwhile", "%(n)s moved on meanwhile", report.moved_on),
        ),
        (
            report.refused,
            ngettext(
                "%(n)s in a postmortem that lacks something",
                "%(n)s in postmortems that lack something",
                report.refused,
            ),
        ),
    )
    said = [words % {"n": number} for number, words in counts if number]
    return pgettext("between counts", ", ").join(said) or _("Nothing was changed.")
