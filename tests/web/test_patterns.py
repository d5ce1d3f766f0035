"""The patterns page: its sentences and numbers, its links, who sees what, few, failing parts, files."""

import csv
import gzip
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from postmortems.exchange import importing
from postmortems.insights.shapes import Count
from postmortems.models import Postmortem, User
from postmortems.moments import Moment
from postmortems.web import patterns_cards
from tests.insights.lists import listed, refs_of
from tests.makers import SEEDS, make_document, make_postmortem, make_team

pytestmark = pytest.mark.django_db

URL = "/patterns/"
DNS, DISK = "cause.primary:network/dns", "cause.primary:capacity/resource-limits"
STATEMENTS = 3
NUMBER = re.compile(r'<a [^>]*?href="(/\?[^"]*|/)"[^>]*>×?(\d+)</a>')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def made(*terms, on="2023-03-14", **envelope):
    """A postmortem with terms that started on a day."""
    document = make_document("", terms, started=Moment(on))
    return make_postmortem(document, **envelope)


@pytest.fixture
def six(platform):
    """Six: three of them with DNS, all of these after an upgrade."""
    for month in (1, 4, 7):
        made(DNS, "trigger:upgrade", "component:kubernetes", on=f"2023-{month:02}-14")
        made(DISK, "trigger:traffic-surge", "component:etcd", on=f"2022-{month:02}-14")


@pytest.fixture
def seeds(db):
    """The seed incidents."""
    importing.import_files(
        sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=make_team("platform")
    )


def page(client, query=""):
    """The text of the page."""
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.text


def heading(text):
    """The heading of a page."""
    return unescape(re.search(r"<h1[^>]*>([^<]*)</h1>", text)[1])


def cards(text):
    """The names of the cards, in their order."""
    return re.findall(r'<section class="patterns-card[^"]*" id="([^"]+)"', text)


def heat(text):
    """The cells of the heat map by row, in the order of the columns, the total last."""
    rows = re.findall(r'<tr><th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', text, re.S)
    cells = re.compile(r"<td[^>]*>(?:<a[^>]*>)?([^<]+)")
    return {unescape(name): cells.findall(rest) for name, rest in rows}


def test_the_page_says_in_how_many_and_that_it_counts(browse, six):
    text = page(browse())

    assert heading(text) == "Patterns in all 6 postmortems"
    assert "Counts, not rates" in text
    assert cards(text)[:2] == ["findings", "matrix"]


def test_a_narrower_search_says_what_narrows_it(browse, six):
    made(DNS, "trigger:traffic-surge")
    made(DNS, "trigger:upgrade")
    made(DNS, "trigger:upgrade")

    text = page(browse(), "?trigger=upgrade")

    assert heading(text) == "Patterns in the 5 postmortems with Trigger: Upgrade"
    assert heat(text)["Network"][-1] == "5"


def test_each_cell_counts_what_has_both(browse, six):
    text = page(browse(), "?rows=trigger&columns=cause")

    assert {name: sorted(cells) for name, cells in heat(text).items() if name != "all"} == {
        "Upgrade": ["0", "3", "3"],
        "Traffic surge": ["0", "3", "3"],
    }


def test_what_lacks_a_term_has_a_row_and_a_column_where_they_are_asked_for(browse, six):
    made(DNS)
    made("component:kubernetes")
    made("trigger:upgrade")
    query = "?rows=component&columns=trigger"

    assert list(heat(page(browse(), query))) == ["Kubernetes", "etcd"]
    text = page(browse(), f"{query}&unknown=show")
    assert list(heat(text))[-1] == "Not recorded"
    assert heat(text)["Not recorded"] == ["1", "0", "1", "2"]
    assert heat(text)["Kubernetes"] == ["3", "0", "1", "4"]
    assert 'aria-label="Component: Not recorded and Trigger: Not recorded: 1 post' in text


