"""/api/v1/following/ and the record of a term: whose they are, what they hold, what a token allows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmortems import accounts, following, saved_searches
from postmortems.document import Action, Lesson
from postmortems.models import Following
from postmortems.moments import Moment
from taxonomy.models import Term
from tests import makers
from tests.api.tool import reads

URL = "/api/v1/following/"


def dns():
    return Term.objects.get(vocabulary__slug="cause", path="network/dns")


def record(client, **headers):
    return client.get(reverse("api:term-record", args=[dns().pk]), headers=headers).json()


@pytest.fixture
def ask(client):
    """Asks as a tool does: `ask("post", alice, URL, scope="read")`."""

    def asked(method, user, address, scope="write"):
        secret = accounts.create_token(user, by=user, scope=scope)[1]
        headers = {"Authorization": f"Bearer {secret}"}
        return getattr(client, method)(address, headers=headers)

    return asked


def test_a_term_is_followed_listed_and_left(ask, bob):
    address = reverse("api:term-follow", args=[dns().pk])
    made = ask("post", bob, address).json()
    again = ask("post", bob, address).json()

    listed = ask("get", bob, URL).json()
    gone = ask("delete", bob, f"{URL}{made['id']}/")

    assert (made["name"], made["term"]["path"]) == ("DNS", "network/dns")
    assert (again["id"], listed["results"]) == (made["id"], [made])
    assert (gone.status_code, ask("get", bob, URL).json()["count"]) == (204, 0)


def test_a_saved_search_is_followed_by_who_sees_it(ask, alice, bob, charlie, platform):
    saved = saved_searches.create("Team", "q=dns", by=alice, shared="team", team=platform)
    address = reverse("api:saved-search-follow", args=[saved.ref])

    answers = [ask("post", user, address) for user in (bob, charlie)]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].json()["saved_search"] == saved.ref


def test_following_needs_a_token_that_writes(ask, bob):
    answer = ask("post", bob, reverse("api:term-follow", args=[dns().pk]), scope="read")

    assert (answer.status_code, Following.objects.count()) == (403, 0)


def test_what_bob_follows_is_not_there_for_charlie(ask, bob, charlie):
    item = following.follow_term(dns(), by=bob)

    answers = [ask(method, charlie, f"{URL}{item.pk}/") for method in ("get", "delete")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ask("get", charlie, URL).json()["count"] == 0


def test_visitors_follow_nothing(client, db):
    assert client.get(URL).json()["results"] == []


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999", "%00"])
def test_what_is_not_there_is_404(ask, bob, number):
    assert ask("get", bob, f"{URL}{number}/").status_code == 404


def test_the_record_of_a_term_has_the_numbers_of_its_page(client, alice, platform):
    makers.make_postmortem(
        makers.make_document(
            "Walrus",
            ("cause.primary:network/dns", "trigger:upgrade", "severity:sev1"),
            started=Moment(date="2023-03-14"),
            lessons=(Lesson("l1", "Look"),),
            actions=(Action("a1", "Do", status="open"), Action("a2", "Done", status="done")),
        )
    )

    body = record(client)

    assert (body["count"], body["first"]["started"], body["last"]["title"]) == (
        *(1, "2023-03-14"),
        "Walrus",
    )
    assert [(item["path"], item["count"]) for item in body["severities"]] == [("sev1", 1)]
    assert [(item["year"], item["quarter"], item["count"]) for item in body["quarters"]] == [
        (2023, 1, 1)
    ]
    assert body["companions"][0]["terms"][0]["path"] == "upgrade"
    assert (body["lesson_count"], body["open_action_count"]) == (1, 1)
    assert body["lessons"][0]["postmortem"]["url"].endswith("#l1")
    assert [item["status"] for item in body["open_actions"]] == ["open"]


def test_the_record_is_of_what_the_caller_sees(ask, bob, charlie, platform):
    makers.make_postmortem(
        makers.make_document("Secret", ("cause.primary:network/dns",)),
        team=platform,
        visibility="team",
    )
    address = reverse("api:term-record", args=[dns().pk])

    counts = [ask("get", user, address, "read").json()["count"] for user in (bob, charlie)]

    assert counts == [1, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(client, bob, count):
    for term in Term.objects.filter(vocabulary__slug="trigger").order_by("pk")[:count]:
        following.follow_term(term, by=bob)
    client.force_login(bob)
    client.get(URL)

    with CaptureQueriesContext(connection) as asked:
        client.get(URL)

    assert reads(asked) == 5
