"""Bringing in many postmortems: choose files, look at what each would do, confirm, see the report, take it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmortems import access
from postmortems.exchange import import_undo, import_waiting, imports, upload
from postmortems.exchange.importing import Report
from postmortems.exchange.importing import Row as Planned
from postmortems.exchange.problems import FileProblem
from postmortems.exchange.upload import Upload
from postmortems.models import Import, ImportRow, Postmortem, Team, User
from postmortems.models.stored_file import is_file_id
from postmortems.web.import_words import in_words, said
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, get_by_ref, page_of, render_page

LIST_SIZE = 10
ROWS_SIZE = 100
# The preview shows so many rows, those with problems first: nobody reads ten thousand.
ROWS_SHOWN = 200
PASTED = "pasted"

Outcome = ImportRow.Outcome
# A preview tells what would be, a report what was.
_PLANNED = {
    Outcome.CREATED: gettext_lazy("Will be made"),
    Outcome.UPDATED: gettext_lazy("Will change"),
    Outcome.UNCHANGED: gettext_lazy("Stays as it is"),
    Outcome.PROBLEM: gettext_lazy("Left out"),
}


@dataclass(frozen=True)
class Row:
    """One row of a preview or a report."""

    name: str
    import_id: str
    outcome: str
    label: str | Promise
    problems: Sequence[FileProblem]
    postmortem: Postmortem | None = None
    undone: str = ""
    title: str = ""
    # Where the file names another team than the one that was chosen.
    team: str = ""
    files: int = 0


@dataclass(frozen=True)
class Form:
    """What stands in the form."""

    team: str = ""
    text: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: AuthenticatedRequest) -> HttpResponse:
    """The form with one's former imports; sent, the preview of what each part would do."""
    access.check_may_write(request.user)
    if request.method != "POST":
        return _form(request, Form())
    form = Form(request.POST.get("team", ""), request.POST.get("text", ""))
    teams = access.teams_to_write_in(request.user)
    team = next((item for item in teams if item.slug == form.team), None)
    if team is None:
        errors = {"team": _("Choose a team that you write in.")}
        return _form(request, Form(text=form.text, errors=errors))
    try:
        uploads = _uploads(request, form.text)
        report = imports.preview(uploads, by=request.user, team=team)
    except ValidationError as error:
        errors = {name: said(words) for name, words in errors_of(error).items()}
        return _form(request, Form(form.team, form.text, errors))
    return _preview(request, uploads, team, report)


@login_required
@require_POST
def import_confirm(request: AuthenticatedRequest) -> HttpResponse:
    """Bring in what was previewed; sent twice, it leads to the same report."""
    waiting_id = request.POST.get("waiting", "")
    if not is_file_id(waiting_id):
        raise Http404
    key = f"page-{waiting_id}"
    waiting = import_waiting.find(request.user, waiting_id)
    if waiting is None:
        done = get_object_or_404(Import.objects.visible_to(request.user), key=key)
        return redirect("import-report", ref=done.ref)
    uploads = import_waiting.uploads_of(waiting)
    batch = imports.bring_in(uploads, by=request.user, team=waiting.team, key=key)
    waiting.delete()
    messages.success(request, _("The import is done."))
    return redirect("import-report", ref=batch.ref)


