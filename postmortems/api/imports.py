"""/api/v1/imports/: bring in many postmortems at once, see what became of each, take it all back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import access
from postmortems.api import document_schema
from postmortems.api.refusals import KeyUsed, TooLarge
from postmortems.api.repetition import key_of, repeats_itself
from postmortems.api.resources import Resource, get_by_ref, listed, person
from postmortems.api.schema import list_of, problems, reference
from postmortems.api.switches import switch, switch_of
from postmortems.exchange import import_undo, imports, upload
from postmortems.exchange.importing import Report
from postmortems.exchange.upload import Upload
from postmortems.models import Import, ImportRow, Postmortem, Team, User

MOST_ERRORS = 100


class ImportProblemBody(serializers.Serializer[Any]):
    """One thing to mend; `line` counts from 1, `key` is a key of the file or a JSON pointer."""

    line = serializers.IntegerField(allow_null=True)
    key = serializers.CharField(allow_blank=True)
    message = serializers.CharField()
    advice = serializers.CharField(allow_blank=True)


class ImportRowBody(serializers.Serializer[Any]):
    """What became, or would become, of one postmortem; `ref` and `url` are empty where there is none
    that the caller sees. `files` counts the attached files that come with it and are not there yet."""

    position = serializers.IntegerField()
    file = serializers.CharField()
    import_id = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(choices=ImportRow.Outcome.values)
    files = serializers.IntegerField()
    ref = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    problems = ImportProblemBody(many=True)
    undone = serializers.ChoiceField(choices=ImportRow.Undone.values, allow_blank=True)


class ImportCounts(serializers.Serializer[Any]):
    """How many rows had each outcome."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    problem = serializers.IntegerField()


class ImportSummary(serializers.Serializer[Any]):
    """One import of one's own; a dry run has no ref and no times."""

    ref = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    team = serializers.CharField()
    dry_run = serializers.BooleanField()
    made_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    counts = ImportCounts()


class ImportBody(ImportSummary):
    """One import with a row for each postmortem that was in it."""

    rows = ImportRowBody(many=True)


class ImportForm(serializers.Serializer[Any]):
    """A file as a form sends it."""

    file = serializers.FileField()


class _Bytes(BaseParser):
    """The body as it is, up to what an import may have."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, list[Upload]]:
        """The one file that the body is, as the list `uploads`; raises TooLarge."""
        data = stream.read(upload.UPLOAD_BYTES + 1)
        _check_size(len(data))
        kind = upload.MEDIA_TYPES[self.media_type]
        return {"uploads": [Upload(f"import.{kind}", data, self.media_type)]}


PARSERS = [
    type(f"{kind.title()}Bytes", (_Bytes,), {"media_type": media_type})
    for media_type, kind in upload.MEDIA_TYPES.items()
]
SENT = {
    **dict.fromkeys(upload.MEDIA_TYPES, bytes),
    # A list is taken as well: of a body that is either, generated clients make nothing that works.
    "application/json": reference(document_schema.RECORD),
    "multipart/form-data": ImportForm,
}


class Imports(Resource):
    """One's own imports: nobody else is told of them."""

    parser_classes = [*PARSERS, MultiPartParser]

    @extend_schema(
        operation_id="list_imports",
        summary="Your imports, the newest first.",
        tags=["imports"],
        responses={200: list_of(ImportSummary), **problems(400)},
    )
    def list(self, request: Request) -> Response:
        """Without their rows."""
        rows = Import.objects.visible_to(request.user).with_counts().select_related("team")
        return listed(request, rows.order_by("-made_at", "-pk"), _summary)

    @extend_schema(
        operation_id="create_import",
        summary="Bring in many postmortems, or say what bringing them in would do.",
        description=(
            "JSON (one object or a list), NDJSON, the Markdown format, or an archive of such files, "
            "each with the attached files that an export put into it. "
            "What is known by its team and import id is changed, the rest is made. With "
            "`dry_run=1` nothing is kept."
        ),
        tags=["imports"],
        parameters=[
            switch("dry_run", "Only say what would happen."),
            OpenApiParameter("team", str, description="The team that postmortems go to."),
        ],
        request=SENT,
        responses={200: ImportBody, 201: ImportBody, **problems(400, 403, 413, 415, 422)},
    )
    @repeats_itself
    def create(self, request: Request) -> Response:
        """Whatever has a problem is left out and told; where nothing else is left, that is 400."""
        by = person(request)
        # Asked before the body is read: who may write nowhere sends nothing.
        access.check_may_write(by)
        team = _team(request.query_params.get("team", ""), by)
        key, is_dry = key_of(request), switch_of(request, "dry_run")
        uploads = _uploads(request)
        if is_dry:
            report = imports.preview(uploads, by=by, team=team)
            _refuse_nothing_but_problems(_rows_of_report(report))
            return Response(_dry(report, team))
        return _brought_in(uploads, by, team, key)

    @extend_schema(
        operation_id="read_import",
        summary="One of your imports with its rows.",
        tags=["imports"],
        responses={200: ImportBody, **problems(404)},
    )
    def retrieve(self, request: Request, ref: str) -> Response:
        """All rows: an import has no more than fit an answer."""
        return Response(_body(_get(request, ref), person(request)))


