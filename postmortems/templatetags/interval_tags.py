"""Intervals in words: as a range where only a range is known."""

from django import template
from django.utils.translation import gettext as _

from postmortems.intervals import Interval
from postmortems.templatetags.moments_tags import counted_words, seconds_words

register = template.Library()


@register.filter
def interval_words(interval: Interval | None) -> str:
    """How long: `5 to 7 months`, `at most 4 months`, `6 days`, `25 h 30 min`, `the same day`."""
    if interval is None:
        return _("not known how long")
    words = _plain(interval)
    return _("about %(words)s") % {"words": words} if interval.is_about else words


@register.filter
def later_words(interval: Interval | None) -> str:
    """The same after something: `5 to 7 months later`."""
    if interval is None:
        return _("time between not known")
    if interval.high == 0:
        return interval_words(interval)
    return _("%(interval)s later") % {"interval": interval_words(interval)}


def _plain(interval: Interval) -> str:
    low, high = interval.low, interval.high
    if interval.unit == "second":
        return seconds_words(high) if high else _("at the same time")
    if high == 0:
        return _("the same day")
    if high is None:
        return _("at least %(interval)s") % {"interval": counted_words(interval.unit, low or 0)}
    if not low:
        return _("at most %(interval)s") % {"interval": counted_words(interval.unit, high)}
    if low == high:
        return counted_words(interval.unit, high)
    forms = {
        "day": _("%(low)s to %(high)s days"),
        "month": _("%(low)s to %(high)s months"),
        "year": _("%(low)s to %(high)s years"),
    }
    return forms[interval.unit] % {"low": low, "high": high}
