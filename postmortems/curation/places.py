"""Where a term may hang, and which paths are free."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from taxonomy import tree
from taxonomy.models import PATH_LENGTH, Term, Vocabulary
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
    return path


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