@login_required
@require_safe
def import_report(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """What became of each row."""
    batch = _get(request, ref)
    shown, pages = page_of(request, batch.rows.all(), ROWS_SIZE)
    rows = list(shown)
    seen = imports.seen_refs(rows, request.user)
    context = {
        "batch": batch,
        "counts": _counts(imports.counts_of(batch)),
        "rows": [_stored_row(row, seen.get(row.postmortem_id or 0)) for row in rows],
        "pages": pages,
    }
    return render_page(request, "imports/report.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo_page(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to take an import back, and take it back."""
    batch = _get(request, ref)
    if request.method != "POST":
        context = {"batch": batch, "counts": _counts(imports.counts_of(batch))}
        return render_page(request, "imports/undo.html", context)
    try:
        import_undo.undo_import(batch, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The import was taken back."))
    return redirect("import-report", ref=batch.ref)


def _get(request: AuthenticatedRequest, ref: str) -> Import:
    return get_by_ref(Import.objects.visible_to(request.user).select_related("team", "by"), ref)


def _uploads(request: AuthenticatedRequest, text: str) -> list[Upload]:
    sent = [item for item in request.FILES.getlist("file") if isinstance(item, UploadedFile)]
    # Looked at before it is read: what is too much stays on the disk.
    if sum(item.size or 0 for item in sent) > upload.UPLOAD_BYTES:
        raise ValidationError({"file": upload.too_large()})
    uploads = [Upload(item.name or "", item.read()) for item in sent]
    return [*uploads, Upload(PASTED, text.encode())] if text.strip() else uploads


def _form(request: AuthenticatedRequest, form: Form) -> HttpResponse:
    teams = access.teams_to_write_in(request.user)
    mine = Import.objects.visible_to(request.user).with_counts().select_related("team")
    shown, pages = page_of(request, mine.order_by("-made_at", "-pk"), LIST_SIZE)
    context = {
        "form": form,
        "teams": teams,
        "team": form.team or _usual_team(request, teams),
        "batches": [(batch, _counts(imports.counts_of(batch))) for batch in shown],
        "pages": pages,
        "most_megabytes": upload.UPLOAD_BYTES >> 20,
        "most_records": upload.RECORDS,
    }
    status = 400 if form.errors else 200
    return render_page(request, "imports/page.html", context, status=status)


def _usual_team(request: AuthenticatedRequest, teams: Sequence[Team]) -> str:
    own = set(request.user.teams.values_list("pk", flat=True))
    usual = [team for team in teams if team.pk in own] or list(teams)
    return usual[0].slug if usual else ""


def _preview(
    request: AuthenticatedRequest, uploads: Sequence[Upload], team: Team, report: Report
) -> HttpResponse:
    counts = {imports.OUTCOMES[name]: count for name, count in report.counts.items()}
    is_of_use = counts[Outcome.CREATED] + counts[Outcome.UPDATED] > 0
    waiting = import_waiting.keep(uploads, by=request.user, team=team) if is_of_use else None
    first = sorted(report.rows, key=lambda row: row.outcome != "problem")[:ROWS_SHOWN]
    seen = _to_change(first, request.user)
    context = {
        "team": team,
        "waiting": waiting,
        "counts": _counts({str(name): count for name, count in counts.items()}),
        "rows": [_planned_row(row, seen.get(row.ref), team) for row in first],
        "left_out": len(report.rows) - len(first),
    }
    return render_page(request, "imports/preview.html", context)


def _to_change(rows: Sequence[Planned], viewer: User) -> dict[str, Postmortem]:
    refs = [row.ref for row in rows if row.outcome in ("changed", "same")]
    found = Postmortem.objects.visible_to(viewer).filter(ref__in=refs)
    return {postmortem.ref: postmortem for postmortem in found}


def _planned_row(row: Planned, postmortem: Postmortem | None, team: Team) -> Row:
    outcome = imports.OUTCOMES[row.outcome]
    is_elsewhere = row.outcome != "problem" and row.team != team.name
    return Row(
        name=row.file,
        import_id=row.import_id,
        outcome=str(outcome),
        label=_PLANNED[outcome],
        problems=_in_order(row.problems),
        postmortem=postmortem,
        title=row.title,
        team=row.team if is_elsewhere else "",
        files=row.files,
    )


def _in_order(problems: Iterable[FileProblem]) -> list[FileProblem]:
    """In the reader's language, as they stand in the file; first what is missing from it."""
    return [in_words(problem) for problem in sorted(problems, key=lambda item: item.line or 0)]


def _counts(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Each outcome with how many there are, in words."""
    words = {
        Outcome.CREATED: ngettext("%(n)d new", "%(n)d new", counts["created"]),
        Outcome.UPDATED: ngettext("%(n)d changed", "%(n)d changed", counts["updated"]),
        Outcome.UNCHANGED: ngettext("%(n)d as it is", "%(n)d as they are", counts["unchanged"]),
        Outcome.PROBLEM: ngettext("%(n)d problem", "%(n)d with problems", counts["problem"]),
    }
    return [(str(name), text % {"n": counts[name]}) for name, text in words.items() if counts[name]]


def _stored_row(row: ImportRow, postmortem: Postmortem | None) -> Row:
    problems = _in_order(FileProblem(**item) for item in row.problems)
    undone = row.get_undone_display() if row.undone else ""
    return Row(
        row.name,
        row.import_id,
        row.outcome,
        str(Outcome(row.outcome).label),
        problems,
        postmortem,
        undone,
        files=len(row.files),
    )
