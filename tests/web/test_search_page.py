"""The search page: links that keep the query whole, what is open, what the form carries, and its cost."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertRedirects

from tests import makers


def statements(client, path):
    """How many statements the page takes once the vocabularies are in memory."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def panel(page, slug):
    """The facet of that name, wherever it stands."""
    return next(item for item in (*page.facets, *page.more_facets) if item.slug == slug)


def rows(facet):
    """All rows of a facet by their value."""
    return {row.value: row for top in facet.shown for row in top.all()}


@pytest.fixture
def two(platform):
    """One below Platform after an upgrade, one below Network."""
    makers.make_postmortem(
        makers.make_document(
            "Webhook",
            terms=("cause.primary:platform/orchestration/admission-webhook", "trigger:upgrade"),
        )
    )
    makers.make_postmortem(makers.make_document("Names", terms=("cause.primary:network/dns",)))


@pytest.mark.parametrize(
    ("path", "expected"), [("/", 12), ("/?q=postmortem", 8), ("/?cause=none", 6)]
)
@pytest.mark.parametrize("count", [1, 3])
def test_more_postmortems_take_no_more_statements(browse, alice, platform, count, path, expected):
    for _ in range(count):
        makers.make_postmortem(team=platform, authors=(alice,))

    assert statements(browse(alice), path) == expected


def test_clearing_the_filters_keeps_the_whole_query(browse, db):
    page = browse().get("/", {"q": "a&b #c", "severity": "sev1"}).context["page"]

    assert page.clear_url == "/?q=a%26b+%23c"


def test_home_leads_on_to_the_eleventh(browse, platform):
    for _ in range(12):
        makers.make_postmortem(makers.make_document())

    first = browse().get("/")
    second = browse().get(f"/{first.context['pages'].next_url}")

    refs = [hit.url for page in (first, second) for hit in page.context["page"].hits]
    assert (len(refs), len({url.partition("?")[0] for url in refs})) == (12, 12)
    assert ("rail" in first.context, "rail" in second.context) == (True, False)


def test_another_order_alone_is_still_home(browse, two):
    assert "rail" in browse().get("/?sort=severity").context


@pytest.mark.parametrize(
    ("query", "is_open", "is_whole"),
    [
        ("", False, False),
        ("open=detection/", True, False),
        ("open=detection", True, True),
        ("detection=automated-alert", True, False),
        ("detection=automated-alert&open=-detection", False, False),
    ],
)
def test_a_facet_is_open_as_the_address_says(browse, two, query, is_open, is_whole):
    facet = panel(browse().get(f"/?{query}").context["page"], "detection")

    assert (facet.fold.open, not facet.whole_url) == (is_open, is_whole)


def test_a_facet_that_is_open_by_itself_can_be_closed(browse, two):
    facets = [
        panel(browse().get(f"/?{query}").context["page"], "severity")
        for query in ("", "open=-severity")
    ]

    assert [facet.fold.open for facet in facets] == [True, False]


def test_a_branch_is_open_where_something_is_chosen_or_excluded_in_it(browse, two):
    paths = ("platform", "platform/orchestration")
    for value in (
        "platform/orchestration/admission-webhook",
        "-platform/orchestration/admission-webhook",
    ):
        shown = rows(panel(browse().get("/", {"cause": value}).context["page"], "cause"))

        assert [shown[path].fold.open for path in paths] == [True, True]
        assert shown[value].is_chosen


@pytest.mark.parametrize("chosen", ["deploy", "-deploy"])
def test_what_is_chosen_stays_in_its_facet_without_a_hit(browse, two, chosen):
    shown = rows(panel(browse().get(f"/?q=webhook&trigger={chosen}").context["page"], "trigger"))

    assert (shown[chosen].count, shown[chosen].state) == (0, "checked")


def test_what_finds_nothing_cannot_be_chosen_or_excluded(browse, two):
    shown = rows(panel(browse().get("/?q=webhook&open=trigger").context["page"], "trigger"))

    assert (shown["deploy"].state, shown["deploy"].exclude_url) == ("disabled", "")
    assert (shown["upgrade"].state, bool(shown["upgrade"].exclude_url)) == ("", True)


def test_an_excluded_value_is_a_ticked_box_of_its_exclusion(browse, two):
    page = browse().get("/?cause=-platform/orchestration").content.decode()
    tag = re.search(r'<input[^>]*value="-platform/orchestration"[^>]*>', page).group()

    assert " checked" in tag
    assert 'data-toggle="/"' in tag


