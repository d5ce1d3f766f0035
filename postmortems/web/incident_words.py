"""How long it took, in words: the caption of the incident bar, its one-sentence label, its four moments."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from postmortems.clocks import Place, Places, in_zone, places_of, seconds_between
from postmortems.document import MOMENTS, Document
from postmortems.moments import Moment, precision
from postmortems.templatetags.moments_tags import (
    duration_words,
    moment,
    offset_words,
    seconds_words,
    tick_words,
    zone_words,
)
from postmortems.web.incident_bar import DAY, Bar, Course, bar_of, course_of

NAMES = {
    "started": gettext_lazy("Started"),
    "detected": gettext_lazy("Detected"),
    "mitigated": gettext_lazy("Mitigated"),
    "resolved": gettext_lazy("Resolved"),
}


@dataclass(frozen=True, slots=True)
class MomentWords:
    """One of the four moments: its name, its value, and what is known of the value.

    `kind` names its mark; `written` are the source's own words.
    """

    kind: str
    name: str
    value: str
    note: str = ""
    written: str = ""
    is_recorded: bool = True


@dataclass(frozen=True, slots=True)
class HowLong:
    """The part "How long it took"; `bar` is None when nothing can be drawn."""

    bar: Bar | None
    caption: str
    label: str
    moments: tuple[MomentWords, ...]


def how_long_of(document: Document, places: Places | None = None, zone: str = "") -> HowLong | None:
    """The part, on the clock of `zone` where given; None when no time is recorded at all."""
    places = places or places_of(document)
    if not document.duration and not any(_is_known(getattr(document, name)) for name in MOMENTS):
        return None
    course = course_of(document, places)
    bar = bar_of(course, zone)
    words = (
        _started(document, places, course, zone),
        _detected(document, places, course),
        _offset_moment("mitigated", document, places, course),
        _resolved(document, places, course, zone),
    )
    named = (_("%(name)s: %(value)s") % {"name": item.name, "value": item.value} for item in words)
    sentence = pgettext("between remarks", "; ").join(named)
    caption = drawn_caption(course, bar) if bar else undrawn_caption(document, course)
    return HowLong(bar, caption, sentence, words)


def _is_known(value: Moment) -> bool:
    return bool(value.date or value.time or value.after or value.text)


def drawn_caption(course: Course, bar: Bar) -> str:
    """What the drawing shows, and what its hatching means."""
    style = "both" if (bar.last.at - bar.first.at).total_seconds() > DAY else "clock"
    ends = {
        "first": tick_words(bar.first.at, style if bar.first.has_day else "clock"),
        "last": tick_words(bar.last.at, style if bar.first.has_day else "clock"),
        "zone": zone_words(bar.first.zone),
    }
    parts = [_("drawn to scale, %(first)s to %(last)s %(zone)s") % ends]
    fills = {segment.fill for segment in bar.segments}
    if "striped" in fills:
        parts.append(_striped_words(course))
    if "open" in fills:
        parts.append(_("open hatching: at most until here"))
    if course.end_kind == "at-least":
        parts.append(_("arrow: at least until here"))
    if course.end_kind == "open":
        parts.append(_("arrow: end not recorded"))
    return pgettext("between remarks", "; ").join(parts)


def _striped_words(course: Course) -> str:
    if course.detected is None and course.mitigated is None:
        return _("striped: detection and mitigation not recorded")
    if course.detected is None:
        return _("striped: detection not recorded")
    return _("striped: detected, mitigation not recorded")


def undrawn_caption(document: Document, course: Course) -> str:
    """Why there is no drawing."""
    reasons = []
    if course.start is None:
        reasons.append(_undrawn_start(document.started))
    if course.end is None and document.duration is None:
        reasons.append(_("length unknown"))
    return _("cannot be drawn: %(reasons)s") % {
        "reasons": pgettext("between reasons", ", ").join(reasons)
    }


def _undrawn_start(started: Moment) -> str:
    known = {
        "bound": _("start known only as a bound") if started.time else _("no start date"),
        "day": _("start known only to the day"),
        "month": _("start known only to the month"),
        "year": _("start known only to the year"),
    }
    return known.get(precision(started), _("no start date"))


def _started(document: Document, places: Places, course: Course, zone: str) -> MomentWords:
    written = document.started
    if course.start and not course.from_trigger:
        shown = in_zone(course.start, zone) if zone else course.start
        notes = [zone_words(shown.zone), _precision_words(written)]
        return _recorded("started", moment(shown.reading()), notes, written.text)
    clock = None if written.time else _beginning(document, places)
    if clock is None:
        return _plain("started", written)
    value, place = clock
    shown = in_zone(place, zone) if zone else place
    day = moment(written) if written.date else ""
    return _recorded(
        "started", value % {"time": moment(shown.reading())}, [zone_words(shown.zone), day]
    )


def _beginning(document: Document, places: Places) -> tuple[str, Place] | None:
    """The clock time that stands for a start without one: the trigger's, or that of what it followed."""
    trigger = next((entry for entry in document.timeline if entry.kind == "trigger"), None)
    if trigger is None:
        return None
    if place := places.entries.get(trigger.id):
        return "%(time)s", place
    before = places.entries.get(trigger.when.after)
    return (_("after %(time)s"), before) if before else None