def test_every_number_about_what_is_not_recorded_lists_exactly_what_it_counts(browse, seeds):
    text = page(browse(), "?rows=trigger&columns=severity&unknown=show")

    table = re.search(r'<table class="heat">.*?</table>', text, re.S)[0]
    numbers = {(unescape(url), int(number)) for url, number in NUMBER.findall(table)}
    assert {"/?trigger=unknown", "/?severity=unknown"} <= {url for url, _number in numbers}
    assert {(url, listed(Count(number, url))) for url, number in numbers} == numbers


def test_every_number_lists_exactly_what_it_counts(browse, seeds):
    text = page(browse())

    numbers = {(unescape(url), int(number)) for url, number in NUMBER.findall(text)}
    assert len(numbers) > 40
    assert {(url, listed(Count(number, url))) for url, number in numbers} == numbers


def test_the_seeds_say_what_is_known_of_them(browse, seeds):
    text = page(browse())

    totals = {name: cells[-1] for name, cells in heat(text).items()}
    assert heading(text) == "Patterns in all 22 postmortems"
    assert totals["Change and configuration"] == "14"
    assert (totals["Platform"], totals["Network"], totals["Observability"]) == ("7", "3", "6")
    assert "SEV1 · 4 of 5 known, 1 bounded" in text


def test_a_hidden_postmortem_changes_nothing_for_others(browse, alice, charlie, six):
    before = TOKEN.sub("", page(browse(charlie)))

    hidden = ("cause.primary:network/dns", "trigger:traffic-surge", "component:etcd")
    made(*hidden[:2], on="2024-01-01", visibility="restricted", authors=(alice,))
    made(DNS, "trigger:upgrade", team=alice.teams.get(), visibility="team", authors=(alice,))

    assert TOKEN.sub("", page(browse(charlie))) == before
    assert heading(page(browse(alice))) == "Patterns in all 8 postmortems"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?rows=walrus", "“walrus” is none of"),
        ("?depth=0", "“0” is none of"),
        ("?span=week", "“week” is none of month, quarter, year."),
        ("?unknown=yes", "“yes” is none of hide, show."),
        ("?rows=component&columns=component", "Rows and columns are the same"),
    ],
)
def test_a_parameter_that_means_nothing_is_told_and_left_out(browse, six, query, said):
    text = unescape(page(browse(), query))

    assert said in text
    assert "matrix" in cards(text)


@pytest.mark.parametrize(
    "name", ["rows", "columns", "depth", "heat", "unknown", "span", "trend_by"]
)
def test_any_text_for_a_parameter_is_answered(browse, six, name):
    text = page(browse(), f"?{name}=%00%22%3E%3Cscript%3E")

    assert '"><script>' not in text


def test_what_is_chosen_stays_chosen_beside_other_choices(browse, six):
    text = page(browse(), "?rows=trigger&columns=cause&heat=ratio&unknown=show&cause=-platform")

    assert re.findall(r'<option value="([^"]*)" selected>', text)[:5] == [
        "trigger",
        "cause",
        "1",
        "ratio",
        "show",
    ]
    assert '<input type="hidden" name="cause" value="-platform">' in text
    assert '<input type="hidden" name="rows" value="trigger">' in text


def test_of_fewer_than_five_there_is_the_list(browse, six):
    text = page(browse(), "?trigger=upgrade")

    assert "Fewer than 5 postmortems match. Patterns need more; here is the list." in text
    assert (cards(text), text.count('<article class="hit">')) == ([], 3)


def test_of_none_there_is_the_way_to_all(browse, db):
    text = page(browse(), "?q=walrus")

    assert "No postmortem matches." in text
    assert 'href="/patterns/">Patterns in everything' in text


def test_an_empty_site_leads_to_importing_and_not_back_to_this_page(browse, db):
    text = page(browse(), "")

    assert heading(text) == "Patterns"
    assert 'href="/help/importing/">How to import' in text
    assert "Patterns in everything" not in text


def test_narrowing_shows_the_facets_which_lead_back_to_this_page(browse, six):
    text = page(browse(), "?narrow=1&rows=trigger")

    toggles = re.findall(r'value="upgrade" data-toggle="([^"]+)"', text)
    assert [unescape(url) for url in toggles] == [
        "/patterns/?rows=trigger&narrow=1&trigger=upgrade"
    ]
    assert 'action="/patterns/"' in text
    assert "data-toggle" not in page(browse(), "?rows=trigger")


