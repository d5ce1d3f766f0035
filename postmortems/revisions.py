"""Every saved content as an unchangeable revision."""

from collections.abc import Iterable
from typing import Any

from postmortems.models import Postmortem, Revision, User


def store_many(saved: Iterable[tuple[Postmortem, dict[str, Any], str]], *, by: User) -> None:
    """Keep contents as the revisions their postmortems now name: postmortem, Document as JSON, comment."""
    Revision.objects.bulk_create(
        Revision(
            postmortem=postmortem,
            number=postmortem.revision,
            author=by,
            comment=comment,
            document=data,
        )
        for postmortem, data, comment in saved
    )
