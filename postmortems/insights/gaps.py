"""What is not recorded, and in how many: each gap with its list, and for authors the place to fill it."""

from dataclasses import dataclass

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Count

# What a record can lack, in the order that it is asked for: parts as `no:` names them, and vocabularies.
GAPS = (
    *("started", "detected", "mitigated", "resolved", "duration"),
    *("trigger", "cause", "detection", "lesson", "action", "fix"),
)
# Places in the editor that are offered, for each gap.
MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader who may edit can fill a gap: `url` leads to the editor, at the part."""

    ref: str
    title: str
    title_language: str
    url: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not recorded. `name` is one of GAPS, `label` what it is called; `places` are
    those of the reader's own, the latest first."""

    name: str
    label: str
    count: Count
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """All gaps that somebody has, the most frequent first; of `total` postmortems."""

    gaps: tuple[Gap, ...]
    total: Count


def gaps_of(selected: Selected) -> Gaps:
    """What the postmortems of a selection lack."""
    raise NotImplementedError
