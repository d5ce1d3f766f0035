"""The Documents of the incidents that come with the product, read without a database."""

from functools import cache

import yaml

from postmortems.document import Document
from postmortems.exchange import markdown_file
from tests.makers import ROOT, SEEDS


@cache
def seed(name: str) -> Document:
    """The Document of fixtures/seeds/NAME.md."""
    taxonomy = yaml.safe_load((ROOT / "fixtures" / "taxonomy.yaml").read_text())
    parsed = markdown_file.parse(
        (SEEDS / f"{name}.md").read_bytes(), list(taxonomy["vocabularies"])
    )
    assert not parsed.problems
    return parsed.document
