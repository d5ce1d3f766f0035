"""The search page: links that keep the query whole, and as many statements for three hits as for one."""

import pytest
from django.test.utils import CaptureQueriesContext

from tests import makers


def statements(client, path, connection):
    """How many statements the page takes once everything is warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize(("path", "most"), [("/", 11), ("/?q=postmortem", 8), ("/?cause=none", 8)])
def test_more_hits_take_no_more_statements(browse, alice, platform, path, most):
    from django.db import connection

    client = browse(alice)
    makers.make_postmortem(team=platform)
    with_one = statements(client, path, connection)

    makers.make_postmortem(team=platform)
    makers.make_postmortem(team=platform, authors=(alice,))

    # The session, the account and its teams are what a visitor's page does without.
    assert statements(client, path, connection) == with_one <= most + 3


def test_clearing_the_filters_keeps_the_whole_query(browse, db):
    page = browse().get("/", {"q": "a&b #c", "severity": "sev1"}).context["page"]

    assert page.clear_url == "/?q=a%26b+%23c"
