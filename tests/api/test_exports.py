"""/api/v1/exports/: a search as a stream, as the caller may see it."""

import csv
import io
import json
import zipfile

import jsonschema
import pytest
from django.test import Client

from postmortems import attachments
from postmortems.api import document_schema
from postmortems.document import Relation
from tests import pictures
from tests.makers import make_document, make_postmortem

ADDRESS = "/api/v1/exports/"


def sent(response) -> bytes:
    """All of the stream."""
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.fixture
def walrus(alice):
    """A public one that points to a hidden one."""
    hidden = make_postmortem(make_document("Otter"), visibility="restricted", authors=(alice,))
    relations = (Relation("caused-by", hidden.ref),)
    document = make_document("Walrus", ("kind:stub",), relations=relations)
    return make_postmortem(document, import_id="walrus", authors=(alice,))


def test_ndjson_is_what_comes_without_a_format(walrus):
    response = Client().get(ADDRESS)

    (line,) = sent(response).decode().splitlines()
    assert response["Content-Type"] == "application/x-ndjson"
    assert json.loads(line) == {
        "import_id": "walrus",
        "slug": walrus.slug,
        "status": "published",
        "visibility": "public",
        "team": "platform",
        "title": "Walrus",
        "schema": 1,
        "language": "en",
        "classifications": [
            {"vocabulary": "kind", "term": "stub", "assigned_by": "source"},
            {
                "vocabulary": "cause",
                "term": "network/dns",
                "role": "primary",
                "assigned_by": "source",
            },
            {"vocabulary": "severity", "term": "sev3", "assigned_by": "source"},
        ],
    }


def test_each_format_holds_the_same_postmortems(walrus, browse, alice):
    client = browse(alice)

    lines = sent(client.get(f"{ADDRESS}?format=ndjson")).decode().splitlines()
    array = json.loads(sent(client.get(f"{ADDRESS}?format=json")))
    archive = zipfile.ZipFile(io.BytesIO(sent(client.get(f"{ADDRESS}?format=markdown"))))
    table = sent(client.get(f"{ADDRESS}?format=csv")).decode().removeprefix("\ufeff")

    assert [json.loads(line) for line in lines] == array
    assert sorted(item["title"] for item in array) == ["Otter", "Walrus"]
    assert len(archive.namelist()) == 2
    assert archive.testzip() is None
    assert {row["title"] for row in csv.DictReader(io.StringIO(table))} == {"Otter", "Walrus"}


def test_what_carries_its_files_is_as_described(walrus, browse, alice):
    attachments.add(walrus, pictures.upload(), by=alice)
    record = jsonschema.Draft202012Validator(
        {
            "$ref": f"#/components/schemas/{document_schema.RECORD}",
            "components": {"schemas": document_schema.components()},
        }
    )

    for files in ("0", "1"):
        query = f"format=json&q=walrus&files={files}"
        (carried,) = json.loads(sent(browse(alice).get(f"{ADDRESS}?{query}")))
        (file,) = carried["attachments"]
        assert ("base64" in file) is (files == "1")
        assert list(record.iter_errors(carried)) == []


def test_a_search_narrows_it(walrus, browse, alice):
    found = json.loads(sent(browse(alice).get(f"{ADDRESS}?format=json&q=walrus&kind=stub")))

    assert [item["title"] for item in found] == ["Walrus"]


def test_nothing_found_is_an_empty_file(db):
    assert json.loads(sent(Client().get(f"{ADDRESS}?format=json"))) == []
    assert sent(Client().get(f"{ADDRESS}?format=ndjson")) == b""
    archive = sent(Client().get(f"{ADDRESS}?format=markdown"))
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == []


@pytest.mark.parametrize("query", ["format=xlsx", "format=", "sort=moon", "files=null"])
def test_what_is_not_there_is_a_problem(db, query):
    response = Client().get(f"{ADDRESS}?{query}")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_odd_queries_are_answered(walrus):
    for query in ("q=%00%ff", "cause=-", "q=%22%28", "page=x", "q=wal*", "kind=" + "x" * 3_000):
        assert sent(Client().get(f"{ADDRESS}?format=ndjson&{query}")) is not None
