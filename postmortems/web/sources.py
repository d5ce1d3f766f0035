"""How entries, lessons and evidence cite the references: `O-RED-1, S002` as numbered notes. Pure."""

from dataclasses import dataclass

from postmortems.document import Reference


@dataclass(frozen=True, slots=True)
class SourceNote:
    """One citation: the number and id of its reference, or only the words that match none."""

    words: str
    number: int = 0
    reference_id: str = ""


class Sources:
    """The references of a document, found by label or id."""

    def __init__(self, references: tuple[Reference, ...]) -> None:
        self._found: dict[str, SourceNote] = {}
        for number, reference in enumerate(references, start=1):
            note = SourceNote(reference.title, number, reference.id)
            self._found.setdefault(reference.id, note)
            if reference.label:
                self._found[reference.label] = note

    def notes(self, source: str) -> tuple[SourceNote, ...]:
        """The citations that a `source` names, separated by commas, each once."""
        if source in self._found:
            return (self._found[source],)
        words = (part.strip() for part in source.split(","))
        notes = (self._found.get(word, SourceNote(word)) for word in words if word)
        return tuple(dict.fromkeys(notes))
