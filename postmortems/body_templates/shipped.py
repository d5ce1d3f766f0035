"""The templates that the product comes with: fixtures/body_templates.yaml into the database.

Called whenever a site is made ready. What people edited or removed stays as they left it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.body_templates.checking import cleaned, slug_of
from postmortems.body_templates.verbs import logged, may_change_templates, told
from postmortems.models import BodyTemplate, User
from taxonomy import strict_yaml
from taxonomy.models import TaxonomyState


@dataclass(frozen=True, slots=True)
class Report:
    """How many templates a load added and changed."""

    created: int = 0
    changed: int = 0


def load_shipped(text: str, *, by: User) -> Report:
    """Add the templates of the text that are not there, and bring those up to date that nobody has
    edited. What is edited keeps its content and learns what it can be restored to.

    Raises PermissionDenied; ValidationError for what a template may not say.
    """
    if not may_change_templates(by):
        raise PermissionDenied(_("Only curators change templates."))
    entries = dict(_entries(text))
    with outbox.writing():
        rows = {row.slug: row for row in BodyTemplate.objects.select_for_update()}
        missing = [slug for slug in entries if slug not in rows]
        _create({slug: entries[slug] for slug in missing}, by)
        renewed = [row for row in rows.values() if _renew(row, entries.get(row.slug), by)]
        if missing or renewed:
            TaxonomyState.bump()
    return Report(created=len(missing), changed=len(renewed))


def _create(entries: dict[str, dict[str, Any]], by: User) -> None:
    last = BodyTemplate.objects.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    for position, (slug, content) in enumerate(entries.items(), first):
        row = BodyTemplate(slug=slug, position=position, shipped=content, **content)
        row.save()
        audit.record("add-template", row, by=by, after=logged(told(row)))


def _renew(row: BodyTemplate, content: dict[str, Any] | None, by: User) -> bool:
    """Whether what the product comes with was new for this template, and is noted."""
    # A template of the site's own that happens to be called so stays the site's own.
    if content is None or row.shipped is None or row.shipped == content:
        return False
    before = told(row)
    if not row.is_edited:
        row.names, row.kinds, row.sections = content["names"], content["kinds"], content["sections"]
        row.revision += 1
    row.shipped = content
    row.save()
    audit.record("renew-template", row, by=by, before=logged(before), after=logged(told(row)))
    return True


def _entries(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Slug and content of each template of the file, in its order."""
    try:
        data = strict_yaml.read(text)
    except strict_yaml.Refused as error:
        raise ValidationError(str(error)) from error
    for slug, entry in data["templates"].items():
        sections = [_section(key, item or {}) for key, item in entry["sections"].items()]
        values = {"names": entry["names"], "kinds": entry.get("kinds", []), "sections": sections}
        # The vocabulary of a site need not have every kind of the shipped one.
        yield slug_of(slug, {}), cleaned(values, known_kinds=values["kinds"])


def _section(key: str, item: dict[str, Any]) -> dict[str, Any]:
    is_open = item.get("open", "false") == "true"
    return {
        "key": key,
        "names": item.get("names"),
        "prompts": item.get("prompts"),
        "is_open": is_open,
    }
