"""The actions board: what is to be done across all postmortems, and nothing of what one may not see."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from postmortems import authoring, content, trackers
from postmortems.document import Action, Relation
from postmortems.models import Confirmation, Postmortem
from postmortems.moments import Moment
from tests import makers

pytestmark = pytest.mark.django_db
LEAF = "cause.primary:network/dns"


def made(text, *, date="", terms=(LEAF,), due="", status="open", kind="permanent", **fields):
    """A postmortem with one action of that text."""
    more = {name: fields.pop(name) for name in ("owner", "tracker") if name in fields}
    action = Action("a1", text, kind, status, due=due, **more)
    document = makers.make_document(
        f"About {text}", terms, started=Moment(date=date), actions=(action,)
    )
    return makers.make_postmortem(document, **fields)


def in_days(number):
    """The day so many days from today."""
    return str(timezone.localdate() + timedelta(days=number))


def texts(client, query=""):
    """The actions of the page, in their order."""
    return [line.text for line in client.get(f"/actions/{query}").context["lines"]]


@pytest.fixture
def several(platform, payments):
    """One of each sort."""
    made("Unknown", status="unknown", team=platform, terms=("cause:time/clock-and-calendar",))
    made("Far", due=in_days(90), team=platform)
    made("Overdue", due=in_days(-3), team=payments, kind="process")
    made("Soon", due=in_days(3), team=payments)
    made("Undated", status="proposed", team=platform)
    made("Done", due=in_days(-9), status="done", team=platform)
    made("Back", date="2021", terms=("cause.primary:platform",), team=platform, kind="temporary")


def test_what_is_to_be_done_stands_in_its_order(browse, several):
    assert texts(browse()) == ["Overdue", "Soon", "Far", "Undated", "Back", "Unknown"]


FILTERS = [
    ("?status=done", ["Done"]),
    ("?status=done&status=unknown", ["Unknown", "Done"]),
    ("?kind=process", ["Overdue"]),
    ("?team=payments", ["Overdue", "Soon"]),
    ("?cause=time", ["Unknown"]),
    ("?cause=network", ["Overdue", "Soon", "Far", "Undated"]),
    ("?cause=no-such-cause", []),
    ("?due=none", ["Undated", "Back"]),
    ("?due=soon&team=payments", ["Soon"]),
    ("?overdue=true", ["Overdue"]),
    ("?unconfirmed=true&kind=process", ["Overdue"]),
    ("?came_back=true", []),
    ("?page=99", ["Overdue", "Soon", "Far", "Undated", "Back", "Unknown"]),
    ("?status=&kind=&team=", ["Overdue", "Soon", "Far", "Undated", "Back", "Unknown"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_the_list_can_be_narrowed(browse, several, query, expected):
    assert texts(browse(), query) == expected


def test_the_folded_filters_say_how_many_are_chosen(browse):
    client = browse()

    plain = client.get("/actions/").text
    chosen = client.get("/actions/?kind=permanent&status=open&due=never").text

    assert "Filters</summary>" in plain
    assert "Filters · 2</summary>" in chosen


def test_what_cannot_be_read_is_left_out_and_said(browse, several):
    page = browse().get("/actions/?status=walrus&kind=process&team=%00")

    assert [line.text for line in page.context["lines"]] == ["Overdue"]
    assert "left out: status, team." in page.text


@pytest.mark.parametrize("query", ["", "?team=payments", "?kind=process&cause=network"])
def test_each_number_leads_to_what_it_counts(browse, several, query):
    client = browse()

    heads = client.get(f"/actions/{query}").context["heads"]

    assert [head.name for head in heads] == [
        *("Overdue", "Due soon", "Open without a date", "Status unknown")
    ]
    for head in heads:
        assert client.get(head.url).context["found"].count == int(head.count)
        current = [item.name for item in client.get(head.url).context["heads"] if item.is_current]
        assert current == [head.name]


def test_what_has_come_back_comes_first_and_leads_to_what_happened(browse):
    made("Mend", date="2021-03-14")
    made(
        "Unrelated", due=in_days(-3), date="2022", terms=("cause.primary:time/clock-and-calendar",)
    )
    later = made("Another", date="2022-03-14", status="done")
    client = browse()

    page = client.get("/actions/")

    assert [line.text for line in page.context["lines"]] == ["Mend", "Unrelated"]
    url, number = page.context["lines"][0].back.url, page.context["lines"][0].back.number
    assert url == "/?cause=network/dns&started=>2021-03-14"
    assert [hit.ref for hit in client.get(url).context["results"].hits] == [later.ref]
    assert number == 1
    assert "has come back 1× since" in page.text
    assert texts(client, "?came_back=true") == ["Mend"]
    assert texts(client, "?came_back=false") == ["Unrelated"]


def test_the_same_defect_counts_what_its_words_lead_to(browse, alice, platform):
    first = made("Mend", date="2021", terms=("cause.primary:platform",))
    same = (Relation("same-defect", first.ref),)
    again = [
        makers.make_postmortem(
            makers.make_document(f"Again {year}", started=Moment(date=year), relations=same),
            **fields,
        )
        for year, fields in (
            ("2020", {}),
            ("2022", {}),
            ("2023", {}),
            ("2024", {"team": platform, "visibility": "restricted", "authors": (alice,)}),
        )
    ]
    client = browse()

    (line,) = client.get("/actions/").context["lines"]

    assert line.back.number == 2
    found = client.get(line.back.url).context["results"].hits
    assert {hit.ref for hit in found} == {again[1].ref, again[2].ref}


def test_nothing_of_what_is_hidden_shows(browse, alice, charlie, platform):
    made("Mend", date="2021")
    before = {client: client.get("/actions/").text for client in (browse(charlie), browse())}
    hidden = {"team": platform, "visibility": "restricted", "authors": (alice,)}

    made("Secret", date="2022", due=in_days(-3), **hidden)

    assert texts(browse(alice)) == ["Mend", "Secret"]
    for client, page in before.items():
        assert without_tokens(client.get("/actions/").text) == without_tokens(page)
        assert "Secret" not in client.get("/actions/export.csv").getvalue().decode()


def without_tokens(page):
    """The page without what differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_an_owner_is_told_and_no_way_to_count(browse):
    made("Mend", owner="Erin")

    page = browse().get("/actions/?owner=nobody")

    assert "Erin" in page.text
    assert 'name="owner"' not in page.text
    assert len(page.context["lines"]) == 1


