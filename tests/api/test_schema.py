"""The OpenAPI document: what is committed is what the code says, and it describes the content by its rules."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.validation import validate_schema
from hypothesis import given

from postmortems.api import document_schema
from postmortems.api.description import FILE
from postmortems.api.schema import TAGS
from postmortems.document_json import to_json
from postmortems.exchange import markdown_file
from tests.makers import ROOT, SEEDS
from tests.strategies import documents

COMMITTED = json.loads(FILE.read_text())
OPERATIONS = [
    (f"{method} {path}", operation)
    for path, methods in COMMITTED["paths"].items()
    for method, operation in methods.items()
]
URL = "/api/schema/"
VOCABULARIES = list(
    yaml.safe_load((ROOT / "fixtures" / "taxonomy.yaml").read_text())["vocabularies"]
)


def checker():
    definitions = {"components": {"schemas": document_schema.components()}}
    return jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Document", **definitions})


def test_the_committed_file_is_what_the_code_says():
    with translation.override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)

    assert json.loads(OpenApiJsonRenderer().render(made, renderer_context={})) == COMMITTED
    assert not GENERATOR_STATS, "make schema"


def test_the_document_is_valid():
    validate_schema(COMMITTED)

    assert COMMITTED["openapi"] == "3.1.0"
    assert "servers" not in COMMITTED


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_an_operation_is_described_whole(name, operation):
    assert operation["summary"]
    assert operation["operationId"].count("_") <= 6
    assert {"400", "401", "429"} <= operation["responses"].keys()
    assert set(operation["tags"]) <= TAGS.keys()


def test_no_two_operations_have_one_id():
    ids = [operation["operationId"] for _, operation in OPERATIONS]

    assert len(ids) == len(set(ids))


def test_every_code_of_a_problem_is_described_as_one():
    codes = {code for _, item in OPERATIONS for code in item["responses"] if code >= "400"}

    for code in codes:
        answer = COMMITTED["components"]["responses"][code]
        assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.md")), ids=lambda path: path.stem)
def test_the_seed_incidents_are_documents_by_the_schema(path):
    content = to_json(markdown_file.parse(path.read_bytes(), VOCABULARIES).document)

    assert [error.message for error in checker().iter_errors(content)] == []


@given(documents())
def test_every_document_is_one_by_the_schema(document):
    assert [error.message for error in checker().iter_errors(to_json(document))] == []


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"title": ""},
        {"title": "x" * 301},
        {"title": "x", "strange": 1},
        {"title": "x", "started": {"date": "yesterday"}},
        {"title": "x", "timeline": [{"id": "t1", "kind": "rumour", "text": "x"}]},
        {"title": "x", "signals": [{"id": "a b", "text": "x"}]},
        {"title": "x", "duration": {"seconds": -1}},
        {"title": "x", "sections": {"Not A Key": "x"}},
    ],
)
def test_what_breaks_a_rule_breaks_the_schema(bad):
    assert not checker().is_valid(bad)


def test_it_is_served_as_json_and_as_yaml(client):
    as_json = client.get(URL)
    as_yaml = client.get(URL, {"format": "yaml"})
    preferred = client.get(URL, headers={"Accept": "application/yaml"})

    assert (as_json["Content-Type"], as_json.json()) == ("application/json", COMMITTED)
    assert as_yaml["Content-Type"] == preferred["Content-Type"] == "application/yaml"
    assert yaml.safe_load(as_yaml.content) == COMMITTED


def test_who_has_it_is_not_sent_it_again(client):
    tag = client.get(URL)["ETag"]

    again = client.get(URL, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


# What each act of the audit log tells is its own.
FREE = {"EntryBody/properties/before", "EntryBody/properties/after"}


def free_objects(schema: Any, place: str) -> Iterator[str]:
    """Where a schema takes any object, or anything."""
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from free_objects(item, f"{place}/{index}")
    if not isinstance(schema, dict):
        return
    is_object = "object" in schema.get("type", ())
    if (is_object and not {"properties", "additionalProperties"} & schema.keys()) or (
        schema.get("additionalProperties") in (True, {})
    ):
        yield place
    for name, item in schema.items():
        if name not in ("example", "default", "enum"):
            yield from free_objects(item, f"{place}/{name}")


def test_no_object_is_free_but_those_named_here():
    found = set(free_objects(COMMITTED["components"]["schemas"], ""))

    bodies = set(free_objects(COMMITTED["paths"], ""))

    assert {place.removeprefix("/") for place in found} == FREE
    assert bodies == set()


def test_what_is_ignored_is_the_only_thing_that_may_be_anything():
    schemas = COMMITTED["components"]["schemas"]

    free = {
        name
        for schema in schemas.values()
        for name, item in schema.get("properties", {}).items()
        if not item.keys() - {"description"}
    }

    assert free == document_schema.READ_ONLY


def test_nothing_in_a_patch_has_a_default():
    schemas = COMMITTED["components"]["schemas"]
    patches = {name: item for name, item in schemas.items() if name.startswith("Patched")}

    with_defaults = {
        (name, field)
        for name, item in patches.items()
        for field, value in item["properties"].items()
        if '"default"' in json.dumps(value)
    }

    assert with_defaults == set()
