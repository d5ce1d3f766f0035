"""What the tests of pages share."""

from dataclasses import replace

import pytest

from postmortems.exchange import markdown_file
from taxonomy import lookup


@pytest.fixture
def seeds():
    """The Documents of a seed file, without the relations that files name by import id."""

    def documents(path):
        known = [vocabulary.slug for vocabulary in lookup.current().vocabularies]
        parsed = markdown_file.parse(path.read_bytes(), known)
        yield replace(parsed.document, relations=())

    return documents
