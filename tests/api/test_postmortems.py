"""GET /api/v1/postmortems/: search as a plain list, its pages, and that no value of any parameter breaks it."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmortems.document import Signal
from postmortems.models import Membership, Postmortem
from postmortems.search.fields import known_fields
from postmortems.search.front_door import understand
from postmortems.search.parser import MAX_TOKENS
from postmortems.search.query import leaves
from taxonomy import lookup
from tests.api.tool import Tool, reads
from tests.makers import make_document, make_postmortem, make_team

pytestmark = pytest.mark.django_db

URL = "/api/v1/postmortems/"
SEARCH = "/api/v1/search/"


def test_the_address():
    assert reverse("api:postmortems") == URL


@pytest.mark.parametrize("query", ["", "?q=walrus", "?q=cause:time&severity=-sev2&sort=updated"])
def test_the_list_is_the_search_without_its_facets(client, query):
    make_postmortem(make_document("Walrus", terms=("cause:time", "severity:sev1")))
    make_postmortem(make_document("Otter", terms=("severity:sev2",)))

    listed, found = client.get(URL + query).json(), client.get(SEARCH + query).json()

    assert found.pop("facets")
    assert listed == found


def test_a_page_of_25_costs_the_statements_that_a_page_of_one_costs(client, platform, alice):
    tool = Tool(alice, "read")
    counts = []
    for number in (1, 29):
        for _one in range(number):
            make_postmortem(team=platform, authors=(alice,))
        for ask in (client.get, tool.get):
            # The first to ask counts anew what has changed.
            ask(f"{URL}?page_size=25&facets=1")
            with CaptureQueriesContext(connection) as asked:
                answer = ask(f"{URL}?page_size=25&facets=1")
            counts.append(reads(asked))

    assert len(answer.json()["results"]) == 25
    assert counts == [3, 5] * 2


@pytest.mark.parametrize("asked", ["1", "true"])
def test_facets_come_when_they_are_asked_for(client, asked):
    make_postmortem()

    facets = client.get(URL, {"facets": asked}).json()["facets"]

    assert facets == client.get(SEARCH).json()["facets"]
    assert "facets" not in client.get(URL, {"facets": "0"}).json()


BAD = [
    ({"page": "0"}, "/page"),
    ({"page": "1001"}, "/page"),
    ({"page": "1e9"}, "/page"),
    ({"page_size": "101"}, "/page_size"),
    ({"page_size": "0"}, "/page_size"),
    ({"sort": "title"}, "/sort"),
]


@pytest.mark.parametrize(("params", "pointer"), BAD)
@pytest.mark.parametrize("url", [URL, SEARCH])
def test_a_bad_page_or_order_is_a_problem(client, url, params, pointer):
    answer = client.get(url, params)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_list_is_only_read(client, method):
    assert getattr(client, method)(URL).status_code in (401, 405)


def test_charlie_finds_no_trace_of_what_is_not_for_him(browse, alice, charlie):
    Membership.objects.create(user=alice, team=make_team("secret-project"), role="author")
    make_postmortem(make_document("Walrus"), team=make_team("secret-project"), visibility="team")

    answer = browse(charlie).get(URL, {"q": "walrus", "facets": "1"})

    assert browse(alice).get(URL, {"q": "walrus"}).json()["count"] == 1
    assert answer.json()["count"] == 0
    assert b"secret-project" not in answer.content


def test_the_next_page_stands_below_the_configured_address(client, settings):
    settings.BASE_URL = "https://postmortems.example"
    for _number in range(3):
        make_postmortem(make_document("Walrus"))

    first = client.get(URL, {"q": "walrus", "page_size": 2}).json()
    last = client.get(URL, {"q": "walrus", "page_size": 2, "page": 2}).json()

    assert first["next"] == f"https://postmortems.example{URL}?q=walrus&page_size=2&page=2"
    assert last["previous"] == f"https://postmortems.example{URL}?q=walrus&page_size=2&page=1"


def test_without_a_configured_address_it_is_the_one_that_was_asked(client, settings):
    settings.BASE_URL = ""
    make_postmortem()
    make_postmortem()

    body = client.get(URL, {"page_size": 1}, headers={"host": "localhost:8123"}).json()

    assert body["next"] == f"http://localhost:8123{URL}?page_size=1&page=2"


def test_the_last_page_that_can_be_asked_for_leads_no_further(client, monkeypatch):
    monkeypatch.setattr("postmortems.api.paging.MOST_PAGES", 2)
    for _number in range(3):
        make_postmortem()

    pages = [client.get(URL, {"page_size": 1, "page": page}).json() for page in (1, 2)]

    assert [bool(page["next"]) for page in pages] == [True, False]


def test_a_hit_says_which_word_it_lacks_and_administrators_why_it_is_there(browse, alice, dana):
    make_postmortem(make_document("Walrus"))

    (told,) = (
        browse(dana).get(URL, {"q": "walrus otter match:most", "explain": "1"}).json()["results"]
    )
    (plain,) = browse(alice).get(URL, {"q": "walrus", "explain": "1"}).json()["results"]

    assert told["lacks"] == ["otter"]
    assert {reason["part"] for reason in told["reasons"]} >= {"Title"}
    assert not {"lacks", "reasons"} & set(plain)


# What tools and attackers send where a word, a date or a number is meant.
ODD = [
    *("", "\x00", "a\x00b", "\ufeff", "\u202e", "%00", "%", "%zz", "../../etc/passwd", "'", '"'),
    *("';--", "1 OR 1=1", "{{7*7}}", "<script>alert(1)</script>", "\r\nX-Injected: 1", "NaN"),
    *("-1", "0", "2147483648", "99999999999999999999", "1e999", "٣", "null", "[]", "{}", "true"),
    *(
        "2024-02-30",
        "0000-00-00",
        "10000-01-01",
        "1970-01-01T00:00:00+99:99",
        "..",
        "..<",
        "<",
        ">",
    ),
    *("-", "--", ",", "2023..2021", ">99999999999h", "1h..<", "İ", "ß", "😀", "Å", "／", "*", ":"),
    *("A" * 3_000, "-" * 500, "(" * 500, "a," * 500, "9" * 400),
]


def test_no_value_of_any_parameter_is_an_error_of_the_server(client):
    make_postmortem(make_document(signals=(Signal("s1", "walrus"),)))
    fields = sorted(known_fields(lookup.current()))
    alone = (
        "q",
        "sort",
        "page",
        "page_size",
        "facets",
        "explain",
        "format",
        "year_from",
        "year_to",
    )

    for odd in ODD:
        for names in ([*fields, "open", "nope"], *([name] for name in alone)):
            query = "&".join(f"{quote(name)}={quote(odd)}" for name in names)
            assert client.get(f"{URL}?{query}").status_code < 500, (names, odd)


def test_bytes_that_are_no_text_are_answered(client):
    for query in ("q=%ff%fe", "q=%ed%a0%80", "cause=%c0%af", "%ff=1", "q=%", "&&=&=x"):
        assert client.get(f"{URL}?{query}").status_code == 200


THIRTY_THOUSAND = [
    " ".join(f"term{number}" for number in range(30_000)),
    " ".join(f'"two words" -x{number} OR wal*' for number in range(7_500)),
    "(" + " OR ".join(f"cause:x{number}" for number in range(30_000)),
]


@pytest.mark.parametrize("text", THIRTY_THOUSAND)
def test_a_query_of_thirty_thousand_terms_is_read_to_its_limit(client, text):
    make_postmortem(make_document("Walrus"))

    answer = client.get(URL, {"q": text})
    asked = understand(text, {}, AnonymousUser())

    assert answer.status_code == 200
    assert answer.json()["notices"]
    assert len(list(leaves(asked.reading.node))) <= MAX_TOKENS


def test_many_values_are_read_to_their_limit(client):
    postmortem = make_postmortem(make_document(terms=("cause:time",)))
    values = ",".join([*(f"x{number}" for number in range(30_000)), "time"])

    answer = client.get(URL, {"cause": values, "team": values, "duration": f">1h,{values}"})

    assert answer.status_code == 200
    assert answer.json()["count"] == 0
    assert Postmortem.objects.filter(pk=postmortem.pk).exists()
