"""The files that an import brings, from the record that names them to the rows of this site.

Called by `importing`: bytes are looked at before a transaction begins, for pictures take their time;
rows are written with the postmortems, and what is refused leaves neither.
"""

import hashlib
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import attachments, file_store
from postmortems.document import Attachment
from postmortems.exchange.carried import Brought, renamed
from postmortems.exchange.import_plan import Plan
from postmortems.models import Postmortem, StoredFile, User


def prepare(plans: Iterable[Plan], *, by: User, dry_run: bool) -> None:
    """Make ready what the plans bring and the site has not; their contents then call it as it does.

    What cannot be taken is a problem of its plan. A file is known again only within the postmortem
    that it belongs to: whatever else is stored under its id is neither touched nor told.
    """
    plans = list(plans)
    existing = [plan.existing for plan in plans if plan.existing]
    postmortems = Postmortem.objects.select_related("team").in_bulk(existing)
    known: dict[int, list[StoredFile]] = {}
    for row in StoredFile.objects.filter(postmortem__in=existing, claimed_at__isnull=False):
        known.setdefault(row.postmortem_id or 0, []).append(row)
    for plan in plans:
        stored = known.get(plan.existing or 0, [])
        _prepare(plan, postmortems.get(plan.existing or 0), stored, by=by, dry_run=dry_run)


def _prepare(
    plan: Plan, postmortem: Postmortem | None, stored: list[StoredFile], *, by: User, dry_run: bool
) -> None:
    known = {row.pk: row for row in stored} | {row.portable_id: row for row in stored}
    names = {file_id: row.pk for file_id, row in known.items()}
    for index, item in enumerate(plan.document.attachments):
        if item.id not in plan.parsed.files:
            continue
        pointer = f"/attachments/{index}"
        try:
            if item.id in known:
                _check_same(known[item.id], Brought(item.name, plan.parsed.files[item.id]))
            elif item.id not in names:
                file = _new(plan, item, postmortem, by=by, dry_run=dry_run)
                plan.files.append(file)
                names[item.id] = file.pk
        except ValidationError as error:
            for message in error.messages:
                plan.add_problem(pointer, f"{item.name}: {message}")
        except (PermissionDenied, OSError) as error:
            plan.add_problem(pointer, f"{item.name}: {error}")
    _check_named(plan)
    if plan.problems:
        let_go(plan)
    plan.document = renamed(plan.document, names)


def _new(
    plan: Plan, item: Attachment, postmortem: Postmortem | None, *, by: User, dry_run: bool
) -> StoredFile:
    brought = Brought(item.name, plan.parsed.files[item.id])
    taken = attachments.prepare(brought, by=by, postmortem=postmortem, is_kept=not dry_run)
    taken.file.import_id = item.id
    return taken.file


def _check_same(row: StoredFile, brought: Brought) -> None:
    digest = hashlib.sha256()
    for block in brought.chunks():
        digest.update(block)
    if digest.hexdigest() != row.digest:
        message = _("It is stored already with other bytes: give the new one another id.")
        raise ValidationError(message)


def _check_named(plan: Plan) -> None:
    named = {item.id for item in plan.document.attachments}
    for file_id in plan.parsed.files:
        if file_id not in named:
            message = _("A file lies beside it that it does not name: %(id)s.")
            advice = _("Name it under attachments, or leave it out.")
            plan.add_problem("/attachments", message % {"id": file_id[:60]}, advice)


def enter(plans: Iterable[Plan], *, by: User) -> None:
    """Write the rows of what was prepared; within the transaction that saves the contents."""
    attachments.enter([file for plan in plans for file in plan.files], by=by)


def let_go(plan: Plan) -> None:
    """Remove the bytes of what a plan brought that was not carried out."""
    file_store.erase([file.pk for file in plan.files])
    plan.files.clear()
