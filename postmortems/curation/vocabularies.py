"""The verbs of a whole vocabulary: add one, change its names and how it is used."""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from postmortems import audit
from postmortems.curation.rights import curating
from postmortems.curation.wording import Errors, vocabulary_values
from postmortems.models import Classification, User
from taxonomy.models import Vocabulary
from taxonomy.slugs import vocabulary_slug_problem

COLUMNS = (
    *("names", "help", "kind", "many", "roles_allowed", "required"),
    *("facet_shown", "facet_open", "facet_values", "position"),
)


def add_vocabulary(slug: str, *, by: User, as_of: int | None = None, **fields: Any) -> Vocabulary:
    """A new vocabulary, last of all: a facet, a form field and a key of files at once.

    `fields` are names, help, kind, many, roles, required, facet (closed, open, hidden),
    facet_values. Raises PermissionDenied; ValidationError keyed by field.
    """
    with curating(by, as_of):
        errors = Errors()
        slug = slug.strip()
        errors.add("slug", vocabulary_slug_problem(slug))
        if Vocabulary.objects.filter(slug=slug).exists():
            errors.add("slug", _("There is a vocabulary “%(slug)s” already.") % {"slug": slug})
        values = vocabulary_values({"names": {}, "kind": Vocabulary.Kind.FLAT} | fields, errors)
        errors.finish()
        last = Vocabulary.objects.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        made = Vocabulary.objects.create(slug=slug, position=position, **values)
        audit.record("add-vocabulary", made, by=by, after=_told(made))
    return made


def change_vocabulary(
    vocabulary: Vocabulary, *, by: User, as_of: int | None = None, **fields: Any
) -> Vocabulary:
    """Change what is given; `fields` as `add_vocabulary` takes them, and `position`.

    Raises PermissionDenied; ValidationError keyed by field, also for what postmortems or terms
    would contradict: one term only where some have two, a role or a tree that is in use.
    """
    with curating(by, as_of):
        vocabulary = Vocabulary.objects.select_for_update().get(pk=vocabulary.pk)
        before = _told(vocabulary)
        position = fields.pop("position", vocabulary.position)
        errors = Errors()
        for name, value in vocabulary_values(fields, errors).items():
            setattr(vocabulary, name, value)
        _check_use(vocabulary, before, errors)
        errors.finish()
        vocabulary.position = position
        vocabulary.save()
        after = _told(vocabulary)
        changed = [name for name in COLUMNS if after[name] != before[name]]
        audit.record(
            "change-vocabulary",
            vocabulary,
            by=by,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return vocabulary


def _check_use(vocabulary: Vocabulary, before: dict[str, Any], errors: Errors) -> None:
    if vocabulary.kind != before["kind"]:
        errors.add("kind", _kind_problem(vocabulary))
    uses = Classification.objects.filter(term__vocabulary=vocabulary)
    if before["many"] and not vocabulary.many and _has_several(vocabulary):
        errors.add("many", _("Some postmortems have more than one term of it."))
    lost = set(before["roles_allowed"]) - set(vocabulary.roles_allowed)
    if lost and uses.filter(role__in=lost).exists():
        errors.add("roles", _("Some postmortems use the role “%(role)s”.") % {"role": min(lost)})


def _kind_problem(vocabulary: Vocabulary) -> str:
    terms = vocabulary.terms.all()
    if vocabulary.kind != Vocabulary.Kind.TREE and terms.filter(parent__isnull=False).exists():
        return _("Some terms hang below others; move them to the root first.")
    living = terms.filter(retired_at__isnull=True)
    if vocabulary.kind == Vocabulary.Kind.ORDERED and living.exists():
        return _("A vocabulary becomes ordered while it has no terms: each needs a rank.")
    if vocabulary.kind != Vocabulary.Kind.ORDERED and terms.filter(rank__isnull=False).exists():
        return _("Its terms have ranks; a scale stays a scale.")
    return ""


def _has_several(vocabulary: Vocabulary) -> bool:
    rows = Classification.objects.filter(term__vocabulary=vocabulary).values_list(
        "postmortem_id", flat=True
    )
    return rows.count() > rows.distinct().count()


def _told(vocabulary: Vocabulary) -> dict[str, Any]:
    return {name: getattr(vocabulary, name) for name in COLUMNS}
