"""What pages and the API tell the audit log beside verbs: signing in and out, refusals, an administrator's look."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from postmortems import accounts
from postmortems.models import AuditEntry
from tests.append_only import lifted
from tests.makers import PASSWORD, make_postmortem, make_user


@pytest.fixture
def acts():
    """What was added to the log since the last question: action, who, kind and object."""
    seen = [0]

    def added():
        rows = AuditEntry.objects.filter(number__gt=seen[0]).order_by("number")
        found = list(rows.values_list("action", "actor_name", "object_kind", "object_id"))
        seen[0] += len(found)
        return found

    return added


def sign_in(name, password, **headers):
    """The sign-in form, sent by a new visitor."""
    return Client().post("/sign-in/", {"username": name, "password": password}, **headers)


def test_signing_in_and_out_is_told_with_where_from(browse, alice, acts):
    client = browse()
    client.post(
        "/sign-in/",
        {"username": "alice", "password": PASSWORD},
        headers={"x-request-id": "request-1234", "x-forwarded-for": "203.0.113.9"},
    )
    client.post("/sign-out/")

    assert acts() == [
        ("sign-in", "alice", "user", str(alice.pk)),
        ("sign-out", "alice", "user", str(alice.pk)),
    ]
    entry = AuditEntry.objects.get(action="sign-in")
    assert (entry.request_id, entry.address) == ("request-1234", "127.0.0.1")


def test_signing_out_as_a_visitor_is_no_act(browse, db, acts):
    browse().post("/sign-out/")

    assert acts() == []


def test_a_failure_tells_the_name_and_not_the_password(alice, acts):
    sign_in("Alice", "typed-by-mistake")
    sign_in("no\r\nbody" + "x" * 100, "typed-by-mistake")

    assert acts() == [
        ("refuse-sign-in", "system", "user", str(alice.pk)),
        ("refuse-sign-in", "system", "user", ""),
    ]
    entry = AuditEntry.objects.newest_first()[0]
    assert entry.object_name == r"no\r\nbody" + "x" * 50
    assert "typed-by-mistake" not in str(list(AuditEntry.objects.values()))


def test_a_refused_change_is_told(browse, charlie, platform, acts):
    postmortem = make_postmortem(team=platform)
    acts()

    response = browse(charlie).post(f"/p/{postmortem.ref}/bin/")

    assert response.status_code == 403
    assert acts() == [("refuse", "charlie", "act", postmortem.ref)]
    entry = AuditEntry.objects.newest_first()[0]
    assert (entry.object_name, entry.after) == ("postmortem-bin", {"method": "POST"})


def test_opening_a_page_that_is_not_yours_is_no_act(browse, charlie, platform, acts):
    postmortem = make_postmortem(team=platform)
    acts()

    assert browse(charlie).get(f"/p/{postmortem.ref}/bin/").status_code == 403
    assert acts() == []


def test_a_form_without_its_token_is_no_refusal(alice, acts):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    assert client.post("/settings/preferences/", {"theme": "dark"}).status_code == 403
    assert acts() == []


def api(path, secret, method="get"):
    """A request of a tool."""
    headers = {"authorization": f"Bearer {secret}"}
    return getattr(Client(), method)(path, headers=headers, content_type="application/json")


def test_a_token_that_may_not_change_anything_is_told(alice, acts):
    token, secret = accounts.create_token(alice, by=alice, scope="read")
    acts()

    assert api("/api/v1/saved-searches/", secret, "post").status_code == 403
    assert acts() == [("refuse", "alice", "act", "")]
    entry = AuditEntry.objects.newest_first()[0]
    assert (entry.object_name, entry.token_prefix) == ("api:saved-searches", token.prefix)


def test_a_wrong_token_is_told_once_a_minute_without_its_secret(db, acts):
    answers = [api("/api/v1/search/", f"hs_{'k' * 40}{turn}").status_code for turn in range(3)]

    assert answers == [401] * 3
    assert acts() == [("refuse-token", "system", "apitoken", "hs_kkkkk")]
    assert "k" * 9 not in str(list(AuditEntry.objects.values()))


# --- Administrators see all, and the log says so ---------------------------------------------------


READ = "read-as-administrator"


@pytest.fixture
def restricted(platform, alice):
    """A restricted postmortem of alice."""
    return make_postmortem(team=platform, authors=(alice,), visibility="restricted")


@pytest.mark.parametrize("rest", ["slug/", "print/", "export.md", "history/", "edit/"])
def test_what_only_administrators_see_is_told_when_one_opens_it(
    browse, restricted, dana, acts, rest
):
    acts()

    browse(dana).get(f"/p/{restricted.ref}/{rest}", follow=True)

    assert acts() == [(READ, "dana", "postmortem", restricted.ref)]


def test_looking_again_is_told_after_a_minute(browse, restricted, dana, acts):
    client, address = browse(dana), restricted.get_absolute_url()
    client.get(address)
    client.get(address)
    assert acts()[1:] == [(READ, "dana", "postmortem", restricted.ref)]

    with lifted():
        AuditEntry.objects.update(at=timezone.now() - timedelta(minutes=2))
    client.get(address)

    assert acts() == [(READ, "dana", "postmortem", restricted.ref)]


def test_what_others_may_read_too_is_not_told(browse, restricted, platform, dana, alice, acts):
    named = make_postmortem(team=platform, visibility="restricted", named=(dana,))
    public = make_postmortem(team=platform)
    lead = make_user("lea", team=platform, role="lead", is_administrator=True)
    of_team = make_postmortem(team=platform, visibility="team")
    acts()

    for viewer, postmortem in ((dana, named), (dana, public), (lead, of_team), (alice, restricted)):
        assert browse(viewer).get(postmortem.get_absolute_url()).status_code == 200

    assert acts() == []
