"""The small part of YAML that front matter needs: read strictly, with lines, into nodes. Pure.

Every scalar is text (`no` is not false, 1.10 not a number). Anchors, aliases, tags, merge keys and
several documents are refused, so nothing in a file can multiply or become an object.
"""

from dataclasses import dataclass, field
from typing import TypeGuard

import yaml

from postmortems.exchange.problems import FileProblem, Refused

MAX_DEPTH = 10
MAX_NODES = 200_000

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

PLAIN = "Front matter is plain text, lists and mappings."
ADVICE = {
    "mapping values are not allowed": "Put a text that holds “: ” in quotes, or below >-.",
    "cannot start any token": "Put the text in quotes, or below >-.",
    "end of stream": "Close the quotation mark or bracket.",
}


@dataclass(slots=True)
class Node:
    """A text, list or mapping, and the line where it (or its key) stands."""

    line: int
    value: "str | list[Node] | dict[str, Node]"


@dataclass(slots=True)
class FrontMatter:
    """The keys of a file; of a key that stands twice, the first counts."""

    keys: dict[str, Node] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)


def is_list(value: object) -> TypeGuard[list[Node]]:
    """Whether a node's value is a list."""
    return isinstance(value, list)


def read(text: str, first_line: int = 1) -> FrontMatter:
    """The front matter in the text, which stands at that line of its file; raises Refused."""
    builder = _Builder(first_line)
    try:
        for event in yaml.parse(text, Loader=Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else first_line
        raise Refused(_syntax_problem(line, str(error.problem or error.context))) from error
    except (yaml.YAMLError, UnicodeError) as error:
        message = "The front matter holds a character that YAML does not allow."
        raise Refused(FileProblem(None, "", message, "Take control characters out.")) from error
    root = builder.root
    if root is not None and not isinstance(root.value, dict):
        message = "The front matter is not a mapping."
        raise Refused(FileProblem(root.line, "", message, "Write lines such as “title: …”."))
    keys = root.value if root and isinstance(root.value, dict) else {}
    return FrontMatter(keys, builder.problems)


def _syntax_problem(line: int, problem: str) -> FileProblem:
    advice = next((advice for start, advice in ADVICE.items() if start in problem), "")
    return FileProblem(line, "", f"This is not YAML: {problem}.", advice)


class _Builder:
    """Builds nodes from the parser's events, which never recurse whatever the text is."""

    def __init__(self, first_line: int) -> None:
        self.root: Node | None = None
        self.problems: list[FileProblem] = []
        self._first_line = first_line
        self._count = 0
        # The open collections; beside a mapping stands the key that waits for its value.
        self._open: list[tuple[Node, list[Node]]] = []

    def take(self, event: yaml.Event) -> None:
        """One event of the parser."""
        if isinstance(event, yaml.ScalarEvent):
            self._add(event, event.value)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open.append((self._add(event, {}), []))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open.append((self._add(event, []), []))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise self._refused(event, "An alias (*) stands here.", "Write the value out.")
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._refused(event, "A second YAML document begins here.", "Remove it.")

    def _add(self, event: yaml.NodeEvent, value: str | list[Node] | dict[str, Node]) -> Node:
        self._refuse_what_is_not_plain(event)
        node = Node(self._line(event), value)
        if not self._open:
            self.root = node
            return node
        container, waiting = self._open[-1]
        if is_list(container.value):
            container.value.append(node)
        elif waiting:
            self._set(container, waiting.pop(), node)
        else:
            waiting.append(self._checked_key(node, event))
        return node

    def _set(self, mapping: Node, key: Node, node: Node) -> None:
        assert isinstance(mapping.value, dict)
        assert isinstance(key.value, str)
        node.line = key.line
        if key.value in mapping.value:
            message = f"“{key.value[:60]}” stands here a second time."
            self.problems.append(
                FileProblem(key.line, key.value[:60], message, "Keep one of the two.")
            )
        else:
            mapping.value[key.value] = node

    def _checked_key(self, key: Node, event: yaml.NodeEvent) -> Node:
        if not isinstance(key.value, str):
            raise self._refused(event, "A list or mapping stands as a key.", "Keys are text.")
        if key.value == "<<":
            raise self._refused(event, "A merge key (<<) stands here.", "Write the values out.")
        return key

    def _refuse_what_is_not_plain(self, event: yaml.NodeEvent) -> None:
        self._count += 1
        if getattr(event, "anchor", None):
            raise self._refused(event, "An anchor (&) stands here.", "Write the value out.")
        if getattr(event, "tag", None):
            raise self._refused(event, "A tag (!) stands here.", PLAIN)
        if len(self._open) >= MAX_DEPTH:
            raise self._refused(event, "Lists and mappings are nested too deeply here.", PLAIN)
        if self._count > MAX_NODES:
            raise self._refused(event, f"There are over {MAX_NODES} values.", "Split the file.")

    def _line(self, event: yaml.Event) -> int:
        return self._first_line + (event.start_mark.line if event.start_mark else 0)

    def _refused(self, event: yaml.Event, message: str, advice: str) -> Refused:
        return Refused(FileProblem(self._line(event), "", message, advice))
