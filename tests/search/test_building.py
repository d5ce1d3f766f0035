"""A large index is made by several processes: the same entries as one process makes."""

import pytest
from django.db import connection

from postmortems.search import building, sync
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask


@pytest.mark.django_db(transaction=True)
def test_several_processes_make_the_same_entries(monkeypatch):
    if "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("a database in memory is seen by one process alone; PostgreSQL's run does this")
    for number in range(20):
        make_postmortem(make_document(f"Walrus {number}", terms=("cause.primary:network/dns",)))
    monkeypatch.setattr(building, "MANY", 3)
    monkeypatch.setattr(building, "_processes", lambda: 2)

    assert building._may_share(20)
    assert sync.rebuild() == 20
    assert sync.verify() == []
    assert ask("walrus", cause="network").count == 20


@pytest.mark.django_db
def test_what_is_not_committed_is_made_by_this_process(monkeypatch):
    make_postmortem(make_document("Walrus"))
    monkeypatch.setattr(building, "MANY", 0)

    assert not building._may_share(1)
    assert sync.rebuild() == 1
