"""What the built-in fields and their fixed values are called: one table for facets, chips and completion."""

from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from postmortems.models import Postmortem
from postmortems.search.fields import (
    BOUNDED,
    KNOWN,
    MEASURED,
    UNKNOWN,
    canonical_value,
    present_name,
)
from postmortems.search.ranges import months_of
from taxonomy.lookup import Terms, fold

Label = str | Promise

NOT_RECORDED = gettext_lazy("Not recorded")

FIELDS: dict[str, Label] = {
    "no": gettext_lazy("Missing parts"),
    "has": gettext_lazy("Has"),
    "duration": gettext_lazy("Duration"),
    "to-detect": gettext_lazy("Time to detect"),
    "to-mitigate": gettext_lazy("Time to mitigate"),
    "action": gettext_lazy("Actions"),
    "fix": gettext_lazy("Permanent fix"),
    "ref": gettext_lazy("Postmortems"),
    "hypothesis": gettext_lazy("Hypotheses"),
    "relation": gettext_lazy("Relation"),
    "status": gettext_lazy("Status"),
    "visibility": gettext_lazy("Visibility"),
    "team": pgettext_lazy("a group of people", "Team"),
    "language": gettext_lazy("Language"),
    "year": gettext_lazy("Started"),
    "started": gettext_lazy("Started"),
    "detected": gettext_lazy("Detected"),
    "mitigated": gettext_lazy("Mitigated"),
    "resolved": gettext_lazy("Resolved"),
    "updated": gettext_lazy("Changed"),
    "match": gettext_lazy("How many words must match"),
}
ROLES: dict[str, Label] = {
    "primary": gettext_lazy("primary"),
    "contributing": gettext_lazy("contributing"),
}

# The parts that facets list: first what a reviewer misses most. A relation is there only for those
# who may see its other end, so no count of it is the same for everybody.
PARTS: dict[str, Label] = {
    "detected": gettext_lazy("Detection time"),
    "resolved": gettext_lazy("Resolution time"),
    "mitigated": gettext_lazy("Mitigation time"),
    "started": gettext_lazy("Start time"),
    "duration": gettext_lazy("Duration"),
    "timeline": gettext_lazy("Timeline"),
    "signal": gettext_lazy("What it looked like"),
    "workaround": gettext_lazy("Work-around"),
    "hypothesis": gettext_lazy("Hypotheses"),
    "lesson": gettext_lazy("Lessons"),
    "action": gettext_lazy("Actions"),
    "fix": gettext_lazy("Permanent fix"),
    "reference": gettext_lazy("Sources"),
    "translation": gettext_lazy("Translation"),
    "summary": gettext_lazy("Summary"),
    "section": gettext_lazy("Section"),
}
PRESENT = PARTS | {"relation": gettext_lazy("Related")}
LENGTHS: dict[str, Label] = {
    "<15min": gettext_lazy("under 15 min"),
    "15min..<1h": gettext_lazy("15 min to 1 h"),
    "1h..<4h": gettext_lazy("1 h to 4 h"),
    "4h..<1d": gettext_lazy("4 h to 1 day"),
    ">=1d": gettext_lazy("1 day or longer"),
    BOUNDED: gettext_lazy("only a bound known"),
    UNKNOWN: NOT_RECORDED,
}
# Asked for by patterns; as a facet it would only add up the others.
ANY_LENGTH = LENGTHS | {KNOWN: gettext_lazy("known")}
STATUSES: dict[str, Label] = {
    "open": capfirst(gettext_lazy("open")),
    "proposed": capfirst(gettext_lazy("proposed")),
    "done": capfirst(gettext_lazy("done")),
    "dropped": capfirst(gettext_lazy("dropped")),
    "unknown": NOT_RECORDED,
}
VALUES: dict[str, dict[str, Label]] = {
    "no": PRESENT,
    "has": PRESENT,
    "duration": LENGTHS,
    "to-detect": ANY_LENGTH,
    "to-mitigate": ANY_LENGTH,
    "action": STATUSES,
    "fix": STATUSES,
    "hypothesis": {
        "confirmed": gettext_lazy("Confirmed"),
        "open": gettext_lazy("Open"),
        "refuted": gettext_lazy("Refuted"),
    },
    "relation": {
        "same-defect": gettext_lazy("Same defect"),
        "same-defect-class": gettext_lazy("Same class of defect"),
        "similar-pattern": gettext_lazy("Similar pattern"),
        "follow-up": gettext_lazy("Follow-up of"),
        "caused-by": gettext_lazy("Caused by"),
        "public-version": gettext_lazy("Public version of"),
    },
    "status": dict(Postmortem.Status.choices),
    "visibility": dict(Postmortem.Visibility.choices),
    "language": {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"},
    "year": {BOUNDED: gettext_lazy("≤ date"), UNKNOWN: gettext_lazy("unknown")},
    "match": {"most": gettext_lazy("Most of the words"), "all": gettext_lazy("All words")},
}
# The relations that read differently from the other end.
RELATIONS_INBOUND: dict[str, Label] = {
    "follow-up": gettext_lazy("Followed up by"),
    "caused-by": gettext_lazy("Cause of"),
    "public-version": gettext_lazy("Has a public version"),
}


def relation_label(kind: str, *, is_inbound: bool) -> str:
    """What a relation is called, seen from the end that names it or, inbound, from the other."""
    outbound = VALUES["relation"]
    return str((is_inbound and RELATIONS_INBOUND.get(kind)) or outbound.get(kind, kind))


def field_label(name: str, terms: Terms, language: str) -> str:
    """What a field is called, its role in parentheses; itself when it is none."""
    slug, _dot, role = name.partition(".")
    info = terms.vocabulary(slug)
    if info is None:
        return str(FIELDS.get(name, name))
    return f"{info.name(language)} ({ROLES.get(role, role)})" if role else info.name(language)


def value_label(name: str, value: str, terms: Terms, language: str) -> str:
    """What a value of a field is called, ranges included; itself when nobody named it."""
    slug = name.partition(".")[0]
    if info := terms.vocabulary(slug):
        found = terms.resolve(slug, value)
        is_absent = not found and fold(value) == UNKNOWN
        return found[0].name(language) if found else str(NOT_RECORDED) if is_absent else value
    if slug in ("has", "no"):
        part = present_name(value, terms)
        info = terms.vocabulary(part)
        return info.name(language) if info else str(PRESENT.get(part, value))
    names = ANY_LENGTH if slug in MEASURED.values() else VALUES.get(slug, {})
    label = names.get(canonical_value(slug, value))
    if label is None and slug == "year":
        return months_label(value)
    return value if label is None else str(label)


def date_words(written: str) -> str:
    """A date of a moment: `14 Mar 2023`, `Mar 2023` or `2023`."""
    parts = [int(part) for part in written.split("-")]
    formats = (
        pgettext("year alone", "Y"),
        pgettext("month and year", "M Y"),
        pgettext("day, month and year", "j M Y"),
    )
    return format_date(date(*[*parts, 1, 1][:3]), formats[len(parts) - 1])


def months_label(value: str) -> str:
    """A range of years or months in words; a single one is its own name."""
    months = months_of(value)
    if months is None or months.low == months.high:
        return date_words(months.low) if months and months.low else value
    ends = {"low": months.low and date_words(months.low)}
    ends["high"] = months.high and date_words(months.high)
    if not months.high:
        return _("%(low)s and later") % ends
    return (_("%(low)s to %(high)s") if months.low else _("up to %(high)s")) % ends
