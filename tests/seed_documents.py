"""The Documents of the incidents that come with the product, read without a database."""

from functools import cache

import yaml

from postmortems.document import Document
from postmortems.exchange import markdown_file
from tests.makers import ROOT, SEEDS


@cache
def vocabularies() -> tuple[str, ...]:
    """The slugs of the shipped vocabularies."""
    return tuple(yaml.safe_load((ROOT / "fixtures" / "taxonomy.yaml").read_text())["vocabularies"])


@cache
def seed(name: str) -> Document:
    """The Document of fixtures/seeds/NAME.md."""
    parsed = markdown_file.parse((SEEDS / f"{name}.md").read_bytes(), vocabularies())
    assert not parsed.problems
    return parsed.document
