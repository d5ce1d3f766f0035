"""Known problems: the postmortems of one defect, joined by *same defect*, as far as a viewer may see them.

A chain through a postmortem that the viewer may not see ends before it, as if it were not there.
"""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from postmortems import content
from postmortems.access import Viewer
from postmortems.document import Document
from postmortems.intervals import Interval, interval_between, order_of
from postmortems.models import Postmortem
from postmortems.models.postmortem import PostmortemQuerySet, audience_tokens

MOST = 200

# Each step goes to the other end of a relation, and only to what the viewer may see: the walk itself
# must not pass through a hidden one. One reference to the walk, because PostgreSQL allows no more.
WALK = """
WITH RECURSIVE walk(id, ref) AS (
    SELECT id, ref FROM postmortems_postmortem WHERE id = %s
    UNION
    SELECT other.id, other.ref
    FROM walk
    JOIN postmortems_relation link
        ON link.kind = 'same-defect' AND (link.postmortem_id = walk.id OR link.target_ref = walk.ref)
    JOIN postmortems_postmortem other
        ON other.id <> walk.id AND (other.id = link.postmortem_id OR other.ref = link.target_ref)
    WHERE other.deleted_at IS NULL AND EXISTS (
        SELECT 1 FROM postmortems_audience held
        WHERE held.postmortem_id = other.id AND held.token IN (TOKENS)
    )
)
SELECT id FROM walk LIMIT %s
"""
COUNT = "SELECT COUNT(id) FROM (WALK) AS walked".replace("WALK", WALK)


@dataclass(frozen=True)
class Occurrence:
    """One postmortem of the defect with its content; `since` is how long after the one before it."""

    postmortem: Postmortem
    document: Document
    since: Interval | None


@dataclass(frozen=True)
class KnownProblem:
    """All occurrences in the order of time, as honestly as it is known; `is_cut` where there are more
    than are gathered."""

    occurrences: tuple[Occurrence, ...]
    is_cut: bool


def occurrences_of(postmortem: Postmortem, viewer: Viewer) -> PostmortemQuerySet:
    """The postmortem and all that are the same defect, directly or through others, as the viewer sees
    them; up to one more than MOST, in no order. One statement."""
    return Postmortem.objects.visible_to(viewer).filter(pk__in=_walk(WALK, postmortem, viewer))


def count_for(postmortem: Postmortem, viewer: Viewer) -> RawSQL:
    """How many that are, for a column of another statement; more than MOST stands for any number."""
    return _walk(COUNT, postmortem, viewer, IntegerField())


def _walk(
    statement: str, postmortem: Postmortem, viewer: Viewer, output: IntegerField | None = None
) -> RawSQL:
    # The text is fixed but for the number of tokens; all values are parameters.
    tokens = audience_tokens(viewer)
    written = statement.replace("TOKENS", ", ".join(["%s"] * len(tokens)))
    return RawSQL(written, [postmortem.pk, *tokens, MOST + 1], output)  # noqa: S611


def known_problem(postmortem: Postmortem, viewer: Viewer) -> KnownProblem:
    """The known problem that a postmortem the viewer may see belongs to; alone it has one occurrence.

    In eight statements and one for the terms, however many they are.
    """
    found = list(occurrences_of(postmortem, viewer).select_related("team").order_by("ref"))
    kept = found[:MOST]
    documents = content.read_many(kept)
    ordered = sorted(kept, key=lambda row: (order_of(documents[row.pk].started), row.ref))
    starts = [documents[row.pk].started for row in ordered]
    since = [None, *(interval_between(*pair) for pair in pairwise(starts))]
    return KnownProblem(
        tuple(
            Occurrence(row, documents[row.pk], interval)
            for row, interval in zip(ordered, since, strict=True)
        ),
        is_cut=len(found) > MOST,
    )
