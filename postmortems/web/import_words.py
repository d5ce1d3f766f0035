"""What is wrong with a file, in the language of the reader: readers of files know nothing of languages
and say it in English. `web.imports` calls it."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_noop as _

from postmortems.exchange.problems import FileProblem

# Every sentence of the readers of files; of two that fit, the first one.
SENTENCES = (
    # document_rules, document_json
    _("schema must be %(number)s."),
    _("%(name)s is empty: write something."),
    _("%(name)s is missing."),
    _("%(name)s has control characters or white space at its ends: take them out."),
    _("%(name)s must be one line."),
    _("%(name)s is too long: at most %(most)s characters are allowed."),
    _("%(name)s is too long: at most %(most)s MiB are allowed."),
    _("%(name)s “%(value)s” is not allowed: use letters, digits, dots, dashes and underscores."),
    _(
        "%(name)s “%(value)s” is not allowed: write an address that begins with https:// or http://."
    ),
    _("%(name)s “%(value)s” is not allowed: write a day such as 2023-04-01."),
    _("%(name)s “%(value)s” is not allowed: write a language tag such as en or zh-hans."),
    _("%(name)s may have at most %(most)s items."),
    _("“%(value)s” stands twice in %(name)s: it may stand there once."),
    _("after names “%(value)s”, which is no entry of the timeline."),
    _(
        "The section key “%(value)s” is not allowed: use small letters, digits and hyphens, at most 60."
    ),
    _("A translation into “%(value)s” is not allowed: use %(choices)s."),
    _("The document is over %(most)s MiB: shorten it."),
    _("%(name)s must be text."),
    _("%(name)s must be a whole number."),
    _("%(name)s must be true or false."),
    _("%(name)s must be a list."),
    _("%(name)s must be an object."),
    _("%(name)s must have keys."),
    _("%(name)s may have at most %(most)s keys, all text."),
    _("%(name)s has no key “%(value)s”: its keys are %(choices)s."),
    # moments, durations
    _(
        "“%(value)s” cannot be read as a time: after an entry come whole minutes in the units min, h and"
        " d, such as + 3 min or - 1 h."
    ),
    _(
        "“%(value)s” cannot be read as a time: write it like %(such)s; other words stand in parentheses."
    ),
    _("“%(value)s” cannot be read as a time. %(sentence)s"),
    _("“%(value)s” cannot be read as a duration: write it like %(such)s, in whole seconds."),
    _(
        "“%(value)s” cannot be read as a duration: it must come to whole seconds and at most 50 years."
    ),
    _(
        "“%(value)s” is not a date: write a year, month or day of %(first)s to %(last)s, such as %(such)s."
    ),
    _("“%(value)s” is not a time of day: write 19, 19:00 or 19:04:49, up to 23:59:59."),
    _("The time %(value)s needs a full date such as 2023-03-14, or none."),
    _("The zone %(value)s needs a time of day before it."),
    _(
        "“%(value)s” is not a known zone: write an offset such as +02:00 or a name such as %(names)s."
    ),
    _("“%(value)s” is not a bound: not-before and not-after are."),
    _("A bound needs a date, a time or a number of minutes to bound."),
    _("Only a date, a time or a relative time can be approximate."),
    _("“%(value)s” is not the id of a timeline entry, such as t7."),
    _("Minutes need the timeline entry that they are counted from."),
    _("Minutes after an entry may be at most %(most)s."),
    _("The time as written must be one line of at most %(most)s characters."),
    _("“%(value)s” is not a kind of duration: %(choices)s are."),
    _("A duration must be from 0 to %(most)s seconds (50 years)."),
    # the file and its front matter
    _("The file is over %(most)s MiB."),
    _("Attach long logs instead of pasting them."),
    _("The line holds a NUL character."),
    _("Take it out."),
    _("The file is not UTF-8: byte %(number)s of it does not fit."),
    _("Save it as UTF-8."),
    _("The file does not begin with front matter."),
    _("Begin it with ---."),
    _("The front matter does not end."),
    _("Write --- on a line below it."),
    _("The front matter holds a character that YAML does not allow."),
    _("Take control characters out."),
    _("The front matter is not a mapping."),
    _("Write lines such as “title: …”."),
    _("This is not YAML: %(reason)s."),
    _("Put a text that holds “: ” in quotes, or below >-."),
    _("Put the text in quotes, or below >-."),
    _("Close the quotation mark or bracket."),
    _("Front matter is plain text, lists and mappings."),
    _("An alias (*) stands here."),
    _("An anchor (&) stands here."),
    _("Write the value out."),
    _("A merge key (<<) stands here."),
    _("Write the values out."),
    _("A tag (!) stands here."),
    _("A second YAML document begins here."),
    _("Remove it."),
    _("A list or mapping stands as a key."),
    _("Keys are text."),
    _("Lists and mappings are nested too deeply here."),
    _("There are over %(most)s values."),
    _("Split the file."),
    _("Keep one of the two."),
    _("The file does not name its format."),
    _("Begin it with hindsight: 1."),
    _("This is not a format that can be read."),
    _("hindsight: 1 can."),
    _("Put it in quotes when it is."),
    _("Write yes or no."),
    _("Begin each item with “- ”."),
    _("Write it as “key: value”."),
    _("“%(key)s” is not a key that is known here."),
    _("The keys here are %(choices)s."),
    _("It is neither a key of this format nor a vocabulary."),
    _("Write one word of at most 200 characters."),
    _("Use letters, digits and hyphens, at most 120."),
    _("Use %(choices)s."),
    _("Did you mean %(choices)s?"),
    # sections
    _("There is no section “%(name)s”."),
    _(
        "Begin the line with \\## when it belongs to the text, or give the heading a key such as"
        " {#my-section}."
    ),
    _("The section “%(name)s” stands here a second time."),
    _("Join the two."),
    _("There are over %(most)s sections."),
    _("Join some."),
    # JSON
    _("A text in it does not end."),
    _("It is nested too deeply."),
    _("It holds too many values."),
    _("The list does not end where it should."),
    _("What follows was not read."),
    _("It is over %(most)s MiB."),
    _("A text has half of a character."),
    _("This is no JSON: %(reason)s."),
    _("This is no object."),
    _("Write {…} around it."),
    # archives
    _("%(where)s: %(sentence)s Nothing of the archive was read."),
    _("The archive unpacks to too much."),
    _("Nothing of the archive was read."),
    _("The archive holds over %(most)s files."),
    _("The archive is damaged or incomplete."),
    _("The name of a file in the archive leads out of it."),
    _("The archive holds a link or a device."),
    _("Two files in the archive have the same name."),
    _("A file in the archive is encrypted."),
    _("A file is packed in a way that is not read."),
    _("Files in the archive lie over each other."),
    _("A file in it is over %(most)s MiB."),
    _("A file in it is not what the archive says it is."),
    # those that fit a lot
    _("“%(name)s” stands here a second time."),
    _("%(name)s “%(value)s” is not allowed: use %(choices)s."),
    _("%(name)s “%(value)s” is not allowed."),
)
# A value that is a Chinese word itself stands without spaces.
BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
PLACEHOLDER = re.compile(r"%\\\((\w+)\\\)s")


def in_words(problem: FileProblem) -> FileProblem:
    """The problem in the language of the reader."""
    return replace(problem, message=said(problem.message), advice=said(problem.advice))


def said(text: str) -> str:
    """A sentence of a reader of files in the language of the reader; one that is not known stays."""
    if (get_language() or "en").startswith("en"):
        return text
    for pattern, sentence in _patterns():
        if match := pattern.fullmatch(text):
            values = {name: _value(name, value) for name, value in match.groupdict().items()}
            return BETWEEN_HAN.sub("", gettext(sentence) % values if values else gettext(sentence))
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(PLACEHOLDER.sub(r"(?P<\1>.+?)", re.escape(text)), re.S), text)
        for text in SENTENCES
    ]


def _value(name: str, value: str) -> str:
    if item := re.fullmatch(r"Item (\d+) of (.+)", value):
        return gettext("Item %(number)s of %(name)s") % {"number": item[1], "name": item[2]}
    lists = dict.fromkeys(("choices", "names", "such"), _choices)
    special: dict[str, Callable[[str], str]] = {**lists, "sentence": said}
    return special.get(name, _plain)(value)


def _choices(value: str) -> str:
    return pgettext("between names", ", ").join(re.split(r", | or | and ", value))


def _plain(value: str) -> str:
    return gettext("The document") if value == "The document" else value