def test_without_actions_the_page_says_so(browse, several):
    assert "No action is like that." in browse().get("/actions/?cause=security").text
    Postmortem.objects.all().delete()
    assert "No open actions in what you can see." in browse().get("/actions/").text


def test_the_file_has_the_same_list(browse):
    made("=1+1", date="2021", due=in_days(-3), tracker="@OPS-1", owner="-x")
    made("Another", date="2022", status="done")

    text = browse().get("/actions/export.csv").getvalue().decode()

    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["text"], row["tracker"], row["owner"]) == ("'=1+1", "'@OPS-1", "'-x")
    assert (row["is_overdue"], row["came_back"], row["is_unconfirmed"]) == ("yes", "yes", "yes")
    assert row["confirmed_at"] == ""
    assert row["url"].endswith("#a1")
    assert "text" in browse().get("/actions/export.csv?status=dropped").getvalue().decode()


# --- Changing -----------------------------------------------------------------------------------


def status_of(postmortem):
    """The status of its one action now."""
    return content.read(Postmortem.objects.get(pk=postmortem.pk)).actions[0].status


@pytest.fixture
def ours(platform):
    """An open action of alice's team."""
    return made("Mend", team=platform)


def test_the_chosen_are_set_together_and_told(browse, alice, ours, payments, platform):
    theirs = made("Theirs", team=payments)
    moved = made("Moved", team=platform, status="proposed")
    client = browse(alice)

    sent = [f"{ours.ref}/a1/open", f"{theirs.ref}/a1/open", f"{moved.ref}/a1/open", "walrus"]
    page = client.post(
        "/actions/status/", {"do": "set", "status": "done", "action": sent, "next": "/actions/?kind=permanent"},
        follow=True,
    )  # fmt: skip

    assert page.redirect_chain == [("/actions/?kind=permanent", 302)]
    assert "1 changed, 1 not yours, 1 moved on meanwhile" in page.text
    assert [status_of(item) for item in (ours, theirs, moved)] == ["done", "open", "proposed"]


def test_one_line_is_set_by_its_own_button(browse, alice, ours):
    client = browse(alice)
    line = client.get("/actions/").context["lines"][0]

    client.post("/actions/status/", {f"to-{line.name}": "dropped", "one": line.value, "status": ""})

    assert status_of(ours) == "dropped"


@pytest.mark.parametrize("by_line", [True, False])
def test_a_status_is_confirmed(browse, alice, ours, by_line):
    client = browse(alice)
    assert "never confirmed" in client.get("/actions/").text
    value = f"{ours.ref}/a1/open"

    client.post(
        "/actions/status/", {"still": value} if by_line else {"do": "confirm", "action": value}
    )

    assert "never confirmed" not in client.get("/actions/").text
    Confirmation.objects.update(confirmed_at=timezone.now() - timedelta(days=91))
    assert "not confirmed since" in client.get("/actions/").text