class ImportUndoing(Resource):
    """Taking an import back."""

    @extend_schema(
        operation_id="undo_import",
        summary="Move what an import made to the bin, and what it changed back to what it was.",
        description="What somebody changed since is left alone, and its row says so. Again it does nothing.",
        tags=["imports"],
        request=None,
        responses={200: ImportBody, **problems(400, 403, 404)},
    )
    def create(self, request: Request, ref: str) -> Response:
        """The import as it is then."""
        by = person(request)
        return Response(_body(import_undo.undo_import(_get(request, ref), by=by), by))


def _check_size(size: int) -> None:
    if size > upload.UPLOAD_BYTES:
        raise TooLarge(upload.too_large())


def _uploads(request: Request) -> Sequence[Upload]:
    data = request.data
    if isinstance(data, dict) and not isinstance(data, QueryDict):
        return data.get("uploads", [])
    # `request.data` was asked for first: reading the form may be refused for its length.
    sent = [item for item in request.FILES.getlist("file") if isinstance(item, UploadedFile)]
    if not sent:
        message = _("Send the postmortems as the body, or a file as the part “file” of a form.")
        raise serializers.ValidationError({"file": [message]})
    _check_size(sum(item.size or 0 for item in sent))
    return [Upload(item.name or "", item.read()) for item in sent]


def _team(slug: str, by: User) -> Team:
    teams = access.teams_to_write_in(by)
    if not slug and (own := by.teams.filter(pk__in=[team.pk for team in teams]).first()):
        return own
    for team in teams:
        if team.slug == slug or not slug:
            return team
    message = _("You write in no team called “%(slug)s”.") % {"slug": slug[:60]}
    raise serializers.ValidationError({"team": [message]})


def _brought_in(uploads: Sequence[Upload], by: User, team: Team, key: str | None) -> Response:
    began = timezone.now()
    try:
        batch = imports.bring_in(uploads, by=by, team=team, key=key)
    except imports.KeyReused as error:
        raise KeyUsed from error
    body = _body(batch, by)
    _refuse_nothing_but_problems(body["rows"])
    address = reverse("api:import", kwargs={"ref": batch.ref})
    response = Response(body, status=201, headers={"Location": address})
    if batch.made_at < began:
        response["Idempotency-Replayed"] = "true"
    return response


def _refuse_nothing_but_problems(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise ValidationError where no row came in: then the request has failed."""
    if any(row["outcome"] != ImportRow.Outcome.PROBLEM for row in rows):
        return
    found: dict[str, list[str]] = {}
    for row in rows:
        for item in row["problems"]:
            below = item["key"] if item["key"].startswith("/") else f"/{item['key']}"
            pointer = f"/rows/{row['position']}{below.rstrip('/')}"
            where = f"{row['file']}:{item['line']}: " if item["line"] else f"{row['file']}: "
            words = f"{where}{item['message']} {item['advice']}".strip()
            found.setdefault(pointer, []).append(words)
        if len(found) >= MOST_ERRORS:
            break
    raise serializers.ValidationError(found)


def _get(request: Request, ref: str) -> Import:
    return get_by_ref(Import.objects.visible_to(request.user).select_related("team", "by"), ref)


def _summary(batch: Import) -> dict[str, Any]:
    return {
        "ref": batch.ref,
        "name": batch.name,
        "team": batch.team.slug,
        "dry_run": False,
        "made_at": batch.made_at.isoformat(),
        "finished_at": batch.finished_at.isoformat() if batch.finished_at else None,
        "undone_at": batch.undone_at.isoformat() if batch.undone_at else None,
        "counts": imports.counts_of(batch),
    }


def _body(batch: Import, viewer: User) -> dict[str, Any]:
    rows = list(batch.rows.all())
    seen = imports.seen_refs(rows, viewer)
    found = [_row(row, seen.get(row.postmortem_id or 0)) for row in rows]
    return {**_summary(batch), "rows": found}


def _row(row: ImportRow, postmortem: Postmortem | None) -> dict[str, Any]:
    return {
        "position": row.position,
        "file": row.name,
        "import_id": row.import_id,
        "outcome": row.outcome,
        "files": len(row.files),
        "ref": postmortem.ref if postmortem else "",
        "url": postmortem.get_absolute_url() if postmortem else "",
        "problems": row.problems,
        "undone": row.undone,
    }


def _rows_of_report(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "file": row.file,
            "import_id": row.import_id,
            "outcome": str(imports.OUTCOMES[row.outcome]),
            "files": row.files,
            # What would be made has no ref yet.
            "ref": row.ref if row.outcome in ("changed", "same") else "",
            "url": "",
            "problems": [asdict(item) for item in row.problems[: imports.MOST_PROBLEMS]],
            "undone": "",
        }
        for position, row in enumerate(report.rows)
    ]


def _dry(report: Report, team: Team) -> dict[str, Any]:
    times = dict.fromkeys(("made_at", "finished_at", "undone_at"))
    counts = {str(imports.OUTCOMES[outcome]): count for outcome, count in report.counts.items()}
    rows = _rows_of_report(report)
    head = {"ref": "", "name": "", "team": team.slug, "dry_run": True}
    return {**head, **times, "counts": counts, "rows": rows}
