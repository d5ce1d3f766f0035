"""What is sent becomes one source a postmortem; what cannot be read is one with a problem, never an exception."""

import json

import pytest
from django.core.exceptions import ValidationError

from postmortems.exchange import json_file, upload
from postmortems.exchange.json_file import Piece
from postmortems.exchange.markdown_file import Parsed
from postmortems.exchange.upload import Upload, sources
from tests.exchange.test_archive import packed

RECORD = {"import_id": "a", "title": "Outage"}


def problems_of(data, name="a.json", media="") -> list[str]:
    """The problems of all sources, in words."""
    data = data.encode() if isinstance(data, str) else data
    found = [parsed for _name, parsed in sources([Upload(name, data, media)])]
    assert all(isinstance(parsed, Parsed) for parsed in found)
    return [str(problem) for parsed in found for problem in parsed.problems]


def names_of(*uploads) -> list[str]:
    """The names of the sources."""
    return [name for name, _data in sources(uploads)]


def test_each_object_of_a_list_is_a_source():
    text = json.dumps([RECORD, {**RECORD, "import_id": "b"}], indent=2).encode()

    assert names_of(Upload("all.json", text)) == ["all.json#1", "all.json#2"]


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "pasted"])
def test_each_line_of_ndjson_is_a_source(name):
    text = f"{json.dumps(RECORD)}\n\n{json.dumps(RECORD)}\n".encode()

    assert names_of(Upload(name, text)) == [f"{name}#1", f"{name}#2"]


def test_a_bad_line_leaves_the_others():
    text = f"{json.dumps(RECORD)}\nnothing\n{json.dumps(RECORD)}"

    (problem,) = problems_of(text, "a.ndjson")
    assert problem.startswith("line 2: This is no JSON")


def test_formats_are_mixed_in_an_archive_and_what_is_unknown_is_told():
    files = [("a.md", b"---\n"), ("b.json", json.dumps([RECORD]).encode()), ("c.png", b"x")]
    inner = packed(("x.md", b""))

    found = sources([Upload("all.zip", packed(*files, ("in.zip", inner)))])

    assert [name for name, _data in found] == ["a.md", "b.json#1", "c.png", "in.zip"]
    assert [bool(data.problems) for _name, data in found[1:]] == [False, True, True]


def test_an_archive_that_is_not_safe_is_refused_whole():
    data = packed(("a.md", b"x"), ("../b.md", b"y"))

    with pytest.raises(ValidationError, match=r"all.zip/../b.md.*leads out"):
        sources([Upload("all.zip", data)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('[{"title": ' + "[" * 50_000 + "]" * 50_000 + "}]", "nested too deeply"),
        ('{"schema": ' + "9" * 5_000 + "}", "a number is too long"),
        ('{"schema": -' + "9" * 5_000 + "}", "a number is too long"),
        ('{"schema": 1e999}', "must be a whole number"),
        ('{"schema": NaN}', "NaN is no number"),
        ('{"title": "a", "title": "b"}', "stands twice"),
        ('{"title": "\\ud800"}', "half of a character"),
        ('{"title": "a', "does not end"),
        ('["' + '\\"' * 50_000, "does not end"),
        ('[{"title": "a"}', "does not end where it should"),
        ('[{"title": "a"}] x', "does not end where it should"),
        ("[1, null]", "This is no object"),
        ('[{"title": "a"},,]', "This is no JSON"),
        ('{"titel": "a"}', "Did you mean title or"),
        ('{"title": "a", "authors": "alice"}', "authors must be a list of texts"),
        ('{"title": "a", "slug": 5}', "slug must be text"),
        ('{"title": "a", "status": "gone"}', "“gone” is not allowed"),
    ],
)
def test_what_is_no_record_is_a_problem(text, words):
    assert words in " ".join(problems_of(text))


def test_more_values_than_any_document_has_are_not_built(monkeypatch):
    monkeypatch.setattr(json_file, "VALUES", 100)
    monkeypatch.setattr(json_file.json, "loads", None)

    assert "too many values" in problems_of('[{"a": [' + "0," * 200 + "0]}]")[0]
    assert "too many values" in problems_of('{"a": [' + "0," * 200 + "0]}", "a.ndjson")[0]


def test_a_record_that_is_too_long_is_a_problem(monkeypatch):
    monkeypatch.setattr(json_file, "RECORD_CHARS", 100)

    assert "It is over" in json_file.parse(Piece("x" * 101)).problems[0].message


def test_what_is_not_utf_8_is_a_problem():
    assert problems_of(b'{"title": "\xff"}') == ["It is not UTF-8."]


def test_a_mark_at_the_beginning_is_no_text():
    assert problems_of(b"\xef\xbb\xbf" + json.dumps(RECORD).encode()) == []


def test_what_the_site_alone_knows_is_ignored_and_the_ref_may_be_the_identity():
    read = {"ref": "abcd2345", "url": "/p/x/", "version": 3, "title": "Outage", "import_id": ""}

    ((_name, parsed),) = sources([Upload("a.json", json.dumps(read).encode())])

    assert parsed.problems == ()
    assert parsed.envelope.import_id == "abcd2345"


def test_there_is_an_end_to_bytes_and_records(monkeypatch):
    monkeypatch.setattr(upload, "RECORDS", 3)
    monkeypatch.setattr(upload, "UPLOAD_BYTES", 1_000)

    with pytest.raises(ValidationError, match="At most 3"):
        sources([Upload("a.json", b"[{},{},{},{}]")])
    with pytest.raises(ValidationError, match="MiB"):
        sources([Upload("a.json", b"[" + b" " * 1_000 + b"]")])


@pytest.mark.parametrize("data", [b"", b" \n ", b"[]", b"[ ]"])
def test_nothing_is_told(data):
    with pytest.raises(ValidationError, match="There is no"):
        sources([Upload("a.json", data)])


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../a.md", "a.md"), ("C:\\b.md", "b.md"), ("a\r\nb\u202e.md", "ab.md"), ("", "file")],
)
def test_names_are_shown_without_what_misleads(name, shown):
    assert names_of(Upload(name, b"x")) == [shown]
