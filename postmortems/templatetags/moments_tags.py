"""Moments, durations and terms in words for people, in the reader's language; for templates and views."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from postmortems.durations import Duration
from postmortems.intervals import whole_units
from postmortems.moments import Moment
from postmortems.search.labels import date_words
from taxonomy import lookup
from taxonomy.lookup import TermInfo, VocabularyInfo
from taxonomy.models import Term, Vocabulary

register = template.Library()

MINUTE, HOUR, DAY = 60, 3_600, 86_400


register.filter(date_words)


@register.filter
def day_words(day: date) -> str:
    """A day in full, as a heading: `14 March 2023`."""
    return format_date(day, pgettext("day in full", "j F Y"))


@register.filter(expects_localtime=True)
def timestamp_words(at: datetime) -> str:
    """The day of something the site itself recorded: `14 Mar 2023`."""
    return date_words(f"{at:%Y-%m-%d}")


@register.filter(expects_localtime=True)
def timestamp_with_time(at: datetime) -> str:
    """The same with the time of day: `14 Mar 2023, 19:00`."""
    return _("%(date)s, %(time)s") % {"date": timestamp_words(at), "time": f"{at:%H:%M}"}


@register.filter
def is_just_now(at: datetime | None) -> bool:
    """Whether it is less than a minute ago, which no count of minutes tells; never is not now."""
    return at is not None and timezone.now() - at < timedelta(minutes=1)


@register.filter
def since_words(at: datetime) -> str:
    """How long ago the site recorded it, in the largest unit alone: `34 min`, `5 h`, `2 months`."""
    return _length_words(at, timezone.now())


@register.filter
def until_words(at: datetime) -> str:
    """How long until then, in the same words."""
    return _length_words(timezone.now(), at)


@register.filter
def tick_words(at: datetime, style: str) -> str:
    """A label on an axis; style `clock`: `19:00`, `day`: `15 Mar`, `both`: `8 Mar 06:03`."""
    if style == "clock":
        return f"{at:%H:%M}"
    day = format_date(at, pgettext("day and month", "j M"))
    return day if style == "day" else f"{day} {at:%H:%M}"


@register.filter
def zone_words(zone: str) -> str:
    """A zone: `UTC`, `Europe/Berlin`, `UTC−05:00`; a word when it is not known."""
    if zone[:1] in ("+", "-"):
        return f"UTC{zone}".replace("-", "−")
    return zone or _("zone unknown")


@register.filter
def moment(value: Moment | None) -> str:
    """When something was: `14 Mar 2023, 19:00`, `≤ 11 Sep 2019`, `20:30, day unknown`."""
    if value is None or not (value.date or value.time):
        return _relative(value) if value and value.after else _("day unknown")
    if not value.date:
        return _("%(time)s, day unknown") % {"time": clock_words(value)}
    day = date_words(value.date)
    if not value.time:
        return _bounded(_about(day, value), value)
    time = _about(value.time, value)
    return _bounded(_("%(date)s, %(time)s") % {"date": day, "time": time}, value)


@register.filter
def moment_with_zone(value: Moment | None) -> str:
    """The same with the zone of its time: `14 Mar 2023, 19:00 UTC`."""
    if value is None or not value.time:
        return moment(value)
    form = "%(moment)s %(zone)s" if value.zone else _("%(moment)s (%(zone)s)")
    return form % {"moment": moment(value), "zone": zone_words(value.zone)}


@register.filter
def moment_short(value: Moment | None) -> str:
    """The day alone, for lists: `14 Mar 2023`, `≤ 11 Sep 2019`, `day unknown`."""
    if value is None or not value.date:
        return _("day unknown")
    day = date_words(value.date)
    # "About 15:30" leaves no doubt about the day; "about 14 March" does.
    return _bounded(day if value.time else _about(day, value), value)


def clock_words(value: Moment) -> str:
    """The time of day alone: `19:00`, `about 14:10`, `≤ 16:22`."""
    return _bounded(_about(value.time, value), value)


@register.filter
def duration_words(value: Duration | None) -> str:
    """How long: `5 h 14 min`, `within 6 h`, `at least 3 d 20 h`, `length unknown`."""
    if value is None:
        return _("length unknown")
    length = seconds_words(value.seconds)
    forms = {
        "approximate": _("about %(length)s"),
        "at-most": _("within %(length)s"),
        "at-least": _("at least %(length)s"),
    }
    return forms.get(value.kind, "%(length)s") % {"length": length}


def seconds_words(seconds: float) -> str:
    """A length without its sign: `3 d 20 h`, `48 h 22 min`, `5 h 14 min`, `34 s`.

    Days only from three on: "2 d 22 min" is misread as two days and 22 hours.
    """
    units = (
        (DAY, _("%(n)s d")),
        (HOUR, _("%(n)s h")),
        (MINUTE, _("%(n)s min")),
        (1, _("%(n)s s")),
    )
    rest, parts = abs(round(seconds)), []
    for size, form in units if rest >= 3 * DAY else units[1:]:
        count, rest = divmod(rest, size)
        if count:
            parts.append(form % {"n": count})
    return " ".join(parts) or _("%(n)s s") % {"n": 0}


def counted_words(unit: str, count: int) -> str:
    """So many units of the calendar: `6 days`, `2 months`, `1 year`."""
    forms = {
        "day": ngettext("%(n)s day", "%(n)s days", count),
        "month": ngettext("%(n)s month", "%(n)s months", count),
        "year": ngettext("%(n)s year", "%(n)s years", count),
    }
    return forms[unit] % {"n": count}


def offset_words(seconds: float) -> str:
    """A length from the start on: `+ 2 min`, `− 3 min`, `at once`."""
    if not round(seconds):
        return _("at once")
    return f"{'+' if seconds > 0 else '−'} {seconds_words(seconds)}"


@register.filter
def term_name(term: TermInfo | VocabularyInfo, language: str) -> str:
    """The name of a term or vocabulary in the language or its fallback."""
    return term.name(language)


@register.filter
def called(row: Term | Vocabulary) -> str:
    """The name of a stored vocabulary or term in the reader's language; a term's with those above it."""
    language = get_language() or "en"
    if isinstance(row, Vocabulary):
        return row.name_in(language)
    terms, steps = lookup.current(), row.path.split("/")
    paths = ["/".join(steps[:end]) for end in range(1, len(steps))]
    above = [terms.get(row.vocabulary.slug, path) for path in paths]
    names = [term.name(language) for term in above if term]
    return " › ".join([*names, row.name_in(language)])


def _length_words(start: datetime, end: datetime) -> str:
    seconds = max(0, int((end - start).total_seconds()))
    if seconds >= DAY:
        return counted_words(*whole_units(start, end))
    size = next((size for size in (HOUR, MINUTE) if seconds >= size), 1)
    return seconds_words(seconds // size * size)


def _about(words: str, value: Moment) -> str:
    return _("about %(words)s") % {"words": words} if value.approximate else words


def _bounded(words: str, value: Moment) -> str:
    forms = {
        "not-after": pgettext("not later than", "≤ %(words)s"),
        "not-before": pgettext("not earlier than", "≥ %(words)s"),
    }
    return forms.get(value.bound, "%(words)s") % {"words": words}


def _relative(value: Moment) -> str:
    if value.minutes is None:
        return value.text or _("time unknown")
    return _bounded(_about(offset_words(value.minutes * MINUTE), value), value)
