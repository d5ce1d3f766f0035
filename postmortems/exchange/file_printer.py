"""Envelope and Document as YAML that reads well in an editor and in a diff. Pure."""

from collections.abc import Mapping
from typing import Any

import yaml

from postmortems import document as shape
from postmortems.document import Document
from postmortems.durations import Duration, format_duration
from postmortems.exchange import file_keys
from postmortems.exchange.file_keys import Envelope
from postmortems.moments import Moment, format_moment

WIDTH = 100
TEXT, LIST, MAPPING = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
# Breaks of a line that YAML would take for its own; they are written as escapes.
FOREIGN_BREAKS = ("\x85", "\u2028", "\u2029")


def print_front_matter(envelope: Envelope, document: Document) -> str:
    """The lines between the two `---`; what is empty is left out."""
    values = _envelope_values(envelope) | _content_values(document)
    printed: str = yaml.serialize(
        _mapping(values, 0), Dumper=_Dumper, width=WIDTH, allow_unicode=True
    )
    return printed


def _envelope_values(envelope: Envelope) -> dict[str, Any]:
    is_usual = envelope.slug == file_keys.usual_slug(envelope.import_id)
    values = {"hindsight": file_keys.FORMAT} | {
        name: getattr(envelope, name) for name in file_keys.ENVELOPE
    }
    values |= {"slug": ""} if is_usual else {}
    texts = {name: value for name, value in values.items() if value and isinstance(value, str)}
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return texts | lists


def _content_values(document: Document) -> dict[str, Any]:
    values = {name: _value(getattr(document, name)) for name in file_keys.CONTENT}
    values |= _classifications(document)
    values |= {name: _value(getattr(document, name)) for name in file_keys.PARTS}
    return {name: value for name, value in values.items() if value}


def _classifications(document: Document) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in document.classifications:
        values = _item(item)
        is_bare = values.keys() == {"term"}
        found.setdefault(item.vocabulary, []).append(item.term if is_bare else values)
    return found


def _value(value: Any) -> Any:
    """The value as a text, list or dict."""
    if isinstance(value, Moment):
        return format_moment(value)
    if isinstance(value, Duration):
        return format_duration(value)
    if isinstance(value, tuple):
        return [_item(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _item(value[key]) for key in shape.LANGUAGES if key in value}
    return value


def _item(item: Any) -> dict[str, Any]:
    """One object of the Document by the keys of the file."""
    values = {
        key: _value(getattr(item, file_keys.FIELDS.get(key, key)))
        for key in file_keys.KEYS[type(item)]
    }
    # Evidence speaks for its hypothesis unless the file says no.
    if "supports" in values:
        values["supports"] = "" if values["supports"] else "no"
    return {key: value for key, value in values.items() if value}


def _mapping(values: dict[str, Any], column: int) -> yaml.MappingNode:
    """A mapping whose keys stand at that column."""
    pairs = []
    for key, value in values.items():
        room = WIDTH - column - len(f"{key}: ")
        pairs.append((_text(key, room), _node(value, column, room)))
    return yaml.MappingNode(MAPPING, pairs, flow_style=False)


def _node(value: Any, column: int, room: int) -> yaml.Node:
    if isinstance(value, dict):
        return _mapping(value, column + 2)
    if isinstance(value, list):
        return _list(value, column, room)
    return _text(value, room)


def _list(items: list[Any], column: int, room: int) -> yaml.SequenceNode:
    words = [item for item in items if isinstance(item, str)]
    fits = len(words) == len(items) and len(", ".join(words)) + len("[]") <= room
    nodes = [_node(item, column + 2, WIDTH - column - len("  - ")) for item in items]
    return yaml.SequenceNode(LIST, nodes, flow_style=fits)


def _text(text: str, room: int) -> yaml.ScalarNode:
    """Literal when it has lines, folded when longer than the room, else as plain as may be."""
    style = None
    if any(mark in text for mark in FOREIGN_BREAKS):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif len(text) > room and " " in text:
        style = ">"
    return yaml.ScalarNode(TEXT, text, style=style)


class _Dumper(yaml.BaseDumper):
    """Indents lists below their key, and quotes a text with apostrophes by quotation marks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        text = self.event.value if isinstance(self.event, yaml.ScalarEvent) else ""
        return '"' if style == "'" and "'" in text and not {'"', "\\"} & set(text) else style
