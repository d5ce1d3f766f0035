"""What all tests share: the cast, an index of their own, and the marker for what touches the database."""

import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from postmortems import outbox, rendering
from postmortems.models import Team, User
from postmortems.search import sync
from taxonomy import lookup
from taxonomy.models import Vocabulary
from tests import append_only, makers
from tests.soak import IS_FULL

# A machine that does other things at the same time makes no property false, and the same code is asked the
# same questions each time; the long runs ask others.
settings.register_profile(
    "shared",
    deadline=None,
    derandomize=not IS_FULL,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("shared")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that the PostgreSQL run can choose exactly that."""
    for item in items:
        is_touched = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if is_touched and not item.get_closest_marker("any_database"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def beginning() -> Iterator[sqlite3.Connection]:
    """The test database as it was before the first test; on SQLite alone."""
    rows = sqlite3.connect(":memory:", check_same_thread=False)
    yield rows
    rows.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, beginning):
    """The shipped vocabularies stand in every test database."""
    with django_db_blocker.unblock():
        makers.load_shipped_vocabularies()
        if connection.vendor == "sqlite":
            connection.connection.backup(beginning)


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied(beginning) -> None:
    """The database refuses to empty the audit log; between two tests, and only there, it must.

    On SQLite it is put back instead, which takes a hundredth of what emptying and filling it takes.
    """
    empty = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        if connection.vendor == "sqlite":
            beginning.backup(connection.connection)
            lookup.forget()
            return
        with append_only.lifted():
            empty(case)

    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture
def transactional_db(transactional_db) -> None:
    """Such a test empties all tables when it ends, the shipped vocabularies with them."""
    if not Vocabulary.objects.exists():
        makers.load_shipped_vocabularies()


@pytest.fixture(autouse=True)
def own_index(settings) -> Iterator[None]:
    """Each test has an empty index directory, and no state of another test in the process."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="hindsight-index-", dir=memory if memory.is_dir() else None)
    settings.SEARCH_INDEX_DIR = Path(folder)
    settings.MARKS_FILE = Path(folder) / "marks.sqlite3"
    sync.forget()
    lookup.forget()
    yield
    sync.forget()
    lookup.forget()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """A real hash is slow on purpose; the tests make hundreds of accounts."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def patient_rendering(monkeypatch) -> None:
    """A text is laid out however busy the machine is; what ends a hostile one is processor time."""
    monkeypatch.setattr(rendering, "WAIT_SECONDS", 120.0)


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Templates name static files as they are; the hashed names need a collected folder."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def platform(db) -> Team:
    """The team of alice and bob."""
    return makers.make_team("platform")


@pytest.fixture
def payments(db) -> Team:
    """The team of charlie, who is outside everything else."""
    return makers.make_team("payments")


@pytest.fixture
def alice(platform) -> User:
    """Writes in the platform team."""
    return makers.make_user("alice", team=platform, role="author")


@pytest.fixture
def bob(platform) -> User:
    """Reviews in the platform team."""
    return makers.make_user("bob", team=platform, role="reviewer")


@pytest.fixture
def charlie(payments) -> User:
    """Writes in another team and is outside of platform."""
    return makers.make_user("charlie", team=payments, role="author")


@pytest.fixture
def dana(db) -> User:
    """Administers the site."""
    return makers.make_user("dana", is_administrator=True, is_curator=True)


@pytest.fixture
def system(db) -> User:
    """The user that verbs run by without a person."""
    return User.objects.system()


@pytest.fixture
def browse():
    """A test client, signed in when a user is given: `browse(alice).get("/")`."""

    def signed_in(user: User | None = None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def hooks_after_commit() -> list:
    """What runs after a commit that wrote the search log."""
    return outbox.after_commit


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path_factory) -> None:
    """Each test has a data directory of its own for uploaded files; it is made when first used."""
    settings.ATTACHMENTS_DIR = tmp_path_factory.getbasetemp() / f"attachments-{uuid.uuid4().hex}"