WRONG = [
    ({"do": "set", "status": "done"}, "Choose the actions first."),
    ({"do": "set", "status": "", "action": "x/a1/open"}, "Choose one of the statuses."),
    ({"do": "set", "status": "done", "action": [f"x/a{n}/open" for n in range(101)]}, "at most 100"),
    ({"one": "00000000/a1/open", "to-00000000/a1": "done"}, "moved on meanwhile"),
    ({"one": "walrus\0", "to-": "done"}, "Choose the actions first."),
    ({}, "Choose one of the statuses."),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "said"), WRONG)
def test_what_makes_no_sense_is_said(browse, alice, ours, sent, said):
    page = browse(alice).post("/actions/status/", sent, follow=True)

    assert said in page.text
    assert status_of(ours) == "open"


def test_a_refusal_looks_like_one(browse, alice):
    page = browse(alice).post("/actions/status/", {"do": "set"}, follow=True)

    notice = page.text.split('<div class="wrap notices">')[1].split("</p>")[0]
    assert '<div class="notice bad" role="alert">' in notice
    assert "Choose" in notice


def test_only_who_may_change_something_gets_boxes(browse, alice, bob, charlie, ours):
    for user, gets in ((alice, True), (bob, True), (charlie, False), (None, False)):
        page = browse(user).get("/actions/").text
        assert ('name="action"' in page) == gets
        assert ('id="bulk-status"' in page) == gets


# --- Tickets ------------------------------------------------------------------------------------


def test_an_action_without_a_ticket_offers_to_open_one(browse, alice, dana, charlie, ours):
    url = "https://jira.example.org/create?summary={title}&description={text}%0A{url}"
    trackers.add(by=dana, name="Jira", ticket_url=url)

    (line,) = browse(alice).get("/actions/").context["lines"]

    assert line.tickets[0].url == (
        "https://jira.example.org/create?summary=About%20Mend&description=Mend"
        f"%0Ahttp%3A%2F%2Ftestserver%2Fp%2F{ours.ref}%2Fabout-mend%2F%23a1"
    )
    assert "Open a ticket in Jira" in browse(alice).get("/actions/").text
    assert "Open a ticket" not in browse(charlie).get("/actions/").text


def test_a_key_is_a_link_and_anything_else_is_not(browse, dana):
    key = "https://jira.example.org/browse/{key}"
    trackers.add(by=dana, name="Jira", prefix="OPS-", key_url=key)
    made("A", tracker="OPS-12")
    made("B", tracker="javascript:alert(1)")

    page = browse().get("/actions/").text

    assert 'href="https://jira.example.org/browse/OPS-12"' in page
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page


def test_the_board_asks_as_much_for_three_as_for_one(browse, alice, platform, dana):
    url = "https://jira.example.org/create?summary={title}"
    trackers.add(by=dana, name="Jira", ticket_url=url)
    made("Latest", date="2023", status="done")
    counts, client = [], browse(alice)
    for number in (1, 3):
        while Postmortem.objects.count() <= number:
            count = Postmortem.objects.count()
            made(f"Mend {count}", date=f"2021-0{count}", team=platform)
        client.get("/actions/")
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get("/actions/").context["lines"]) == number
        counts.append(len(asked))

    assert counts == [22, 22]


def test_the_places_lead_there(browse, db):
    page = browse().get("/actions/").text

    assert 'href="/actions/" data-key="g a" aria-current="page"' in page


def test_an_edit_elsewhere_is_seen_at_once(browse, alice, ours):
    bare = makers.make_document("Bare", ("kind:stub",))
    authoring.edit(ours, bare, by=alice, revision=1)

    assert texts(browse()) == []


# --- The page of a postmortem -------------------------------------------------------------------


def test_the_read_page_says_what_nobody_confirmed_and_where_a_key_leads(browse, dana):
    key = "https://jira.example.org/browse/{key}"
    trackers.add(by=dana, name="Jira", prefix="OPS-", key_url=key)
    postmortem = made("Mend", tracker="OPS-12")
    url = postmortem.get_absolute_url()

    page = browse().get(url).text
    assert page.count("Nobody has confirmed yet") == 1
    assert "never confirmed" not in page
    assert 'href="https://jira.example.org/browse/OPS-12"' in page

    at = timezone.now()
    kept = Confirmation.objects.create(
        postmortem=postmortem, key="a1", status="open", confirmed_at=at
    )
    assert "confirmed" not in browse().get(url).text
    kept.confirmed_at = at - timedelta(days=91)
    kept.save()
    assert "not confirmed since" in browse().get(url).text
