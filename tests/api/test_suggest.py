"""GET /api/v1/suggest/: the shape of completions, places in the text, bad values, and whose they are."""

import pytest
from django.urls import reverse

from postmortems.models import SavedSearch
from tests.makers import make_document, make_postmortem, make_team

pytestmark = pytest.mark.django_db

URL = "/api/v1/suggest/"
HOSTILE = [
    *("", " ", "%", "%00", "\x00", "'", '"', "'; --", "{{7*7}}", "<script>alert(1)</script>", "🤬"),
    *(
        "../../etc/passwd",
        "\u202e",
        "\ufeff",
        "NaN",
        "null",
        "[]",
        "{}",
        "a" * 65_536,
        "集" * 4_001,
    ),
    *("cause:" * 1_000, '"' * 4_001, "(" * 4_000, "*", "-", "--", ",", ":", "a:b:c", "OR", "-OR"),
]


@pytest.fixture
def ask(client):
    """The answer to some parameters."""
    return lambda **params: client.get(URL, params)


@pytest.fixture
def groups(ask):
    """The groups of options for some parameters."""
    return lambda **params: ask(**params).json()["groups"]


def test_the_address():
    assert reverse("api:suggest") == URL


def test_an_answer_is_complete(ask):
    make_postmortem(make_document("Walrus", terms=("cause.primary:network/dns",)))

    answer = ask(q="walrus cause:dn -rest", at=15)

    assert answer.status_code == 200
    assert answer.json() == {
        "start": 13,
        "end": 15,
        "groups": [
            {
                "kind": "value",
                "label": "Root cause",
                "options": [
                    {
                        "kind": "value",
                        "insert": "network/dns",
                        "label": "DNS",
                        "hint": "Network",
                        "count": 1,
                        "url": "",
                    }
                ],
            }
        ],
    }


def test_the_groups_stand_in_one_order(groups):
    make_postmortem(make_document("Causeway", terms=("factor:cache-used-as-database",)))

    assert [group["kind"] for group in groups(q="ca")] == ["field", "value", "word"]


def test_without_a_place_the_end_is_meant(ask):
    text = "cause:net"

    assert ask(q=text).json() == ask(q=text, at=len(text)).json() == ask(q=text, at=10**8).json()
    assert ask(q=text, at=2).json()["start"] == 0


def test_places_count_characters(ask):
    make_postmortem(make_document("Walrus 集群"))

    body = ask(q="🤬集群 wal", at=7).json()

    assert (body["start"], body["end"]) == (4, 7)
    assert body["groups"][-1]["options"][0]["insert"] == "walrus"


@pytest.mark.parametrize("at", ["x", "-1", "1.5", "٣", "1" * 10, "0x1", "NaN", " 1", "\x00"])
def test_a_bad_place_is_a_problem(ask, at):
    answer = ask(q="net", at=at)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/at"]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_fails(ask, value):
    make_postmortem(make_document("Walrus"))

    assert ask(q=value).status_code == 200
    assert ask(q=f"cause:{value}").status_code == 200
    assert ask(q="wal", cause=value, year=value, sort=value, page=value).status_code == 200


def test_the_other_parameters_are_those_of_a_search(groups):
    make_postmortem(make_document("Walrus", terms=("trigger:upgrade",)))
    make_postmortem(make_document("Walrus", terms=("trigger:deploy",)))

    def count(**params):
        return groups(q="wal", **params)[-1]["options"][0]["count"]

    assert count() == 2
    assert count(trigger="upgrade") == count(trigger="-deploy") == 1
    assert count(trigger="upgrade", page="x", sort="x", nothing="x", at="3") == 1


def test_the_caller_decides_what_is_counted(browse, alice, charlie, dana):
    make_postmortem(make_document("Zyzzyva"), team=make_team("platform"), visibility="team")

    def words(user=None):
        found = browse(user).get(URL, {"q": "zyz"}).json()["groups"]
        return [option["insert"] for group in found for option in group["options"]]

    assert [words(user) for user in (None, alice, charlie, dana)] == [
        [],
        ["zyzzyva"],
        [],
        ["zyzzyva"],
    ]


def test_saved_searches_stand_first_while_nothing_is_asked(browse, alice):
    SavedSearch.objects.create(owner=alice, name="Names", query="q=dns")

    first, *_others = browse(alice).get(URL).json()["groups"]

    assert (first["kind"], first["label"]) == ("saved", "Saved searches")
    assert [(item["label"], item["url"]) for item in first["options"]] == [("Names", "/?q=dns")]


def test_names_follow_the_language_of_the_reader(client):
    answer = client.get(URL, {"q": "caus"}, headers={"Accept-Language": "zh-hans"})

    assert answer.json()["groups"][0]["options"][0]["hint"] == "根因"


def test_only_reading_is_possible(client):
    assert client.post(URL, {}, content_type="application/json").status_code == 405


def test_the_number_of_statements_does_not_grow(client, django_assert_max_num_queries):
    for name in ("one", "two", "three"):
        make_postmortem(make_document("Walrus", terms=("cause:time",)), team=make_team(name))
    client.get(URL, {"q": "wal"})

    for text in ("wal", "cause:", "team:", "started:", ""):
        with django_assert_max_num_queries(3):
            client.get(URL, {"q": text})
