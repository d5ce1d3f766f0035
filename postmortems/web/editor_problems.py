"""What keeps the editor's fields from being saved, in the reader's language, with the field it is about."""

from collections.abc import Iterator, Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postmortems.document_rules import Problem
from postmortems.durations import Unreadable
from postmortems.section_names import SectionNames
from postmortems.web import editor_parts
from postmortems.web.history_words import FIELDS
from postmortems.web.incident_words import NAMES
from taxonomy import lookup

# The codes of `document_rules.MESSAGES` behind the name of a field; of what no form can send there is
# only the sentence for files.
WORDS: dict[str, str | Promise] = {
    "empty": gettext_lazy("missing."),
    "missing": gettext_lazy("missing."),
    "choice": gettext_lazy("“%(value)s” is not one of the choices."),
    "unclean": gettext_lazy("there are characters in it that cannot be kept; type it again."),
    "one-line": gettext_lazy("write it on one line."),
    "too-long": gettext_lazy("too long; at most %(most)s characters fit."),
    "too-large": gettext_lazy("too long; at most %(most)s MiB fit."),
    "no-id": gettext_lazy("“%(value)s” cannot be its id."),
    "no-address": gettext_lazy(
        "“%(value)s” is no address. Write one that begins with https:// or http://."
    ),
    "no-day": gettext_lazy("“%(value)s” is no day. Write a day such as 2026-12-01."),
    "no-language": gettext_lazy("“%(value)s” is no language. Write a tag such as en or zh-hans."),
    "too-many": gettext_lazy("too many; at most %(most)s fit."),
    "twice": gettext_lazy("the same stands there twice; once is enough."),
    "no-entry": gettext_lazy("it counts from an entry that is not in the timeline."),
    "section-key": gettext_lazy("“%(value)s” cannot be the key of a section."),
    "translation": gettext_lazy("there cannot be a translation into “%(value)s”."),
    "whole": gettext_lazy("The whole is over %(most)s MiB. Shorten it."),
}
NO_DURATION = {
    "unreadable": gettext_lazy(
        "“%(value)s” is no length of time. Write it like 314 min, 5 h 14 min, ~1 h, ≤ 6 h or 34 s."
    ),
    "not-whole": gettext_lazy(
        "“%(value)s” does not come to whole seconds, or is longer than 50 years."
    ),
}


def words_of(problem: Problem) -> str:
    """What is wrong, to stand behind the name of the field."""
    words = WORDS.get(problem.code)
    return str(words) % dict(problem.values) if words else problem.message


def words_of_duration(error: Unreadable) -> str:
    """Why a text is no duration."""
    return str(NO_DURATION[error.code]) % {"value": error.value}


def named(problems: Mapping[str, str], numbers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each problem with the name of its field, in words: `Sources 1, Title: missing.` `numbers` are
    those of the Reading."""
    places = {start: place for place, start in numbers.items()}
    names = _Names(translation.get_language() or "en", places)
    for name, words in problems.items():
        field = names.of(name)
        told = _("%(field)s: %(problem)s") % {"field": field, "problem": words}
        # A sentence that names its field needs no name before it.
        yield name, told if field and field not in words else capfirst(words)


class _Names:
    """What the fields of the form are called."""

    def __init__(self, language: str, places: Mapping[str, str]) -> None:
        self.language, self.places = language, places
        self.parts = {part.name: part for part in editor_parts.PARTS}
        self.plain = {name: FIELDS[name] for name in ("title", "summary", "language")} | NAMES
        self.plain["duration"] = _("Duration")

    def of(self, name: str) -> str:
        """The label of a field, with its part and number; empty where it has none."""
        part, _dot, rest = name.partition(".")
        if part in self.parts:
            return self._of_item(part, name)
        if part == "sections" and rest:
            return SectionNames(self.language).of(rest)
        if part == "translations":
            return _("Translation")
        if part == "classifications":
            info = lookup.current().vocabulary(rest.partition(".")[0])
            return info.name(self.language) if info else _("Classification")
        return str(self.plain.get(name, ""))

    def _of_item(self, part: str, name: str) -> str:
        label = str(self.parts[part].label)
        number = self._number(name)
        if not number:
            return label
        member = name.rpartition(".")[2]
        words = {"part": label, "number": number, "field": self._label(part, name, member)}
        form = _("%(part)s %(number)s, %(field)s") if words["field"] else _("%(part)s %(number)s")
        return form % words

    def _number(self, name: str) -> int:
        """Which item of its list it is, counted from 1 as the page shows them; 0 for the list."""
        start = ".".join(name.split(".")[:2])
        number = self.places.get(start, "").rpartition(".")[2]
        return int(number) + 1 if number.isdecimal() else 0

    def _label(self, part: str, name: str, member: str) -> str:
        is_fact = ".evidence." in name
        columns = editor_parts.EVIDENCE if is_fact else self.parts[part].columns
        own = next((column.label for column in columns if column.name == member), "")
        return str(own or FIELDS.get(member, ""))
