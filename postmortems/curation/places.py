"""Where a term may hang, and which paths are free."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from taxonomy import tree
from taxonomy.models import PATH_LENGTH, FormerPath, Term, Vocabulary
from taxonomy.vocabulary_file import MAX_DEPTH


def place_problem(vocabulary: Vocabulary, parent: Term | None) -> str:
    """Why nothing may hang below the parent, as a sentence; empty when it may."""
    if parent is None:
        return ""
    if vocabulary.kind != Vocabulary.Kind.TREE:
        return _("Only a vocabulary of kind “tree” has terms below terms.")
    if parent.vocabulary_id != vocabulary.pk:
        return _("The term above belongs to another vocabulary.")
    if parent.retired_at:
        return _("The term above is retired; restore it first.")
    return ""


def free_path(vocabulary: Vocabulary, parent: Term | None, slug: str) -> str:
    """The path of a term of that slug there; raises ValidationError when it is taken or too deep."""
    path = tree.join(parent.path if parent else "", slug)
    if problem := depth_problem(path):
        raise ValidationError({"parent": problem})
    taken = vocabulary.terms.filter(path=path).first()
    if taken is not None:
        raise ValidationError({"slug": taken_words(taken)})
    if problem := former_problem(vocabulary.pk, {path: None}):
        raise ValidationError({"slug": problem})
    return path


def former_problem(vocabulary_id: int, paths: Mapping[str, int | None]) -> str:
    """Why the paths, each of the term with that id, cannot be taken over; empty when they can.

    What was written while a path meant another term would come back as something else.
    """
    former = FormerPath.objects.filter(vocabulary=vocabulary_id, path__in=list(paths))
    for row in former.select_related("term").order_by("path"):
        term = _heir(row.term)
        is_own = paths[row.path] in (row.term_id, term.pk)
        if not is_own and term.retired_at is None:
            message = _(
                "“%(path)s” was the address of “%(name)s” (%(now)s), and old texts still mean that "
                "by it. Choose another."
            )
            return message % {"path": row.path, "name": term.name_in("en"), "now": term.path}
    return ""


def _heir(term: Term) -> Term:
    while term.merged_into is not None:
        term = term.merged_into
    return term


def depth_problem(path: str) -> str:
    """Why a term may not hang as deep as its path says; empty when it may."""
    if path.count(tree.SEPARATOR) >= MAX_DEPTH or len(path) > PATH_LENGTH:
        return _("The term hangs too deep in the tree.")
    return ""


def taken_words(term: Term) -> str:
    """That another term has a path already, and what to do where nobody sees it."""
    message = _("There is a term “%(path)s” already.")
    if term.retired_at:
        message = _("There is a term “%(path)s” already, which is retired. Restore it instead.")
    return message % {"path": term.path}
