"""/api/v1/saved-searches/: the list, the verbs, who may, and what a credential allows."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmortems import accounts, saved_searches
from postmortems.models import SavedSearch
from tests.api.tool import reads

URL = "/api/v1/saved-searches/"
DNS = "q=dns&cause=network/dns"
NEW = {"name": "DNS", "query": DNS}


def keep(by, name="DNS", query=DNS, **fields):
    return saved_searches.create(name, query, by=by, **fields)


def one(saved) -> str:
    return reverse("api:saved-search", kwargs={"ref": saved.ref})


@pytest.fixture
def ask(client):
    """Asks as a tool does: `ask("post", alice, URL, {…}, scope="read")`."""

    def asked(method, user, address, body=None, scope="write"):
        headers = {}
        if user:
            secret = accounts.create_token(user, by=user, scope=scope)[1]
            headers["Authorization"] = f"Bearer {secret}"
        return getattr(client, method)(
            address, body, content_type="application/json", headers=headers
        )

    return asked


@pytest.fixture
def listed(client, ask):
    """The names that a user is answered."""

    def names(user, query=""):
        return [item["name"] for item in ask("get", user, URL + query).json()["results"]]

    return names


def pointers(answer) -> list[str]:
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    return [error["pointer"] for error in answer.json()["errors"]]


def test_one_is_made_and_complete(ask, alice, platform):
    answer = ask("post", alice, URL, {**NEW, "shared": "team", "team": "platform"})

    saved = SavedSearch.objects.get()
    body = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, one(saved))
    assert {name: body[name] for name in body if not name.endswith("_at")} == {
        "ref": saved.ref,
        "name": "DNS",
        "query": DNS,
        "url": f"/?{DNS}",
        "api_url": f"/api/v1/search/?{DNS}",
        "shared": "team",
        "team": "platform",
        "owner": "Alice",
        "is_own": True,
        "is_default": False,
    }
    assert ask("get", alice, one(saved)).json() == body


def test_the_addresses_in_an_answer_work(ask, client, alice):
    body = ask("post", alice, URL, NEW).json()

    assert client.get(body["url"]).status_code == 200
    assert client.get(body["api_url"]).status_code == 200


def test_the_list_has_ones_own_first_and_what_is_shared(listed, alice, bob, charlie, platform):
    keep(alice, "Mine")
    keep(alice, "Default", is_default=True)
    keep(bob, "Another", shared="team", team=platform)
    keep(bob, "Hidden")

    assert listed(alice) == ["Default", "Mine", "Another"]
    assert listed(charlie) == []
    assert listed(None) == []


def test_the_list_has_pages(ask, client, alice):
    for name in ("A", "B", "C"):
        keep(alice, name)

    first = ask("get", alice, f"{URL}?page_size=2").json()
    last = ask("get", alice, first["next"]).json()

    assert (first["count"], [item["name"] for item in first["results"]]) == (3, ["A", "B"])
    assert (last["next"], [item["name"] for item in last["results"]]) == (None, ["C"])
    for query in ("?page=0", "?page=x", "?page_size=101"):
        assert ask("get", alice, URL + query).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?own=true", ["Mine", "Ours"]),
        ("?own=false", ["Theirs"]),
        ("?shared=team", ["Ours", "Theirs"]),
        ("?shared=team&own=false&team=platform", ["Theirs"]),
        ("?team=payments", []),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_says(listed, alice, bob, platform, query, found):
    keep(alice, "Mine")
    keep(alice, "Ours", shared="team", team=platform)
    keep(bob, "Theirs", shared="team", team=platform)

    assert listed(alice, query) == found


def test_a_parameter_of_the_list_that_cannot_be_read_is_refused(ask, alice):
    for query, pointer in (("?own=perhaps", "/own"), ("?shared=all", "/shared")):
        assert pointers(ask("get", alice, URL + query)) == [pointer]


def test_a_visitor_narrows_nothing_to_nothing(listed, alice):
    keep(alice)

    assert listed(None, "?own=true") == listed(None, "?own=false") == []


def test_whose_default_one_is_is_nobody_elses_business(ask, bob, charlie):
    saved = keep(bob, shared="site", is_default=True)

    assert ask("get", bob, one(saved)).json()["is_default"] is True
    assert ask("get", charlie, one(saved)).json()["is_default"] is False


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 121}, "/name"),
        ({"name": "TAKEN"}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"name": ["x"]}, "/name"),
        ({"query": "colour=red"}, "/query"),
        ({"query": None}, "/query"),
        ({"shared": "moon"}, "/shared"),
        ({"shared": "team"}, "/team"),
        ({"shared": "team", "team": "payments"}, "/team"),
        ({"shared": "team", "team": "nothing"}, "/team"),
        ({"team": "platform"}, "/team"),
        ({"is_default": "perhaps"}, "/is_default"),
    ],
)
def test_what_cannot_be_is_a_problem_with_a_pointer(ask, alice, payments, change, pointer):
    keep(alice, "Taken")

    assert pointers(ask("post", alice, URL, {**NEW, **change})) == [pointer]
    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize("body", ["[]", '"x"', "{", "null", "[1]"])
def test_what_is_no_object_is_a_problem(ask, alice, body):
    assert ask("post", alice, URL, body).status_code == 400


def test_a_change_leaves_the_rest(ask, alice, platform):
    saved = keep(alice, shared="team", team=platform)

    body = ask("patch", alice, one(saved), {"name": "Names"}).json()

    assert (body["name"], body["query"], body["team"]) == ("Names", DNS, "platform")
    assert ask("patch", alice, one(saved), {"shared": "private"}).json()["team"] is None
    assert ask("patch", alice, one(saved), {"is_default": True}).json()["is_default"] is True
    assert pointers(ask("patch", alice, one(saved), {"shared": "team", "team": None})) == ["/team"]


def test_deleting(ask, alice):
    saved = keep(alice)

    assert ask("delete", alice, one(saved)).status_code == 204
    assert ask("delete", alice, one(saved)).status_code == 404


def test_hidden_ones_answer_like_absent_ones(ask, alice, charlie, dana):
    saved = keep(alice)
    absent = reverse("api:saved-search", kwargs={"ref": "zzzzzzzz"})

    for user in (charlie, dana):
        for method in ("get", "patch", "delete"):
            answers = [ask(method, user, address, {}) for address in (one(saved), absent)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content
    assert ask("get", None, one(saved)).status_code == 404


def test_what_others_share_is_read_and_not_changed(ask, alice, bob, dana, platform):
    saved = keep(alice, shared="team", team=platform)

    assert ask("get", bob, one(saved)).status_code == 200
    assert ask("patch", bob, one(saved), {"name": "x"}).status_code == 403
    assert ask("patch", bob, one(saved), {"name": 7, "shared": "nobody"}).status_code == 403
    assert ask("delete", bob, one(saved)).status_code == 403
    assert ask("delete", dana, one(saved)).status_code == 204


def test_changing_needs_a_credential(ask, alice):
    saved = keep(alice)

    for method, address in (("post", URL), ("patch", one(saved)), ("delete", one(saved))):
        answer = ask(method, None, address, NEW)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("write", 201), ("admin", 201)])
def test_changing_needs_the_scope_for_it(ask, alice, scope, status):
    assert ask("post", alice, URL, NEW, scope=scope).status_code == status
    assert ask("get", alice, URL, scope=scope).status_code == 200


def test_a_session_changes_with_its_token_against_forgery_alone(browse, alice):
    client = browse(alice)
    client.handler.enforce_csrf_checks = True

    assert client.post(URL, NEW, content_type="application/json").status_code == 403
    client.handler.enforce_csrf_checks = False
    assert client.post(URL, NEW, content_type="application/json").status_code == 201


def test_only_who_may_shares_with_everybody(ask, alice, bob):
    assert ask("post", alice, URL, {**NEW, "shared": "site"}).status_code == 403
    assert ask("post", bob, URL, {**NEW, "shared": "site"}).status_code == 201


def test_the_list_asks_the_same_for_one_and_for_three(browse, alice, platform):
    client = browse(alice)
    for names in (["One"], ["Two", "Three"]):
        for name in names:
            keep(alice, name, shared="team", team=platform)

        with CaptureQueriesContext(connection) as asked:
            client.get(URL)

        assert reads(asked) == 4


def test_a_page_of_the_site_may_send_a_key_too(alice):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    token = re.search('data-token="([^"]+)"', browser.get("/api/docs/").content.decode())[1]
    headers = {"X-CSRFToken": token, "Idempotency-Key": "one"}

    answers = [
        browser.post(URL, NEW, content_type="application/json", headers=headers) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert SavedSearch.objects.count() == 1


def test_a_compressed_answer_has_a_strong_tag_that_is_known_again(browse, dana):
    client = browse(dana)
    keep(dana, shared="site")
    compressed = {"Accept-Encoding": "gzip"}

    first = client.get(URL, headers=compressed)
    again = client.get(URL, headers=compressed | {"If-None-Match": first["ETag"]})

    assert (first["Content-Encoding"], first["ETag"][0]) == ("gzip", '"')
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("wrong", "pointer"), [({"qeury": "q=dns"}, "/qeury"), ({"name": 7}, "/name")]
)
def test_what_is_sent_is_neither_passed_over_nor_guessed_at(ask, alice, wrong, pointer):
    answer = ask("post", alice, URL, NEW | wrong)

    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not SavedSearch.objects.exists()


def test_what_was_read_may_be_sent_back(ask, alice):
    read = ask("get", alice, one(keep(alice))).json()

    assert ask("patch", alice, one(SavedSearch.objects.get()), read).status_code == 200
