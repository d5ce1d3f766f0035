"""Which revision last changed each section of the read page, for those who may see the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from postmortems.access import Viewer
from postmortems.models import User
from postmortems.standing import Standing
from postmortems.web.read_source import Source

# What a section of the page is made of, where that is more than the section of the same name.
MADE_OF = {
    "how-long": ("started", "detected", "mitigated", "resolved", "duration"),
    "summary": ("summary",),
    "signals": ("signals",),
    "causes": ("classifications", "sections/root-cause"),
    "timeline": ("timeline",),
    "hypotheses": ("hypotheses",),
    "resolution": ("sections/resolution", "workarounds"),
    "lessons": ("lessons",),
    "actions": ("actions",),
    "related": ("relations",),
    "sources": ("references",),
}


@dataclass(frozen=True, slots=True)
class Change:
    """The revision that last changed a section; `url` is its comparison with the one before."""

    number: int
    by: User
    at: datetime
    url: str


def changes_of(source: Source, viewer: Viewer, standing: Standing) -> dict[str, Change]:
    """The last change of each section by its id on the page; nothing for who may not see the history."""
    if not isinstance(viewer, User):
        return {}
    if not (standing.reads_in(source.postmortem.team_id) or source.is_own):
        return {}
    sections = [name for name in source.last_changed if name.startswith("sections/")]
    made_of = {name.partition("/")[2]: (name,) for name in sections} | MADE_OF
    if not _shows_all_relations(source):
        made_of.pop("related")
    found = {key: _last(source, names) for key, names in made_of.items()}
    return {key: change for key, change in found.items() if change}


def _shows_all_relations(source: Source) -> bool:
    """Whether none is hidden from the viewer: that one changed would tell of it."""
    shown = [relative for relative in source.relatives if not relative.is_inbound]
    return len(shown) == len(source.document.relations)


def _last(source: Source, names: Iterable[str]) -> Change | None:
    number = max((source.last_changed.get(name, 0) for name in names), default=0)
    saving = source.savings.get(number)
    return Change(number, saving.by, saving.at, _url(source, number)) if saving else None


def _url(source: Source, number: int) -> str:
    """What it changed; of the first one, which changed nothing, how it was."""
    ref = source.postmortem.ref
    if number == 1:
        return reverse("postmortem-revision", args=[ref, 1])
    return reverse("postmortem-compare", args=[ref, number - 1, number])
