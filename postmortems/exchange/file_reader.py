"""Front matter nodes and body parts into envelope and Document, with every problem. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, replace
from itertools import islice
from typing import Any

from postmortems import document as shape
from postmortems import document_json
from postmortems import document_rules as rules
from postmortems.document import Document
from postmortems.document_json import clean
from postmortems.durations import Duration, parse_duration
from postmortems.exchange import file_keys
from postmortems.exchange.body import Body
from postmortems.exchange.file_keys import Envelope
from postmortems.exchange.front_matter import Node, is_list
from postmortems.exchange.problems import PROBLEMS, FileProblem, did_you_mean
from postmortems.moments import UNKNOWN, Moment, parse_moment

NEITHER = "It is neither a key of this format nor a vocabulary."
FLAGS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file: the line, and the key as the file writes it."""

    line: int | None
    key: str


class Reader:
    """Reads one file. Never raises: what cannot be used becomes a problem and an empty value.

    `places` says of each part of the Document, by JSON pointer, where it stands.
    """

    def __init__(self, vocabularies: Collection[str]) -> None:
        self.problems: list[FileProblem] = []
        self.places: dict[str, Place] = {}
        self._vocabularies = vocabularies

    def envelope(self, keys: dict[str, Node]) -> Envelope:
        """The keys of the record around the content."""
        readers = {"authors": self._names, "named": self._names}
        values: dict[str, Any] = {
            name: readers.get(name, self._text)(keys[name], name, f"/{name}")
            for name in file_keys.ENVELOPE
            if name in keys
        }
        envelope = Envelope(**values)
        for name, is_fine, advice in envelope_rules(envelope):
            if not is_fine:
                value = rules.short(getattr(envelope, name))
                self._problem(f"/{name}", f"{name} “{value}” is not allowed.", advice)
        slug = envelope.slug or file_keys.usual_slug(envelope.import_id)
        return replace(envelope, slug=slug)

    def document(self, keys: dict[str, Node], body: Body) -> Document:
        """The content, checked by the rules that every Document follows."""
        self._check_keys(keys)
        self.problems.extend(body.problems)
        document = Document(
            title=self._taken(keys, "title", self._text, ""),
            language=self._taken(keys, "language", self._text, "en"),
            summary=body.summary,
            translations=self._taken(keys, "translations", self._translations, {}),
            sections={section.key: section.text for section in body.sections},
            duration=self._taken(keys, "duration", self._duration, None),
            classifications=tuple(self._classifications(keys)),
            **{name: self._taken(keys, name, self._moment, UNKNOWN) for name in shape.MOMENTS},
            **{name: self._taken(keys, name, self._items, ()) for name in file_keys.PARTS},
        )
        self.places["/summary"] = Place(body.line, "summary")
        for section in body.sections:
            pointer = rules.below("/sections", section.key)
            self.places[pointer] = Place(section.line, section.key)
        self._check(document)
        return document

    def place(self, pointer: str) -> Place:
        """Where the part of the Document stands, or what it is a part of."""
        return place_of(self.places, pointer)

    def _check_keys(self, keys: dict[str, Node]) -> None:
        known = {
            "hindsight",
            *file_keys.ENVELOPE,
            *file_keys.CONTENT,
            *file_keys.PARTS,
            *self._vocabularies,
        }
        self._refuse_unknown(keys, known, "")
        if "hindsight" not in keys:
            message, advice = "The file does not name its format.", "Begin it with hindsight: 1."
            self.problems.append(FileProblem(1, "hindsight", message, advice))
        elif keys["hindsight"].value != file_keys.FORMAT:
            message = "This is not a format that can be read."
            line = keys["hindsight"].line
            self.problems.append(FileProblem(line, "hindsight", message, "hindsight: 1 can."))

    def _check(self, document: Document) -> None:
        told = {(problem.line, problem.key) for problem in self.problems}
        for problem in document_json.check(document):
            place = self.place(problem.pointer)
            # A value that could not be read is empty by now; that is the same problem.
            if (place.line, place.key) not in told:
                self.problems.append(FileProblem(place.line, place.key, problem.message))

    def _taken(
        self, keys: dict[str, Node], name: str, read: Callable[[Node, str, str], Any], default: Any
    ) -> Any:
        return read(keys[name], name, f"/{name}") if name in keys else default

    def _text(self, node: Node, key: str, pointer: str) -> str:
        self.places[pointer] = Place(node.line, key)
        if isinstance(node.value, str):
            return clean(node.value)
        self._problem(pointer, f"{key} must be text.", "Put it in quotes when it is.")
        return ""

    def _moment(self, node: Node, key: str, pointer: str) -> Moment:
        try:
            return parse_moment(self._text(node, key, pointer))
        except ValueError as error:
            self._problem(pointer, str(error))
            return UNKNOWN

    def _duration(self, node: Node, key: str, pointer: str) -> Duration | None:
        text = self._text(node, key, pointer)
        try:
            return parse_duration(text) if text else None
        except ValueError as error:
            self._problem(pointer, str(error))
            return None

    def _flag(self, node: Node, key: str, pointer: str) -> bool:
        text = self._text(node, key, pointer).lower()
        if text and text not in FLAGS:
            message = f"{key} “{rules.short(text)}” is not allowed."
            self._problem(pointer, message, "Write yes or no.")
        return FLAGS.get(text, True)

    def _names(self, node: Node, key: str, pointer: str) -> tuple[str, ...]:
        names = [self._text(item, key, pointer) for item in self._list(node, key, pointer)]
        return tuple(dict.fromkeys(filter(None, names)))

    def _list(self, node: Node, key: str, pointer: str) -> list[Node]:
        self.places[pointer] = Place(node.line, key)
        if is_list(node.value):
            return node.value
        if node.value != "":
            self._problem(pointer, f"{key} must be a list.", "Begin each item with “- ”.")
        return []

    def _mapping(self, node: Node, key: str, pointer: str) -> dict[str, Node]:
        self.places[pointer] = Place(node.line, key)
        if isinstance(node.value, dict):
            return node.value
        if node.value != "":
            self._problem(pointer, f"{key} must have keys.", "Write it as “key: value”.")
        return {}

    def _items(self, node: Node, key: str, pointer: str) -> tuple[Any, ...]:
        kind = shape.Evidence if key.endswith(".evidence") else file_keys.PARTS[key]
        return tuple(
            self._item(kind, item, key, f"{pointer}/{index}")
            for index, item in enumerate(self._list(node, key, pointer))
        )

    def _item(self, kind: type, node: Node, key: str, pointer: str) -> Any:
        """One object of the Document; what it needs and lacks is empty, which the rules refuse."""
        mapping = self._mapping(node, key, pointer)
        known = file_keys.KEYS[kind]
        self._refuse_unknown(mapping, known, key)
        values: dict[str, Any] = {
            name: "" for name, default in rules.DEFAULTS[kind].items() if default is MISSING
        }
        readers = {"when": self._moment, "supports": self._flag, "evidence": self._items}
        for name in (name for name in known if name in mapping):
            field = file_keys.FIELDS.get(name, name)
            read = readers.get(name, self._text)
            values[field] = read(mapping[name], f"{key}.{name}", f"{pointer}/{field}")
        return kind(**values)

    def _translations(self, node: Node, key: str, pointer: str) -> dict[str, shape.Translation]:
        found = {}
        for language, texts in self._mapping(node, key, pointer).items():
            below = rules.below(pointer, language)
            found[language] = self._item(shape.Translation, texts, f"{key}.{language}", below)
        nothing = shape.Translation()
        return {language: texts for language, texts in found.items() if texts != nothing}

    def _classifications(self, keys: dict[str, Node]) -> Iterator[shape.Classification]:
        index = 0
        for slug in (key for key in keys if key in self._vocabularies):
            for item in self._terms(keys[slug], slug):
                pointer = f"/classifications/{index}"
                if isinstance(item.value, str):
                    yield shape.Classification(slug, self._text(item, slug, pointer))
                else:
                    read = self._item(shape.Classification, item, slug, pointer)
                    yield replace(read, vocabulary=slug)
                index += 1

    def _terms(self, node: Node, slug: str) -> list[Node]:
        pointer = f"/classifications/{slug}"
        self.places[pointer] = Place(node.line, slug)
        is_single = isinstance(node.value, str) and node.value
        return [node] if is_single else self._list(node, slug, pointer)

    def _refuse_unknown(self, mapping: dict[str, Node], known: Collection[str], key: str) -> None:
        unknown = (name for name in mapping if name not in known)
        for name in islice(unknown, max(0, PROBLEMS - len(self.problems))):
            where = f"{key}.{name}" if key else name
            otherwise = f"The keys here are {rules.choice(known)}." if key else NEITHER
            advice = did_you_mean(name, known, otherwise)
            message = f"“{rules.short(name)}” is not a key that is known here."
            self.problems.append(
                FileProblem(mapping[name].line, rules.short(where), message, advice)
            )

    def _problem(self, pointer: str, message: str, advice: str = "") -> None:
        place = self.place(pointer)
        self.problems.append(FileProblem(place.line, place.key, message, advice))


def place_of(places: Mapping[str, Place], pointer: str) -> Place:
    """Where the part of the Document stands, else what it is a part of, else no line."""
    above = pointer
    while above:
        if above in places:
            return places[above]
        above = above.rpartition("/")[0]
    return Place(None, pointer.rpartition("/")[2])


def envelope_rules(envelope: Envelope) -> Iterator[tuple[str, object, str]]:
    """The rules of the envelope: the name of each field, whether it is fine, and what it may be."""
    yield (
        "import_id",
        not envelope.import_id or file_keys.IMPORT_ID.fullmatch(envelope.import_id),
        "Write one word of at most 200 characters.",
    )
    yield (
        "slug",
        not envelope.slug or file_keys.SLUG.fullmatch(envelope.slug),
        "Use letters, digits and hyphens, at most 120.",
    )
    for name, choices in (
        ("status", file_keys.STATUSES),
        ("visibility", file_keys.VISIBILITIES),
    ):
        value = getattr(envelope, name)
        yield name, not value or value in choices, f"Use {rules.choice(choices)}."