def _precision_words(written: Moment) -> str:
    words = {
        "exact": _("to the second"),
        "minute": _("to the minute"),
        "hour": _("to the hour"),
        "day": _("to the day"),
        "month": _("to the month"),
        "year": _("to the year"),
    }
    # An approximate time says so itself.
    return "" if written.approximate else words.get(precision(written), "")


def _detected(document: Document, places: Places, course: Course) -> MomentWords:
    words = _offset_moment("detected", document, places, course)
    if course.detected is None or not course.trigger or course.from_trigger:
        return words
    length = seconds_words(course.detected - course.trigger)
    return replace(words, note=_("%(length)s after the trigger") % {"length": length})


def _offset_moment(kind: str, document: Document, places: Places, course: Course) -> MomentWords:
    """A moment as its distance from the start, where that is known; else as it is written."""
    written: Moment = getattr(document, kind)
    place = places.moments.get(kind)
    offset = seconds_between(course.start, place) if course.start and place else None
    if place is None or offset is None or offset < 0:
        return _plain(kind, written)
    value = offset_words(offset)
    if place.bound == "not-after":
        value = _("within %(length)s") % {"length": seconds_words(offset)}
    elif place.approximate and offset:
        value = _("about %(words)s") % {"words": value}
    return _recorded(kind, value, [], written.text)


def _resolved(document: Document, places: Places, course: Course, zone: str) -> MomentWords:
    stated, place = document.duration, places.moments.get("resolved")
    if stated is None:
        return _offset_moment("resolved", document, places, course)
    value = duration_words(stated)
    if stated.kind in ("exact", "approximate"):
        value = f"+ {value}"
    kinds = {"at-most": _("upper bound, as stated"), "at-least": _("lower bound, as stated")}
    notes = [kinds.get(stated.kind, _("length as stated"))]
    if place is None or not place.has_day or place.bound:
        return _recorded("resolved", value, notes, document.resolved.text)
    shown = in_zone(place, zone) if zone else place
    return _recorded("resolved", value, [*notes, moment(shown.reading())], document.resolved.text)


def _plain(kind: str, written: Moment) -> MomentWords:
    """A moment as it is written, without a distance."""
    if not _is_known(written):
        return MomentWords(kind, str(NAMES[kind]), _("not recorded"), is_recorded=False)
    if not (written.date or written.time or written.minutes is not None):
        value = _("time not recorded")
        return MomentWords(kind, str(NAMES[kind]), value, written=written.text, is_recorded=False)
    zone = zone_words(written.zone) if written.time else ""
    return _recorded(kind, moment(written), [zone, _precision_words(written)], written.text)


def _recorded(kind: str, value: str, notes: list[str], written: str = "") -> MomentWords:
    note = " · ".join(filter(None, notes))
    return MomentWords(kind, str(NAMES[kind]), value, note, written)
