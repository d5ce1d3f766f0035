"""What the editor's templates print: every control with its text, and what is said about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from postmortems.document import MOMENTS, SECTIONS, Document
from postmortems.moments import UNKNOWN
from postmortems.search import evidence
from postmortems.search.snippets import SECTION_NAMES
from postmortems.templatetags.moments_tags import moment_with_zone
from postmortems.web import editor_parts as parts
from postmortems.web.completeness import completeness_of
from postmortems.web.editor_fields import Fields, Reading, rows_of
from postmortems.web.editor_parts import Column, Label, Part
from postmortems.web.incident_words import NAMES
from postmortems.writing.moments_typed import PROBLEMS
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo

MOST_FOUND = 8
FIRST_VOCABULARIES = ("severity", "cause", "trigger")


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
        return self.name.replace(".", "-")


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
    """A vocabulary with what is chosen of it."""

    info: VocabularyInfo
    label: str
    hint: str
    rows: tuple[TermRow, ...]
    is_first: bool


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
    sections: tuple[Control, ...]
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

    def page(self) -> EditorPage:
        """Everything that the templates print."""
        document = self.reading.document
        return EditorPage(
            title=self._control(Column("title", _("Title"))),
            summary=self._control(Column("summary", _("Summary"), parts.TEXT)),
            language=self._control(
                Column("language", _("Language"), parts.SELECT, parts.LANGUAGES)
            ),
            times=tuple(self._time(name) for name in MOMENTS),
            duration=self._control(Column("duration", _("Duration"))),
            vocabularies=tuple(self._vocabulary(info) for info in self._ordered()),
            found=tuple(self._found(document)) if document else (),
            sections=tuple(self._sections()),
            parts=tuple(self._part(part) for part in parts.PARTS),
            carried=tuple(self._carried()),
            errors=tuple(self.reading.problems.items()),
            missing=completeness_of(document).gaps if document else (),
        )

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
        if column.name == "when":
            return self._with_doubt(control)
        return control

    def _with_doubt(self, control: Control) -> Control:
        code = self.reading.doubts.get(control.name, "")
        return replace(control, state="warn", words=str(PROBLEMS[code])) if code else control

    def _time(self, name: str) -> Control:
        """One of the four moments, with how it was read."""
        control = self._with_doubt(self._control(Column(name, NAMES[name])))
        if control.state or not self.reading.document:
            return control
        moment = getattr(self.reading.document, name)
        if moment == UNKNOWN:
            return replace(control, state="open", words=_("Left open: “not recorded”"))
        return replace(control, state="good", words=moment_with_zone(moment))

    def _sections(self) -> Iterator[Control]:
        others = [
            name.removeprefix("sections.") for name in self.fields if name.startswith("sections.")
        ]
        for key in dict.fromkeys((*SECTIONS, *others)):
            label = SECTION_NAMES.get(key) or key.replace("-", " ").capitalize()
            control = self._control(Column(key, label, parts.TEXT), "sections")
            yield replace(control, words=str(parts.PROMPTS.get(key, "")))

    def _carried(self) -> Iterator[tuple[str, str]]:
        """Fields that the page does not show and must not lose."""
        for name, text in self.fields.items():
            if name.startswith("translations."):
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
        facts = self._evidence(f"{start}.evidence") if part.evidence else ()
        typed = [item.value for item in controls if item.kind != parts.SELECT]
        is_blank = not any(typed) and not any(not fact.is_blank for fact in facts)
        return EditRow(start, values.get("id", ""), controls, facts, is_blank)

    def _evidence(self, start: str) -> tuple[EditRow, ...]:
        found = rows_of(self.fields, start)
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
        """Terms that the text names and that nobody chose, the most telling vocabularies first."""
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