def test_a_part_that_fails_says_so_alone(browse, six, monkeypatch):
    def breaks(_answers):
        raise RuntimeError

    monkeypatch.setitem(patterns_cards.MAKERS, "matrix", breaks)

    text = page(browse(), "?trigger=upgrade,traffic-surge")

    assert text.count("This part could not be made.") == 1
    assert 'href="/patterns/?trigger=upgrade,traffic-surge#matrix">Try again' in text
    assert "trends" in cards(text)


def test_the_page_asks_as_often_for_more_postmortems(browse, six, django_assert_num_queries):
    client = browse()
    for _more in range(2):
        made(DNS, "trigger:upgrade", "component:kubernetes")
        client.get(URL)
        made(DNS, "trigger:upgrade")
        client.get("/")
        with django_assert_num_queries(STATEMENTS):
            client.get(URL)


def test_the_page_is_light(browse, seeds):
    whole = browse().get(URL).content

    assert len(gzip.compress(whole)) < 40 * 1024


def test_search_leads_here_with_what_was_asked(browse, six):
    text = browse().get("/?cause=network,capacity").text

    assert 'href="/patterns/?cause=network,capacity">Patterns in these 6</a>' in text
    assert 'href="/patterns/" data-key="g p"' in text


# --- Files ----------------------------------------------------------------------------------------


def test_a_card_as_a_file_for_spreadsheets(browse, six):
    response = browse().get("/patterns/matrix.csv?rows=trigger&columns=cause")
    lines = b"".join(response).decode("utf-8-sig").splitlines()

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="patterns-matrix-[\d-]+\.csv"', response["Content-Disposition"]
    )
    assert sorted(lines[0].split(",")) == ["Capacity", "Network", "Trigger", "all"]
    assert {line.rpartition(",")[2] for line in lines[1:]} == {"3"}


def test_the_time_between_is_told_as_for_the_known_problem(browse, seeds):
    answer = b"".join(browse().get("/patterns/recurrence.csv")).decode("utf-8-sig")
    rows = [*csv.DictReader(answer.splitlines())]

    since = [row["Since the one before"] for row in rows]
    assert since == ["", "5 to 7 months", "at most 4 months", "not known how long"]
    text = page(browse())
    assert [f">{words}</text>" in text for words in since[1:]] == [True, True, False]


def test_every_card_of_the_page_is_there_as_a_file(browse, seeds):
    client = browse()
    there = set(cards(page(client)))

    asked = {
        card: client.get(f"/patterns/{card}.csv").status_code for card in patterns_cards.MAKERS
    }
    assert {card for card, status in asked.items() if status == 200} == there
    assert set(asked.values()) <= {200, 404}


def test_a_picture_is_whole_in_its_file(browse, seeds):
    client = browse()

    for card in patterns_cards.PICTURED:
        text = client.get(f"/patterns/{card}.svg").text
        ElementTree.fromstring(text)
        assert ("class=" in text, "#ffffff" in text) == (False, True)
        assert set(re.findall(r'<a href="([^"]{0,18})', text)) == {"http://testserver/"}


@pytest.mark.parametrize("name", ["walrus.csv", "walrus.svg", "gaps.svg", "findings.svg"])
def test_what_is_no_card_is_no_file(browse, six, name):
    assert browse().get(f"/patterns/{name}").status_code == 404


def test_the_pair_that_reconciliation_deleted_is_named_with_its_list(browse, seeds):
    said = re.search(r"The same .*?Reconciliation deletes live resources", page(browse()))[0]

    (url, number), *_rest = NUMBER.findall(said)
    refs = refs_of(Count(int(number), unescape(url)))
    made = Postmortem.objects.filter(ref__in=refs).values_list("import_id", flat=True)
    assert number == "2"
    assert set(made) == {"influxdb-argocd-name-collision", "skyscanner-missing-braces"}
