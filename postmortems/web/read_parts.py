"""Hypotheses, lessons, actions, work-arounds, relations and sources as rows that templates print without logic."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from postmortems.actions.listing import is_stale
from postmortems.document import Action, Document, Hypothesis, Reference
from postmortems.due import days_over
from postmortems.models import Tracker
from postmortems.moments import Moment
from postmortems.search import labels
from postmortems.trackers import key_link
from postmortems.web.read_texts import language_name
from postmortems.web.sources import SourceNote, Sources

VERDICT_ORDER = {"confirmed": 0, "open": 1, "refuted": 2}


@dataclass(frozen=True, slots=True)
class State:
    """A word with its icon and tone: a verdict, a status."""

    words: str | Promise
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One fact for or against a hypothesis."""

    id: str
    text: str
    supports: bool
    sources: tuple[SourceNote, ...]


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """A claim with its evidence and verdict; `label` is how people refer to it."""

    id: str
    label: str
    claim: str
    holder: str
    evidence: tuple[EvidenceRow, ...]
    verdict: State
    reason: str


@dataclass(frozen=True, slots=True)
class LessonRow:
    """Something learned, with its sources."""

    id: str
    text: str
    sources: tuple[SourceNote, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Something to be done; `tracker_url` is empty where the tracker is only a key."""

    id: str
    text: str
    kind: str
    owner: str
    due: str
    tracker: str
    tracker_url: str
    status: State
    is_unconfirmed: bool = False
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """What it looked like, word for word; an error message is set as such."""

    id: str
    text: str
    kind: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class WorkaroundRow:
    """What a responder may try, and whether it can be trusted."""

    id: str
    text: str
    state: State


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One reference; `kind` and `language` in words."""

    id: str
    label: str
    title: str
    language: str
    language_name: str
    url: str
    kind: str
    archived: str


@dataclass(frozen=True, slots=True)
class Relative:
    """Another postmortem that the viewer may see, and its relation as read from this one."""

    ref: str
    kind: str
    note: str
    title: str
    language: str
    url: str
    started: Moment
    is_inbound: bool = False


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """The relatives of one kind of relation."""

    name: str
    relatives: tuple[Relative, ...]


VERDICTS = {
    "confirmed": State(gettext_lazy("Confirmed"), "check", "good"),
    # A refuted idea is a result, so it is not red.
    "refuted": State(gettext_lazy("Refuted"), "x", "neutral"),
    "open": State(gettext_lazy("Open"), "dot", "warn"),
}
ACTION_KINDS = {
    "temporary": gettext_lazy("temporary"),
    "permanent": gettext_lazy("permanent"),
    "process": gettext_lazy("process"),
}
ACTION_STATUSES = {
    "done": State(gettext_lazy("done"), "check", "good"),
    "open": State(gettext_lazy("open"), "dot", "warn"),
    "proposed": State(gettext_lazy("proposed"), "dot", "quiet"),
    "dropped": State(gettext_lazy("dropped"), "dot", "quiet"),
    "unknown": State(gettext_lazy("unknown"), "dot", "quiet"),
}
SIGNAL_KINDS = {
    "error": gettext_lazy("Error message"),
    "alert": gettext_lazy("Alert"),
    "symptom": gettext_lazy("Symptom"),
}
WORKAROUND_STATES = {
    "verified": State(gettext_lazy("verified"), "check", "good"),
    "unverified": State(gettext_lazy("not verified"), "dot", "warn"),
    "unsafe": State(gettext_lazy("unsafe"), "alert", "bad"),
}
REFERENCE_KINDS = {
    "primary": gettext_lazy("primary source"),
    "retelling": gettext_lazy("retelling"),
    "status-page": gettext_lazy("status page"),
    "ticket": gettext_lazy("ticket"),
    "chat": gettext_lazy("chat"),
    "dashboard": gettext_lazy("dashboard"),
    "archive": gettext_lazy("archive"),
}


def hypotheses_of(document: Document, sources: Sources) -> list[HypothesisRow]:
    """Confirmed ones first, then open, then refuted; within a verdict as stored."""
    ordered = sorted(document.hypotheses, key=lambda item: VERDICT_ORDER.get(item.verdict, 1))
    return [_hypothesis(item, sources) for item in ordered]


def _hypothesis(item: Hypothesis, sources: Sources) -> HypothesisRow:
    return HypothesisRow(
        id=item.id,
        label=item.id.upper(),
        claim=item.claim,
        holder=item.holder,
        evidence=tuple(
            EvidenceRow(fact.id, fact.text, fact.supports, sources.notes(fact.source))
            for fact in item.evidence
        ),
        verdict=VERDICTS[item.verdict],
        reason=item.reason,
    )


def verdict_counts(document: Document) -> str:
    """`1 confirmed, 4 refuted`."""
    forms = {
        "confirmed": _("%(n)s confirmed"),
        "open": _("%(n)s open"),
        "refuted": _("%(n)s refuted"),
    }
    return _counted(Counter(item.verdict for item in document.hypotheses), forms)


def _counted(counts: Mapping[str, int], forms: Mapping[str, str]) -> str:
    said = [form % {"n": counts[key]} for key, form in forms.items() if counts.get(key)]
    return pgettext("between counts", ", ").join(said)


def lessons_of(document: Document, sources: Sources) -> list[LessonRow]:
    """All lessons."""
    return [LessonRow(item.id, item.text, sources.notes(item.source)) for item in document.lessons]


@dataclass(frozen=True)
class Beside:
    """What is known of actions beside the content: when a status was last set or confirmed, by the id
    of the action, and the trackers that keys lead to."""

    confirmed_at: Mapping[str, datetime] = field(default_factory=dict)
    trackers: tuple[Tracker, ...] = ()


def actions_of(document: Document, now: datetime, beside: Beside) -> list[ActionRow]:
    """All actions; an open one past its date says by how much."""
    return [
        ActionRow(
            id=item.id,
            text=item.text,
            kind=str(ACTION_KINDS[item.kind]),
            owner=item.owner,
            due=item.due,
            tracker=item.tracker,
            tracker_url=key_link(beside.trackers, item.tracker),
            status=_status(item, timezone.localdate(now)),
            is_unconfirmed=is_stale(item.status, beside.confirmed_at.get(item.id), now),
            confirmed_at=beside.confirmed_at.get(item.id),
        )
        for item in document.actions
    ]


def none_confirmed(rows: Iterable[ActionRow]) -> bool:
    """Whether some statuses should be looked at again and none was ever confirmed.

    That is said once below them then, and not of each.
    """
    found = [(row.is_unconfirmed, row.confirmed_at) for row in rows]
    return any(is_old for is_old, _at in found) and not any(at for _is_old, at in found)


def action_counts(document: Document) -> str:
    """`1 temporary, 2 permanent`."""
    forms = {
        "temporary": _("%(n)s temporary"),
        "permanent": _("%(n)s permanent"),
        "process": _("%(n)s about process"),
    }
    return _counted(Counter(item.kind for item in document.actions), forms)


def _status(action: Action, today: date) -> State:
    if days := days_over(action, today):
        return State(
            ngettext("%(n)s day over", "%(n)s days over", days) % {"n": days}, "clock", "bad"
        )
    return ACTION_STATUSES[action.status]


def signals_of(document: Document) -> list[SignalRow]:
    """All signals, as they were seen."""
    return [
        SignalRow(item.id, item.text, str(SIGNAL_KINDS[item.kind]), item.kind == "error")
        for item in document.signals
    ]


def workarounds_of(document: Document) -> list[WorkaroundRow]:
    """All work-arounds with how far they can be trusted."""
    return [
        WorkaroundRow(item.id, item.text, WORKAROUND_STATES[item.state])
        for item in document.workarounds
    ]


def references_of(document: Document) -> list[SourceRow]:
    """All references, in the order of their numbers."""
    return [_reference(item) for item in document.references]


def _reference(item: Reference) -> SourceRow:
    return SourceRow(
        id=item.id,
        label=item.label,
        title=item.title,
        language=item.language,
        language_name=language_name(item.language),
        url=item.url if _is_web(item.url) else "",
        kind=str(REFERENCE_KINDS[item.kind]),
        archived=item.archived if _is_web(item.archived) else "",
    )


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def related_groups(relatives: Iterable[Relative]) -> list[RelatedGroup]:
    """Relatives by the words for their relation, each pair of postmortem and words once."""
    groups: dict[str, dict[str, Relative]] = {}
    for relative in relatives:
        groups.setdefault(_relation_name(relative), {}).setdefault(relative.url, relative)
    return [RelatedGroup(name, tuple(found.values())) for name, found in groups.items()]


def _relation_name(relative: Relative) -> str:
    return labels.relation_label(relative.kind, is_inbound=relative.is_inbound)
