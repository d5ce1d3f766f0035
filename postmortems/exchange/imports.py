"""Imports that are recorded row by row: preview, bring in, take up again, list. Pages and API call these.

Each hundred postmortems is one transaction with its rows, so what a kill leaves is told exactly, and
whoever sends the same again under the same key gets the rest done and one answer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from postmortems import access, audit, outbox
from postmortems.exchange import upload
from postmortems.exchange.import_plan import Plan, Source
from postmortems.exchange.importing import Keeping, Report, Row, import_files
from postmortems.exchange.upload import Upload
from postmortems.models import Import, ImportRow, Postmortem, Team, User
from postmortems.models.postmortem import REF_ALPHABET, REF_LENGTH

Outcome = ImportRow.Outcome

OUTCOMES = {
    "new": Outcome.CREATED,
    "changed": Outcome.UPDATED,
    "same": Outcome.UNCHANGED,
    "problem": Outcome.PROBLEM,
}
# For how long a key stands for one import.
KEY_KEPT = timedelta(hours=24)
ROWS_AT_ONCE = 1_000
# Of what is wrong with one of many, so much is kept: more helps nobody to mend it.
MOST_PROBLEMS = 10


class KeyReused(Exception):
    """The key came with another import before."""


def preview(uploads: Sequence[Upload], *, by: User, team: Team) -> Report:
    """What an import would do, of which nothing is kept; raises what `bring_in` raises."""
    access.check_may_write_in(by, team)
    return import_files(upload.sources(uploads), by=by, team=team, dry_run=True)


def bring_in(uploads: Sequence[Upload], *, by: User, team: Team, key: str | None = None) -> Import:
    """Import what was sent, and keep what became of each part of it.

    Under a `key` the same is done once: again it is finished if it was interrupted, and answers as
    before. Raises PermissionDenied for who may not write in the team, ValidationError for what
    cannot be read at all, KeyReused for a key that came with something else.
    """
    access.check_may_write_in(by, team)
    digest = upload.digest(uploads)
    request = hashlib.sha256(f"{digest} {team.pk}".encode()).hexdigest()
    batch = _kept(by, key, request)
    if batch and batch.finished_at:
        return batch
    sources = upload.sources(uploads)
    if batch is None:
        batch = _begin(uploads, by=by, team=team, digest=digest, key=key, request=request)
    return _carry_on(batch, sources)


def _kept(by: User, key: str | None, request: str) -> Import | None:
    found = Import.objects.filter(by=by, key=key).first() if key else None
    if found is None or found.made_at < timezone.now() - KEY_KEPT:
        return None
    if found.request != request:
        raise KeyReused
    return found


def _begin(
    uploads: Sequence[Upload], *, by: User, team: Team, digest: str, key: str | None, request: str
) -> Import:
    names = ", ".join(upload.shown_name(item.name) for item in uploads)
    batch = Import(by=by, team=team, name=names[:255], digest=digest, key=key, request=request)
    try:
        with outbox.writing():
            if key:
                former = timezone.now() - KEY_KEPT
                Import.objects.filter(by=by, key=key, made_at__lt=former).update(key=None)
            batch.save()
    except IntegrityError:
        # Somebody sent the same at the same moment: both do it together, each part once.
        found = _kept(by, key, request)
        if found is None:
            raise
        return found
    return batch


def _carry_on(batch: Import, sources: Sequence[Source]) -> Import:
    """Do what is left of the import, and close it."""
    keeping = Keeping(
        left=lambda plans: _left(batch, plans),
        written=lambda plans: _keep(batch, plans),
        make_ref=lambda position: _ref_of(batch, position),
    )
    report = import_files(sources, by=batch.by, team=batch.team, keeping=keeping)
    with outbox.writing():
        batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.finished_at:
            return batch
        _keep_problems(batch, report.rows)
        batch.finished_at = timezone.now()
        batch.save(update_fields=["finished_at"])
        audit.record("import", batch, by=batch.by, after=_told(batch))
    return batch


def _ref_of(batch: Import, position: int) -> str:
    """The ref that what is new at a position gets, whoever carries on with the import."""
    digest = hashlib.sha256(f"{batch.seed} {position}".encode()).digest()
    return "".join(REF_ALPHABET[byte % len(REF_ALPHABET)] for byte in digest[:REF_LENGTH])


def _left(batch: Import, plans: Sequence[Plan]) -> list[Plan]:
    done = ImportRow.objects.filter(batch=batch, position__in=[plan.position for plan in plans])
    positions = set(done.values_list("position", flat=True))
    return [plan for plan in plans if plan.position not in positions]


def _keep(batch: Import, plans: Sequence[Plan]) -> None:
    ImportRow.objects.bulk_create(_row(batch, plan) for plan in plans)


def _row(batch: Import, plan: Plan) -> ImportRow:
    is_changed = plan.outcome == "changed" and plan.before is not None
    return ImportRow(
        batch=batch,
        position=plan.position,
        name=plan.file[:300],
        import_id=plan.parsed.envelope.import_id,
        outcome=OUTCOMES[plan.outcome],
        postmortem_id=plan.made or plan.existing,
        revision_before=plan.before.revision if is_changed and plan.before else None,
        version_after=plan.version,
        before=plan.before.envelope if is_changed and plan.before else {},
        files=[file.pk for file in plan.files],
    )


def _keep_problems(batch: Import, rows: Sequence[Row]) -> None:
    known = set(batch.rows.values_list("position", flat=True))
    missing = [
        ImportRow(
            batch=batch,
            position=position,
            name=row.file[:300],
            import_id=row.import_id[:200],
            outcome=Outcome.PROBLEM,
            problems=[asdict(problem) for problem in row.problems[:MOST_PROBLEMS]],
        )
        for position, row in enumerate(rows)
        if position not in known
    ]
    ImportRow.objects.bulk_create(missing, batch_size=ROWS_AT_ONCE)


def counts_of(batch: Import) -> dict[str, int]:
    """How many rows had each outcome."""
    return Import.objects.counts_of(batch)


def seen_refs(rows: Sequence[ImportRow], viewer: User) -> dict[int, Postmortem]:
    """The postmortems of the rows that the viewer still sees, by primary key."""
    keys = [row.postmortem_id for row in rows if row.postmortem_id]
    return Postmortem.objects.visible_to(viewer).in_bulk(keys)


def _told(batch: Import) -> dict[str, object]:
    """What the audit log holds: neither names nor what stood in the files."""
    return {"team": batch.team.slug, "file": batch.digest[:16], **counts_of(batch)}
