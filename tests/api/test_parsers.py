"""What is sent: read strictly, refused at its place, and never a reason for the server to fail."""

import gzip
import random
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from tests.api.tool import PROBLEM, Tool, pointers, status
from tests.soak import IS_FULL

ME, TEAMS, SAVED = "/api/v1/me/", "/api/v1/teams/", "/api/v1/saved-searches/"
TOKENS, TERMS, VOCABULARIES = "/api/v1/tokens/", "/api/v1/terms/", "/api/v1/vocabularies/"
JSON = "application/json"

NO_JSON = (
    " ",
    "{",
    "[",
    "}",
    "-",
    "01",
    "1.",
    "+1",
    ".5",
    "tru",
    "True",
    "None",
    "NaN",
    "-Infinity",
    "'x'",
    '{"a":1,}',
    '{"a" 1}',
    "{a:1}",
    '{"a":1}{"b":2}',
    '{"name":"x","name":"y"}',
    '{"name":{"b":1,"b":1}}',
    "\ufeff{}",
    "\0",
    '"\t"',
    '"\\x"',
    "// no\n{}",
    "[" * 100_000,
    '{"a":' * 100_000,
    "[" * 5_000 + "]" * 5_000,
    "[" * 990 + "]" * 990,
    "9" * 5_000,
)
NO_OBJECT = ("[]", "7", '"x"', "null", "true", "1e400", "-0")
VALUES = (
    *(None, True, False, 0, -1, 1.5, 2**31, 2**63, 2**64, 10**300, 1e308, -1e308),
    *("", " ", "\ufeff", "\u202e", "\u200b", "%00", "%zz", "'", '"', "';--", "{{7*7}}"),
    *("../../etc/passwd", "<script>x</script>", "javascript:x", "a" * 100_000, "文" * 50_000),
    *("1/1/1", "Infinity", "nan", "0x1", "1e400", "__class__", "\r\nX: y", "\x1b[0m", "\x7f"),
    *([], [[]], [None], ["x"] * 1_000, {}, {"": ""}, {"a": {"b": {}}}, {"__proto__": 1}),
)


# Of the questions of one test so many are asked in each run, the same ones; all in a soak run.
SOME = 40


def some(questions: Iterable[Any], seed: str) -> list[Any]:
    """Those that this run asks."""
    every = list(questions)
    return every if IS_FULL or len(every) <= SOME else random.Random(seed).sample(every, SOME)


def send(tool: Tool, method: str, address: str, body: bytes | str, kind: str = JSON, **headers):
    """A body as it is."""
    client = getattr(tool.client, method)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client(address, body, content_type=kind, headers=tool.headers | named)


@pytest.fixture
def tool(dana):
    return Tool(dana)


@pytest.mark.parametrize("text", NO_JSON, ids=lambda text: ascii(text[:24]))
def test_what_is_no_json_is_refused(tool, text):
    assert status(send(tool, "patch", ME, text)) == 400


def test_a_change_without_a_body_changes_nothing(tool):
    assert send(tool, "patch", ME, "").json() == tool.get(ME).json()


@pytest.mark.parametrize("text", NO_OBJECT, ids=lambda text: ascii(text[:24]))
def test_json_that_is_no_object_is_refused_as_a_whole(tool, text):
    assert pointers(send(tool, "patch", ME, text)) == [""]


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe{\x00}\x00", b'{"name":"\xff"}', '{"name":"é"}'.encode("latin-1"), b"\xed\xa0\x80"],
)
def test_what_is_no_utf_8_is_refused(tool, raw):
    assert status(send(tool, "patch", ME, raw)) == 400


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (r'{"name":"a\u0000b"}', "/name"),
        (r'{"name":"\ud800"}', "/name"),
        (r'{"name":"\udfff\ud83d"}', "/name"),
        (r'{"teams":[{"name":"\udc00"}]}', "/teams/0/name"),
        (r'{"\u0000":1}', ""),
        (r'"\u0000"', ""),
        (r'{"a/b":{"c~":["\u0000"]}}', "/a~1b/c~0/0"),
        (r'{"teams":{"\ud800":1}}', "/teams"),
    ],
)
def test_a_character_that_no_text_can_have_is_refused_where_it_stands(tool, text, pointer):
    assert pointers(send(tool, "patch", ME, text)) == [pointer]


def test_a_pair_of_escapes_that_is_a_character_is_one(tool):
    answer = send(tool, "patch", ME, r'{"name":"\ud83e\uddad"}')

    assert (answer.status_code, answer.json()["name"]) == (200, "🦭")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-seq",
        "json",
        "x" * 1_000,
    ],
)
def test_another_media_type_is_refused(tool, kind):
    assert status(send(tool, "patch", ME, "{}", kind)) == 415


@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_read_however_its_type_is_written(tool, kind):
    assert send(tool, "patch", ME, '{"name":"Da"}', kind).status_code == 200


def test_packed_json_is_not_unpacked(tool):
    packed = gzip.compress(b'{"name":"Da"}')

    assert status(send(tool, "patch", ME, packed, Content_Encoding="gzip")) == 400


def test_more_than_is_read_is_refused_before_it_is_looked_at(tool, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    assert status(send(tool, "patch", ME, '{"name":"%s"}' % ("x" * 2_000))) == 413
    assert status(send(tool, "patch", ME, "[" * 2_000)) == 413


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "x", "image/*"])
def test_who_wants_no_json_is_told_in_json(tool, accept):
    answer = tool.get(ME, Accept=accept)

    assert answer.status_code in (200, 406)
    assert answer["Content-Type"] in (JSON, PROBLEM)


