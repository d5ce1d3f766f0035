"""The verbs about two postmortems that look alike: the same defect, or not similar; and taking either back."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from postmortems import access, audit, authoring, content, outbox
from postmortems.access import Viewer
from postmortems.document import SAME_DEFECT, Relation
from postmortems.models import Dismissal, Postmortem, User
from postmortems.models import Relation as RelationRow
from postmortems.models.postmortem import PostmortemQuerySet


def confirm(postmortem: Postmortem, other: Postmortem, *, by: User) -> None:
    """Say that both are the same defect: a relation in the first of the two that the person may edit.

    Related so already, nothing changes. Raises PermissionDenied for who may not see both or edit
    neither, ValidationError for one and the same.
    """
    with outbox.writing():
        one, two = _both(postmortem, other, by)
        editable = _editable(one, two, by)
        if not editable:
            raise PermissionDenied(_("Only who writes in one of the two teams can link them."))
        _forget(one, two, by, is_editor=True)
        if are_same_defect(one, two):
            return
        holder = editable[0]
        target = two if holder == one else one
        document = content.read(holder)
        relations = (*document.relations, Relation(SAME_DEFECT, target.ref))
        authoring.edit(
            holder,
            replace(document, relations=relations),
            by=by,
            revision=holder.revision,
            comment=_("Linked as same defect."),
        )


def unlink(postmortem: Postmortem, other: Postmortem, *, by: User) -> None:
    """Take back that both are the same defect, wherever of the two that stands.

    Raises PermissionDenied for who may not edit one that says so.
    """
    with outbox.writing():
        for holder, target in _ends(*_both(postmortem, other, by)):
            document = content.read(holder)
            link = (SAME_DEFECT, target.ref)
            kept = tuple(row for row in document.relations if (row.kind, row.target) != link)
            if kept == document.relations:
                continue
            authoring.edit(
                holder,
                replace(document, relations=kept),
                by=by,
                revision=holder.revision,
                comment=_("No longer linked as same defect."),
            )


def dismiss(postmortem: Postmortem, other: Postmortem, *, by: User) -> Dismissal:
    """Say that the two are not similar: they are no longer shown beside each other to this person, or,
    where the person may edit one of them, to anybody.

    Raises PermissionDenied for who may not see both, ValidationError for one and the same.
    """
    with outbox.writing():
        one, two = _both(postmortem, other, by)
        first, second = sorted((one, two), key=lambda row: row.pk)
        is_for_all = bool(_editable(one, two, by))
        kept, is_new = Dismissal.objects.get_or_create(
            first=first, second=second, by=by, defaults={"is_for_all": is_for_all}
        )
        if is_new or (is_for_all and not kept.is_for_all):
            kept.is_for_all = is_for_all
            kept.save()
            told = {"other": two.ref, "for_all": is_for_all}
            audit.record("dismiss-similar", one, by=by, after=told)
    return kept


def bring_back(postmortem: Postmortem, other: Postmortem, *, by: User) -> None:
    """Take back one's own *not similar* and, for who may edit one of the two, that of other editors.

    Raises PermissionDenied for who may not see both.
    """
    with outbox.writing():
        one, two = _both(postmortem, other, by)
        _forget(one, two, by, is_editor=bool(_editable(one, two, by)))


def dismissed_refs(postmortem: Postmortem, viewer: Viewer) -> frozenset[str]:
    """What is not to be shown to the viewer beside this one. One statement."""
    found = dismissed(postmortem, viewer).values_list("ref", flat=True)
    return frozenset(found)


def dismissed(postmortem: Postmortem, viewer: Viewer) -> PostmortemQuerySet:
    """Those of them that the viewer may see."""
    partners = Dismissal.objects.hiding_from(viewer).partners_of(postmortem)
    return Postmortem.objects.visible_to(viewer).filter(pk__in=partners)


def of_reader(postmortem: Postmortem, viewer: Viewer) -> QuerySet[Dismissal]:
    """The viewer's own dismissal of the postmortem and the one of an outer query."""
    ahead, behind = (
        Q(first=postmortem, second=OuterRef("pk")),
        Q(second=postmortem, first=OuterRef("pk")),
    )
    own = (
        Dismissal.objects.filter(by=viewer)
        if isinstance(viewer, User)
        else Dismissal.objects.none()
    )
    return own.filter(ahead | behind)


def may_unlink(postmortem: Postmortem, other: Postmortem, *, by: User) -> bool:
    """Whether they are linked as the same defect, and the person edits whatever says so."""
    holders = [holder for holder, target in _ends(postmortem, other) if _says_same(holder, target)]
    return bool(holders) and all(access.may_edit(by, holder) for holder in holders)


def are_same_defect(one: Postmortem, other: Postmortem) -> bool:
    """Whether either of the two says that they are the same defect."""
    return any(_says_same(holder, target) for holder, target in _ends(one, other))


def _says_same(holder: Postmortem, target: Postmortem) -> bool:
    rows = RelationRow.objects.filter(postmortem=holder, kind=SAME_DEFECT, target_ref=target.ref)
    return rows.exists()


def _forget(one: Postmortem, other: Postmortem, by: User, *, is_editor: bool) -> None:
    """Remove the person's dismissal of the pair, and an editor those that count for everybody."""
    pair = Dismissal.objects.of_pair(one, other)
    gone = pair.filter(by=by)
    if is_editor:
        gone |= pair.filter(is_for_all=True)
    if gone.delete()[0]:
        audit.record("bring-back-similar", one, by=by, after={"other": other.ref})


def _ends(one: Postmortem, other: Postmortem) -> tuple[tuple[Postmortem, Postmortem], ...]:
    return (one, other), (other, one)


def _both(one: Postmortem, other: Postmortem, by: User) -> tuple[Postmortem, Postmortem]:
    """The two as they now stand."""
    if one.pk == other.pk:
        raise ValidationError({"other": _("A postmortem is not compared with itself.")})
    seen = Postmortem.objects.visible_to(by).select_related("team")
    found = {row.pk: row for row in seen.filter(pk__in=(one.pk, other.pk))}
    if len(found) < 2:
        raise PermissionDenied(_("There is nothing here that can be compared."))
    return found[one.pk], found[other.pk]


def _editable(one: Postmortem, other: Postmortem, by: User) -> list[Postmortem]:
    return [row for row in (one, other) if access.may_edit(by, row)]
