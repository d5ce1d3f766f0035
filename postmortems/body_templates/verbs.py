"""What curators and administrators do with templates: add, change, remove, restore."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.access import Viewer
from postmortems.audit.masking import MASK
from postmortems.body_templates.checking import cleaned, slug_of
from postmortems.models import BodyTemplate, User
from taxonomy.models import TaxonomyState

MOST_TEMPLATES = 50


def may_change_templates(user: Viewer) -> bool:
    """Whether the user may change templates: curators and administrators, as with vocabularies."""
    if not isinstance(user, User):
        return False
    return user.is_system or user.is_curator or user.is_administrator


def add(slug: str = "", *, by: User, **values: Any) -> BodyTemplate:
    """A new template, the last one; `values` are names, kinds and sections.

    The slug comes from the English name unless given. Raises PermissionDenied, or ValidationError
    keyed by field.
    """
    with _changing(by):
        wanted = cleaned({"names": {}, "kinds": [], "sections": []} | values)
        slug = slug_of(slug, wanted["names"])
        if BodyTemplate.objects.filter(slug=slug).exists():
            message = _("There is a template of that key already; perhaps it was removed.")
            raise ValidationError({"slug": message})
        if BodyTemplate.objects.count() >= MOST_TEMPLATES:
            message = _("There are %(most)d templates already.")
            raise ValidationError({"slug": message % {"most": MOST_TEMPLATES}})
        last = BodyTemplate.objects.aggregate(last=Max("position"))["last"]
        template = BodyTemplate(slug=slug, position=0 if last is None else last + 1, **wanted)
        _check_kinds(template, wanted["kinds"])
        template.save()
        audit.record("add-template", template, by=by, after=logged(told(template)))
    return template


def change(
    template: BodyTemplate,
    *,
    by: User,
    revision: int | None = None,
    place: int | None = None,
    **values: Any,
) -> BodyTemplate:
    """Change what is given: names, kinds, sections; `place` counts from 0 among the templates.

    `revision` is the one that the change was made from. Raises PermissionDenied, or ValidationError
    keyed by field, by `revision` when somebody else changed it since.
    """
    with _changing(by):
        template = _locked(template, revision)
        before = told(template)
        wanted = cleaned(values, known_kinds=template.kinds)
        _check_kinds(template, set(wanted.get("kinds", ())).difference(template.kinds))
        for name, value in wanted.items():
            setattr(template, name, value)
        if place is not None:
            _put_at(template, place)
        _save("change-template", template, before, by)
    return template


def remove(template: BodyTemplate, *, by: User) -> BodyTemplate:
    """Offer the template no longer; what was written in it stays, and so do its names of sections."""
    with _changing(by):
        template = _locked(template)
        if template.removed_at is None:
            before = told(template)
            template.removed_at = timezone.now()
            _save("remove-template", template, before, by)
    return template


def restore(template: BodyTemplate, *, by: User) -> BodyTemplate:
    """Offer a removed template again, as it was. Raises ValidationError where its kinds have another
    template meanwhile."""
    with _changing(by):
        template = _locked(template)
        if template.removed_at:
            before = told(template)
            _check_kinds(template, template.kinds)
            template.removed_at = None
            _save("restore-template", template, before, by)
    return template


def restore_shipped(
    template: BodyTemplate, *, by: User, revision: int | None = None
) -> BodyTemplate:
    """Make the template what the product comes with. Raises ValidationError for one of the site's
    own, and where its kinds have another template meanwhile."""
    with _changing(by):
        template = _locked(template, revision)
        if template.shipped is None:
            message = _("This template is your own; the product comes with no other.")
            raise ValidationError({"shipped": message})
        before = told(template)
        _check_kinds(template, set(template.shipped["kinds"]).difference(template.kinds))
        for name, value in template.shipped.items():
            setattr(template, name, value)
        _save("restore-shipped-template", template, before, by)
    return template


def told(template: BodyTemplate) -> dict[str, Any]:
    """All that a change may change, as JSON values."""
    removed_at = template.removed_at.isoformat() if template.removed_at else None
    return template.content | {"position": template.position, "removed_at": removed_at}


def logged(values: dict[str, Any]) -> dict[str, Any]:
    """The same for the audit log: that words were changed, never the words, which may have to go one day."""
    return values | {name: MASK for name in ("names", "sections") if name in values}


@contextmanager
def _changing(by: User) -> Iterator[None]:
    if not may_change_templates(by):
        raise PermissionDenied(_("Only curators change templates."))
    with outbox.writing():
        yield
        # The names of sections are kept with the vocabularies, in every process.
        TaxonomyState.bump()


def _locked(template: BodyTemplate, revision: int | None = None) -> BodyTemplate:
    """The row as it stands, held until the transaction ends."""
    held = BodyTemplate.objects.select_for_update().get(pk=template.pk)
    if revision is not None and revision != held.revision:
        message = _("Somebody changed this template meanwhile. Look at it again before you go on.")
        raise ValidationError({"revision": message})
    return held


def _check_kinds(template: BodyTemplate, kinds: Collection[str]) -> None:
    """A kind has one template, so that nobody has to guess which."""
    for other in BodyTemplate.objects.offered().exclude(pk=template.pk):
        if taken := sorted(set(kinds).intersection(other.kinds)):
            values = {"kind": taken[0], "template": other.name_in("en")}
            message = _("The kind “%(kind)s” has the template “%(template)s” already.") % values
            raise ValidationError({"kinds": message})


def _put_at(template: BodyTemplate, place: int) -> None:
    others = list(BodyTemplate.objects.offered().exclude(pk=template.pk))
    for position, other in enumerate([*others[:place], template, *others[place:]]):
        other.position = position
    BodyTemplate.objects.bulk_update(others, ["position"])


def _save(action: str, template: BodyTemplate, before: dict[str, Any], by: User) -> None:
    """Store it and say what changed; nothing is stored of a change that changes nothing."""
    after = told(template)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return
    template.revision += 1
    template.save()
    audit.record(
        action,
        template,
        by=by,
        before=logged({name: before[name] for name in changed}),
        after=logged({name: after[name] for name in changed}),
    )
