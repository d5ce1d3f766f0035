"""How long from the start until it was detected, mitigated, resolved: honest lengths of a Document. Pure."""

from postmortems import durations
from postmortems.clocks import Place, Places, places_of
from postmortems.document import Document, TimelineEntry
from postmortems.durations import KINDS, LONGEST, Duration
from postmortems.moments import Moment


def lengths_of(document: Document) -> dict[str, Duration]:
    """Every measure that is known or bounded."""
    places = places_of(document) if _has_ends(document) else Places()
    found = {
        "detect": _reached(document, places, "detected"),
        "mitigate": _reached(document, places, "mitigated"),
        "resolve": length_of(document),
    }
    return {name: length for name, length in found.items() if length}


def length_of(document: Document) -> Duration | None:
    """How long it took: as stated, else derived when both ends are known to the minute."""
    return durations.resolve(document.duration, document.started, document.resolved)


def told(length: Duration) -> int:
    """A length as one number, to be counted by; `read` takes it apart again."""
    return length.seconds * len(KINDS) + KINDS.index(length.kind)


def read(number: int) -> Duration:
    """The length that `told` made into a number."""
    seconds, kind = divmod(number, len(KINDS))
    return Duration(seconds, KINDS[kind])


def _has_ends(document: Document) -> bool:
    ends = (document.detected, document.mitigated)
    return any(end.time or end.minutes is not None for end in ends)


def _reached(document: Document, places: Places, name: str) -> Duration | None:
    """The time from the start to a moment, on clocks that can be compared.

    Where the start has no clock time, what set it off has: the start is not before that, so the
    time is at most as long. None when nothing is known, and when it would be negative.
    """
    end = _to_the_minute(getattr(document, name), places.moments.get(name))
    start = _to_the_minute(document.started, places.moments.get("started"))
    if start:
        return _between(start, end) if end else None
    trigger = next((item for item in document.timeline if item.kind == "trigger"), None)
    return _since(trigger, getattr(document, name), end, places) if trigger else None


def _to_the_minute(moment: Moment, place: Place | None) -> Place | None:
    """The place, but for a reading such as 19 that lacks the minutes."""
    return None if moment.time and ":" not in moment.time else place


def _since(
    trigger: TimelineEntry, moment: Moment, end: Place | None, places: Places
) -> Duration | None:
    if moment.after == trigger.id and moment.minutes is not None:
        return _limited(moment.minutes * 60, "" if moment.bound == "not-before" else "at-most")
    start = _to_the_minute(trigger.when, places.entries.get(trigger.id))
    length = _between(start, end) if start and end else None
    return _limited(length.seconds, _upper(length.kind)) if length else None


def _upper(kind: str) -> str:
    """What is left of a time from the trigger as one from the start: only that it is no longer."""
    return "" if kind == "at-least" else "at-most"


def _between(start: Place, end: Place) -> Duration | None:
    if start.has_day != end.has_day or bool(start.zone) != bool(end.zone):
        return None
    first, last = start.instant, end.instant
    apart = last - first if first and last else end.at - start.at
    return _limited(int(apart.total_seconds()), _kind(start, end))


def _kind(start: Place, end: Place) -> str:
    """How the time is known; empty where one end may be earlier and the other too."""
    # An earlier start makes it longer, an earlier end shorter.
    limits = {
        {"not-after": "at-least", "not-before": "at-most", "": ""}[start.bound],
        {"not-after": "at-most", "not-before": "at-least", "": ""}[end.bound],
    } - {""}
    if limits:
        return limits.pop() if len(limits) == 1 else ""
    return "approximate" if start.approximate or end.approximate else "exact"


def _limited(seconds: int, kind: str) -> Duration | None:
    return Duration(seconds, kind) if kind and 0 <= seconds <= LONGEST else None
