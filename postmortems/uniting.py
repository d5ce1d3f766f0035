"""Several uses of what has become one term as one use. Called where content is written and terms are merged."""

from collections.abc import Sequence

from postmortems.document import WEIGHTIEST_FIRST
from postmortems.models import Classification


def united(rows: Sequence[Classification]) -> Classification:
    """The weightiest of them, with a reason if any has one; nothing is saved."""
    kept = min(rows, key=lambda row: WEIGHTIEST_FIRST.index(row.role))
    kept.why = kept.why or next((row.why for row in rows if row.why), "")
    return kept
