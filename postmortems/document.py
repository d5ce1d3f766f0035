"""The one frozen shape of a postmortem's content; revisions store it, diffs compare it, files and JSON carry it.

Pure. `document_json` turns it into JSON and back, `content` into database rows and back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from postmortems.durations import Duration
from postmortems.moments import UNKNOWN, Moment

SCHEMA = 1

LANGUAGES = ("en", "zh-hans", "zh-hant")
MOMENTS = ("started", "detected", "mitigated", "resolved")
SECTIONS = (
    "impact",
    "what-happened",
    "root-cause",
    "resolution",
    "went-well",
    "went-badly",
    "got-lucky",
    "what-surprised-us",
    "open-questions",
    "conflicting-accounts",
)
ENTRY_KINDS = (
    "context",
    "trigger",
    "detect",
    "escalate",
    "action",
    "failed-attempt",
    "mitigate",
    "recover",
    "learn",
)
SIGNAL_KINDS = ("error", "alert", "symptom")
WORKAROUND_STATES = ("verified", "unverified", "unsafe")
VERDICTS = ("open", "confirmed", "refuted")
PERMANENT = "permanent"
ACTION_KINDS = ("temporary", PERMANENT, "process")
ACTION_STATUSES = ("proposed", "open", "done", "dropped", "unknown")
# What somebody said is still to be done; and what nobody said was done or given up.
STILL_OPEN = ("proposed", "open")
UNDONE = (*STILL_OPEN, "unknown")
SAME_DEFECT = "same-defect"
RELATION_KINDS = (
    SAME_DEFECT,
    "same-defect-class",
    "similar-pattern",
    "follow-up",
    "caused-by",
    "public-version",
)
SYMMETRIC_RELATIONS = RELATION_KINDS[:3]
REFERENCE_KINDS = (
    "primary",
    "retelling",
    "status-page",
    "ticket",
    "chat",
    "dashboard",
    "archive",
)
# What set it off, and what only made it worse; without a role it is one of the first.
PRIMARY, CONTRIBUTING = "primary", "contributing"
ROLES = (PRIMARY, CONTRIBUTING, "")
WEIGHTIEST_FIRST = (PRIMARY, "", CONTRIBUTING)

# Limits on what is stored, in characters unless said otherwise.
SECTION_BYTES = 2 * 1024 * 1024
DOCUMENT_BYTES = 4 * 1024 * 1024
TITLE_LENGTH = 300
LINE_LENGTH = 20_000
ITEMS = 2_000


@dataclass(frozen=True, slots=True)
class Translation:
    """Title and summary in another language."""

    title: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """A term on the postmortem: `term` is its path, `role` one of ROLES, `assigned_by` source, inferred or a person."""

    vocabulary: str
    term: str
    role: str = ""
    why: str = ""
    assigned_by: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """What it looked like, verbatim: an error message, an alert, or a symptom in users' words."""

    id: str
    text: str
    kind: str = "symptom"


@dataclass(frozen=True, slots=True)
class Workaround:
    """What a responder needs first, and whether it can be trusted."""

    id: str
    text: str
    state: str = "unverified"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened at a moment. The order of entries is stored, never sorted by time."""

    id: str
    kind: str
    text: str
    when: Moment = UNKNOWN
    source: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact for (`supports`) or against a hypothesis."""

    id: str
    text: str
    supports: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A claim made during the incident; `holder` is a role or party, never an account."""

    id: str
    claim: str
    holder: str = ""
    verdict: str = "open"
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something learned."""

    id: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done or done; `due` is a date (`2023-04-01`) or empty, `tracker` a URL or key."""

    id: str
    text: str
    kind: str = PERMANENT
    status: str = "unknown"
    owner: str = ""
    due: str = ""
    tracker: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to another postmortem by its ref (in files: by its import id)."""

    kind: str
    target: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A source; `label` is how entries and lessons cite it (`O-RED-1`)."""

    id: str
    title: str
    url: str = ""
    label: str = ""
    language: str = ""
    kind: str = "primary"
    archived: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file by its id, with its name as it was given."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """A postmortem's content. Texts are Markdown where they are paragraphs, plain where they are one line.

    `sections` has no order of its own: they are shown in the order of SECTIONS, then by key.
    """

    title: str
    schema: int = SCHEMA
    summary: str = ""
    language: str = "en"
    translations: Mapping[str, Translation] = field(default_factory=lambda: MappingProxyType({}))
    started: Moment = UNKNOWN
    detected: Moment = UNKNOWN
    mitigated: Moment = UNKNOWN
    resolved: Moment = UNKNOWN
    duration: Duration | None = None
    sections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    signals: tuple[Signal, ...] = ()
    workarounds: tuple[Workaround, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    actions: tuple[Action, ...] = ()
    relations: tuple[Relation, ...] = ()
    references: tuple[Reference, ...] = ()
    classifications: tuple[Classification, ...] = ()
    attachments: tuple[Attachment, ...] = ()
