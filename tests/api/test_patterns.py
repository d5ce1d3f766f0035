"""GET /api/v1/patterns/…: the numbers of the page, for who asks; parameters that mean nothing are refused."""

import pytest
from django.urls import reverse

from postmortems.api.patterns import PARTS
from postmortems.document import Relation
from postmortems.insights.shapes import Count
from postmortems.moments import Moment
from tests.insights.lists import listed
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

NAMES = tuple(part.replace("_", "-") for part in PARTS)
DNS = "cause.primary:network/dns"


def made(*terms, on="2023-03-14", **envelope):
    """A postmortem with terms that started on a day."""
    document = make_document("", terms, started=Moment(on))
    return make_postmortem(document, **envelope)


@pytest.fixture
def three(platform):
    """Two with DNS after an upgrade, and another one."""
    made(DNS, "trigger:upgrade")
    made(DNS, "trigger:upgrade", on="2022-05-01")
    made("cause.primary:capacity/resource-limits", "trigger:traffic-surge", on="2021-05-01")


def ask(client, name, query="", status=200):
    """What one part answers."""
    response = client.get(reverse(f"api:patterns-{name}") + query)
    assert response.status_code == status, response.text
    return response.json()


def counts_in(answer):
    """Every count of an answer, however deep."""
    if isinstance(answer, dict) and set(answer) == {"number", "url"}:
        return [answer]
    items = answer.values() if isinstance(answer, dict) else answer
    return [count for item in items if isinstance(item, dict | list) for count in counts_in(item)]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_lists_exactly_what_it_counts(browse, three, name):
    counts = counts_in(ask(browse(), name))
    # Of nothing there may be no list.
    found = [(count["url"], count["number"]) for count in counts if count["url"]]

    assert found
    assert {count["number"] for count in counts if not count["url"]} <= {0}
    assert [(url, listed(Count(number, url))) for url, number in found] == found


@pytest.mark.parametrize("name", NAMES)
def test_what_is_hidden_changes_nothing(browse, alice, charlie, three, name):
    before = ask(browse(charlie), name)

    made(DNS, "trigger:upgrade", visibility="restricted", authors=(alice,))

    assert ask(browse(charlie), name) == before


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_site_is_answered(browse, db, name):
    assert ask(browse(), name)


def test_the_matrix_has_the_vocabularies_that_are_asked_for(browse, three):
    answer = ask(browse(), "matrix", "?rows=trigger&columns=cause&depth=2")

    rows = {row["term"]["path"]: row for row in answer["rows"]}
    columns = [column["term"]["path"] for column in answer["columns"]]
    assert (answer["depth"], columns[0]) == (2, "network/dns")
    assert [cell["count"]["number"] for cell in rows["upgrade"]["cells"]] == [2, 0]
    assert rows["upgrade"]["cells"][0]["ratio"] == 1.5


def test_the_matrix_has_what_is_not_recorded_where_it_is_asked_for(browse, three):
    made(DNS, on="2021-01-01")
    shown = ask(browse(), "matrix", "?rows=trigger&columns=cause&unknown=show")

    assert [row["term"]["path"] for row in shown["rows"]][-1] == "unknown"
    hidden = ask(browse(), "matrix", "?rows=trigger&columns=cause")
    assert "unknown" not in [row["term"]["path"] for row in hidden["rows"]]


def test_the_search_narrows_all_of_it(browse, three):
    answer = ask(browse(), "trends", "?trigger=upgrade&span=year")

    assert answer["total"]["number"] == 2
    assert [(item["value"], item["total"]["number"]) for item in answer["periods"]] == [
        ("2022", 1),
        ("2023", 1),
    ]


def test_times_are_answered_for_all_measures(browse, three):
    measures = ask(browse(), "times")["measures"]

    assert [item["measure"] for item in measures] == ["detect", "mitigate", "resolve"]
    assert measures[0]["by"]["slug"] == "severity"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?rows=walrus", "rows"),
        ("?depth=x", "depth"),
        ("?heat=red", "heat"),
        ("?span=week", "span"),
        ("?unknown=yes", "unknown"),
        ("?trend_by=walrus", "trend_by"),
        ("?times_by=walrus", "times_by"),
        ("?rows=cause&columns=cause", "columns"),
        ("?walrus=1", "walrus"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(browse, db, query, name):
    problem = ask(browse(), "matrix", query, status=400)

    assert [item["pointer"] for item in problem["errors"]] == [f"/{name}"]


@pytest.mark.parametrize(
    "query", ["?q=dns&cause=network&sort=started&page=2&open=cause", "?year_from=2020&narrow=1"]
)
def test_the_address_of_a_page_works_here(browse, three, query):
    assert "rows" in ask(browse(), "matrix", query)


def test_a_chain_has_the_times_between_of_its_known_problem(browse, db):
    last = make_postmortem(make_document(started=Moment("2024-03")))
    relations = (Relation("same-defect", last.ref),)
    make_postmortem(make_document(started=Moment("2023-09"), relations=relations))
    client = browse()

    known = client.get(f"/api/v1/postmortems/{last.ref}/known/").json()
    (chain,) = ask(client, "recurrence")["chains"]

    since = [item["since"] for item in chain["occurrences"]]
    assert since == [item["since"] for item in known["occurrences"]]
    assert (since[0], since[1]["unit"], since[1]["low"], since[1]["high"]) == (None, "month", 5, 7)
    assert chain["fix"] == known["fix"]


def test_the_numbers_are_those_of_the_page(browse, three):
    made(DNS, "trigger:upgrade")
    made(DNS, "trigger:upgrade")
    client = browse()

    answer = ask(client, "gaps")

    page = client.get("/patterns/").text
    shown = [count for gap in answer["gaps"] for count in [gap["count"]]]
    assert shown
    assert all(f">{count['number']}</a>" in page for count in shown)
