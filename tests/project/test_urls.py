"""Every address of the site: who may open it, and that opening it changes nothing."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from postmortems.audit.notes import MARKS
from postmortems.models import AuditEntry, Opening, Session, Tally
from tests import makers
from tests.project.url_cast import cast, made_once
from tests.project.url_row import Row
from tests.project.url_rows import ROWS

__all__ = ["cast", "made_once"]
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


def test_every_address_has_a_row_that_says_who_may_open_it():
    assert {row.name for row in ROWS} == names_of(get_resolver())


# On PostgreSQL the matrix of rights asks the same addresses.
@pytest.mark.any_database
@pytest.mark.parametrize("row", ROWS, ids=label)
def test_each_viewer_gets_what_the_table_says(row, cast, browse):
    answers = [getattr(browse(viewer), row.method)(row.path).status_code for viewer in cast]

    assert tuple(answers) == row.answers


@pytest.fixture(scope="module")
def signed_in(made_once, django_db_blocker) -> tuple[list[str], dict[str, list[dict]]]:
    """The sessions of the viewers, and every row there is once they are signed in."""
    keys = []
    with django_db_blocker.unblock():
        for viewer in made_once[0]:
            client = Client()
            if viewer:
                client.force_login(viewer)
            keys.append(client.cookies.output(header="", attrs=[]).strip())
        # However long the module takes, none of them was last seen so long ago that it is noted anew.
        Session.objects.update(last_seen_at=timezone.now() + timedelta(days=1))
        return keys, stored_rows()


@pytest.mark.parametrize("row", GETS, ids=label)
def test_opening_an_address_changes_no_row(row, signed_in, cast):
    cookies, before = signed_in

    for cookie in cookies:
        Client(headers={"cookie": cookie}).get(row.path)

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