BODIES = {
    "me": ("patch", ME, ("name", "language", "time_zone", "theme")),
    "tokens": ("post", TOKENS, ("name", "scope", "days")),
    "teams": ("post", TEAMS, ("slug", "name")),
    "members": ("put", f"{TEAMS}platform/members/alice/", ("role",)),
    "preview": ("post", "/api/v1/preview/", ("text",)),
    "similar": ("post", "/api/v1/similar/", ("text",)),
    "saved searches": ("post", SAVED, ("name", "query", "shared", "team", "is_default")),
    "terms": (
        "post",
        TERMS,
        ("vocabulary", "slug", "parent", "names", "aliases", "definitions", "symbol", "rank"),
    ),
    "vocabularies": (
        "post",
        VOCABULARIES,
        ("slug", "names", "help", "kind", "many", "roles", "required", "facet", "facet_values"),
    ),
}
GOOD = {
    "tokens": {"name": "x", "scope": "read"},
    "teams": {"slug": "edge"},
    "saved searches": {"name": "x", "query": "q=x"},
    "terms": {"vocabulary": "cause", "names": {"en": "Walrus"}},
    "vocabularies": {"slug": "vendor", "names": {"en": "Vendor"}},
}
ANSWERS = (200, 201, 400, 403, 404, 409, 413)


@pytest.mark.parametrize("name", BODIES)
def test_no_value_in_any_field_makes_the_server_fail(tool, alice, name):
    method, address, fields = BODIES[name]
    found = {
        (field, ascii(value)[:40]): answer.status_code
        for field, value in some(product(fields, VALUES), name)
        if (answer := tool.ask(method, address, GOOD.get(name, {}) | {field: value})).status_code
        not in ANSWERS
    }

    assert found == {}


PATHS = (
    f"{TOKENS}%s/",
    f"{TEAMS}%s/",
    f"{TEAMS}%s/members/",
    f"{TEAMS}platform/members/%s/",
    f"{VOCABULARIES}%s/",
    f"{TERMS}%s/",
    f"{SAVED}%s/",
)
NAMES = (
    *("%00", "%0", "%", "%ff", "%ed%a0%80", "..", ".", "%2e%2e", "%2f", "%5c", "'", "%22", "a%00b"),
    *("0", "-1", "1.5", "1e9", "9" * 40, "１２", "null", "x" * 2_000, "%F0%9F%A6%AD", "*", "+"),
)


@pytest.mark.parametrize("path", PATHS)
def test_no_name_in_any_address_makes_the_server_fail(tool, alice, path):
    found = {
        (method, name): answer.status_code
        for method, name in some(product(("get", "patch", "put", "delete"), NAMES), path)
        if (answer := tool.ask(method, path % name, None if method == "get" else {})).status_code
        not in (200, 301, 400, 403, 404, 405, 428)
    }

    assert found == {}


LISTS = (TOKENS, TEAMS, f"{TEAMS}platform/members/", TERMS, VOCABULARIES, SAVED, "/api/v1/audit/")
PARAMETERS = (
    *("page", "page_size", "q", "vocabulary", "parent", "retired", "shared", "team", "own"),
    *("who", "action", "kind", "object", "token", "request_id", "since", "until", "before"),
    *("after", "ordering", "format", "cursor", "fields", "author__password__startswith"),
)
QUERIES = (
    *("", "0", "-1", "1e9", "9" * 30, "NaN", "%00", "%", "%ff", "%27", "%22", "(", "[", "*", "\\"),
    *("2024-13-01", "0000-00-00", "9999-12-31", "1,2", "a%26b", "null", "x" * 5_000, "文"),
)


@pytest.mark.parametrize("address", LISTS)
def test_no_parameter_of_any_list_makes_the_server_fail(tool, platform, address):
    found = {
        (name, value[:20]): answer.status_code
        for name, value in some(product(PARAMETERS, QUERIES), address)
        if (answer := tool.get(f"{address}?{name}={value}")).status_code not in (200, 400)
    }

    assert found == {}


HEADERS = (
    *(("If_Match", text) for text in ("*", 'W/"1"', '"1", "2"', '"', "x" * 9_000)),
    *(("If_None_Match", text) for text in ("*", 'W/"1"', '"', ",", "x" * 9_000)),
    *(("Authorization", text) for text in ("Bearer", "Bearer ", "Bearer é", "Basic x", "x y z")),
    *(("Accept_Language", text) for text in ("x" * 9_000, "zh-Hant;q=9", "*", "\\")),
    *(("Idempotency_Key", text) for text in ("", "é", "x" * 9_000)),
    *(("Range", text) for text in ("bytes=0-0,1-1", "x")),
    *(("X_HTTP_Method_Override", text) for text in ("DELETE", "x")),
    *(("X_Forwarded_For", text) for text in ("127.0.0.1", "x" * 9_000, "::1%")),
    *(("Cookie", text) for text in ("sessionid=%00", "sessionid=x;" * 500)),
)


@pytest.mark.parametrize("header", HEADERS, ids=lambda pair: ascii(pair[0] + " " + pair[1][:16]))
def test_no_header_makes_the_server_fail(tool, header):
    name, value = header

    asked = tool.get(ME, **{name: value})
    changed = tool.patch(ME, {"theme": "dark"}, **{name: value})

    assert asked.status_code in (200, 206, 304, 400, 401)
    assert changed.status_code in (200, 400, 401)


def test_what_a_refusal_says_is_the_same_each_time(tool):
    first, again = (send(tool, "patch", ME, "{").content for _ in range(2))

    assert first == again
    assert b"Traceback" not in first
