"""The JSON schema of a postmortem's content, made of the dataclasses and rules that hold it.

No field and no limit is written here a second time. `schema` puts it into the OpenAPI document.
"""

from collections.abc import Mapping
from dataclasses import MISSING
from inspect import cleandoc
from typing import Any, get_args, get_origin

from postmortems import document as shape
from postmortems import document_rules as rules
from postmortems import durations, moments
from postmortems.document import Document
from postmortems.durations import Duration
from postmortems.exchange import file_keys
from postmortems.moments import Moment

# What a text is that may be empty, and else is written in one way.
FORMATS: dict[str, dict[str, Any]] = {
    "id": {"pattern": f"^({moments.IDENTIFIER.pattern})$"},
    "url": {"pattern": r"^(https?://\S+)?$"},
    "archived": {"pattern": r"^(https?://\S+)?$"},
    "due": {"pattern": r"^(\d{4}-\d{2}-\d{2})?$"},
    "language": {"pattern": f"^({rules.LANGUAGE_TAG.pattern})?$"},
}
# Times have rules of their own.
OWN: dict[tuple[type, str], dict[str, Any]] = {
    (Document, "schema"): {"const": shape.SCHEMA},
    (Moment, "date"): {"pattern": r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"},
    (Moment, "time"): {"pattern": r"^(([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d)?)?)?$"},
    (Moment, "zone"): {"maxLength": 60},
    (Moment, "bound"): {"enum": list(moments.BOUNDS)},
    (Moment, "after"): {"pattern": f"^({moments.IDENTIFIER.pattern})?$"},
    (Moment, "minutes"): {"minimum": -moments.MINUTES, "maximum": moments.MINUTES},
    (Moment, "text"): {"maxLength": moments.TEXT_LENGTH},
    (Duration, "seconds"): {"minimum": 0, "maximum": durations.LONGEST},
    (Duration, "kind"): {"enum": list(durations.KINDS)},
}
TYPES = {str: "string", int: "integer", bool: "boolean"}
# The bodies that have the fields of a class beside others.
BODIES: dict[str, type] = {
    "PostmortemBody": Document,
    "PostmortemSent": Document,
    "TimelineEntryBody": shape.TimelineEntry,
    "ActionBody": shape.Action,
}
# What merge patches go into, in place of replacing it.
MERGED = (Moment, Duration, shape.Translation)
WHOLE, RECORD, CARRIED = "WholeDocument", "PostmortemRecord", "CarriedAttachment"
SITE = {
    *("ref", "version", "revision", "url", "helped"),
    *("created_at", "updated_at", "published_at"),
}
READ_ONLY = {*SITE, "import_id"}
PREFIX = "#/components/schemas/"


def components() -> dict[str, dict[str, Any]]:
    """Every class of the content by its name, `Document` the whole; and the forms that some also have."""
    found = {kind.__name__: _object(kind) for kind in rules.DEFAULTS}
    whole = {
        **_object(Document),
        "description": "The content with every part, empty ones too.",
        "required": list(rules.DEFAULTS[Document]),
    }
    patches = {f"Patched{kind.__name__}": _patch(kind) for kind in MERGED}
    return {**found, **patches, WHOLE: whole, RECORD: _record(), CARRIED: _carried()}


def properties() -> dict[str, dict[str, Any]]:
    """The fields of the content, as they stand at the top of a postmortem."""
    return {name: field(Document, name) for name in rules.DEFAULTS[Document]}


def field(kind: type, name: str) -> dict[str, Any]:
    """The schema of one field."""
    hint, default = rules.HINTS[kind][name], rules.DEFAULTS[kind][name]
    found = _value(kind, name, hint)
    if hint is str and default is MISSING:
        found["minLength"] = 1
    if default is None:
        return {"oneOf": [found, {"type": "null"}]}
    if isinstance(default, str | bool) or (isinstance(default, int) and "const" not in found):
        found["default"] = default
    return found


def fill(schemas: dict[str, Any]) -> None:
    """Say of what is sent and answered around the content what its fields are."""
    for name, kind in BODIES.items():
        fields = {item: field(kind, item) for item in rules.DEFAULTS[kind]}
        required = [item for item, default in rules.DEFAULTS[kind].items() if default is MISSING]
        if answered := schemas.get(name):
            answered["properties"].update(fields)
            answered["required"] = sorted({*answered.get("required", ()), *required})
        if sent := schemas.get(f"{name}Request"):
            sent["properties"] |= fields
            sent["required"] = [item for item in required if item != "id"]
            sent["additionalProperties"] = False
        if patch := schemas.get(f"Patched{name}Request"):
            patch["properties"] |= _patch(kind)["properties"]
            patch["additionalProperties"] = GONE
        if kind is Document:
            _ignore(schemas.get(f"{name}Request"), schemas.get(f"Patched{name}Request"))


# To take away what is not there changes nothing.
GONE = {"type": "null"}


def _ignore(*sent: dict[str, Any] | None) -> None:
    """What is only answered may be sent back as it is and says nothing."""
    for body in filter(None, sent):
        for item in sorted(READ_ONLY):
            body["properties"][item] = {"description": "Only answered; what is sent is ignored."}


def _patch(kind: type) -> dict[str, Any]:
    """A merge patch of it: null takes away, and of an object only what changes is sent."""
    found = {
        name: _patched(rules.HINTS[kind][name], field(kind, name), default is MISSING)
        for name, default in rules.DEFAULTS[kind].items()
    }
    return {
        "type": "object",
        "description": f"What is to be otherwise of it: see {kind.__name__}.",
        "properties": found,
        "additionalProperties": GONE,
    }


def _patched(hint: Any, schema: dict[str, Any], is_needed: bool) -> dict[str, Any]:
    # What is left out of a patch stays as it is: nothing in one has a default.
    plain = {name: value for name, value in schema.items() if name != "default"}
    if hint in MERGED:
        plain = {"$ref": f"{PREFIX}Patched{hint.__name__}"}
    elif get_origin(hint) is Mapping:
        inner = _patched(get_args(hint)[1], schema["additionalProperties"], False)
        plain["additionalProperties"] = inner
    if is_needed:
        return plain
    return plain if "oneOf" in plain else {"oneOf": [plain, {"type": "null"}]}


def _record() -> dict[str, Any]:
    """A postmortem of a file: its envelope beside its content, as exports write and imports read it."""
    names = {"type": ["array", "null"], "items": {"type": "string"}}
    envelope = {
        **{name: {"type": "string"} for name in ("import_id", "slug", "team")},
        "status": {"type": "string", "enum": list(file_keys.STATUSES)},
        "visibility": {"type": "string", "enum": list(file_keys.VISIBILITIES)},
        "authors": names,
        "named_people": names,
    }
    content = _object(Document)
    files = {**field(Document, "attachments"), "items": {"$ref": f"{PREFIX}{CARRIED}"}}
    read = {name: {"description": "Of the site alone; it is ignored."} for name in sorted(SITE)}
    return {
        **content,
        "description": cleandoc(_record.__doc__ or ""),
        "properties": {**read, **envelope, **content["properties"], "attachments": files},
    }


def _carried() -> dict[str, Any]:
    """A stored file as it travels: its bytes may come along."""
    plain = _object(shape.Attachment)
    data = {"type": "string", "contentEncoding": "base64"}
    return {
        **plain,
        "description": cleandoc(_carried.__doc__ or ""),
        "properties": {**plain["properties"], "base64": data},
    }


def _object(kind: type) -> dict[str, Any]:
    required = [name for name, default in rules.DEFAULTS[kind].items() if default is MISSING]
    return {
        "type": "object",
        "description": cleandoc(kind.__doc__ or ""),
        "properties": {name: field(kind, name) for name in rules.DEFAULTS[kind]},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _value(kind: type, name: str, hint: Any) -> dict[str, Any]:
    if get_origin(hint) is tuple:
        return {
            "type": "array",
            "items": _value(kind, "", get_args(hint)[0]),
            "maxItems": shape.ITEMS,
        }
    if get_origin(hint) is Mapping:
        return _mapping(name, get_args(hint)[1])
    if hint in rules.DEFAULTS:
        return {"$ref": f"{PREFIX}{hint.__name__}"}
    return {"type": TYPES[hint], **_limits(kind, name, hint)}


def _mapping(name: str, item: Any) -> dict[str, Any]:
    keys: dict[str, Any] = {"enum": list(shape.LANGUAGES)}
    if name == "sections":
        keys = {"pattern": f"^{rules.SECTION_KEY.pattern}$"}
    return {
        "type": "object",
        "propertyNames": keys,
        "additionalProperties": _value(shape.Translation, "summary", item),
        "maxProperties": shape.ITEMS,
    }


def _limits(kind: type, name: str, hint: Any) -> dict[str, Any]:
    if (kind, name) in OWN:
        return dict(OWN[kind, name])
    if hint is not str:
        return {}
    if (kind, name) in rules.CHOICES:
        return {"enum": list(rules.CHOICES[kind, name])}
    if name in rules.LINES:
        return {"maxLength": rules.LINES[name], **FORMATS.get(name, {})}
    # Counted in bytes when it is stored: no text of so many characters is shorter.
    return {"maxLength": shape.SECTION_BYTES if name == "summary" else shape.LINE_LENGTH}
