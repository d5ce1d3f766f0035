"""Reading JSON strictly: whatever is taken here can be stored, compared and sent back unchanged."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser

from postmortems.api.refusals import TooLarge

MERGE_PATCH = "application/merge-patch+json"
LONGEST_SHOWN = 200


class StrictJSONParser(BaseParser):
    """JSON as RFC 8259 wants it: UTF-8, no name twice in an object, no NaN, no half characters."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value; raises ParseError for what is no JSON, ValidationError for what cannot be kept,
        TooLarge for more than any Document needs, its Chinese written as escapes."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge(_("At most %(most)d MiB are read.") % {"most": most // 1024**2})
        try:
            text = raw.decode()
            value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        except UnicodeDecodeError as error:
            raise ParseError(_("JSON is sent as UTF-8; this is not.")) from error
        except ValueError as error:
            raise ParseError(_("This is no JSON: %(reason)s.") % {"reason": error}) from error
        # Only by an escape can a character stand in it that no database and no UTF-8 holds.
        if "\\u" in text and (problems := dict(_unkeepable(value, ""))):
            raise ValidationError(problems)
        return value


class MergePatchParser(StrictJSONParser):
    """JSON Merge Patch (RFC 7396) by its own media type; plain JSON is read the same way."""

    media_type = MERGE_PATCH


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def below(pointer: str, name: str) -> str:
    """The JSON pointer (RFC 6901) of a member; so long a name is cut that it would fill the answer."""
    return f"{pointer}/{name[:LONGEST_SHOWN].replace('~', '~0').replace('/', '~1')}"


def _unkeepable(value: Any, pointer: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if _is_unkeepable(key):
                yield pointer, [_("The name of a field has a character that no text can have.")]
            else:
                yield from _unkeepable(item, below(pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unkeepable(item, f"{pointer}/{index}")
    elif isinstance(value, str) and _is_unkeepable(value):
        yield pointer, [_("The text has a character that no text can have.")]


def _is_unkeepable(text: str) -> bool:
    return any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)
