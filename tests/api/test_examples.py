"""The examples of the OpenAPI document are what a site with the incidents that come with it answers.

`make examples` writes them anew and takes them into the document.
"""

import json
import os

import jsonschema
import pytest

from postmortems.api.description import FILE
from postmortems.api.examples import EXAMPLES, FOUND
from tests.api.example_site import collected

DOCUMENT = json.loads(FILE.read_text())
JSON = "application/json"
OPERATIONS = {
    operation["operationId"]: operation
    for methods in DOCUMENT["paths"].values()
    for operation in methods.values()
}
# Nothing of the incidents is said there, or it is another on every site.
WITHOUT = {
    *("delete_postmortem", "delete_timeline_entry", "delete_action", "delete_comment"),
    *("unlink_same_defect", "bring_similar_back"),
    *("delete_reading_list", "remove_reading_list_item", "patterns_recurrence"),
    *("delete_saved_search", "remove_member", "remove_attachment", "revoke_token"),
    *("add_attachment", "read_attachment", "read_attachment_content"),
    *("create_token", "list_tokens", "read_token", "change_me", "list_audit_entries"),
    *("create_vocabulary", "change_vocabulary", "restore_postmortem"),
}


def resolved(schema: dict) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


@pytest.mark.django_db
def test_they_are_what_a_site_answers():
    found = collected()

    if os.environ.get("HINDSIGHT_WRITE_EXAMPLES"):
        EXAMPLES.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    assert json.loads(EXAMPLES.read_text()) == found


@pytest.mark.parametrize("name", sorted(FOUND))
def test_each_is_valid_by_the_schema_of_its_operation(name):
    operation, example = OPERATIONS[name], FOUND[name]

    told = {code: operation["responses"][code]["content"][JSON] for code in example["responses"]}

    if "request" in example:
        sent = operation["requestBody"]["content"][JSON]
        assert sent["example"] == example["request"]
        assert [
            error.message for error in resolved(sent["schema"]).iter_errors(sent["example"])
        ] == []
    for code, content in told.items():
        assert content["example"] == example["responses"][code]
        errors = resolved(content["schema"]).iter_errors(content["example"])
        assert [(error.json_path, error.message) for error in errors] == []


def test_every_operation_has_one_but_those_that_say_nothing_of_incidents():
    assert OPERATIONS.keys() - FOUND.keys() == WITHOUT


def test_the_document_stays_small():
    assert FILE.stat().st_size < 8_900 * len(OPERATIONS)
