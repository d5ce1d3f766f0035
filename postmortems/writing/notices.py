"""What a person should look at in what was understood, as a code and a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "backwards": _("The clock runs backwards a little here; the day was kept."),
    "next-day": _("The clock starts again here: this was read as the next day."),
    "no-year": _("The year is missing, so the day was left out."),
    "ambiguous-day": _("This day can be read two ways; it was read with the month first."),
    "split": _("The text was too long for one entry and was split."),
    "too-many": _("A timeline has at most %(most)d entries; the rest is kept as text."),
    "zone-offset": _("%(written)s was read as %(zone)s."),
    "ambiguous-zone": _("%(written)s has several meanings, so the zone was left open."),
    "unknown-zone": _("“%(written)s” is not a known zone, so it was left open."),
    "zone-carried": _("Lines without a zone were read as %(zone)s, like the lines before them."),
    "no-zone": _("The times name no zone; choose one if you know it."),
    "no-day": _("The times name no day; choose one if you know it."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What to look at: a code of SENTENCES, and the sentence in the language of the reader."""

    code: str
    sentence: str


def notice(code: str, **values: object) -> Notice:
    """The notice with that code."""
    sentence = str(SENTENCES[code])
    return Notice(code, sentence % values if values else sentence)
