"""The verbs of one term: add, change what it is called and means, retire, restore."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from postmortems import audit
from postmortems.curation.places import free_path, place_problem
from postmortems.curation.rights import curating, locked
from postmortems.curation.wording import Errors, check_rank, term_values
from postmortems.models import User
from taxonomy import tree
from taxonomy.models import SLUG_LENGTH, FormerPath, Term, Vocabulary
from taxonomy.slugs import term_slug_problem

MOST_TERMS = 20_000


def add_term(
    vocabulary: Vocabulary,
    *,
    by: User,
    parent: Term | None = None,
    slug: str = "",
    as_of: int | None = None,
    **words: Any,
) -> Term:
    """A new term, last of its neighbours; `words` are names, aliases, definitions, symbol, rank.

    The slug comes from the English name unless given. Raises PermissionDenied; ValidationError
    keyed by field for what a vocabulary file would be refused for, or a path that is taken.
    """
    with curating(by, as_of):
        return new_term(vocabulary, parent, slug, words, by=by)


def new_term(
    vocabulary: Vocabulary, parent: Term | None, slug: str, words: dict[str, Any], *, by: User
) -> Term:
    """The same within a transaction of `curating`."""
    errors = Errors()
    values = term_values({"names": {}} | words, errors)
    slug = slug.strip() or slugify(values["names"].get("en", ""))[:SLUG_LENGTH].strip("-")
    if slug or "names" not in errors.found:
        errors.add("slug", term_slug_problem(slug))
    parent = locked(parent) if parent else None
    errors.add("parent", place_problem(vocabulary, parent))
    errors.finish()
    path = free_path(vocabulary, parent, slug)
    term = Term(vocabulary=vocabulary, parent=parent, slug=slug, path=path, **values)
    check_rank(term, errors)
    if vocabulary.terms.count() >= MOST_TERMS:
        errors.add("slug", _("A vocabulary has at most 20,000 terms."))
    errors.finish()
    last = vocabulary.terms.aggregate(last=Max("position"))["last"]
    term.position = 0 if last is None else last + 1
    term.save()
    # The address is the new term's from now on.
    FormerPath.objects.filter(vocabulary=vocabulary, path=path).delete()
    audit.record("add-term", term, by=by, after=told(term))
    return term


def change_term(
    term: Term, *, by: User, place: int | None = None, as_of: int | None = None, **words: Any
) -> Term:
    """Change what is given: names, aliases, definitions, symbol, rank; `place` counts from 0 among
    the terms beside it.

    Raises PermissionDenied, or ValidationError keyed by field.
    """
    with curating(by, as_of):
        term = locked(term)
        before = told(term)
        errors = Errors()
        for name, value in term_values(words, errors).items():
            setattr(term, name, value)
        check_rank(term, errors)
        errors.finish()
        term.save()
        if place is not None:
            _put_at(term, place)
        _record("change-term", term, before, by)
    return term


def retire_term(term: Term, *, by: User, as_of: int | None = None) -> Term:
    """Offer the term, and everything below it, no longer; it stays where it is used."""
    with curating(by, as_of):
        term = locked(term)
        if term.retired_at:
            return term
        living = [row for row in under(term) if row.retired_at is None]
        term.retired_at = timezone.now()
        Term.objects.filter(pk__in=[row.pk for row in living]).update(retired_at=term.retired_at)
        paths = [row.path for row in living]
        audit.record("retire-term", term, by=by, after={"path": term.path, "terms": paths})
    return term


def restore_term(term: Term, *, by: User, as_of: int | None = None) -> Term:
    """Offer a retired term again. One that was merged comes back as a term that nothing has yet.

    Raises ValidationError while the term above it is retired, or when its rank is taken.
    """
    with curating(by, as_of):
        term = locked(term)
        if term.parent and term.parent.retired_at:
            message = _("Restore “%(parent)s” first: a term cannot be offered below a retired one.")
            raise ValidationError({"parent": message % {"parent": term.parent.name_in("en")}})
        before = {"retired_at": str(term.retired_at), "merged_into": _heir_path(term)}
        term.retired_at, term.merged_into = None, None
        errors = Errors()
        check_rank(term, errors)
        errors.finish()
        term.save()
        audit.record("restore-term", term, by=by, before=before, after={"path": term.path})
    return term


def under(term: Term) -> list[Term]:
    """The term's row and all rows below it."""
    rows = Term.objects.select_related("vocabulary").filter(
        vocabulary=term.vocabulary_id, path__startswith=term.path + tree.SEPARATOR
    )
    return [term, *rows]


def told(term: Term) -> dict[str, Any]:
    """What the audit log holds of a term."""
    columns = ("path", "names", "aliases", "definitions", "symbol", "rank", "position")
    return {name: getattr(term, name) for name in columns}


def _record(action: str, term: Term, before: dict[str, Any], by: User) -> None:
    after = told(term)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        action,
        term,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def _heir_path(term: Term) -> str:
    return term.merged_into.path if term.merged_into else ""


def _put_at(term: Term, place: int) -> None:
    """Let the neighbours share out their own positions anew, so that nothing else moves."""
    beside = Term.objects.filter(vocabulary=term.vocabulary_id, parent=term.parent_id)
    rows = list(beside.order_by("position", "slug"))
    others = [row for row in rows if row.pk != term.pk]
    wanted = [*others[:place], term, *others[place:]] if place >= 0 else rows
    for row, position in zip(wanted, _rising(row.position for row in rows), strict=True):
        row.position = position
    Term.objects.bulk_update(wanted, ["position"])


def _rising(positions: Iterable[int]) -> list[int]:
    """The same numbers, each greater than the one before."""
    found: list[int] = []
    for position in positions:
        found.append(max(position, found[-1] + 1) if found else position)
    return found
