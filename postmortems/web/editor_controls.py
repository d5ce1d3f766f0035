"""What the page of the editor is made of: controls, rows, lists. Made by `editor_page`, printed by its templates."""

from dataclasses import dataclass, replace

from postmortems.web import editor_parts as parts
from postmortems.web.editor_parts import Label, Part
from postmortems.web.term_words import TermWords
from taxonomy.lookup import VocabularyInfo


@dataclass(frozen=True)
class Control:
    """One field of the form. `state` is `good`, `open`, `warn` or `bad` with words about what was
    understood; `is_first` where one goes on after the page came back. `usual` is what a new one begins with."""

    name: str
    label: Label
    value: str
    kind: str = parts.LINE
    choices: tuple[tuple[str, Label], ...] = ()
    error: str = ""
    state: str = ""
    words: str = ""
    is_first: bool = False
    usual: str = ""

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

    @property
    def is_first(self) -> bool:
        """Whether one goes on here."""
        return any(control.is_first for control in self.controls)

    def as_first(self) -> "EditRow":
        """The row with the first field that one types into marked."""
        first = next(item for item in self.controls if item.kind in (parts.LINE, parts.TEXT))
        controls = (replace(item, is_first=item == first) for item in self.controls)
        return replace(self, controls=tuple(controls))


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

    def as_first(self) -> "TermRow":
        """The row with its term marked."""
        return replace(self, term=replace(self.term, is_first=True))


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
