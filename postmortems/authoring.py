"""The verbs of writing: create, edit, change the envelope.

Each checks the right and the state, changes rows, keeps the revision and logs, in one transaction.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import (
    access,
    audit,
    confirmations,
    content,
    document_json,
    history,
    openings,
    outbox,
    readiness,
    revisions,
    slugs,
    stored_files,
)
from postmortems.audit.masking import MASK
from postmortems.document import Document
from postmortems.models import Audience, Postmortem, Relation, RenderedText, Team, User
from taxonomy import lookup
from taxonomy.lookup import Terms

Visibility = Postmortem.Visibility
Status = Postmortem.Status

# Told inside the transaction of a verb, with the kind of notification, the postmortem, who acts and
# whom it is for. `apps` puts the notifications here.
Listener = Callable[[str, Postmortem, User, Collection[User]], None]
listeners: list[Listener] = []


class Conflict(Exception):
    """The postmortem moved on since the change was begun; `current` is the revision it is at."""

    def __init__(self, postmortem: Postmortem) -> None:
        self.current = postmortem.revision
        super().__init__(
            f"{postmortem} was saved as revision {postmortem.revision} meanwhile; "
            "compare with it before saving."
        )


class AlreadyMade(Exception):
    """A postmortem was made from the same draft before; it is `postmortem`."""

    def __init__(self, postmortem: Postmortem) -> None:
        self.postmortem = postmortem
        super().__init__(f"{postmortem} was made from this draft already.")


@dataclass(frozen=True)
class Start:
    """What a postmortem starts as: its content and its envelope. An empty slug comes from the title."""

    document: Document
    team: Team
    visibility: str = Visibility.TEAM
    status: str = Status.DRAFT
    slug: str = ""
    import_id: str = ""
    ref: str = ""
    authors: tuple[User, ...] = ()
    named: tuple[User, ...] = ()
    comment: str = ""
    draft_key: str | None = None


def create(
    document: Document,
    *,
    by: User,
    team: Team | None = None,
    authors: Iterable[User] | None = None,
    **envelope: Any,
) -> Postmortem:
    """Start one postmortem; the writer's first team and the writer as author unless given.

    `envelope` are further fields of Start. Raises what `create_many` raises, and AlreadyMade for a
    `draft_key` that a postmortem has.
    """
    start = Start(
        document=document,
        team=team or _first_team(by),
        authors=(by,) if authors is None else tuple(authors),
        **envelope,
    )
    try:
        return create_many([start], by=by)[0]
    except IntegrityError:
        made = Postmortem.objects.filter(draft_key=start.draft_key).first()
        if start.draft_key is None or made is None:
            raise
        raise AlreadyMade(made) from None


def create_many(starts: Sequence[Start], *, by: User) -> list[Postmortem]:
    """Start up to 100 postmortems in one transaction, with one statement a table.

    Raises PermissionDenied for someone who may not write there, or not publish what is to start
    published; ValidationError, keyed by JSON pointer, for a Document that breaks a rule. Then
    nothing is stored.
    """
    terms = lookup.current()
    for start in starts:
        _check_start(start, by, terms)
    rendered = content.lay_out(start.document for start in starts)
    with outbox.writing():
        postmortems = [_new(start) for start in starts]
        data = [
            content.fill(postmortem, start.document)
            for postmortem, start in zip(postmortems, starts, strict=True)
        ]
        Postmortem.objects.bulk_create(postmortems)
        pairs = list(zip(postmortems, starts, strict=True))
        _add_people(pairs)
        content.write_many(list(zip(postmortems, data, strict=True)))
        revisions.store_many(
            [
                (postmortem, data, start.comment)
                for (postmortem, start), data in zip(pairs, data, strict=True)
            ],
            by=by,
        )
        confirmations.begin(zip(postmortems, data, strict=True), by=by)
        for postmortem, start in pairs:
            stored_files.claim(postmortem, start.document, by=by)
        content.store_rendered(rendered)
        openings.note_own(postmortems, by)
        audit.record_many("create", postmortems, by=by, after={"revision": 1})
        outbox.log_changes(with_relatives(postmortems))
    return postmortems


@contextmanager
def held(postmortem: Postmortem, versions: Collection[int]) -> Iterator[Postmortem]:
    """The row as it stands now, for verbs that are to happen to one of these versions or not at all.

    Nobody else changes it until the transaction ends. Raises Conflict when it is at another version,
    or is gone for good.
    """
    with outbox.writing():
        rows = Postmortem.objects.select_for_update(of=("self",)).select_related("team")
        found = rows.filter(pk=postmortem.pk).first()
        if found is None or found.version not in versions:
            raise Conflict(found or postmortem)
        yield found


def edit(
    postmortem: Postmortem,
    document: Document,
    *,
    by: User,
    revision: int,
    comment: str = "",
    rendered: Sequence[RenderedText] | None = None,
) -> Postmortem:
    """Save new content over revision number `revision`; raises Conflict when it is no longer the current one.
    `rendered` is what `content.lay_out` made of it, from who holds the row already.

    Content that the postmortem has already is no change: nothing is saved, and what comes back is at
    the revision it was at, whichever one was named. Raises ValidationError for a Document that breaks
    a rule, or lacks what its state needs: what is published stays fit to be published.
    """
    terms = lookup.current()
    readiness.check(document, terms)
    # Before the lock: laying out may take a second, and every other writer would wait for it.
    if rendered is None:
        rendered = content.lay_out([document])
    with outbox.writing():
        postmortem = lock(postmortem)
        access.check_may_edit(by, postmortem)
        before = document_json.to_json(content.read(postmortem))
        if before == document_json.to_json(history.with_present_terms(document, terms)):
            return postmortem
        if postmortem.revision != revision:
            raise Conflict(postmortem)
        if postmortem.status in access.FINISHED:
            readiness.check_ready(document, terms)
        # Both ends of the relations that this edit drops must be indexed again, not only of those it adds.
        changed = set(with_relatives([postmortem]))
        data = content.fill(postmortem, document)
        content.replace(postmortem, data)
        postmortem.version += 1
        postmortem.revision += 1
        postmortem.updated_at = timezone.now()
        postmortem.save()
        revisions.store_next(postmortem, data, before, by=by, comment=comment)
        confirmations.follow(postmortem, data, before)
        stored_files.claim(postmortem, document, by=by)
        content.store_rendered(rendered)
        openings.note_own([postmortem], by)
        audit.record(
            "edit",
            postmortem,
            by=by,
            before={"revision": revision},
            after={"revision": postmortem.revision},
        )
        outbox.log_changes(sorted(changed.union(with_relatives([postmortem]))))
    return postmortem


def change_envelope(postmortem: Postmortem, *, by: User, **changes: Any) -> Postmortem:
    """Change `visibility`, `slug`, `team`, `authors`, `named_people`, or `status`.

    The status goes to archived from published only, and to draft or in review from anywhere:
    nothing that was not approved becomes readable this way. Raises PermissionDenied for someone
    who may not edit, and for an author who leaves the authors; ValidationError for such a status,
    TypeError for any other name.
    """
    with outbox.writing():
        postmortem = lock(postmortem)
        access.check_may_edit(by, postmortem)
        if _leaves(by, postmortem, changes):
            raise PermissionDenied(_("An author stays an author: who wrote it cannot approve it."))
        # Giving it away is writing there: else anybody could fill another team's list.
        if "team" in changes:
            access.check_may_write_in(by, changes["team"])
        _check_status(postmortem, changes.get("status", Status.DRAFT))
        _check_address(changes.get("slug"), changes.get("visibility"))
        before = {name: _plain(postmortem, name) for name in changes}
        named = set(postmortem.named_people.all()) if "named_people" in changes else set()
        for name, value in changes.items():
            _set_envelope_field(postmortem, name, value)
        save_envelope(postmortem, by=by, action="change-envelope", before=before)
        if fresh := set(changes.get("named_people", ())) - named:
            _tell("shared-with-you", postmortem, by=by, to=fresh)
    return postmortem


def _tell(kind: str, postmortem: Postmortem, *, by: User, to: Collection[User]) -> None:
    for listener in listeners:
        listener(kind, postmortem, by, to)


def _leaves(by: User, postmortem: Postmortem, changes: dict[str, Any]) -> bool:
    """Whether an author takes themselves off the list, and so could publish what they wrote."""
    if "authors" not in changes or by.is_system or by.is_administrator:
        return False
    return by in postmortem.authors.all() and by not in changes["authors"]


def _check_status(postmortem: Postmortem, status: str) -> None:
    is_shelving = status == Status.ARCHIVED and postmortem.status in access.FINISHED
    if status in access.FINISHED and not is_shelving:
        message = _("Only what was published can be archived; publishing is a reviewer's act.")
        raise ValidationError({"status": message})


def _check_address(slug: str | None, visibility: str | None) -> None:
    """Raise ValidationError for a slug that no address can hold, or a visibility that does not exist."""
    if slug is not None:
        slugs.check(slug)
    if visibility is not None and visibility not in Visibility.values:
        message = _("There is no visibility “%(name)s”.") % {"name": visibility[:20]}
        raise ValidationError({"visibility": message})


def _first_team(user: User) -> Team:
    team = user.teams.order_by("memberships__pk").first()
    if team is None:
        raise PermissionDenied(_("You are in no team yet; ask an administrator to add you to one."))
    return team


def _check_start(start: Start, by: User, terms: Terms) -> None:
    access.check_may_write_in(by, start.team)
    _check_address(start.slug or None, start.visibility)
    readiness.check(start.document, terms)
    if start.status == Status.DRAFT:
        return
    if not access.may_publish_unreviewed(by):
        raise PermissionDenied(_("A postmortem starts as a draft; a reviewer publishes it."))
    readiness.check_ready(start.document, terms)


def _new(start: Start) -> Postmortem:
    postmortem = Postmortem(
        team=start.team,
        visibility=start.visibility,
        status=start.status,
        published_at=timezone.now() if start.status in access.FINISHED else None,
        import_id=start.import_id,
        draft_key=start.draft_key,
        slug=start.slug or slugs.slug_of(start.document.title),
        revision=1,
    )
    if start.ref:
        postmortem.ref = start.ref
    return postmortem


def _add_people(pairs: Collection[tuple[Postmortem, Start]]) -> None:
    authored, named_in = Postmortem.authors.through, Postmortem.named_people.through
    authored._default_manager.bulk_create(
        authored(postmortem=postmortem, user=user)
        for postmortem, start in pairs
        for user in start.authors
    )
    named_in._default_manager.bulk_create(
        named_in(postmortem=postmortem, user=user)
        for postmortem, start in pairs
        for user in start.named
    )
    Audience.objects.bulk_create(
        Audience(postmortem=postmortem, token=token)
        for postmortem, start in pairs
        for token in access.audience_for(postmortem, start.authors, start.named)
    )


def lock(postmortem: Postmortem) -> Postmortem:
    """The row as it stands now, held until the transaction ends."""
    locked = Postmortem.objects.select_for_update(of=("self",)).select_related("team")
    return locked.get(pk=postmortem.pk)


def save_envelope(postmortem: Postmortem, *, by: User, action: str, before: dict[str, Any]) -> None:
    """Store a changed envelope with the audience that follows from it; `before` names what changed."""
    postmortem.version += 1
    postmortem.updated_at = timezone.now()
    postmortem.save()
    _set_audience(postmortem)
    after = {name: _plain(postmortem, name) for name in before}
    audit.record(action, postmortem, by=by, before=before, after=after)
    outbox.log_changes(with_relatives([postmortem]))


def _set_envelope_field(postmortem: Postmortem, name: str, value: Any) -> None:
    if name in ("authors", "named_people"):
        getattr(postmortem, name).set(value)
    elif name in ("visibility", "slug", "team", "status"):
        setattr(postmortem, name, value)
    else:
        raise TypeError(f"The envelope has no field {name!r} that can be changed.")


def _plain(postmortem: Postmortem, name: str) -> Any:
    if name in ("authors", "named_people"):
        return sorted(user.username for user in getattr(postmortem, name).all())
    if name == "reviewers":
        return sorted(postmortem.reviewers.values_list("user__username", flat=True))
    # An address is made of the title, and the audit log never forgets.
    if name == "slug":
        return MASK
    value = getattr(postmortem, name)
    return "" if value is None else str(value)


def follow_rights(postmortems: Collection[Postmortem]) -> None:
    """Store who sees these now, after the roles of people have changed; inside a verb's transaction."""
    for postmortem in postmortems:
        _set_audience(postmortem)
    outbox.log_changes(with_relatives(postmortems))


def _set_audience(postmortem: Postmortem) -> None:
    wanted = set(access.audience_of(postmortem))
    stored = set(postmortem.audience.values_list("token", flat=True))
    postmortem.audience.filter(token__in=stored - wanted).delete()
    Audience.objects.bulk_create(
        Audience(postmortem=postmortem, token=token) for token in sorted(wanted - stored)
    )


def with_relatives(postmortems: Collection[Postmortem]) -> list[int]:
    """These and those at the other end of a relation: what they show depends on these ones' rights."""
    own = {postmortem.pk for postmortem in postmortems}
    targets = Relation.objects.filter(postmortem__in=own).values("target_ref")
    out = Postmortem.objects.filter(ref__in=targets).values_list("pk", flat=True)
    refs = [postmortem.ref for postmortem in postmortems]
    back = Relation.objects.filter(target_ref__in=refs).values_list("postmortem_id", flat=True)
    return sorted(own.union(out, back))
