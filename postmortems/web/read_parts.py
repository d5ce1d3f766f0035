"""Hypotheses, lessons, actions, work-arounds, relations and sources as rows that templates print without logic."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from postmortems.document import SYMMETRIC_RELATIONS, Action, Document, Hypothesis, Reference
from postmortems.moments import Moment
from postmortems.web.read_texts import language_name
from postmortems.web.sources import SourceNote, Sources

VERDICT_ORDER = {"confirmed": 0, "open": 1, "refuted": 2}


@dataclass(frozen=True, slots=True)
class State:
    """A word with its icon and tone: a verdict, a status."""

    words: str
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
        verdict=_verdict(item.verdict),
        reason=item.reason,
    )


def _verdict(verdict: str) -> State:
    states = {
        "confirmed": State(_("Confirmed"), "check", "good"),
        # A refuted idea is a result, so it is not red.
        "refuted": State(_("Refuted"), "x", "neutral"),
    }
    return states.get(verdict, State(_("Open"), "dot", "warn"))


def verdict_counts(document: Document) -> str:
    """`1 confirmed, 4 refuted`."""
    forms = {
        "confirmed": _("%(n)s confirmed"),
        "open": _("%(n)s open"),
        "refuted": _("%(n)s refuted"),
    }
    return _counted(Counter(item.verdict for item in document.hypotheses), forms)


def _counted(counts: Mapping[str, int], forms: Mapping[str, str]) -> str:
    return ", ".join(form % {"n": counts[key]} for key, form in forms.items() if counts.get(key))


def lessons_of(document: Document, sources: Sources) -> list[LessonRow]:
    """All lessons."""
    return [LessonRow(item.id, item.text, sources.notes(item.source)) for item in document.lessons]


def actions_of(document: Document, today: date) -> list[ActionRow]:
    """All actions; an open one past its date says by how much."""
    return [
        ActionRow(
            id=item.id,
            text=item.text,
            kind=action_kinds()[item.kind],
            owner=item.owner,
            due=item.due,
            tracker=item.tracker,
            tracker_url=item.tracker if _is_web(item.tracker) else "",
            status=_status(item, today),
        )
        for item in document.actions
    ]


def action_kinds() -> dict[str, str]:
    """The kinds of actions in words."""
    return {"temporary": _("temporary"), "permanent": _("permanent"), "process": _("process")}


def action_counts(document: Document) -> str:
    """`1 temporary, 2 permanent`."""
    forms = {
        "temporary": _("%(n)s temporary"),
        "permanent": _("%(n)s permanent"),
        "process": _("%(n)s about process"),
    }
    return _counted(Counter(item.kind for item in document.actions), forms)


def _status(action: Action, today: date) -> State:
    if action.status == "open" and action.due and date.fromisoformat(action.due) < today:
        days = (today - date.fromisoformat(action.due)).days
        return State(_("%(n)s days over") % {"n": days}, "clock", "bad")
    states = {
        "done": State(_("done"), "check", "good"),
        "open": State(_("open"), "dot", "warn"),
        "proposed": State(_("proposed"), "dot", "quiet"),
        "dropped": State(_("dropped"), "dot", "quiet"),
    }
    return states.get(action.status, State(_("unknown"), "dot", "quiet"))


def signals_of(document: Document) -> list[SignalRow]:
    """All signals, as they were seen."""
    kinds = {
        "error": _("Error message"),
        "alert": _("Alert"),
        "symptom": _("Symptom"),
    }
    return [
        SignalRow(item.id, item.text, kinds[item.kind], item.kind == "error")
        for item in document.signals
    ]


def workarounds_of(document: Document) -> list[WorkaroundRow]:
    """All work-arounds with how far they can be trusted."""
    states = {
        "verified": State(_("verified"), "check", "good"),
        "unsafe": State(_("unsafe"), "alert", "bad"),
    }
    unverified = State(_("not verified"), "dot", "warn")
    return [
        WorkaroundRow(item.id, item.text, states.get(item.state, unverified))
        for item in document.workarounds
    ]


def references_of(document: Document) -> list[SourceRow]:
    """All references, in the order of their numbers."""
    return [_reference(item) for item in document.references]


def _reference(item: Reference) -> SourceRow:
    kinds = {
        "primary": _("primary source"),
        "retelling": _("retelling"),
        "status-page": _("status page"),
        "ticket": _("ticket"),
        "chat": _("chat"),
        "dashboard": _("dashboard"),
        "archive": _("archive"),
    }
    return SourceRow(
        id=item.id,
        label=item.label,
        title=item.title,
        language=item.language,
        language_name=language_name(item.language),
        url=item.url if _is_web(item.url) else "",
        kind=kinds[item.kind],
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
    outbound = {
        "same-defect": _("Same defect"),
        "same-defect-class": _("Same class of defect"),
        "similar-pattern": _("Similar pattern"),
        "follow-up": _("Follow-up of"),
        "caused-by": _("Caused by"),
        "public-version": _("Public version of"),
    }
    inbound = {
        "follow-up": _("Followed up by"),
        "caused-by": _("Cause of"),
        "public-version": _("Has a public version"),
    }
    is_turned = relative.is_inbound and relative.kind not in SYMMETRIC_RELATIONS
    return (inbound if is_turned else outbound)[relative.kind]
