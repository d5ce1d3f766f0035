"""What all tests of a module stand on, made once: it takes longer to make than most of them."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.test.utils import override_settings

HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

World = TypeVar("World")


@contextmanager
def standing(django_db_blocker, make: Callable[[], World]) -> Iterator[tuple[World, Path]]:
    """What `make` made, and the folder of its files, in a transaction that is rolled back; each test's
    own transaction stands in it."""
    folder = Path(tempfile.mkdtemp(prefix="hindsight-standing-"))
    changed = override_settings(
        ATTACHMENTS_DIR=folder / "attachments",
        SEARCH_INDEX_DIR=folder / "index",
        PASSWORD_HASHERS=HASHERS,
    )
    with django_db_blocker.unblock(), transaction.atomic():
        with changed:
            made = make()
        yield made, folder / "attachments"
        transaction.set_rollback(True)
    shutil.rmtree(folder, ignore_errors=True)
