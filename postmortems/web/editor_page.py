"""What the editor's templates print: every control with its text, and what is said about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from postmortems import durations, near_misses, readiness
from postmortems.body_templates import Template
from postmortems.clocks import Place, places_of
from postmortems.document import MOMENTS, Document
from postmortems.document_rules import short
from postmortems.moments import UNKNOWN, Moment
from postmortems.search import evidence
from postmortems.templatetags.moments_tags import moment_with_zone
from postmortems.web import editor_parts as parts
from postmortems.web.completeness import completeness_of
from postmortems.web.editor_controls import (
    Control,
    EditorPage,
    EditPart,
    EditRow,
    EditSection,
    EditVocabulary,
    FoundTerm,
    TermRow,
    id_of,
)
from postmortems.web.editor_fields import Fields, Reading, Row, rows_of
from postmortems.web.editor_parts import Column, Part
from postmortems.web.editor_problems import named
from postmortems.web.editor_templates import PICKED, section_lines
from postmortems.web.editor_words import looked_at
from postmortems.web.incident_words import NAMES
from postmortems.web.term_words import words_of
from postmortems.writing.moments_typed import PROBLEMS
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo

MOST_FOUND = 8
SEVERITY = "severity"
FIRST_VOCABULARIES = (SEVERITY, "cause", "trigger", "kind")
# What cannot have been before the start.
ENDS = ("mitigated", "resolved")
# Of these the gaps speak.
TOLD = FIRST_VOCABULARIES[:3]


@dataclass(frozen=True)
class Maker:
    """Makes the page of some fields and what was read of them."""

    fields: Fields
    reading: Reading
    terms: Terms
    language: str
    # How many blank rows each list has beyond its own, by its name.
    extra: Mapping[str, int]
    template: Template | None = None
    # The row at which one goes on, or the list whose first blank row it is.
    place: str = ""
    # What the postmortems in the fields of relations are called, empty where the reader sees none.
    titles: Mapping[str, str] = field(default_factory=dict)

    def page(self) -> EditorPage:
        """Everything that the templates print."""
        return EditorPage(
            title=self._control(Column("title", _("Title"))),
            summary=self._control(Column("summary", _("Summary"), parts.TEXT)),
            language=self._control(
                Column("language", _("Language"), parts.SELECT, parts.LANGUAGES)
            ),
            times=self._times(),
            duration=self._control(Column("duration", _("Duration"))),
            vocabularies=tuple(self._vocabulary(info) for info in self._ordered()),
            found=self.found(),
            sections=tuple(self._sections()),
            parts=tuple(self._part(part) for part in parts.PARTS),
            carried=tuple(self._carried()),
            errors=tuple(
                (id_of(name), words)
                for name, words in named(self.reading.problems, self.reading.numbers)
            ),
            missing=self.missing(),
        )

    def understood(self) -> Iterator[Control]:
        """Every field for a time, with what was understood of it; and the hint that follows the kind."""
        yield Control("hint.severity", "", "", state="hint", words=self._severity_hint())
        yield from self._times()
        for row in rows_of(self.fields, "timeline"):
            yield self._control(parts.WHEN, f"timeline.{row.number}")
        for row in rows_of(self.fields, "relations"):
            yield self._control(parts.TARGET, f"relations.{row.number}")

    def found(self) -> tuple[FoundTerm, ...]:
        """Terms that the text names and that nobody chose, the most telling vocabularies first."""
        return tuple(self._found(self.reading.document)) if self.reading.document else ()

    def missing(self) -> tuple[tuple[str, str], ...]:
        """What a reader will miss, each with where its field is."""
        document = self.reading.document
        if document is None:
            return ()
        gaps = completeness_of(document).gaps
        return (*gaps, *self._needed(document))

    def _needed(self, document: Document) -> Iterator[tuple[str, str]]:
        """Vocabularies that review asks for and that no gap speaks of."""
        for pointer, words in readiness.needed(document, self.terms):
            slug = pointer.rpartition("/")[2]
            if slug not in TOLD:
                yield " ".join(words), f"classifications-{slug}-0-term"

    def _times(self) -> tuple[Control, ...]:
        return tuple(self._time(name) for name in MOMENTS)

    def _control(self, column: Column, start: str = "") -> Control:
        name = f"{start}.{column.name}" if start else column.name
        control = Control(
            name=name,
            label=column.label,
            value=self.fields.get(name, "") or column.usual,
            usual=column.usual,
            kind=column.kind,
            choices=column.choices,
            error=capfirst(self.reading.problems.get(name, "")),
        )
        if column.name == "when":
            return self._entry_time(control)
        return self._relative(control) if column == parts.TARGET else control

    def _relative(self, control: Control) -> Control:
        """The other end of a relation, with its title."""
        title = self.titles.get(control.name)
        if title is None:
            return control
        unseen = _("You see no postmortem with this address.")
        return replace(control, state="good" if title else "warn", words=title or unseen)

    def _with_doubt(self, control: Control) -> Control:
        code = self.reading.doubts.get(control.name, "")
        return replace(control, state="warn", words=str(PROBLEMS[code])) if code else control

    def _entry_time(self, control: Control) -> Control:
        """When an entry was, with how it was read."""
        control = self._with_doubt(control)
        moment = self.reading.times.get(control.name)
        if control.state or moment is None:
            return control
        if moment == UNKNOWN:
            return replace(control, state="open", words=_("Left open"))
        if not (moment.date or moment.time or moment.after):
            return replace(control, state="open", words=_("Kept as words"))
        return replace(control, state="good", words=self._when_words(control.name, moment))

    def _when_words(self, name: str, moment: Moment) -> str:
        if not moment.after:
            return moment_with_zone(moment)
        counted = self._counted_words(moment)
        place = self._clock.get(name)
        if place is None:
            return counted
        words = {"time": moment_with_zone(place.reading()), "words": counted}
        return _("%(time)s: %(words)s") % words

    def _counted_words(self, moment: Moment) -> str:
        """From which entry it counts, by the number that stands beside that one."""
        entries = self.reading.entries
        entry = short(entries.get(moment.after, "")) or moment.after
        number = list(entries).index(moment.after) + 1 if moment.after in entries else "?"
        words = {"length": moment_with_zone(moment), "number": number, "entry": entry}
        if moment.minutes is None:
            return _("after %(number)s, “%(entry)s”") % words
        return _("%(length)s, counted from %(number)s, “%(entry)s”") % words

    @cached_property
    def _clock(self) -> Mapping[str, Place]:
        """What the clock showed, by the name of the field of each time that can be placed."""
        document, numbers = self.reading.document, self.reading.numbers
        if document is None:
            return {}
        places = places_of(document)
        entries = {
            f"{numbers[f'timeline.{number}']}.when": places.entries[entry.id]
            for number, entry in enumerate(document.timeline)
            if entry.id in places.entries
        }
        return {**places.moments, **entries}

    def _time(self, name: str) -> Control:
        """One of the four moments, with how it was read."""
        control = self._with_doubt(self._control(Column(name, NAMES[name])))
        if control.state or not self.reading.document:
            return control
        moment = getattr(self.reading.document, name)
        if moment == UNKNOWN:
            return replace(control, state="open", words=_("Left open: “not recorded”"))
        if name in ENDS and durations.impossible(self.reading.document.started, moment):
            words = _("%(when)s: that is before the start.") % {"when": moment_with_zone(moment)}
            return replace(control, state="warn", words=words)
        return replace(control, state="good", words=self._when_words(name, moment))

    def _sections(self) -> Iterator[EditSection]:
        for line in section_lines(self.fields, self.template, self.terms, self.language):
            control = self._control(Column(line.key, line.label, parts.TEXT), "sections")
            yield EditSection(replace(control, words=line.prompt), line.is_open)

    def _carried(self) -> Iterator[tuple[str, str]]:
        """Fields that the page does not show and must not lose."""
        for name, text in self.fields.items():
            if name.startswith("translations.") or name == PICKED:
                yield name, text

    # Lists

    def _part(self, part: Part) -> EditPart:
        found = rows_of(self.fields, part.name)
        made = [self._row(part, f"{part.name}.{row.number}", row.values) for row in found]
        kept = [row for row in made if not row.is_blank]
        next_number = 1 + max((int(row.number) for row in found), default=-1)
        blank = part.blank + self.extra.get(part.name, 0)
        kept += [self._row(part, f"{part.name}.{next_number + n}", {}) for n in range(blank)]
        count = len(kept) - blank
        return EditPart(part, self._with_first(part.name, kept, count), count)

    def _with_first(self, name: str, rows: Iterable[EditRow], filled: int) -> tuple[EditRow, ...]:
        """The rows, one of them marked as that at which one goes on."""
        return tuple(
            row.as_first() if self._is_first(name, row.start, number == filled) else row
            for number, row in enumerate(rows)
        )

    def _is_first(self, name: str, start: str, is_first_blank: bool) -> bool:
        return start == self.place or (is_first_blank and name == self.place)

    def _row(self, part: Part, start: str, values: Mapping[str, str]) -> EditRow:
        controls = tuple(self._control(column, start) for column in part.columns)
        facts = self._evidence(f"{start}.evidence", values) if part.evidence else ()
        typed = [item.value for item in controls if item.kind != parts.SELECT]
        is_blank = not any(typed) and all(fact.is_blank for fact in facts)
        is_blank = is_blank and f"{start}.evidence" not in self.extra
        return EditRow(start, values.get("id", ""), controls, facts, is_blank)

    def _evidence(self, start: str, values: Mapping[str, str]) -> tuple[EditRow, ...]:
        found = rows_of(values, "evidence")
        numbers = [row.number for row in found if row.values.get("text")]
        filled = len(numbers)
        numbers += _blank_numbers(found, 1 + self.extra.get(start, 0))
        rows = [
            EditRow(
                f"{start}.{number}",
                self.fields.get(f"{start}.{number}.id", ""),
                tuple(self._control(column, f"{start}.{number}") for column in parts.EVIDENCE),
                is_blank=not self.fields.get(f"{start}.{number}.text"),
            )
            for number in numbers
        ]
        return self._with_first(start, rows, filled)

    # Terms

    def _ordered(self) -> list[VocabularyInfo]:
        """Severity, causes and triggers first: what everybody asks for."""
        first = [info for slug in FIRST_VOCABULARIES if (info := self.terms.vocabulary(slug))]
        return [*first, *(info for info in self.terms.vocabularies if info not in first)]

    def _vocabulary(self, info: VocabularyInfo) -> EditVocabulary:
        start = f"classifications.{info.slug}"
        found = rows_of(self.fields, start)
        numbers = [row.number for row in found if row.values.get("term") or row.values.get("why")]
        filled = len(numbers)
        if info.many or not numbers:
            more = self.extra.get(start, 0) if info.many else 0
            numbers += _blank_numbers(found, 1 + more)
        label = info.name(self.language)
        rows = (self._term_row(info, f"{start}.{number}", label) for number in numbers)
        return EditVocabulary(
            info=info,
            label=label,
            hint=self._hint(info),
            rows=tuple(
                row.as_first() if self._is_first(start, row.start, place == filled) else row
                for place, row in enumerate(rows)
            ),
            is_first=info.slug in FIRST_VOCABULARIES,
            words=words_of(info.slug, self.terms, self.language),
        )

    def _hint(self, info: VocabularyInfo) -> str:
        return self._severity_hint() if info.slug == SEVERITY else info.help_text(self.language)

    def _severity_hint(self) -> str:
        kinds = [
            row.values.get("term", "")
            for row in rows_of(self.fields, f"classifications.{near_misses.VOCABULARY}")
        ]
        if near_misses.is_near_miss(kinds, self.terms):
            return _("Near miss: choose what it could have been.")
        info = self.terms.vocabulary(SEVERITY)
        return info.help_text(self.language) if info else ""

    def _term_row(self, info: VocabularyInfo, start: str, label: str) -> TermRow:
        chosen = self.fields.get(f"{start}.term", "")
        choices = tuple(self._options(info, chosen))
        roles = (("", _("no role")), *((role, _role_name(role)) for role in info.roles_allowed))
        return TermRow(
            start=start,
            at=self.fields.get(f"{start}.at", ""),
            term=self._control(Column("term", label, parts.SELECT, choices), start),
            role=self._control(Column("role", _("Role"), parts.SELECT, roles), start)
            if info.roles_allowed
            else None,
            why=self._control(Column("why", _("Why"), parts.TEXT), start),
        )

    def _options(self, info: VocabularyInfo, chosen: str) -> Iterable[tuple[str, str]]:
        yield "", "—"
        for term in self.terms.terms_of(info.slug, retired=True):
            if not term.retired or term.path == chosen:
                yield term.path, "\u2003" * term.depth + self._name(term)

    def _name(self, term: TermInfo) -> str:
        name = term.name(self.language)
        return f"{term.symbol} {name}" if term.symbol else name

    def _found(self, document: Document) -> Iterator[FoundTerm]:
        texts = [document.title, document.summary, *document.sections.values()]
        texts += [item.text for item in document.signals]
        texts += [item.text for item in document.timeline]
        named = evidence.named_in("\n".join(looked_at(texts)[0]), self.terms)
        chosen = {(item.vocabulary, item.term) for item in document.classifications}
        weights = evidence.VOCABULARIES
        terms = [self.terms.by_id[term_id] for term_id in named]
        telling = [
            term
            for term in sorted(terms, key=lambda item: -weights.get(item.vocabulary, 0))
            if (term.vocabulary, term.path) not in chosen
            and weights.get(term.vocabulary, 0) >= 1
            and not term.retired
        ]
        for term in telling[:MOST_FOUND]:
            info = self.terms.vocabulary(term.vocabulary)
            field_name = info.name(self.language) if info else term.vocabulary
            words = _("%(name)s: %(value)s") % {"name": field_name, "value": self._name(term)}
            yield FoundTerm(f"{term.vocabulary}:{term.path}", words)


def _blank_numbers(found: Sequence[Row], count: int) -> list[str]:
    """The numbers of that many rows behind those that are there."""
    first = 1 + max((int(row.number) for row in found), default=-1)
    return [str(first + place) for place in range(count)]


def _role_name(role: str) -> str:
    return {"primary": _("primary"), "contributing": _("contributing")}.get(role, role)
