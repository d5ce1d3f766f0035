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
from postmortems.exchange import carried, import_attachments, import_relations
from postmortems.exchange.import_plan import Before, Plan, Source, make_plans
from postmortems.exchange.markdown_file import FileProblem, as_file_holds
from postmortems.models import Postmortem, Team, User
from postmortems.models.postmortem import new_ref

Status = Postmortem.Status

TRANSACTION = 100
OUTCOMES = ("new", "changed", "same", "problem")


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file; `outcome` is one of OUTCOMES, `ref` is empty for a problem.

    `title` is what the file says, `team` the name of the team that it goes to, `files` how many files
    came with it that were not stored yet.
    """

    file: str
    import_id: str
    outcome: str
    ref: str
    problems: tuple[FileProblem, ...]
    title: str = ""
    team: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, a row for each file in their order."""

    rows: tuple[Row, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many files had each outcome."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in OUTCOMES}


@dataclass(frozen=True)
class Keeping:
    """How an import that is recorded takes part in the writing.

    `left` tells, inside of the transaction, which of some plans were not carried out before;
    `written` is told of those that now are; `make_ref` names new ones by their position.
    """

    left: Callable[[Sequence[Plan]], Sequence[Plan]] = lambda plans: plans
    written: Callable[[Sequence[Plan]], None] = lambda plans: None
    make_ref: Callable[[int], str] = lambda position: new_ref()


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The paths themselves, and for a folder the Markdown files anywhere below it, sorted.

    A Markdown file that is attached to another is none of them.
    """
    found: list[Path] = []
    for path in paths:
        below = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        found += [item for item in below if not carried.owner_of(item.as_posix())[0]]
    return list(dict.fromkeys(found))


def import_files(
    sources: Sequence[Source],
    *,
    by: User,
    team: Team,
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    keeping: Keeping | None = None,
) -> Report:
    """Import files by path, or by name and bytes, into their own team or `team`.

    A file with a problem is left out whole; the rest goes in. With `dry_run` the report is the
    same and nothing is kept. `on_progress` is told steps done and steps in all, two for each file.
    `keeping` says what an import that is recorded needs.
    Raises PermissionDenied for someone who may not write in `team`.
    """
    access.check_may_write_in(by, team)
    steps = _Steps(2 * len(sources), on_progress)
    keeping = keeping or Keeping()
    plans = make_plans(
        sources, by=by, team=team, on_read=partial(steps.take, 1), make_ref=keeping.make_ref
    )
    import_relations.resolve([plan for plan in plans if not plan.problems], by=by)
    good = [plan for plan in plans if not plan.problems]
    steps.take(len(plans) - len(good))
    with outbox.postponed():
        for start in range(0, len(good), TRANSACTION):
            chunk = good[start : start + TRANSACTION]
            _write(chunk, by=by, dry_run=dry_run, keeping=keeping)
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
    return Row(
        plan.file,
        import_id,
        outcome,
        ref,
        tuple(plan.problems),
        title=plan.document.title,
        team=plan.team.name,
        files=len(plan.files),
    )


def _write(plans: Sequence[Plan], *, by: User, dry_run: bool, keeping: Keeping) -> None:
    """Carry out plans in one transaction, each of them whole or not at all."""
    import_attachments.prepare(plans, by=by, dry_run=dry_run)
    plans = [plan for plan in plans if not plan.problems]
    with outbox.writing():
        left = keeping.left(plans)
        _carry_out(left, by)
        keeping.written([plan for plan in left if not plan.problems])
        # Everything was tried for real, so the preview cannot promise what the import refuses.
        if dry_run:
            transaction.set_rollback(True)
    carried_out = {plan.position for plan in left if not plan.problems}
    for plan in plans:
        if plan.position not in carried_out:
            import_attachments.let_go(plan)


def _carry_out(plans: Sequence[Plan], by: User) -> None:
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
    import_attachments.enter(plans, by=by)
    starts = [_start_of(plan, by) for plan in plans]
    for plan, postmortem in zip(plans, authoring.create_many(starts, by=by), strict=True):
        _bring_to_status(postmortem, plan.parsed.envelope.status, by)
        plan.made, plan.outcome = postmortem.pk, "new"
        plan.version = _version_of(postmortem)


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
        authors=_authors_of(plan, by),
        named=plan.named or (),
        comment=_comment(plan),
    )


def _authors_of(plan: Plan, by: User) -> tuple[User, ...]:
    # Nobody at all would leave a draft without anybody who may open it.
    is_nobody = plan.authors is None or (not plan.authors and not access.may_publish_unreviewed(by))
    return (by,) if is_nobody else plan.authors or ()


def _comment(plan: Plan) -> str:
    return _("Imported from %(file)s") % {"file": Path(plan.file).name[:200]}


def _update(plan: Plan, postmortem: Postmortem, stored: Document, by: User) -> None:
    """Make the postmortem what the file says, as far as it says anything."""
    plan.outcome = "same"
    import_attachments.enter([plan], by=by)
    before = Before(postmortem.revision, {"status": postmortem.status})
    document = _with_what_it_cannot_say(plan, stored, by)
    if _is_other(document, stored, is_exact=plan.parsed.is_exact):
        authoring.edit(
            postmortem, document, by=by, revision=postmortem.revision, comment=_comment(plan)
        )
        plan.outcome = "changed"
    if changes := _envelope_changes(plan, postmortem):
        before.envelope.update({name: _plain(postmortem, name) for name in changes})
        authoring.change_envelope(postmortem, by=by, **changes)
        plan.outcome = "changed"
    if _bring_to_status(postmortem, plan.parsed.envelope.status, by):
        plan.outcome = "changed"
    plan.before, plan.version = before, _version_of(postmortem)


def _with_what_it_cannot_say(plan: Plan, stored: Document, by: User) -> Document:
    """The content of the file with the files and relations that it does not know of.

    Most files name no attachments, so they cannot take any away. And a relation to what is hidden
    from the importer is not theirs to remove: their file was written without it.
    """
    document = plan.document
    if not plan.parsed.has_files:
        document = replace(document, attachments=stored.attachments)
    named = {(item.kind, item.target) for item in document.relations}
    missing = [item for item in stored.relations if (item.kind, item.target) not in named]
    hidden = _hidden([item.target for item in missing], by)
    if not hidden:
        return document
    seen = tuple(item for item in stored.relations if item.target not in hidden)
    kept = tuple(item for item in missing if item.target in hidden)
    whole = stored.relations if seen == document.relations else (*document.relations, *kept)
    return replace(document, relations=whole)


def _hidden(refs: Sequence[str], by: User) -> set[str]:
    """Those of the refs that the importer does not see; the system user sees all that is there."""
    if not refs or by.is_system:
        return set()
    seen = Postmortem.objects.visible_to(by).filter(ref__in=refs)
    return set(refs) - set(seen.values_list("ref", flat=True))


def _is_other(document: Document, stored: Document, *, is_exact: bool) -> bool:
    if is_exact:
        return document != stored
    return as_file_holds(document) != as_file_holds(stored)


def _version_of(postmortem: Postmortem) -> int:
    """The version after all that was done to it; the verbs work on rows of their own."""
    rows = Postmortem.objects.filter(pk=postmortem.pk)
    return rows.values_list("version", flat=True).get()


def _plain(postmortem: Postmortem, name: str) -> Any:
    value = getattr(postmortem, name)
    return value if isinstance(value, str) else sorted(user.pk for user in value.all())


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
        if users is not None and set(users) != _people_in(postmortem, name)
    }


def _people_in(postmortem: Postmortem, name: str) -> set[User]:
    # A file never names the system user: whoever was none but that is nobody.
    return {user for user in getattr(postmortem, name).all() if not user.is_system}


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
