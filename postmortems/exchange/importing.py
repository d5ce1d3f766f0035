"""Many files into the database: planned, written 100 at a time, and reported row by row.

Importing the same files again changes nothing: a postmortem is known by its team and import id.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from postmortems import access, authoring, content, outbox, reviews, shelving
from postmortems.document import Document
from postmortems.exchange import import_relations
from postmortems.exchange.import_plan import Plan, Source, make_plans
from postmortems.exchange.markdown_file import FileProblem, as_file_holds
from postmortems.models import Postmortem, Team, User

Status = Postmortem.Status

TRANSACTION = 100
OUTCOMES = ("new", "changed", "same", "problem")


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file; `outcome` is one of OUTCOMES, `ref` is empty for a problem."""

    file: str
    import_id: str
    outcome: str
    ref: str
    problems: tuple[FileProblem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, a row for each file in their order."""

    rows: tuple[Row, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many files had each outcome."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in OUTCOMES}


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The paths themselves, and for a folder the Markdown files anywhere below it, sorted."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def import_files(
    sources: Sequence[Source],
    *,
    by: User,
    team: Team,
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Import files by path, or by name and bytes, into their own team or `team`.

    A file with a problem is left out whole; the rest goes in. With `dry_run` the report is the
    same and nothing is kept. `on_progress` is told steps done and steps in all, two for each file.
    Raises PermissionDenied for someone who may not write in `team`.
    """
    access.check_may_write_in(by, team)
    steps = _Steps(2 * len(sources), on_progress)
    plans = make_plans(sources, by=by, team=team, on_read=partial(steps.take, 1))
    import_relations.resolve([plan for plan in plans if not plan.problems], by=by)
    good = [plan for plan in plans if not plan.problems]
    steps.take(len(plans) - len(good))
    with outbox.postponed():
        for start in range(0, len(good), TRANSACTION):
            chunk = good[start : start + TRANSACTION]
            _write(chunk, by=by, dry_run=dry_run)
            steps.take(len(chunk))
    return Report(tuple(_row(plan) for plan in plans))


class _Steps:
    """Counts steps for whoever wants to know."""

    def __init__(self, total: int, tell: Callable[[int, int], None] | None) -> None:
        self._done, self._total, self._tell = 0, total, tell

    def take(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        if self._tell:
            self._tell(self._done, self._total)


def _row(plan: Plan) -> Row:
    outcome = "problem" if plan.problems else plan.outcome
    ref = "" if plan.problems else plan.ref
    import_id = plan.parsed.envelope.import_id
    return Row(plan.file, import_id, outcome, ref, tuple(plan.problems))


def _write(plans: Sequence[Plan], *, by: User, dry_run: bool) -> None:
    """Carry out plans in one transaction, each of them whole or not at all."""
    with outbox.writing():
        _start_those_that_can([plan for plan in plans if not plan.existing], by)
        old = [plan for plan in plans if plan.existing]
        rows = Postmortem.objects.filter(pk__in=[plan.existing for plan in old])
        stored = rows.select_related("team").prefetch_related("authors", "named_people").in_bulk()
        contents = content.read_many(stored.values())
        for plan in old:
            if postmortem := stored.get(plan.existing or 0):
                _attempt(plan, partial(_update, plan, postmortem, contents[postmortem.pk], by))
            else:
                plan.add_problem("/import_id", _("The postmortem was removed meanwhile."))
        # Everything was tried for real, so the preview cannot promise what the import refuses.
        if dry_run:
            transaction.set_rollback(True)


def _attempt(plan: Plan, act: Callable[[], None]) -> None:
    """Do something for a plan; what is refused is undone and becomes the plan's problem."""
    try:
        with transaction.atomic():
            act()
    except ValidationError as error:
        _add_problems(plan, error)
    except (PermissionDenied, authoring.Conflict) as error:
        plan.add_problem("", str(error))
    except (IntegrityError, DataError):
        plan.add_problem(
            "", _("The database refused it."), _("Somebody may have just done the same.")
        )


def _add_problems(plan: Plan, error: ValidationError) -> None:
    by_pointer = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for pointer, messages in by_pointer.items():
        for message in messages:
            plan.add_problem(pointer, message)


def _start_those_that_can(plans: Sequence[Plan], by: User) -> None:
    """Start all at once; when one of them is refused, each by itself."""
    if not plans:
        return
    try:
        with transaction.atomic():
            _start(plans, by)
    # One bad file must not keep 99 good ones out; which it was shows when each goes alone.
    except (ValidationError, PermissionDenied, IntegrityError, DataError):
        for plan in plans:
            _attempt(plan, partial(_start, [plan], by))


def _start(plans: Sequence[Plan], by: User) -> None:
    starts = [_start_of(plan, by) for plan in plans]
    for plan, postmortem in zip(plans, authoring.create_many(starts, by=by), strict=True):
        _bring_to_status(postmortem, plan.parsed.envelope.status, by)
        plan.outcome = "new"


def _start_of(plan: Plan, by: User) -> authoring.Start:
    envelope = plan.parsed.envelope
    is_finished = envelope.status in access.FINISHED and access.may_publish_unreviewed(by)
    return authoring.Start(
        document=plan.document,
        team=plan.team,
        visibility=envelope.visibility or Postmortem.Visibility.TEAM,
        status=envelope.status if is_finished else Status.DRAFT,
        slug=envelope.slug,
        import_id=envelope.import_id,
        ref=plan.ref,
        authors=(by,) if plan.authors is None else plan.authors,
        named=plan.named or (),
        comment=_comment(plan),
    )


def _comment(plan: Plan) -> str:
    return _("Imported from %(file)s") % {"file": Path(plan.file).name[:200]}


def _update(plan: Plan, postmortem: Postmortem, stored: Document, by: User) -> None:
    """Make the postmortem what the file says, as far as it says anything."""
    plan.outcome = "same"
    # A file holds no attachments, so it cannot take any away.
    document = replace(plan.document, attachments=stored.attachments)
    if as_file_holds(document) != as_file_holds(stored):
        authoring.edit(
            postmortem, document, by=by, revision=postmortem.revision, comment=_comment(plan)
        )
        plan.outcome = "changed"
    if changes := _envelope_changes(plan, postmortem):
        authoring.change_envelope(postmortem, by=by, **changes)
        plan.outcome = "changed"
    if _bring_to_status(postmortem, plan.parsed.envelope.status, by):
        plan.outcome = "changed"


def _envelope_changes(plan: Plan, postmortem: Postmortem) -> dict[str, Any]:
    envelope = plan.parsed.envelope
    wanted: dict[str, Any] = {"visibility": envelope.visibility, "slug": envelope.slug}
    changes = {
        name: value
        for name, value in wanted.items()
        if value and value != getattr(postmortem, name)
    }
    people = {"authors": plan.authors, "named_people": plan.named}
    return changes | {
        name: users
        for name, users in people.items()
        if users is not None and set(users) != set(getattr(postmortem, name).all())
    }


def _bring_to_status(postmortem: Postmortem, status: str, by: User) -> bool:
    """Publish, archive or take back as the file says; whether there was anything to do.

    A review goes on however the file was written: `in_review` and `draft` leave it alone.
    """
    unfinished = (Status.DRAFT, Status.IN_REVIEW)
    if not status or status == postmortem.status or {status, postmortem.status} <= {*unfinished}:
        return False
    if status in unfinished:
        authoring.change_envelope(postmortem, by=by, status=Status.DRAFT)
        return True
    if postmortem.status == Status.ARCHIVED:
        shelving.unarchive(postmortem, by=by)
    elif postmortem.status != Status.PUBLISHED:
        reviews.publish_imported(postmortem, by=by)
    if status == Status.ARCHIVED:
        authoring.change_envelope(postmortem, by=by, status=Status.ARCHIVED)
    return True
