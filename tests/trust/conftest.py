"""The world of the matrix, made once a module and taken back when the module is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standing import standing
from tests.trust.world import World, make_world


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker) -> Iterator[tuple[World, Path]]:
    """The world and the folder of its files."""
    with standing(django_db_blocker, make_world) as made:
        yield made


@pytest.fixture
def world(made_once, own_files, settings) -> World:
    """The world of the module; each test finds its files where they were put."""
    made, folder = made_once
    settings.ATTACHMENTS_DIR = folder
    # More is asked here in a minute than anybody is answered.
    settings.API_RATE_TOKEN = settings.API_RATE_ADDRESS = 10**6
    return made
