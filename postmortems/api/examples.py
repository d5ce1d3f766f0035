"""Examples for the OpenAPI document: what a site with the shipped incidents answers, shortened.

A test makes the file anew and compares; `complete` in `schema` puts it in.
"""

import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("examples.json")
FOUND: dict[str, dict[str, Any]] = (
    json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}
)


def show(operation: dict[str, Any]) -> None:
    """Give an operation its examples: of what is sent, and of each answer that has a body."""
    found = FOUND.get(operation["operationId"], {})
    if "request" in found:
        _fill(operation["requestBody"], found["request"])
    for code, value in found.get("responses", {}).items():
        _fill(operation["responses"][code], value)


def _fill(holder: dict[str, Any], value: Any) -> None:
    for media_type, content in holder["content"].items():
        if media_type in ("application/json", "application/merge-patch+json"):
            content["example"] = value
