"""The parts of the editor: which lists there are, which fields an item has, what stands beside them."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postmortems.document import PERMANENT
from postmortems.search import labels
from postmortems.web import read_parts
from postmortems.web.timeline_rail import KIND_NAMES

Label = str | Promise
Choices = tuple[tuple[str, Label], ...]

LINE, TEXT, SELECT, HIDDEN = "line", "text", "select", "hidden"


@dataclass(frozen=True)
class Column:
    """One field of an item: its name, what it is called, how it is entered, and of choices the usual."""

    name: str
    label: Label
    kind: str = LINE
    choices: Choices = ()
    usual: str = ""


@dataclass(frozen=True)
class Part:
    """A list of the Document as the editor shows it; `add` is what its button says."""

    name: str
    label: Label
    hint: Label
    add: Label
    columns: tuple[Column, ...]
    blank: int = 1
    evidence: bool = field(default=False)


def _states(states: dict[str, read_parts.State]) -> Choices:
    return tuple((value, state.words) for value, state in states.items())


KINDS = Column("kind", _("Kind"), SELECT, tuple(KIND_NAMES.items()))
WHEN = Column("when", _("When"))
TARGET = Column("target", _("Postmortem"))
EVIDENCE = (
    Column("supports", _("For or against"), SELECT, (("for", _("for")), ("against", _("against")))),
    Column("text", _("Fact")),
    Column("source", _("Source"), HIDDEN),
)
PARTS = (
    Part(
        "signals",
        _("What it looked like"),
        _("Error messages and alerts word for word, and what people said they saw."),
        _("Add a signal"),
        (
            Column("kind", _("Kind"), SELECT, tuple(read_parts.SIGNAL_KINDS.items()), "symptom"),
            Column("text", _("Text"), TEXT),
        ),
    ),
    Part(
        "workarounds",
        _("Work-arounds"),
        _("What a responder can do at once, and whether it has been tried."),
        _("Add a work-around"),
        (
            Column(
                "state", _("State"), SELECT, _states(read_parts.WORKAROUND_STATES), "unverified"
            ),
            Column("text", _("Text"), TEXT),
        ),
    ),
    Part(
        "timeline",
        _("Timeline"),
        _("Times as you know them: 2023-03-14 19:00 UTC, 19:02, +2 min, hours in, unknown."),
        _("Add an entry"),
        (
            WHEN,
            KINDS,
            Column("text", _("What happened"), TEXT),
            Column("source", _("Source"), HIDDEN),
        ),
        blank=3,
    ),
    Part(
        "hypotheses",
        _("Hypotheses"),
        _(
            "What was thought to be the cause, what spoke for it and against it. Refuted ones help too."
        ),
        _("Add a hypothesis"),
        (
            Column("claim", _("Claim"), TEXT),
            Column("verdict", _("Verdict"), SELECT, _states(read_parts.VERDICTS), "open"),
            Column("holder", _("Held by (a role, not a name)")),
            Column("reason", _("Why it was confirmed or refuted"), TEXT),
        ),
        evidence=True,
    ),
    Part(
        "lessons",
        _("Lessons"),
        _("What you know now that you did not know before."),
        _("Add a lesson"),
        (Column("text", _("Lesson"), TEXT), Column("source", _("Source"), HIDDEN)),
    ),
    Part(
        "actions",
        _("Actions"),
        _("What stops it now, what keeps it from coming back, what changes in how you work."),
        _("Add an action"),
        (
            Column("text", _("Action"), TEXT),
            Column("kind", _("Kind"), SELECT, tuple(read_parts.ACTION_KINDS.items()), PERMANENT),
            Column("status", _("Status"), SELECT, _states(read_parts.ACTION_STATUSES), "open"),
            Column("owner", _("Owner (team or role)")),
            Column("due", _("Due")),
            Column("tracker", _("Ticket")),
        ),
    ),
    Part(
        "relations",
        _("Related postmortems"),
        _(
            "Type words of their title, the eight letters and digits of their address, or all of it."
        ),
        _("Add a relation"),
        (
            Column("kind", _("Relation"), SELECT, tuple(labels.VALUES["relation"].items())),
            TARGET,
            Column("note", _("Note")),
        ),
    ),
    Part(
        "references",
        pgettext_lazy("part of a postmortem", "Sources"),
        _("Status pages, tickets, chats, dashboards."),
        _("Add a source"),
        (
            Column("title", _("Title")),
            Column("url", _("Address")),
            Column("kind", _("Kind"), SELECT, tuple(read_parts.REFERENCE_KINDS.items())),
            *(Column(name, "", HIDDEN) for name in ("label", "language", "archived")),
        ),
    ),
)
PROMPTS: dict[str, Label] = {
    "impact": _("Who noticed what, for how long, and how many."),
    "what-happened": _("The story in order. Say what people saw and why it made sense then."),
    "root-cause": _("What had to be true for this to happen. There is rarely only one thing."),
    "resolution": _("What ended it, and what was tried before."),
    "went-well": _("What kept it from being worse."),
    "went-badly": _("What made it longer or larger than it had to be."),
    "got-lucky": _("What could easily have gone the other way."),
    "what-surprised-us": _("What nobody would have expected."),
    "open-questions": _("What you still do not know."),
    "conflicting-accounts": _("Where those who were there remember it differently."),
}
# The first ones stand open; the rest unfolds.
FIRST_SECTIONS = ("impact", "what-happened", "root-cause", "resolution")
LANGUAGES: Choices = tuple(labels.VALUES["language"].items())
