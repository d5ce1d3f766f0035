"""The world of the matrix, made once a module and taken back when the module is over."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test.utils import override_settings

from tests.trust.world import World, make_world

HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker) -> Iterator[tuple[World, str]]:
    """The world and the folder of its files, in a transaction that is rolled back."""
    folder = tempfile.mkdtemp(prefix="hindsight-trust-")
    changed = override_settings(ATTACHMENTS_DIR=Path(folder), PASSWORD_HASHERS=HASHERS)
    with django_db_blocker.unblock(), transaction.atomic():
        with changed:
            made = make_world()
        yield made, folder
        transaction.set_rollback(True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def world(made_once, own_files, settings) -> World:
    """The world of the module; each test finds its files where they were put."""
    made, folder = made_once
    settings.ATTACHMENTS_DIR = Path(folder)
    # More is asked here in a minute than anybody is answered.
    settings.API_RATE_TOKEN = settings.API_RATE_ADDRESS = 10**6
    return made
