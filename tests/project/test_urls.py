"""Every address of the site: who may open it, and that opening it changes nothing."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from postmortems import bin, reviews
from postmortems.audit.notes import MARKS
from postmortems.models import (
    AuditEntry,
    Import,
    Opening,
    Postmortem,
    ReadingList,
    SavedSearch,
    Tally,
    User,
)
from tests import makers
from tests.project.url_row import (
    BINNED,
    DRAFT,
    IMPORT,
    OF_TEAM,
    OWN_FILE,
    PUBLIC,
    READING,
    RESTRICTED,
    SAVED,
    Row,
)
from tests.project.url_rows import ROWS
from tests.standing import standing

Cast = tuple[User | None, ...]
GETS = [row for row in ROWS if row.method == "get"]


def names_of(resolver: URLResolver, prefix: str = "") -> set[str]:
    """The names of all addresses below a resolver, with their namespaces."""
    found: set[str] = set()
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            found.add(f"{prefix}{item.name}")
        else:
            inner = f"{prefix}{item.namespace}:" if item.namespace else prefix
            found |= names_of(item, inner)
    return found


def label(row: Row) -> str:
    """The row's name in a test report."""
    return " ".join([row.method, row.name, *row.kwargs.values()]) + row.query


def stored_rows() -> dict[str, list[dict]]:
    """Every row of every table, sessions included, but for marks of who looked and how often."""
    rows = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model not in (Tally, Opening)
    }
    acts = rows[AuditEntry._meta.label]
    return rows | {AuditEntry._meta.label: [row for row in acts if row["action"] not in MARKS]}


def make_cast() -> Cast:
    """The viewers in the order of the answers, and a postmortem of each kind of audience."""
    platform, payments = makers.make_team("platform"), makers.make_team("payments")
    alice = makers.make_user("alice", team=platform, role="author")
    makers.make_user("bob", team=platform, role="reviewer")
    charlie = makers.make_user("charlie", team=payments, role="author")
    dana = makers.make_user("dana", is_administrator=True, is_curator=True)
    kinds = {
        PUBLIC: {"visibility": "public"},
        OF_TEAM: {"visibility": "team"},
        RESTRICTED: {"visibility": "restricted"},
        DRAFT: {"visibility": "public", "status": "draft"},
    }
    for ref, fields in kinds.items():
        document = makers.make_document("A secret")
        makers.make_postmortem(
            document, team=platform, authors=(alice,), ref=ref, slug="slug", **fields
        )
    makers.load_shipped_templates()
    thrown = makers.make_postmortem(
        makers.make_document("A secret"), team=platform, authors=(alice,), ref=BINNED, slug="slug"
    )
    reviews.comment(Postmortem.objects.get(ref=DRAFT), "A secret", by=alice)
    for made in Postmortem.objects.all():
        makers.keep_file(alice, (made.ref * 3)[:20], made)
        made.attachments = [{"id": (made.ref * 3)[:20], "name": "a.png"}]
        made.save()
    makers.keep_file(alice, OWN_FILE)
    bin.throw_away(thrown, by=alice)
    Import.objects.create(
        ref=IMPORT, by=alice, team=platform, digest="d" * 64, finished_at=thrown.created_at
    )
    SavedSearch.objects.create(
        ref=SAVED, owner=alice, name="A secret", query="q=secret", shared="team", team=platform
    )
    ReadingList.objects.create(
        ref=READING, owner=alice, name="A secret", shared="team", team=platform
    ).entries.create(postmortem=Postmortem.objects.get(ref=PUBLIC), position=1)
    return (None, alice, charlie, dana)


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker) -> Iterator[tuple[Cast, Path]]:
    """The viewers, and the folder of the files."""
    with standing(django_db_blocker, make_cast) as made:
        yield made


@pytest.fixture
def cast(made_once, db, own_files, settings) -> Cast:
    """The viewers as they were made; each test has files of its own."""
    made, folder = made_once
    shutil.copytree(folder, settings.ATTACHMENTS_DIR)
    return deepcopy(made)


def test_every_address_has_a_row_that_says_who_may_open_it():
    assert {row.name for row in ROWS} == names_of(get_resolver())


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_each_viewer_gets_what_the_table_says(row, cast, browse):
    answers = [getattr(browse(viewer), row.method)(row.path).status_code for viewer in cast]

    assert tuple(answers) == row.answers


@pytest.mark.parametrize("row", GETS, ids=label)
def test_opening_an_address_changes_no_row(row, cast, browse):
    clients = [browse(viewer) for viewer in cast]
    before = stored_rows()

    for client in clients:
        client.get(row.path)

    assert stored_rows() == before


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_health_answer_changes_no_row(path, cast, browse):
    before = stored_rows()

    assert browse().get(path).status_code == 200
    assert stored_rows() == before


def test_the_comparison_of_rows_can_fail(cast):
    before = stored_rows()

    makers.make_user("erin")

    assert stored_rows() != before
