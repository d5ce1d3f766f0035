"""Who opens every address, and what they find there: made once a module that has both fixtures."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from postmortems import bin, reviews
from postmortems.models import Import, Postmortem, ReadingList, SavedSearch, User
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
)
from tests.standing import standing

Cast = tuple[User | None, ...]


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
