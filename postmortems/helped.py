"""The verb of "this helped me", and the number of it. Who said so is told to nobody, the audit log included."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from postmortems.access import FINISHED, Viewer
from postmortems.models import Audience, Helped, Postmortem, User
from postmortems.models.postmortem import PUBLIC_TOKEN, SIGNED_IN_TOKEN

# Of fewer readers a number would name one: it is told where everybody with an account may read.
EVERYBODY = (PUBLIC_TOKEN, SIGNED_IN_TOKEN)


@dataclass(frozen=True, slots=True)
class Help:
    """How many readers a postmortem helped, None where that is not told; and whether who reads is one
    of them."""

    count: int | None = None
    is_own: bool = False


def say(postmortem: Postmortem, *, by: User, has_helped: bool) -> None:
    """Mark that it helped, or take the mark away; saying it twice is saying it once.

    Raises PermissionDenied for who does not see it, and for what is not published yet. No audit entry:
    it would keep who said so.
    """
    seen = Postmortem.objects.visible_to(by).filter(pk=postmortem.pk)
    status = seen.values_list("status", flat=True).first()
    if status is None:
        raise PermissionDenied(_("You may not read this postmortem."))
    if not has_helped:
        Helped.objects.filter(postmortem=postmortem, reader=by).delete()
        return
    if status not in FINISHED:
        raise PermissionDenied(_("Only what is published can have helped."))
    try:
        with transaction.atomic():
            Helped.objects.get_or_create(postmortem=postmortem, reader=by)
    except IntegrityError:
        # Removed for good in between, or said twice at once: there is nothing left to do.
        return


def facts(key: str, viewer: Viewer) -> tuple[Any, Any]:
    """Both facts as columns of a statement that is made anyway; `key` names its postmortem's id."""
    said = Helped.objects.filter(postmortem=OuterRef(key))
    own = Exists(said.filter(reader=viewer)) if isinstance(viewer, User) else Value(False)
    return _number(key), own


def _number(key: str) -> Any:
    said = Helped.objects.filter(postmortem=OuterRef(key)).order_by().values("postmortem")
    counted = Coalesce(Subquery(said.annotate(n=Count("pk")).values("n")), 0)
    is_told = Exists(Audience.objects.filter(postmortem=OuterRef(key), token__in=EVERYBODY))
    return Case(When(is_told, then=counted), default=None, output_field=IntegerField())


def help_of(postmortem: Postmortem, viewer: Viewer) -> Help:
    """Both facts of one postmortem that the viewer sees."""
    count, own = facts("pk", viewer)
    rows = Postmortem.objects.filter(pk=postmortem.pk).annotate(helped=count, has_helped=own)
    found = rows.values_list("helped", "has_helped").first()
    return Help(*found) if found else Help()


def count_of(postmortem: Postmortem) -> int | None:
    """How many readers it helped, None where that is not told."""
    rows = Postmortem.objects.filter(pk=postmortem.pk).annotate(helped=_number("pk"))
    count: int | None = rows.values_list("helped", flat=True).first()
    return count