def test_the_form_carries_what_no_control_shows(browse, two):
    query = (
        "relation=same-defect&cause.primary=network&cause=-platform&year=-unknown&open=year/&x=1"
    )
    page = browse().get(f"/?{query}").context["page"]

    assert sorted(page.carried) == [
        ("cause.primary", "network"),
        ("open", "year/"),
        ("relation", "same-defect"),
        ("year", "-unknown"),
    ]


def test_the_links_of_a_row_lead_back_to_the_search(browse, two):
    hit = browse().get("/?q=webhook&cause=platform").context["page"].hits[0]
    links = [hit.url, *(snippet.url for snippet in hit.snippets)]

    assert all("?from=q%3Dwebhook%26cause%3Dplatform" in link for link in links)
    assert all(link.find("?") < (link + "#").find("#") for link in links)


def test_a_cause_of_a_row_is_added_to_the_search_or_is_in_it_already(browse, two):
    added = browse().get("/?q=webhook").context["page"].hits[0].causes[0]
    chosen = (
        browse()
        .get("/?cause=platform/orchestration/admission-webhook")
        .context["page"]
        .hits[0]
        .causes[0]
    )

    assert QueryDict(added.url.partition("?")[2]).dict() == {
        "q": "webhook",
        "cause": "platform/orchestration/admission-webhook",
    }
    assert chosen.url == ""


def test_a_page_about_the_results_gets_the_question_and_its_order(browse, two):
    page = browse().get("/?q=webhook&sort=started&page=1&open=year/&trigger=").context["page"]

    assert page.query == "q=webhook&sort=started"


def test_reasons_are_shown_to_administrators_who_ask(browse, two, dana, alice):
    shown = [
        "Why it stands here" in browse(who).get(path).content.decode()
        for who, path in [
            (dana, "/?q=webhook&explain=1"),
            (dana, "/?q=webhook"),
            (alice, "/?q=webhook&explain=1"),
        ]
    ]

    assert shown == [True, False, False]


def test_nothing_found_offers_only_what_finds_something(browse, two):
    text = browse().get("/?q=webhook&cause=network&trigger=upgrade").content.decode()
    counts = re.findall(r'id="drop-\d".*?<span class="count">(\d+)</span>', text)

    assert counts
    assert "0" not in counts


def test_what_lacks_a_word_says_so(browse, db):
    makers.make_postmortem(makers.make_document("Webhook certificate expired"))
    text = browse().get("/?q=webhook+certificate+zebra+expired").content.decode()

    assert "These have most of the words" in text
    assert re.search(r'class="lacks">lacks: <b>zebra</b>', text)


def test_a_pasted_message_can_be_searched_word_for_word(browse, two):
    pasted = (
        'rpc error: code = Unavailable desc = "webhook: request timed out, waiting for the applied'
        ' index took too long", retrying in 5s; node=ip-10-1-2-3 id=8f3a11bc2233'
    )
    text = browse().get("/", {"q": pasted}).content.decode()

    assert "Search it word for word" in text


def test_past_the_last_page_is_the_last_page(db, client):
    for number in range(12):
        makers.make_postmortem(makers.make_document(f"Walrus {number}"))

    assertRedirects(client.get("/?page=50&page_size=10"), "/?page=2&page_size=10")
    assertRedirects(client.get("/?q=walrus&page=3"), "/?q=walrus&page=1")


def test_titles_say_what_is_excluded(db, client):
    makers.make_postmortem(makers.make_document("Walrus"))

    assert (
        b"<title>Root cause: not Change and configuration" in client.get("/?cause=-change").content
    )
    assert (
        "Trigger: not Deploy" in client.get("/feeds/search.atom?trigger=-deploy").content.decode()
    )


def test_what_a_form_without_script_sends_empty_is_left_out(db, client):
    sent = "/?year_from=&year_to=&q=walrus&sort="

    assertRedirects(client.get(sent), "/?q=walrus")


def test_the_usual_order_is_not_written_into_the_form(db, client):
    makers.make_postmortem(makers.make_document("Walrus"))

    assert '<option value="" selected>Started' in client.get("/").content.decode()
    assert '<option value="" selected>Relevance' in client.get("/?q=walrus").content.decode()


def test_what_is_not_published_says_so_in_its_row(browse, alice, platform):
    makers.make_postmortem(makers.make_document("Walrus, told"), team=platform)
    makers.make_postmortem(
        makers.make_document("Walrus, begun"), team=platform, authors=(alice,), status="draft"
    )

    shown = browse(alice).get("/?q=walrus").context["page"].hits

    assert {row.title: row.facts for row in shown} == {
        "Walrus, told": [],
        "Walrus, begun": ["Draft"],
    }
