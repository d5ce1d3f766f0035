"""/api/v1/reading-lists/: the verbs, what stands in one, its order over the one that was read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems import helped, reading_lists
from postmortems.models import AuditEntry, ReadingList
from tests.api.tool import reads
from tests.makers import make_document, make_postmortem

URL = "/api/v1/reading-lists/"


@pytest.fixture
def ask(browse):
    """Asks as somebody: `ask("post", alice, URL, {…}, if_match=tag)`."""

    def asked(method, user, address, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(browse(user), method)(
            address, body, content_type="application/json", headers=sent
        )

    return asked


def titled(title, **fields):
    return make_postmortem(make_document(title), **fields)


def make(by, *items, name="New on call", **fields):
    made = reading_lists.create(name, by=by, **fields)
    for item in items:
        reading_lists.add(made, item, by=by, why=f"Why {item.title}")
    return made


def names(answer):
    return [item["name"] for item in answer.json()["results"]]


def test_one_is_made_and_complete(ask, alice, platform):
    answer = ask("post", alice, URL, {"name": "DNS", "shared": "team", "team": "platform"})

    made, body = ReadingList.objects.get(), answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"{URL}{made.ref}/")
    assert {name: body[name] for name in body if name != "created_at"} == {
        "ref": made.ref,
        "name": "DNS",
        "description": "",
        "url": f"/lists/{made.ref}/",
        "shared": "team",
        "team": "platform",
        "owner": "Alice",
        "is_own": True,
        "may_fill": True,
        "count": 0,
    }
    assert ask("get", alice, answer["Location"]).json() == body


def test_what_is_sent_has_to_be_right(ask, alice):
    for body in ({}, {"name": ""}, {"name": 7}, {"name": "x", "colour": "red"}):
        assert ask("post", alice, URL, body).status_code == 400
    assert ask("post", alice, URL, {"name": "x", "shared": "public"}).status_code == 403
    assert ask("post", None, URL, {"name": "x"}).status_code == 401


def test_the_list_is_narrowed(ask, alice, bob, charlie, platform):
    make(alice, name="Private")
    make(alice, name="Team", shared="team", team=platform)
    make(bob, name="Public", shared="public")

    assert names(ask("get", alice, URL)) == ["Private", "Public", "Team"]
    assert names(ask("get", alice, f"{URL}?own=false")) == ["Public"]
    assert names(ask("get", bob, f"{URL}?shared=team&team=platform")) == ["Team"]
    assert names(ask("get", charlie, URL)) == names(ask("get", None, URL)) == ["Public"]
    assert ask("get", None, URL).json()["results"][0]["owner"] is None


def test_one_is_changed_and_deleted_by_who_made_it(ask, alice, bob, charlie, platform):
    made = make(alice, shared="team", team=platform)
    address = f"{URL}{made.ref}/"

    assert ask("patch", alice, address, {"name": "Other"}).json()["name"] == "Other"
    assert ask("patch", bob, address, {"name": "Mine"}).status_code == 403
    assert ask("patch", charlie, address, {"name": "Mine"}).status_code == 404
    assert ask("patch", alice, address, {"shared": "private"}).json()["team"] is None
    assert ask("delete", bob, address).status_code == 404
    assert ask("delete", alice, address).status_code == 204


def test_items_are_added_explained_and_taken_out(ask, alice):
    item, made = titled("Walrus"), make(alice)
    address = f"{URL}{made.ref}/items/"

    added = ask("post", alice, address, {"postmortem": item.ref, "why": "Ice"})
    one = f"{address}{item.ref}/"

    assert (added.status_code, added["Location"]) == (201, one)
    assert added.json() == {
        "postmortem": item.ref,
        "title": "Walrus",
        "language": "en",
        "url": item.get_absolute_url(),
        "why": "Ice",
    }
    assert ask("post", alice, address, {"postmortem": item.ref}).status_code == 400
    assert ask("patch", alice, one, {"why": "Snow"}).json()["why"] == "Snow"
    assert ask("get", alice, one).json()["why"] == "Snow"
    assert ask("delete", alice, one).status_code == 204
    assert ask("get", alice, address).json()["results"] == []
    assert ask("patch", alice, one, {"why": "x"}).status_code == 404


def test_what_the_caller_may_not_see_is_not_among_them(ask, alice, bob, charlie, dana):
    hidden = titled("Canary", visibility="restricted", authors=(alice,))
    seen = titled("Walrus")
    made = make(dana, hidden, seen, shared="public")
    address = f"{URL}{made.ref}/"

    for viewer in (None, bob, charlie):
        assert ask("get", viewer, address).json()["count"] == 1
        items = ask("get", viewer, f"{address}items/").json()
        assert (items["count"], items["results"][0]["title"]) == (1, "Walrus")
        assert ask("get", viewer, f"{address}order/").json() == {"postmortems": [seen.ref]}
        assert ask("get", viewer, f"{address}items/{hidden.ref}/").status_code == 404
    assert (
        ask("post", bob, f"{URL}{make(bob).ref}/items/", {"postmortem": hidden.ref}).status_code
        == 404
    )


def test_an_order_is_put_over_the_one_that_was_read(ask, alice, bob, platform):
    refs = [titled(name).ref for name in ("One", "Two", "Three")]
    made = make(alice, shared="team", team=platform)
    for ref in refs:
        ask("post", alice, f"{URL}{made.ref}/items/", {"postmortem": ref})
    order = f"{URL}{made.ref}/order/"
    tag = ask("get", bob, order)["ETag"]

    assert ask("put", bob, order, {"postmortems": refs[::-1]}).status_code == 428
    done = ask("put", alice, order, {"postmortems": refs[::-1]}, if_match=tag)
    late = ask("put", bob, order, {"postmortems": refs}, if_match=tag)

    assert (done.status_code, done.json()) == (200, {"postmortems": refs[::-1]})
    assert (late.status_code, late["ETag"]) == (412, done["ETag"])
    assert ask("put", bob, order, {"postmortems": refs}, if_match=late["ETag"]).status_code == 200
    wrong = ask("put", bob, order, {"postmortems": refs[:2]}, if_match=tag)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/postmortems")
    assert AuditEntry.objects.filter(action="arrange-list").count() == 2


def test_a_postmortem_tells_how_many_it_helped_and_takes_no_number(ask, alice, charlie):
    item = titled("Walrus", authors=(alice,))
    helped.say(item, by=charlie, has_helped=True)
    address = f"/api/v1/postmortems/{item.ref}/"

    read = ask("get", None, address)
    sent = ask("patch", alice, address, {"helped": 7, "summary": "Ice"}, if_match=read["ETag"])

    assert read.json()["helped"] == 1
    assert (sent.status_code, sent.json()["helped"]) == (200, 1)


@pytest.mark.parametrize("path", ["", "REF/items/"])
def test_a_page_costs_as_many_statements_whatever_is_on_it(ask, alice, path):
    made = make(alice, titled("Walrus"))
    address = URL + path.replace("REF", made.ref)

    def statements():
        ask("get", alice, address)
        with CaptureQueriesContext(connection) as asked:
            ask("get", alice, address)
        return reads(asked)

    with_one = statements()
    for number in range(2):
        make(alice, name=f"List {number}")
        reading_lists.add(made, titled(f"Seal {number}"), by=alice)

    assert statements() == with_one
