"""Drafts: what is being typed, kept while it is typed. The editor's pages call these verbs."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import access
from postmortems.document import DOCUMENT_BYTES
from postmortems.models import Draft, Postmortem, User
from postmortems.models.draft import KEY_LENGTH

# A form holds a little more than the Document that is made of it.
MOST_BYTES = 2 * DOCUMENT_BYTES
MOST_DRAFTS = 100
KEY = re.compile(rf"[0-9a-z-]{{8,{KEY_LENGTH}}}", re.ASCII)
# Whoever kept something within this time is said to be editing.
EDITING = timedelta(minutes=5)


class Superseded(Exception):
    """The draft has moved on in another tab or on another machine since this text was taken from it."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(f"The draft {draft.key} was changed elsewhere; it is at {draft.version}.")


def keep(
    key: str,
    fields: Mapping[str, str],
    *,
    by: User,
    postmortem: Postmortem | None = None,
    revision: int = 0,
    version: int = 0,
) -> Draft:
    """Keep what is typed, made from version `version` of the draft (0 for the first time).

    Raises Superseded where the draft is at another version, PermissionDenied for someone who could
    not save it, ValidationError for a key that is none or another draft's, and for more than fits.
    """
    _check(key, fields)
    if postmortem:
        access.check_may_edit(by, postmortem)
    else:
        access.check_may_write(by)
    with transaction.atomic():
        draft = _locked(key, by, postmortem)
        if draft is None:
            return _first(key, fields, by=by, postmortem=postmortem, revision=revision)
        if draft.version != version:
            raise Superseded(draft)
        draft.fields, draft.revision = list(fields.items()), revision
        draft.version += 1
        draft.kept_at = timezone.now()
        draft.save(update_fields=["fields", "revision", "version", "kept_at"])
    return draft


def of(by: User, postmortem: Postmortem) -> Draft | None:
    """The person's own draft of a postmortem."""
    return Draft.objects.filter(owner=by, postmortem=postmortem).first()


def unsaved(by: User) -> QuerySet[Draft]:
    """The person's drafts of what is not a postmortem yet, the latest first."""
    return Draft.objects.filter(owner=by, postmortem=None).order_by("-kept_at")


def discard(key: str, *, by: User, version: int | None = None) -> None:
    """Forget a draft; what is gone already stays gone.

    With `version` only as it was then: another tab may have typed on since.
    """
    if not KEY.fullmatch(key):
        return
    found = Draft.objects.filter(owner=by, key=key)
    (found if version is None else found.filter(version__lte=version)).delete()


def versions(by: User, postmortem: Postmortem | None) -> dict[str, int]:
    """The versions of the person's drafts of a postmortem, or of new ones, by key."""
    found = Draft.objects.filter(owner=by, postmortem=postmortem)
    return dict(found.values_list("key", "version"))


def unsaved_by_key(key: str, *, by: User) -> Draft | None:
    """The person's draft of a new postmortem under that key."""
    return unsaved(by).filter(key=key).first() if KEY.fullmatch(key) else None


def owned(key: str, by: User) -> str | None:
    """The key as the postmortem that is made from the draft keeps it; None for what is no key."""
    return f"{by.pk}:{key}" if KEY.fullmatch(key) else None


def made_from(key: str, *, by: User) -> Postmortem | None:
    """The postmortem that the person made from the draft of that key."""
    if not (own := owned(key, by)):
        return None
    return Postmortem.objects.visible_to(by).filter(draft_key=own).first()


def editing_now(postmortem: Postmortem, *, besides: User) -> list[User]:
    """Who else has typed into the editor of a postmortem within the last minutes, by name."""
    since = timezone.now() - EDITING
    others = Draft.objects.filter(postmortem=postmortem, kept_at__gte=since).exclude(owner=besides)
    return [draft.owner for draft in others.select_related("owner").order_by("owner__username")]


def _check(key: str, fields: Mapping[str, str]) -> None:
    if not KEY.fullmatch(key):
        raise ValidationError({"key": _("That is no key of a draft.")})
    if len(json.dumps(dict(fields), ensure_ascii=False).encode(errors="replace")) > MOST_BYTES:
        raise ValidationError({"fields": _("The draft is too long to be kept.")})


def _locked(key: str, by: User, postmortem: Postmortem | None) -> Draft | None:
    own = Draft.objects.select_for_update().filter(owner=by, postmortem=postmortem)
    return (own if postmortem else own.filter(key=key)).first()


def _first(
    key: str,
    fields: Mapping[str, str],
    *,
    by: User,
    postmortem: Postmortem | None,
    revision: int,
) -> Draft:
    if Draft.objects.filter(owner=by).count() >= MOST_DRAFTS:
        raise ValidationError(
            {"key": _("You have 100 drafts. Save or discard some of them first.")}
        )
    draft = Draft(
        owner=by, key=key, postmortem=postmortem, revision=revision, fields=list(fields.items())
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        # Another tab was first with the same draft; or the key is that of another one.
        first = _locked(key, by, postmortem)
        if first:
            raise Superseded(first) from None
        raise ValidationError({"key": _("This key belongs to another draft.")}) from None
    return draft
