"""The search page: links that keep the query whole, and as many statements for three hits as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers


def statements(client, path):
    """How many statements the page takes once the vocabularies are in memory."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize(
    ("path", "expected"), [("/", 9), ("/?q=postmortem", 6), ("/?cause=none", 5)]
)
@pytest.mark.parametrize("count", [1, 3])
def test_more_postmortems_take_no_more_statements(browse, alice, platform, count, path, expected):
    for _ in range(count):
        makers.make_postmortem(team=platform, authors=(alice,))

    assert statements(browse(alice), path) == expected


def test_clearing_the_filters_keeps_the_whole_query(browse, db):
    page = browse().get("/", {"q": "a&b #c", "severity": "sev1"}).context["page"]

    assert page.clear_url == "/?q=a%26b+%23c"
