"""Who may change vocabularies, who may suggest terms, and the transaction that a change runs in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import access, outbox
from postmortems.access import Viewer
from postmortems.models import User
from taxonomy.models import TaxonomyState, Term


def may_curate(user: Viewer) -> bool:
    """Whether the user may change vocabularies: curators and administrators."""
    if not isinstance(user, User):
        return False
    return user.is_system or user.is_curator or user.is_administrator


def may_suggest(user: Viewer) -> bool:
    """Whether the user may suggest terms: everybody who may write a postmortem, and curators."""
    return may_curate(user) or access.may_write(user)


def check_may_curate(user: Viewer) -> None:
    """Raise PermissionDenied for who may not change vocabularies."""
    if not may_curate(user):
        raise PermissionDenied(_("Only curators change vocabularies."))


@contextmanager
def curating(by: User, as_of: int | None = None) -> Iterator[None]:
    """A transaction that changes vocabularies, after which every process reads them again.

    `as_of` is the mark of the vocabularies that a form or a preview was made from. Raises
    PermissionDenied for who may not; ValidationError when they changed since.
    """
    check_may_curate(by)
    with outbox.writing():
        if as_of is not None and as_of != mark():
            message = _("The vocabularies changed meanwhile. Look at it again before you go on.")
            raise ValidationError({"as_of": message})
        yield
        TaxonomyState.bump()
        outbox.log_taxonomy()


def mark() -> int:
    """What `curating` compares: it changes with every change of the vocabularies."""
    state = TaxonomyState.objects.filter(pk=1).first()
    return state.revision if state else 0


def locked(term: Term) -> Term:
    """The term's row as it stands now, held until the transaction ends."""
    held = Term.objects.select_for_update(of=("self",)).select_related("vocabulary")
    return held.get(pk=term.pk)
