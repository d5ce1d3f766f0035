"""Moving a term with all below it, and giving it another slug. Old paths lead to the new ones."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import audit
from postmortems.curation.places import depth_problem, former_problem, place_problem
from postmortems.curation.rights import curating, locked
from postmortems.curation.wording import Errors
from postmortems.models import User
from taxonomy import tree
from taxonomy.models import FormerPath, Term
from taxonomy.slugs import term_slug_problem
from taxonomy.tree import Node


def move_term(
    term: Term, parent: Term | None, *, by: User, slug: str = "", as_of: int | None = None
) -> Term:
    """Hang the term with all below it under another one, or at the root; `slug` renames its address.

    Raises PermissionDenied; ValidationError keyed by field for a circle, a path that is taken, a
    slug that may not be.
    """
    with curating(by, as_of):
        term = locked(term)
        before = {"path": term.path}
        moved = hang(term, locked(parent) if parent else None, slug.strip() or term.slug)
        after = {"path": term.path, "terms": len(moved)}
        audit.record("move-term", term, by=by, before=before, after=after)
    return term


def hang(term: Term, parent: Term | None, slug: str) -> dict[str, str]:
    """Change the rows, within a transaction of `curating`; returns old paths to new ones."""
    errors = Errors()
    if term.merged_into_id is not None:
        errors.add("parent", _("This term was merged into another one; move that one."))
    errors.add("parent", place_problem(term.vocabulary, parent))
    if slug != term.slug:
        errors.add("slug", term_slug_problem(slug))
    errors.finish()
    plan = plan_of(term, parent, slug)
    rows = list(Term.objects.filter(vocabulary=term.vocabulary_id, path__in=plan))
    for row in rows:
        row.path = plan[row.path]
        if row.pk == term.pk:
            row.parent, row.slug = parent, slug
    Term.objects.bulk_update(rows, ["path", "parent", "slug"], batch_size=500)
    _remember(term.vocabulary_id, plan, {row.path: row.pk for row in rows})
    term.refresh_from_db(fields=["path", "parent", "slug"])
    return plan


def plan_of(term: Term, parent: Term | None, slug: str = "") -> dict[str, str]:
    """Old path to new path of all that a move moves; raises ValidationError where it cannot be."""
    nodes = nodes_of(Term.objects.filter(vocabulary=term.vocabulary_id))
    parent_id = parent.pk if parent else None
    if tree.would_cycle(term.pk, parent_id, nodes):
        raise ValidationError({"parent": _("A term cannot hang below itself.")})
    try:
        plan = tree.move_plan(term.pk, parent_id, nodes, slug=slug)
    except ValueError as error:
        path = tree.join(parent.path if parent else "", slug or term.slug)
        message = _("There is a term “%(path)s” already.") % {"path": path}
        raise ValidationError({"parent": message}) from error
    if problem := next(filter(None, map(depth_problem, plan.values())), ""):
        raise ValidationError({"parent": problem})
    pks = {node.path: pk for pk, node in nodes.items()}
    if problem := former_problem(term.vocabulary_id, {plan[old]: pks[old] for old in plan}):
        raise ValidationError({"parent": problem})
    return plan


def nodes_of(terms: Iterable[Term]) -> dict[int, Node]:
    """Rows as `tree` reads them."""
    return {row.pk: Node(row.pk, row.parent_id, row.slug, row.path) for row in terms}


def _remember(vocabulary_id: int, plan: Mapping[str, str], pks: Mapping[str, int]) -> None:
    """Keep the old paths; what is a path again is no former one."""
    former = FormerPath.objects.filter(vocabulary=vocabulary_id)
    former.filter(path__in=[*plan, *plan.values()]).delete()
    FormerPath.objects.bulk_create(
        FormerPath(vocabulary_id=vocabulary_id, path=old, term_id=pks[new])
        for old, new in plan.items()
    )
