"""The page of the audit log: who opens it, what narrows it, what a row shows, its pages and its file."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from postmortems import accounts, audit, authoring, bin, outbox, saved_searches
from postmortems.audit import notes, origin
from postmortems.models import AuditEntry
from postmortems.web import audit as page
from tests.makers import make_document, make_postmortem

AUDIT = "/audit/"
FILE = "/audit/export.csv"


@pytest.fixture(autouse=True)
def nowhere():
    """What one test says of its request is nothing to the next."""
    yield
    origin.forget()


@pytest.fixture
def numbers(browse, dana):
    """The numbers of the entries that the page shows, in its order: `numbers("who=alice")`."""
    client = browse(dana)

    def shown(query=""):
        response = client.get(f"{AUDIT}?{query}")
        assert response.status_code == 200
        return [row.entry.number for row in response.context["rows"]]

    return shown


@pytest.fixture
def teams(dana, alice):
    """Three entries of two people, the second by a token from elsewhere."""
    accounts.create_team("web", by=dana)
    token, _secret = accounts.create_token(alice, by=alice)
    origin.begin(request_id="request-1234", address="192.0.2.7")
    origin.acts_by(token)
    saved = saved_searches.create(by=alice, name="Mine", query="q=x", shared="private")
    origin.forget()
    return token, saved


def test_only_administrators_open_it(browse, alice, dana):
    for address in (AUDIT, FILE):
        assert browse().get(address).status_code == 302
        assert browse(alice).get(address).status_code == 403
        assert browse(dana).get(address).status_code == 200


def test_the_menus_offer_it_to_administrators_alone(browse, alice, dana):
    postmortem = make_postmortem(visibility="public")
    link = f"{AUDIT}?object={postmortem.ref}"

    for viewer, is_there in ((None, False), (alice, False), (dana, True)):
        text = browse(viewer).get(postmortem.get_absolute_url()).text
        assert (f'href="{AUDIT}"' in text, link in text) == (is_there, is_there)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 2, 1]),
        ("who=ALICE", [3, 2]),
        ("who=nobody", []),
        ("action=create&kind=team", [1]),
        ("kind=savedsearch", [3]),
        ("request=request-1234", [3]),
        ("since=2001-01-01&until=2999-01-01", [3, 2, 1]),
        ("since=2999-01-01", []),
        ("until=2001-01-01", []),
        ("action=nothing", []),
        ("who=%00alice&object=%00", [3, 2]),
    ],
)
def test_each_filter_narrows_the_entries(teams, numbers, query, expected):
    assert numbers(query) == expected


def test_the_token_and_the_object_narrow_the_entries(teams, numbers):
    token, saved = teams

    assert numbers(f"token={token.prefix}") == numbers(f"token={token.prefix}%E2%80%A6") == [3]
    assert numbers(f"object={saved.ref.upper()}") == numbers(f"object={saved.ref}") == [3]


def test_a_day_that_cannot_be_read_finds_nothing_and_says_so(teams, browse, dana):
    response = browse(dana).get(f"{AUDIT}?since=yesterday")

    assert response.context["rows"] == []
    assert "Write the day as 2026-03-14." in response.text
    assert browse(dana).get(f"{FILE}?since=yesterday").getvalue().count(b"\n") == 1


def test_on_a_phone_the_filters_are_folded_and_tell_how_many_there_are(browse, dana):
    plain, narrowed, wrong = (
        browse(dana).get(AUDIT + query).content.decode()
        for query in ("", "?who=alice&kind=user", "?since=tomorrow")
    )

    folded = '<details class="audit-fold">'
    assert folded in plain
    assert "Filters</summary>" in plain
    assert folded in narrowed
    assert "Filters · 2</summary>" in narrowed
    assert '<details class="audit-fold" open>' in wrong


def test_a_row_shows_what_was_before_and_after_and_leads_to_the_object(
    browse, dana, alice, platform
):
    postmortem = make_postmortem(make_document("Walrus outage"), team=platform, authors=(alice,))
    authoring.change_envelope(postmortem, by=dana, visibility="team")

    text = browse(dana).get(f"{AUDIT}?object={postmortem.ref}&action=change-envelope").text

    assert "<code>visibility</code> <del>public</del>" in text
    assert "<ins>team</ins>" in text
    assert f'<a href="{postmortem.get_absolute_url()}">Walrus outage</a>' in text


def test_what_is_gone_stands_there_by_its_id_without_a_link(browse, dana, alice, platform):
    postmortem = make_postmortem(make_document("Walrus outage"), team=platform, authors=(alice,))
    bin.throw_away(postmortem, by=alice)
    bin.purge(postmortem, by=dana)

    text = browse(dana).get(f"{AUDIT}?object={postmortem.ref}").text

    assert postmortem.ref in text
    assert "Walrus outage" not in text
    assert f"/p/{postmortem.ref}/" not in text


def test_no_title_of_a_postmortem_is_stored(alice, dana, platform):
    postmortem = make_postmortem(
        make_document("Walrus outage"), team=platform, authors=(alice,), visibility="restricted"
    )
    authoring.change_envelope(postmortem, by=alice, slug="walrus-again")
    bin.throw_away(postmortem, by=alice)

    assert "walrus" not in str(list(AuditEntry.objects.values())).lower()


def test_markup_in_an_entry_is_text(browse, dana):
    with outbox.writing():
        audit.record("test", dana, by=dana, after={"<b>x": "<script>alert(1)</script>\r\nnew line"})

    text = browse(dana).get(AUDIT).text

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\r\\nnew line" in text


def test_pages_go_by_the_numbers_of_entries(teams, numbers, monkeypatch, browse, dana):
    monkeypatch.setattr(page, "PAGE_SIZE", 2)
    client = browse(dana)

    first = client.get(AUDIT).context["page"]
    assert (first.newer, first.older) == ("", "?before=2")
    assert numbers(first.older[1:]) == [1]
    assert client.get(f"{AUDIT}{first.older}").context["page"].newer == "?after=1"
    assert numbers("after=1") == [3, 2]
    assert client.get(f"{AUDIT}?who=dana&before=9").context["page"].older == ""
    assert numbers("before=nonsense") == [3, 2]
    assert numbers("before=0") == []


@pytest.mark.parametrize("more", [1, 3])
def test_more_entries_take_no_more_statements(more, browse, dana, django_assert_num_queries):
    client = browse(dana)
    for number in range(more):
        accounts.create_team(f"team-{number}", by=dana)
        make_postmortem()

    # Session and account; entries, newer, older, how many; audience tokens, postmortems; the bell.
    with django_assert_num_queries(10):
        assert client.get(AUDIT).status_code == 200


def test_the_file_holds_the_same_entries_and_no_formula(teams, browse, dana):
    with outbox.writing():
        audit.record("test", dana, by=dana, after={"name": "=1+1"})

    text = browse(dana).get(f"{FILE}?kind=user").getvalue().decode("utf-8-sig")

    rows = list(csv.DictReader(StringIO(text)))
    assert [(row["number"], row["actor"], row["after"]) for row in rows] == [
        ("4", "dana", '{"name": "=1+1"}')
    ]
    assert rows[0]["digest"] == AuditEntry.objects.get(number=4).digest


def test_the_file_is_read_some_entries_at_a_time(teams, browse, dana, monkeypatch):
    monkeypatch.setattr("postmortems.audit.reading.AT_ONCE", 2)

    text = browse(dana).get(FILE).getvalue().decode("utf-8-sig")

    assert [row["number"] for row in csv.DictReader(StringIO(text))] == ["3", "2", "1"]


def test_its_addresses_are_those_that_links_name():
    assert (reverse("audit"), reverse("audit-file")) == (AUDIT, FILE)


def test_the_history_of_an_object_is_a_link_away(teams, browse, dana):
    _token, saved = teams
    rows = {row.entry.number: row for row in browse(dana).get(AUDIT).context["rows"]}

    assert rows[3].history_url == f"?object={saved.ref}"
    assert rows[1].history_url == f"?object={rows[1].entry.object_id}&kind=team"


def test_what_has_no_name_is_told_by_its_kind_and_ref(browse, alice, dana, teams):
    token, saved = teams
    notes.refused_token("walrus")
    saved_searches.delete(saved, by=alice)

    page = browse(dana).get(AUDIT).text

    assert f"<small>Saved search</small> <code>{saved.ref}</code>" in page
    assert f"<small>Token</small> <code>{token.prefix}…</code>" in page
    assert '<small>Token</small> <span class="quiet-text">not recorded</span>' in page
    assert f"of {alice.pk}<" not in page
