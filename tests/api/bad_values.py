"""What nobody means to send: in every field, address, query and header of every operation."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.api.fuzzing import DOCUMENT

JSON = "application/json"
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63 - 1, 2**63, 10**400, -(10**400), 1e308, 0.1),
    *("", " ", "\0", "a\0b", "\ud800", "\udfff", "\ufeff", "\uffff", "\u202e", "\u200b", "\u0130"),
    *(
        "%00",
        "%",
        "%zz",
        "%c0%ae",
        "../../../etc/passwd",
        "..\\..\\x",
        "'",
        '"',
        "';--",
        "1 OR 1=1",
    ),
    *("{{7*7}}", "${7*7}", "{% debug %}", "<script>alert(1)</script>", "javascript:alert(1)"),
    *(
        "A" * 300,
        "A" * 70_000,
        "A" * 1_100_000,
        "\n",
        "\t",
        "a\r\nX-Injected: 1",
        "NaN",
        "-Infinity",
    ),
    *(
        "1e999",
        "0x10",
        "1_000",
        "٣",
        "null",
        "true",
        "[]",
        "{}",
        "🙂",
        "A\u030a",
        "/",
        "／",
        "*",
        "-",
    ),
    *(
        [],
        {},
        [[]],
        [None],
        {"a": None},
        [1, "a", None, {}],
        {"": ""},
        {"__proto__": {"x": 1}},
        [{}] * 3_000,
    ),
    *(
        "2024-02-30",
        "0000-00-00",
        "9999-12-31T23:59:59.999999Z",
        "10000-01-01",
        "2024-01-01T24:00:00Z",
    ),
    *(
        "P1D",
        "@",
        "a@b",
        "http://",
        "http://[::1",
        "//evil",
        "file:///etc/passwd",
        "data:text/html,x",
    ),
)
TEXTS = (
    *(
        b"",
        b"{",
        b"[",
        b"nul",
        b'"\\ud800"',
        b'{"a":1,"a":2}',
        b"\xef\xbb\xbf{}",
        b"1e400",
        b"-",
        b"\0",
    ),
    *(
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 990 + b"]" * 990,
        b'{"a":1}{"b":2}',
        b"\xff\xfe",
        b"NaN",
    ),
)
QUERIES = (
    *("page=0", "page=-1", "page=1e9", "page=99999999999999999999", "page=%00", "page=1&page=2"),
    *(
        "page_size=0",
        "page_size=1000000000",
        "page_size=%D9%A3",
        "sort=password",
        "sort=-",
        "sort=%00",
    ),
    *("fields=*", "author__password__startswith=p", "format=api", "format=xml", "_method=DELETE"),
    *(
        "cursor=%FF",
        "q=%00",
        "q=%ED%A0%80",
        "q=" + "(" * 3_000,
        "q=" + "a+" * 5_000,
        "&" * 3_000,
        "%",
        "=&=",
        "\u00e9",
    ),
    "id__in=" + "1," * 5_000,
)
HEADERS = (
    *(("If-Match", value) for value in ("*", 'W/"1"', '"1", "2"', '"', "é", '"' + "9" * 900 + '"')),
    *(("If-None-Match", value) for value in ("*", '"', ",")),
    *(
        ("Content-Type", value)
        for value in ("", "x", "text/plain", "application/xml", "multipart/form-data")
    ),
    *(("Content-Type", f"application/json; charset={name}") for name in ("utf-7", "é", "\x7f")),
    ("Content-Type", "multipart/form-data; boundary=" + "x" * 300),
    *(("Accept", value) for value in ("text/html", "*/*;q=0", "x", ";", "application/json;q=x")),
    *(
        ("Authorization", value)
        for value in ("Bearer ", "Bearer é", "Bearer a b c", "Basic AAAA", "x" * 5_000)
    ),
    *(("Idempotency-Key", value) for value in ("", "é", "a b", "k" * 256)),
    *(("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "x" * 1_000), ("Origin", "null")),
    *(("Accept-Language", "x" * 10_000), ("Range", "bytes=0-0,1-1,2-2"), ("Range", "bytes=9-")),
    *(("Cookie", "sessionid=\x01"), ("X-Request-Id", "x" * 5_000), ("Content-Encoding", "gzip")),
)


@dataclass(frozen=True)
class Bad:
    """One request to an operation, all of it good but for one place."""

    place: str
    path: dict[str, str] = field(default_factory=dict)
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


def more_of(name: str) -> Any:
    """Further values, by the file that HINDSIGHT_BAD_VALUES names: lists `values`, `json_texts`, `query`, `headers`."""
    file = os.environ.get("HINDSIGHT_BAD_VALUES")
    found = json.loads(Path(file).read_text()).get(name, []) if file else []
    return [_written_out(value) for value in found]


def _written_out(value: Any) -> Any:
    """Long values stand in files as rules: `{"$repeat": [text, times]}` and the like."""
    if isinstance(value, list):
        return [_written_out(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$int" in value:
        sign = -1 if value["$int"].startswith("-") else 1
        return sign * 10 ** int(value["$int"].rpartition("e")[2])
    if "$repeat2" in value:
        one, times, other, more = value["$repeat2"]
        return one * times + other * more
    if "$repeat" in value:
        return value.get("$prefix", "") + value["$repeat"][0] * value["$repeat"][1]
    return {name: _written_out(item) for name, item in value.items()}


def bad_requests(operation: dict[str, Any], values: tuple[Any, ...]) -> Iterator[Bad]:
    """All of an operation, place by place."""
    parameters = [_resolved(item) for item in operation.get("parameters", [])]
    good = Bad("", body=_good_body(operation))
    for item in parameters:
        for value in values:
            yield from _in_parameter(good, item, value)
    for query in (*QUERIES, *more_of("query")):
        yield replace(good, place=f"query {query[:40]!r}", query=query)
    for name, value in (*HEADERS, *more_of("headers")):
        yield replace(good, place=f"{name}: {value[:40]!r}", headers=((name, value),))
    if good.body is None:
        return
    whole = json.loads(good.body)
    for pointer, instance in _replaced(whole, "", values):
        yield replace(good, place=pointer, body=json.dumps(instance).encode())
    for text in (*TEXTS, *(item.encode(errors="replace") for item in more_of("json_texts"))):
        yield replace(good, place=f"body {text[:40]!r}", body=text)


def _in_parameter(good: Bad, item: dict[str, Any], value: Any) -> Iterator[Bad]:
    name, text = item["name"], value if isinstance(value, str) else json.dumps(value)
    place = f"{item['in']} {name} = {text[:40]!r}"
    coded = quote(text.encode(errors="surrogatepass"), safe="")
    # Servers take no longer request line.
    if item["in"] == "query" and len(coded) < 100_000:
        yield replace(good, place=place, query=f"{quote(name)}={coded}")
    elif item["in"] == "path" and len(coded) < 100_000:
        yield replace(good, place=place, path={name: coded})
    elif item["in"] == "header" and len(text) < 8_000 and text.isprintable():
        yield replace(good, place=place, headers=((name, text),))


def _replaced(value: Any, pointer: str, values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """The instance with each of its places in turn standing for each value."""
    for bad in values:
        yield (
            f"{pointer or '/'} = {str(bad)[:40] if not isinstance(bad, int) else 'a number'!r}",
            bad,
        )
    parts: Any = ()
    if isinstance(value, dict):
        parts = list(value.items())
        yield f"{pointer}/strange", {**value, "strange": 1}
    elif isinstance(value, list):
        parts = list(enumerate(value))
    for key, item in parts:
        for place, changed in _replaced(item, f"{pointer}/{key}", values):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = changed
            yield place, copy


def _good_body(operation: dict[str, Any]) -> bytes | None:
    content = _resolved(operation.get("requestBody", {})).get("content", {})
    return json.dumps(sample(content[JSON]["schema"])).encode() if JSON in content else None


def sample(schema: dict[str, Any], depth: int = 0) -> Any:
    """An instance with all its fields."""
    schema = _resolved(schema)
    for way in ("oneOf", "anyOf", "allOf"):
        if way in schema:
            return sample(schema[way][0], depth)
    if "const" in schema or "enum" in schema or "default" in schema:
        return schema.get("const", schema.get("default", schema.get("enum", [""])[0]))
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        fields = schema.get("properties", {}) if depth < 5 else {}
        return {name: sample(item, depth + 1) for name, item in fields.items()}
    if kind == "array":
        return [sample(schema["items"], depth + 1)] if depth < 4 else []
    plain = {"integer": schema.get("minimum", 1), "number": 1.5, "boolean": False}
    return plain.get(kind, "x" if "pattern" not in schema else "x1")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        target: Any = DOCUMENT
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema
