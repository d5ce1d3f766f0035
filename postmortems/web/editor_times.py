"""The moments among the editor's fields: each is read from what stands before it. Called by `editor_fields`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from postmortems import document_json, moments
from postmortems.document import MOMENTS, Document
from postmortems.moments import Moment
from postmortems.writing.moments_typed import BACKWARDS, circled, dated, is_exact, understood

# What was before the start may lie hours back, as a change that took effect later.
BEFORE_START = timedelta(hours=12)


def read_times(
    fields: Mapping[str, str], data: dict[str, Any], numbers: Mapping[str, str], base: Document
) -> tuple[dict[str, Moment], dict[str, str]]:
    """The moments and what is doubtful, by the name of the field; in `data` they stand as read.

    Where it is only said how much later it was, an entry counts from the one above it, the first
    one and the times of the whole from the start.
    """
    timeline = data["timeline"]
    entries = {item["id"]: item["text"] for item in timeline}
    started, code = understood(fields.get("started", ""), base=None, entries=entries)
    found = {"started": (started, code)}
    for name in MOMENTS[1:]:
        found[name] = understood(fields.get(name, ""), base=started, entries=entries, start=started)
    data |= {name: document_json.to_json(moment) for name, (moment, _code) in found.items()}
    stored = {entry.id: moments.format_moment(entry.when) for entry in base.timeline}
    read_so = _entry_times(timeline, started, entries, stored)
    for place, (item, (moment, code)) in enumerate(zip(timeline, read_so, strict=True)):
        item["when"] = document_json.to_json(moment)
        found[f"{numbers[f'timeline.{place}']}.when"] = moment, code
    doubts = {name: code for name, (_moment, code) in found.items() if code}
    return {name: moment for name, (moment, _code) in found.items()}, doubts


def _entry_times(
    timeline: Sequence[Mapping[str, Any]],
    started: Moment,
    entries: Mapping[str, str],
    stored: Mapping[str, str],
) -> list[tuple[Moment, str]]:
    """The moment of each entry, and a code where it is doubtful."""
    found: list[tuple[Moment, str]] = []
    above, previous, others = "", started, dict(entries)
    # The last moment above whose day is known.
    day, back = started, BEFORE_START
    for item in timeline:
        own_id, typed = item["id"], item.get("when", "")
        # An entry does not count from itself, nor is it meant by a word of its own.
        text = others.pop(own_id, "")
        moment, code = understood(typed, base=previous, entries=others, above=above, start=started)
        others[own_id] = text
        # What was stored without a day is not known to be of this one.
        if not code and typed.strip() != stored.get(own_id):
            moment = dated(moment, day, back=back)
        if is_exact(moment):
            day, back = moment, BACKWARDS
        above, previous = own_id, moment
        found.append((moment, code))
    return _uncircled(timeline, found, stored)


def _uncircled(
    timeline: Sequence[Mapping[str, Any]],
    found: list[tuple[Moment, str]],
    stored: Mapping[str, str],
) -> list[tuple[Moment, str]]:
    """The same, with words where what was typed now would let entries count from each other."""
    ids = [item["id"] for item in timeline]
    afters = {own: moment.after for own, (moment, _code) in zip(ids, found, strict=True)}
    circle = circled({own: after for own, after in afters.items() if after})
    for place, (own, (moment, _code)) in enumerate(zip(ids, found, strict=True)):
        notation = moments.format_moment(moment)
        if own in circle and notation != stored.get(own):
            found[place] = Moment(text=moment.text or notation), "circle"
    return found
