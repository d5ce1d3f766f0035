"""What the editor's templates print: every control with its text, and what is said about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from postmortems import readiness
from postmortems.body_templates import Template
from postmortems.document import MOMENTS, Document
from postmortems.document_rules import short
from postmortems.moments import UNKNOWN, Moment, format_moment
from postmortems.search import evidence
from postmortems.templatetags.moments_tags import moment_with_zone
from postmortems.web import editor_parts as parts
from postmortems.web.completeness import completeness_of
from postmortems.web.editor_fields import Fields, Reading, rows_of
from postmortems.web.editor_parts import Column, Label, Part
from postmortems.web.editor_templates import PICKED, section_lines
from postmortems.web.incident_words import NAMES
from postmortems.web.term_words import TermWords, words_of
from postmortems.writing.moments_typed import PROBLEMS
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo

MOST_FOUND = 8
FIRST_VOCABULARIES = ("severity", "cause", "trigger", "kind")
# Of these the gaps speak.
TOLD = FIRST_VOCABULARIES[:3]


@dataclass(frozen=True)
class Control:
    """One field of the form. `state` is `good`, `warn` or `bad` with words about what was understood."""

    name: str
    label: Label
    value: str
    kind: str = parts.LINE
    choices: tuple[tuple[str, Label], ...] = ()
    error: str = ""
    state: str = ""
    words: str = ""

    @property
    def id(self) -> str:
        """The id of its element."""
        return id_of(self.name)


@dataclass(frozen=True)
class EditSection:
    """One section; folded where it is not the first thing to write and nothing is written yet."""

    control: Control
    is_open: bool


def id_of(name: str) -> str:
    """The id of the element of a field."""
    return name.replace(".", "-")


@dataclass(frozen=True)
class EditRow:
    """One item of a list, with the evidence of a hypothesis; `is_blank` where nothing is entered yet."""

    start: str
    item_id: str
    controls: tuple[Control, ...]
    evidence: tuple["EditRow", ...] = ()
    is_blank: bool = False


@dataclass(frozen=True)
class EditPart:
    """A list with its rows, blank ones at its end."""

    part: Part
    rows: tuple[EditRow, ...]
    count: int


@dataclass(frozen=True)
class TermRow:
    """One term of a vocabulary: a select of its terms, its role where roles are, and why."""

    start: str
    at: str
    term: Control
    role: Control | None
    why: Control


@dataclass(frozen=True)
class EditVocabulary:
    """A vocabulary with what is chosen of it, and what else its terms are called."""

    info: VocabularyInfo
    label: str
    hint: str
    rows: tuple[TermRow, ...]
    is_first: bool
    words: TermWords


@dataclass(frozen=True)
class FoundTerm:
    """A term whose name stands in the text and that nobody has chosen."""

    value: str
    label: str


@dataclass(frozen=True)
class EditorPage:
    """The whole form."""

    title: Control
    summary: Control
    language: Control
    times: tuple[Control, ...]
    duration: Control
    vocabularies: tuple[EditVocabulary, ...]
    found: tuple[FoundTerm, ...]
    sections: tuple[EditSection, ...]
    parts: tuple[EditPart, ...]
    carried: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


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
            errors=tuple((id_of(name), words) for name, words in self.reading.problems.items()),
            missing=self.missing(),
        )

    def understood(self) -> Iterator[Control]:
        """Every field for a time, with what was understood of it."""
        yield from self._times()
        for row in rows_of(self.fields, "timeline"):
            yield self._control(parts.WHEN, f"timeline.{row.number}")

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
            kind=column.kind,
            choices=column.choices,
            error=self.reading.problems.get(name, ""),
        )
        return self._entry_time(control) if column.name == "when" else control

    def _with_doubt(self, control: Control) -> Control:
        code = self.reading.doubts.get(control.name, "")
        return replace(control, state="warn", words=str(PROBLEMS[code])) if code else control

    def _entry_time(self, control: Control) -> Control:
        """When an entry was, with how it was read where that is not what was typed."""
        control = self._with_doubt(control)
        moment = self.reading.times.get(control.name, UNKNOWN)
        is_same = not moment.after and format_moment(moment) == control.value.strip()
        if control.state or is_same or moment == UNKNOWN:
            return control
        return replace(control, state="good", words=self._when_words(moment))

    def _when_words(self, moment: Moment) -> str:
        if not moment.after:
            return moment_with_zone(moment)
        entry = short(self.reading.entries.get(moment.after, "")) or moment.after
        if moment.minutes is None:
            return _("after “%(entry)s”") % {"entry": entry}
        words = {"length": moment_with_zone(moment), "entry": entry}
        return _("%(length)s, counted from “%(entry)s”") % words

    def _time(self, name: str) -> Control:
        """One of the four moments, with how it was read."""
        control = self._with_doubt(self._control(Column(name, NAMES[name])))
        if control.state or not self.reading.document:
            return control
        moment = getattr(self.reading.document, name)
        if moment == UNKNOWN:
            return replace(control, state="open", words=_("Left open: “not recorded”"))
        return replace(control, state="good", words=moment_with_zone(moment))

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
        return EditPart(part, tuple(kept), len(kept) - blank)

    def _row(self, part: Part, start: str, values: Mapping[str, str]) -> EditRow:
        controls = tuple(self._control(column, start) for column in part.columns)
        facts = self._evidence(f"{start}.evidence", values) if part.evidence else ()
        typed = [item.value for item in controls if item.kind != parts.SELECT]
        is_blank = not any(typed) and not any(not fact.is_blank for fact in facts)
        return EditRow(start, values.get("id", ""), controls, facts, is_blank)

    def _evidence(self, start: str, values: Mapping[str, str]) -> tuple[EditRow, ...]:
        found = rows_of(values, "evidence")
        numbers = [row.number for row in found if row.values.get("text")]
        numbers.append(str(1 + max((int(row.number) for row in found), default=-1)))
        return tuple(
            EditRow(
                f"{start}.{number}",
                self.fields.get(f"{start}.{number}.id", ""),
                tuple(self._control(column, f"{start}.{number}") for column in parts.EVIDENCE),
                is_blank=not self.fields.get(f"{start}.{number}.text"),
            )
            for number in numbers
        )

    # Terms

    def _ordered(self) -> list[VocabularyInfo]:
        """Severity, causes and triggers first: what everybody asks for."""
        first = [info for slug in FIRST_VOCABULARIES if (info := self.terms.vocabulary(slug))]
        return [*first, *(info for info in self.terms.vocabularies if info not in first)]

    def _vocabulary(self, info: VocabularyInfo) -> EditVocabulary:
        start = f"classifications.{info.slug}"
        found = rows_of(self.fields, start)
        numbers = [row.number for row in found if row.values.get("term") or row.values.get("why")]
        if info.many or not numbers:
            numbers.append(str(1 + max((int(row.number) for row in found), default=-1)))
        label = info.name(self.language)
        return EditVocabulary(
            info=info,
            label=label,
            hint=info.help_text(self.language),
            rows=tuple(self._term_row(info, f"{start}.{number}", label) for number in numbers),
            is_first=info.slug in FIRST_VOCABULARIES,
            words=words_of(info.slug, self.terms, self.language),
        )

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
            why=self._control(Column("why", _("Why")), start),
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
        named = evidence.of_text("\n".join(texts), self.terms).roles
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
            yield FoundTerm(f"{term.vocabulary}:{term.path}", f"{field_name}: {self._name(term)}")


def _role_name(role: str) -> str:
    return {"primary": _("primary"), "contributing": _("contributing")}.get(role, role)
