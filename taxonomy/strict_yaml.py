"""Reads the small part of YAML that people need: mappings, lists and text.

Every scalar is text (`no` is not false and 1.10 not a number). Anchors, aliases, tags and several
documents are refused, so nothing in a file can multiply or become an object.
"""

import re
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_DEPTH = 20

# No database stores NUL or half of a surrogate pair; the other control characters help nobody.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Refused(ValueError):
    """The text cannot be read; the message is a sentence that names the line."""


def read(text: str) -> Any:
    """Mappings as dicts, lists as lists, scalars as text, an empty text as None. Raises Refused."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = _("Line %(line)d is not YAML: %(problem)s.")
        raise Refused(message % {"line": line, "problem": error.problem}) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise Refused(_("The text holds characters that YAML does not allow.")) from error
    return builder.result


class _Builder:
    """Builds the value from the parser's events, which never recurse whatever the text is."""

    def __init__(self) -> None:
        self.result: Any = None
        self._documents = 0
        # The open collections; beside a mapping stands the key that waits for its value.
        self._open: list[tuple[dict[str, Any] | list[Any], list[str]]] = []

    def take(self, event: yaml.Event) -> None:
        """One event of the parser."""
        _refuse_what_is_not_plain(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refused(event, _("Line %(line)d begins a second document; one is allowed."))
        elif isinstance(event, yaml.ScalarEvent):
            self._add(_text(event), event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._start({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._start([], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _start(self, value: dict[str, Any] | list[Any], event: yaml.Event) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _refused(event, _("Line %(line)d is nested too deeply."))
        self._add(value, event)
        self._open.append((value, []))

    def _add(self, value: Any, event: yaml.Event) -> None:
        if not self._open:
            self.result = value
            return
        container, waiting = self._open[-1]
        if isinstance(container, list):
            container.append(value)
        elif waiting:
            container[waiting.pop()] = value
        else:
            waiting.append(_key(value, container, event))


def _refuse_what_is_not_plain(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise _refused(event, _("Line %(line)d uses an alias (*); write the value out."))
    if getattr(event, "anchor", None):
        raise _refused(event, _("Line %(line)d sets an anchor (&); write the value out."))
    if getattr(event, "tag", None):
        raise _refused(event, _("Line %(line)d has a tag (!); plain text is enough."))


def _text(event: yaml.ScalarEvent) -> str:
    if FORBIDDEN.search(event.value):
        raise _refused(event, _("Line %(line)d holds a control character."))
    return event.value


def _key(value: Any, mapping: dict[str, Any], event: yaml.Event) -> str:
    if not isinstance(value, str):
        raise _refused(event, _("Line %(line)d has a list or mapping as a key; keys are text."))
    if value in mapping:
        raise _refused(event, _("Line %(line)d says “%(key)s” a second time."), key=value)
    return value


def _refused(event: yaml.Event, message: str, **values: object) -> Refused:
    line = event.start_mark.line + 1 if event.start_mark else 1
    return Refused(message % {"line": line, **values})
