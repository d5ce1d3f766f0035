"""The query string of a search page asks the API for the same: the same postmortems, order and counts."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmortems.exchange import importing
from postmortems.models import User
from tests.makers import SEEDS, make_document, make_postmortem, make_team
from tests.unit.test_parser import QUERIES as TEXTS

pytestmark = pytest.mark.django_db

QUERIES = [
    "",
    "q=dns",
    "q=network",
    "q=etcd+OR+dns",
    "q=-dns",
    "q=%22api+server%22",
    "q=title:reddit",
    "q=cause:network",
    "q=severity:%3E%3Dsev2",
    "q=duration:%3E1h",
    "q=has:timeline",
    "q=no:severity",
    "q=started:2017..2023",
    "q=walru*",
    "q=dsn",
    "q=网络",
    "q=a+AND+(b",
    "cause=network",
    "cause=network&severity=sev1",
    "cause=-network",
    "severity=sev1&severity=sev2",
    "no=severity",
    "year=2023",
    "q=dns&sort=started",
    "q=dns&sort=severity",
    "sort=duration",
    "cause=network&sort=resolved",
    "sort=updated",
    "q=pod&cause=network&sort=updated",
    "status=draft",
    "status=archived",
    "q=walrus&visibility=team",
    "nothing=here",
    "q=" + "a" * 600,
    "q=%00",
]

FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "q": TEXTS | st.sampled_from(["dns", "cluster", "network OR dns", "has:timeline"]),
        "cause": st.lists(st.sampled_from(["network", "network/dns", "-time", "nope"]), max_size=2),
        "severity": st.lists(st.sampled_from(["sev1", "sev2", "-sev1"]), max_size=2),
        "year": st.sampled_from(["2023", "2017", "x"]),
        "no": st.sampled_from(["severity", "cause"]),
        "status": st.sampled_from(["draft", "archived", "published"]),
        "visibility": st.sampled_from(["team", "public"]),
        "sort": st.sampled_from(["started", "severity", "duration", "updated", "resolved"]),
        "page": st.sampled_from(["1", "2", "3"]),
        "page_size": st.sampled_from(["1", "10", "100"]),
    },
)


@pytest.fixture
def seeds(dana):
    """The seeds, and a few that not everybody sees."""
    system = User.objects.system()
    importing.import_files(sorted(SEEDS.glob("*.md")), by=system, team=make_team("platform"))
    for status in ("draft", "published", "archived"):
        for visibility in ("public", "team"):
            make_postmortem(make_document("Walrus"), status=status, visibility=visibility)


def of_page(client, query):
    """What the page shows: refs in their order, how many in all, the counts of each facet."""
    return shown_by(client.get(f"/?{query}", follow=True))


def shown_by(answer):
    """The same of an answer."""
    results = answer.context["results"]
    counts = {
        facet.slug: [(value.value, value.count) for value in facet.flat()]
        for facet in results.facets
    }
    return [hit.ref for hit in results.hits], results.count, counts


def of_api(client, query):
    """The same of the API."""
    body = client.get(f"/api/v1/postmortems/?{query}&facets=1").json()
    assert "results" in body, (query, body)
    counts = {
        facet["slug"]: [(value["value"], value["count"]) for value in facet["values"]]
        for facet in body["facets"]
        if "values" in facet
    }
    return [hit["ref"] for hit in body["results"]], body["count"], counts


@pytest.mark.parametrize("who", [None, "alice"])
def test_page_and_api_answer_alike(request, browse, seeds, who):
    client = browse(request.getfixturevalue(who) if who else None)
    different = []

    for query in QUERIES:
        page, api = of_page(client, query), of_api(client, query)
        # Where nothing narrows it the page shows fewer: beside the results stand other things.
        shown = (api[0][: len(page[0])], *api[1:]) if page[0] else api
        if page != shown:
            different.append((query, page[:2], api[:2]))

    assert different == []
    assert of_api(client, "q=dns")[1] > 1


@given(filters=FILTERS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_narrows_the_page_narrows_the_list_alike(client, seeds, filters):
    query = urlencode({"q": "", **filters}, doseq=True, errors="surrogatepass")

    answer = client.get(f"/?{query}", follow=True)
    # Past the end the page leads to the last one.
    page, api = shown_by(answer), of_api(client, answer.request["QUERY_STRING"])

    # Where nothing narrows it the page shows fewer: beside the results stand other things.
    assert page == (api[0][: len(page[0])], *api[1:])
    assert len(page[0]) in (len(api[0]), 10)
