"""/api/v1/tokens/: made, listed without the secret, revoked at once, and by whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import accounts
from postmortems.models import ApiToken, AuditEntry, KeptAnswer
from postmortems.models.accounts import digest_of
from tests.api.tool import Tool, pointers, status

URL = "/api/v1/tokens/"
NEW = {"name": "Dashboard", "scope": "read"}


@pytest.fixture
def tool(alice):
    return Tool(alice)


def with_secret(secret: str) -> Tool:
    made = Tool()
    made.headers["Authorization"] = f"Bearer {secret}"
    return made


def test_a_token_is_made_and_works(tool, alice):
    answer = tool.post(URL, NEW | {"days": 30})

    body = answer.json()
    token = ApiToken.objects.get(name="Dashboard")
    assert (answer.status_code, answer["Location"]) == (201, f"{URL}{token.pk}/")
    assert body["secret"].startswith("hs_")
    assert (body["prefix"], token.digest) == (body["secret"][:8], digest_of(body["secret"]))
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    assert with_secret(body["secret"]).get(URL).status_code == 200


def test_a_token_that_a_token_makes_ends_with_it_at_the_latest(alice):
    maker, secret = accounts.create_token(alice, by=alice, scope="admin", days=5)
    tool = with_secret(secret)

    assert pointers(tool.post(URL, NEW | {"days": 6})) == ["/days"]

    sooner, as_late = (tool.post(URL, NEW | more).json() for more in ({"days": 4}, {}))
    assert ApiToken.objects.get(pk=sooner["id"]).expires_at < maker.expires_at
    assert ApiToken.objects.get(pk=as_late["id"]).expires_at == maker.expires_at


def test_the_secret_stands_in_the_first_answer_alone(tool):
    made = tool.post(URL, NEW).json()

    one = tool.get(f"{URL}{made['id']}/").json()
    assert one == {name: value for name, value in made.items() if name != "secret"}
    assert made["secret"] not in tool.get(URL).content.decode()


def test_a_repeated_request_makes_no_second_token_and_keeps_no_secret(tool):
    first = tool.post(URL, NEW, Idempotency_Key="once").json()

    again = tool.post(URL, NEW, Idempotency_Key="once")

    assert again.json() == first | {"secret": None}
    assert ApiToken.objects.filter(name="Dashboard").count() == 1
    assert first["secret"] not in str(KeptAnswer.objects.values_list())


def test_a_revoked_token_is_refused_at_once(tool):
    made = tool.post(URL, NEW).json()
    other = with_secret(made["secret"])
    assert other.get(URL).status_code == 200

    answer = tool.delete(f"{URL}{made['id']}/")

    assert answer.status_code == 204
    assert status(other.get(URL)) == 401
    assert status(tool.get(f"{URL}{made['id']}/")) == 404
    assert AuditEntry.objects.filter(action="revoke", object_kind="apitoken").count() == 1


def test_the_list_holds_ones_own_that_are_not_revoked(tool, alice, charlie):
    accounts.create_token(charlie, by=charlie, name="Charlie's")
    gone, _secret = accounts.create_token(alice, by=alice, name="Gone")
    accounts.revoke_token(gone, by=alice)
    tool.post(URL, NEW)

    body = tool.get(URL).json()

    assert [item["name"] for item in body["results"]] == ["Dashboard", "admin"]
    assert Tool().get(URL).json()["results"] == []


@pytest.mark.parametrize("scope", ["read", "write"])
def test_a_token_without_the_scope_admin_makes_and_revokes_none(alice, scope):
    tool = Tool(alice, scope)
    own = tool.get(URL).json()["results"][0]["id"]

    assert status(tool.post(URL, NEW)) == 403
    assert status(tool.delete(f"{URL}{own}/")) == 403
    assert ApiToken.objects.usable().count() == 1


def test_a_session_makes_a_token_too(browse, alice):
    answer = browse(alice).post(URL, NEW, content_type="application/json")

    assert answer.status_code == 201


def test_another_persons_token_is_as_absent_as_one_that_never_was(tool, charlie, dana):
    theirs, _secret = accounts.create_token(charlie, by=charlie)

    for asked in (tool, Tool(dana)):
        hidden, absent = asked.delete(f"{URL}{theirs.pk}/"), asked.delete(f"{URL}999999999/")
        assert (status(hidden), hidden.content) == (404, absent.content)


@pytest.mark.parametrize("token_id", ["0", "-1", "x", "9" * 30, "%00", "1.0"])
def test_what_is_no_id_is_absent(tool, token_id):
    assert status(tool.get(f"{URL}{token_id}/")) == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 121}, "/name"),
        ({"name": None}, "/name"),
        ({"scope": "all"}, "/scope"),
        ({"scope": ["read"]}, "/scope"),
        ({"days": 0}, "/days"),
        ({"days": 3651}, "/days"),
        ({"days": "soon"}, "/days"),
        ({"user": "bob"}, "/user"),
        ({"a/b": 1}, "/a~1b"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(tool, change, pointer):
    assert pointers(tool.post(URL, NEW | change)) == [pointer]


@pytest.mark.parametrize("body", [[], "x", 7, None, True])
def test_a_body_that_is_no_object_is_refused_as_a_whole(tool, body):
    answer = tool.client.post(URL, body, content_type="application/json", headers=tool.headers)

    assert status(answer) == 400


def test_nobody_has_tokens_without_end(tool, alice, monkeypatch):
    monkeypatch.setattr(accounts, "MOST_TOKENS", 2)
    tool.post(URL, NEW)

    assert pointers(tool.post(URL, NEW)) == ["/name"]


def test_the_last_use_is_written_at_most_once_a_minute(tool, alice):
    tool.get(URL)
    first = ApiToken.objects.get(user=alice).last_used_at
    tool.get(URL)
    assert ApiToken.objects.get(user=alice).last_used_at == first

    ApiToken.objects.filter(user=alice).update(last_used_at=first - timedelta(minutes=2))
    tool.get(URL)

    assert ApiToken.objects.get(user=alice).last_used_at >= first


def test_an_expired_token_is_refused(alice):
    tool = Tool(alice)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert status(tool.get(URL)) == 401
