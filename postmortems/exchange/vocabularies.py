"""A vocabulary file into the database, with the right, the audit log and search told."""

import hashlib

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.models import AuditEntry, User
from taxonomy import vocabulary
from taxonomy.models import TaxonomyState

ACTION = "load-vocabularies"


def load_vocabularies(text: str, *, by: User) -> vocabulary.Report:
    """Make the vocabularies what the text says; a text with problems changes nothing.

    Raises PermissionDenied for who is neither curator nor administrator.
    """
    if not (by.is_system or by.is_curator or by.is_administrator):
        raise PermissionDenied(_("Only curators change vocabularies."))
    with outbox.writing():
        before = TaxonomyState.objects.filter(pk=1).first()
        report = vocabulary.load(text)
        if report.problems:
            return report
        state, _created = TaxonomyState.objects.get_or_create(pk=1)
        if before is None or before.revision != state.revision:
            outbox.log_taxonomy()
        audit.record(ACTION, state, by=by, after={"file": _digest(text)})
    return report


def is_loaded(text: str) -> bool:
    """Whether exactly this text was loaded last; what curators changed since then stays."""
    last = AuditEntry.objects.filter(action=ACTION).order_by("-pk").first()
    return last is not None and (last.after or {}).get("file") == _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
