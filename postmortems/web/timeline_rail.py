"""The timeline as the rail prints it: days, clock readings as written or in UTC, kinds, source notes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from postmortems.clocks import FULL_DATE, Place, Places, in_zone
from postmortems.document import Document
from postmortems.moments import Moment
from postmortems.templatetags.moments_tags import (
    clock_words,
    date_words,
    day_words,
    moment,
    moment_with_zone,
    offset_words,
    zone_words,
)
from postmortems.web.sources import SourceNote, Sources

# The icon on each kind's disc.
ICONS = {
    "context": "dot",
    "trigger": "bolt",
    "detect": "eye",
    "escalate": "up",
    "action": "wrench",
    "failed-attempt": "cross",
    "mitigate": "shield",
    "recover": "check",
    "learn": "book",
}
# What each kind is called beside its disc.
KIND_NAMES = {
    "context": gettext_lazy("Context"),
    "trigger": gettext_lazy("Trigger"),
    "detect": gettext_lazy("Detected"),
    "escalate": gettext_lazy("Escalated"),
    "action": gettext_lazy("Action"),
    "failed-attempt": gettext_lazy("Failed attempt"),
    "mitigate": gettext_lazy("Mitigated"),
    "recover": gettext_lazy("Recovered"),
    "learn": gettext_lazy("Learned"),
}


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One entry. `day` is the heading of the day that begins with it; `when` its reading, in bold if timed.

    `written` is the time as it was written, where another is shown; `remark` are the source's words on
    it. `is_quoted`: the reading itself is in the source's words.
    """

    id: str
    kind: str
    kind_name: str
    icon: str
    day: str
    when: str
    offset: str
    remark: str
    written: str
    iso: str
    is_timed: bool
    is_quoted: bool
    text: str
    sources: tuple[SourceNote, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """The timeline; `note` says how many entries there are and in which zone their times stand, `zone` the
    one that was asked for."""

    entries: tuple[RailEntry, ...]
    note: str
    can_switch: bool
    zone: str
    is_known: bool


def rail_of(document: Document, places: Places, sources: Sources, *, zone: str = "") -> Rail:
    """All entries in their stored order."""
    timed = [places.entries[item.id] for item in document.timeline if item.id in places.entries]
    return Rail(
        entries=tuple(_entries(document, places, sources, zone=zone)),
        note=_note(len(document.timeline), timed, zone=zone),
        can_switch=any(place.instant and zone_words(place.zone) != "UTC" for place in timed),
        zone=zone,
        is_known=any(place.instant for place in timed),
    )


def _note(count: int, timed: list[Place], *, zone: str = "") -> str:
    entries = ngettext("%(n)s entry", "%(n)s entries", count) % {"n": count}
    zones = {zone_words(place.zone) for place in timed}
    if not zones:
        return entries
    if zone:
        words = _("%(entries)s, times in %(zone)s where the zone is known")
        return words % {"entries": entries, "zone": zone_words(zone)}
    if len(zones) > 1:
        return _("%(entries)s, times in the zones they were written in") % {"entries": entries}
    if zones == {zone_words("")}:
        return _("%(entries)s, zone of the times unknown") % {"entries": entries}
    return _("%(entries)s, times in %(zone)s as written") % {
        "entries": entries,
        "zone": zones.pop(),
    }


def _entries(
    document: Document, places: Places, sources: Sources, *, zone: str
) -> Iterator[RailEntry]:
    heading, before = "", ""
    for entry in document.timeline:
        place = places.entries.get(entry.id)
        shown = in_zone(place, zone) if place and zone else place
        day = _day_heading(shown) if shown else heading
        reading = _reading(entry.when, shown, day, before)
        yield RailEntry(
            id=entry.id,
            kind=entry.kind,
            kind_name=str(KIND_NAMES[entry.kind]),
            icon=ICONS[entry.kind],
            day=day if day != heading else "",
            when=reading,
            offset=_offset(entry.when, shown),
            remark=_remark(entry.when, reading),
            written=_written(entry.when, place, shown),
            iso=_iso(shown),
            is_timed=shown is not None,
            is_quoted=bool(entry.when.text) and reading == entry.when.text,
            text=entry.text,
            sources=sources.notes(entry.source),
        )
        heading, before = day, entry.id


def _day_heading(place: Place) -> str:
    day = day_words(place.at.date()) if place.has_day else _("Day unknown")
    return _("%(day)s, %(zone)s") % {"day": day, "zone": zone_words(place.zone)}


def _reading(written: Moment, place: Place | None, heading: str, before: str) -> str:
    """What stands beside the disc: a clock time, a date, or words."""
    if place:
        return clock_words(place.reading())
    if written.date:
        is_this_day = len(written.date) == FULL_DATE and heading.startswith(
            day_words(date.fromisoformat(written.date))
        )
        return written.text or _("same day") if is_this_day else moment(replace(written, text=""))
    if written.minutes is not None:
        return moment(replace(written, text=""))
    if written.text:
        return written.text
    if written.after:
        return _("then") if written.after == before else _("later")
    return _("time unknown")


def _offset(written: Moment, place: Place | None) -> str:
    if place is None or not written.after or written.minutes is None:
        return ""
    return offset_words(written.minutes * 60)


def _remark(written: Moment, reading: str) -> str:
    """The source's words, where they say more than the reading does."""
    bare = written.text.removesuffix(written.zone).strip().casefold()
    said = {reading.casefold(), written.time.casefold(), written.date.casefold()}
    if written.date:
        said.add(date_words(written.date).casefold())
    return "" if bare in said else written.text


def _written(written: Moment, place: Place | None, shown: Place | None) -> str:
    """The time as written, when the page shows another: on another clock, or counted."""
    if place and shown and place.zone != shown.zone and not place.is_derived:
        return moment_with_zone(written)
    return ""


def _iso(place: Place | None) -> str:
    instant = place.instant if place else None
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""
