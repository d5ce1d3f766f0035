"""What parts, fields and values of a content are called on the history pages."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from postmortems.differences import Difference
from postmortems.durations import Duration
from postmortems.moments import Moment, format_moment
from postmortems.search import labels
from postmortems.section_names import SectionNames
from postmortems.templatetags.moments_tags import duration_words
from postmortems.web.read_parts import (
    ACTION_KINDS,
    ACTION_STATUSES,
    REFERENCE_KINDS,
    SIGNAL_KINDS,
    VERDICTS,
    WORKAROUND_STATES,
    State,
)
from postmortems.web.read_texts import language_name
from postmortems.web.timeline_rail import KIND_NAMES

Words = str | Promise

PARTS: dict[str, Words] = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "started": labels.FIELDS["started"],
    "detected": labels.FIELDS["detected"],
    "mitigated": labels.FIELDS["mitigated"],
    "resolved": labels.FIELDS["resolved"],
    "duration": labels.FIELDS["duration"],
    "signals": gettext_lazy("What it looked like"),
    "workarounds": gettext_lazy("Work-arounds"),
    "timeline": gettext_lazy("Timeline"),
    "hypotheses": gettext_lazy("Hypotheses"),
    "lessons": gettext_lazy("Lessons"),
    "actions": gettext_lazy("Actions"),
    "relations": gettext_lazy("Related"),
    "references": gettext_lazy("Sources"),
    "classifications": gettext_lazy("Classification"),
    "language": gettext_lazy("Language"),
    "attachments": gettext_lazy("Attachments"),
}
FIELDS: dict[str, Words] = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "text": gettext_lazy("Text"),
    "claim": gettext_lazy("Claim"),
    "kind": gettext_lazy("Kind"),
    "when": gettext_lazy("When"),
    "source": gettext_lazy("Source"),
    "state": gettext_lazy("State"),
    "holder": gettext_lazy("Held by"),
    "verdict": gettext_lazy("Verdict"),
    "reason": gettext_lazy("Reason"),
    "supports": gettext_lazy("Speaks"),
    "status": gettext_lazy("Status"),
    "owner": gettext_lazy("Owner"),
    "due": gettext_lazy("Due"),
    "tracker": gettext_lazy("Tracker"),
    "url": gettext_lazy("Address"),
    "label": gettext_lazy("Short name"),
    "language": gettext_lazy("Language"),
    "archived": gettext_lazy("Archived copy"),
    "note": gettext_lazy("Note"),
    "role": gettext_lazy("Role"),
    "why": gettext_lazy("Why"),
    "assigned_by": gettext_lazy("Assigned by"),
    "name": gettext_lazy("Name"),
}
# Values that are chosen and not written, by the list they stand in and the field.
VALUES: dict[tuple[str, str], dict[str, Words]] = {
    ("signals", "kind"): dict(SIGNAL_KINDS),
    ("workarounds", "state"): {key: state.words for key, state in WORKAROUND_STATES.items()},
    ("timeline", "kind"): dict(KIND_NAMES),
    ("hypotheses", "verdict"): {key: state.words for key, state in VERDICTS.items()},
    ("actions", "kind"): dict(ACTION_KINDS),
    ("actions", "status"): {key: state.words for key, state in ACTION_STATUSES.items()},
    ("references", "kind"): dict(REFERENCE_KINDS),
    ("relations", "kind"): labels.VALUES["relation"],
    ("classifications", "role"): labels.ROLES,
}
KINDS = {
    "added": State(gettext_lazy("added"), "+", "added"),
    "removed": State(gettext_lazy("removed"), "−", "removed"),
    "changed": State(gettext_lazy("changed"), "±", "changed"),
    "moved": State(gettext_lazy("moved"), "↕", "moved"),
}


def part_name(found: Difference, sections: SectionNames) -> str:
    """What a part that changed is called."""
    return name_of(found.part, found.key, sections)


def name_of(part: str, key: str, sections: SectionNames) -> str:
    """What a part is called; a section by its key, a translation by its language."""
    if part == "sections":
        return sections.of(key)
    if part == "translations":
        return _("Translation: %(language)s") % {"language": language_name(key)}
    return str(PARTS.get(part, part))


def field_name(name: str) -> str:
    """What a field of an item is called."""
    return str(FIELDS.get(name, name))


def value_words(part: str, name: str, value: Any) -> str:
    """A value in words; empty for one that is not there."""
    if isinstance(value, Moment):
        # The notation and not the words of the read page: two moments that differ never look alike.
        return format_moment(value) or _("unknown")
    if isinstance(value, Duration) or (value is None and part == "duration"):
        return duration_words(value)
    if isinstance(value, bool):
        return pgettext("evidence", "for") if value else pgettext("evidence", "against")
    if name == "language" and value:
        return language_name(value)
    return str(VALUES.get((part, name), {}).get(value, value or ""))
