"""GET /api/v1/search/: the shape of a list, the page's query string, tokens, and problems as JSON."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from postmortems.document import Signal
from postmortems.durations import Duration
from postmortems.models import ApiToken, User
from postmortems.models.accounts import digest_of, new_secret
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem, make_team

pytestmark = pytest.mark.django_db

URL = "/api/v1/search/"


def make_token(user: User, **fields) -> str:
    secret = new_secret()
    ApiToken.objects.create(user=user, prefix=secret[:8], digest=digest_of(secret), **fields)
    return secret


@pytest.fixture
def get(client):
    """Asks as a tool does: `get(token, q="dns")`."""

    def ask(token: str = "", **params):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return client.get(URL, params, headers=headers)

    return ask


def test_the_address():
    assert reverse("api:search") == URL


def test_a_hit_is_complete(get):
    document = make_document(
        "Walrus",
        terms=("cause.primary:network/dns", "cause.contributing:time", "severity:sev2"),
        started=Moment("2023-03-14", "19:00", "UTC", text="just after 19:00"),
        duration=Duration(18_840),
        signals=(Signal("s1", "walrus <not> ready"),),
    )
    postmortem = make_postmortem(document)

    (hit,) = get(q="walrus").json()["results"]

    assert hit == {
        "ref": postmortem.ref,
        "slug": "walrus",
        "title": "Walrus",
        "url": f"/p/{postmortem.ref}/walrus/",
        "status": "published",
        "visibility": "public",
        "terms": {"cause": ["network/dns", "time"], "severity": ["sev2"], "kind": ["outage"]},
        "moments": {
            "started": {
                "date": "2023-03-14",
                "time": "19:00",
                "zone": "UTC",
                "text": "just after 19:00",
            },
            "detected": {},
            "mitigated": {},
            "resolved": {},
        },
        "duration": {"seconds": 18_840, "kind": "exact"},
        "snippet": {
            "part": "signals",
            "label": "What it looked like",
            "html": "<mark>walrus</mark> &lt;not&gt; ready",
            "url": f"/p/{postmortem.ref}/walrus/#s1",
        },
    }


def test_what_is_not_known_is_null(get):
    make_postmortem()

    (hit,) = get().json()["results"]

    assert (hit["duration"], hit["snippet"]) == (None, None)


def test_the_list_has_its_shape(get):
    make_postmortem(make_document(terms=("cause:network/dns",), started=Moment("2023-03")))

    body = get().json()

    assert list(body) == ["count", "next", "previous", "results", "facets", "notices"]
    assert (body["count"], body["next"], body["previous"], body["notices"]) == (1, None, None, [])
    cause, *_others, histogram = body["facets"]
    assert (cause["slug"], cause["label"]) == ("cause", "Root cause")
    assert {item["value"]: item for item in cause["values"]}["network/dns"] == {
        "value": "network/dns",
        "label": "DNS",
        "count": 1,
        "selected": False,
        "toggle_url": "/?cause=network/dns",
        "depth": 1,
    }
    assert {item["value"]: item["count"] for item in histogram["buckets"]} == {
        "2023": 1,
        "bounded": 0,
        "unknown": 0,
    }


def test_every_value_works_as_a_parameter(get):
    make_postmortem(make_document(terms=("cause:network/dns", "trigger:upgrade")))

    for facet in get().json()["facets"]:
        for item in facet.get("values") or facet["buckets"]:
            assert get(**{facet["slug"]: item["value"]}).json()["count"] == item["count"]


def test_pages_lead_to_each_other(get, client):
    for _number in range(5):
        make_postmortem(make_document("Walrus"))

    first = get(q="walrus", page_size=2).json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert [len(page["results"]) for page in (first, second, third)] == [2, 2, 1]
    assert (first["previous"], third["next"]) == (None, None)
    assert client.get(third["previous"]).json()["results"] == second["results"]
    refs = [hit["ref"] for page in (first, second, third) for hit in page["results"]]
    assert len(set(refs)) == 5


BAD = [
    ({"page": "0"}, "/page"),
    ({"page": "x"}, "/page"),
    ({"page": ""}, "/page"),
    ({"page_size": "0"}, "/page_size"),
    ({"page_size": "101"}, "/page_size"),
    ({"page_size": "-1"}, "/page_size"),
    ({"page_size": "many"}, "/page_size"),
    ({"page_size": "٣"}, "/page_size"),
    ({"sort": "title"}, "/sort"),
]


@pytest.mark.parametrize(("params", "pointer"), BAD)
def test_a_bad_page_or_order_is_a_problem(get, params, pointer):
    answer = get(**params)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_an_odd_query_is_a_notice(get):
    answer = get(q='started:soon "', cause="nothing")

    assert answer.status_code == 200
    assert len(answer.json()["notices"]) == 3


def test_a_token_sees_what_its_user_sees(get, alice, charlie):
    make_postmortem(team=make_team("platform"), visibility="team")

    assert get(make_token(alice)).json()["count"] == 1
    assert get(make_token(charlie)).json()["count"] == 0
    assert get().json()["count"] == 0


def test_a_session_sees_what_its_user_sees(browse, alice):
    make_postmortem(team=make_team("platform"), visibility="team")

    assert browse(alice).get(URL).json()["count"] == 1


def test_a_bad_token_is_refused(get, alice):
    past = timezone.now() - timedelta(seconds=1)
    expired, revoked = make_token(alice, expires_at=past), make_token(alice, revoked_at=past)

    for token in ("hs_nothing", expired, revoked):
        answer = get(token)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["title"] == "That credential is not valid"


def test_a_token_of_a_deactivated_user_is_refused(get, alice):
    token = make_token(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert get(token).status_code == 401


def test_the_use_of_a_token_is_noted_at_most_once_a_minute(get, alice, django_assert_num_queries):
    token = make_token(alice)
    get(token)
    used = ApiToken.objects.get().last_used_at

    get(token)

    assert used is not None
    assert ApiToken.objects.get().last_used_at == used


def test_only_reading_is_possible(client):
    answer = client.post(URL, {}, content_type="application/json")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


def test_another_format_is_refused(client):
    answer = client.get(URL, headers={"Accept": "text/html"})

    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/problem+json"


def test_the_language_of_names_follows_the_reader(client):
    make_postmortem(make_document(terms=("cause:network/dns",)))

    answer = client.get(URL, headers={"Accept-Language": "zh-hans"})

    assert answer.json()["facets"][0]["label"] == "根因"


def test_the_answer_names_no_hidden_thing(get):
    make_postmortem(
        make_document("Canary", signals=(Signal("s1", "canary"),)),
        team=make_team("canary-team"),
        visibility="restricted",
    )

    for params in ({}, {"q": "canary"}, {"q": "can*"}, {"q": "-x"}, {"status": "archived"}):
        body = get(**params).json()
        assert body["count"] == 0
        assert "canary" not in str(body["results"] + body["facets"]).lower().replace("q=can", "")


@pytest.mark.parametrize("query", ["q=zzzzqqq", "q=walrus&page=40"])
def test_an_empty_page_can_be_explained(browse, dana, query):
    make_postmortem(make_document("Walrus"))

    answer = browse(dana).get(f"{URL}?{query}&explain=1")

    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_too_many_parameters_are_a_problem_document(client):
    answer = client.get(URL, {f"name{number}": "" for number in range(20_500)})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_json_that_is_nested_too_deeply_is_a_problem_document(client):
    body = "[" * 100_000

    answer = client.post("/api/v1/similar/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["detail"] == "It is nested too deeply."
