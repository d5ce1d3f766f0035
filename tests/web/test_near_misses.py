"""A near miss: its severity is what it could have been, wherever it is shown, and in no trend."""

import re
from dataclasses import replace

import pytest

from postmortems import content, curation
from postmortems.exchange.exporting import export_for
from postmortems.near_misses import is_near_miss
from taxonomy import lookup
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

NEAR_MISS = ("kind:near-miss", "severity:sev2", "cause:network/dns")
OUTAGE = ("kind:outage", "severity:sev2", "cause:network/dns")
DNS = "/taxonomy/cause/network/dns/"


@pytest.fixture
def walrus():
    return make_postmortem(make_document("Walrus nearly fell", NEAR_MISS))


def badges(page: str) -> list[tuple[str, str]]:
    """The class of every severity badge, with its words."""
    found = re.findall(r'<span class="(sev [^"]+)".*?</span>', page, re.S)
    words = re.findall(r'<span class="sev [^"]+"[^>]*>(.*?)</span>', page, re.S)
    return [(name, re.sub("<[^>]+>", "", text)) for name, text in zip(found, words, strict=True)]


@pytest.mark.parametrize("address", ["/?q=walrus", DNS, "read", "print"])
def test_its_severity_reads_could_have_been(browse, walrus, address):
    read = walrus.get_absolute_url()
    address = {"read": read, "print": f"/p/{walrus.ref}/print/"}.get(address, address)

    page = browse().get(address).text.partition("<main")[2]

    assert ("sev sev-2 could", "could have been SEV2") in badges(page)


def test_an_outage_has_the_severity_it_had(browse):
    made = make_postmortem(make_document("Walrus fell", OUTAGE))

    page = browse().get(made.get_absolute_url()).text

    assert badges(page) == [("sev sev-2", "SEV2")]


def test_a_feed_says_it_too(browse, walrus):
    assert "could have been SEV2 · DNS" in browse().get("/feeds/search.atom?q=walrus").text


def test_the_markdown_file_holds_what_was_assigned(walrus, system):
    assert "could have been" not in export_for(walrus, system)
    assert "sev2" in export_for(walrus, system)


def test_the_severity_facet_counts_what_its_list_holds(browse, walrus):
    page = browse().get("/?severity=sev2").text

    assert "1 postmortem" in page
    assert "Walrus nearly fell" in page


def trend(page: str) -> list[str]:
    """The numbers at the head of a term's page, with what they lead to."""
    part = re.search(r'<p class="term-counts">(.*?)</p>', page, re.S)[1]
    links = re.findall(r'href="([^"]*)">(.*?)</a>', part)
    return [f"{words} {address.replace('&amp;', '&')}" for address, words in links]


def test_the_trend_of_a_term_leaves_near_misses_out_and_says_so(browse, walrus):
    make_postmortem(make_document("Otter", OUTAGE))

    found = trend(browse().get(DNS).text)

    assert found == [
        "2 postmortems /?cause=network/dns",
        "1 SEV2 /?q=cause:network/dns&kind=-near-miss&severity=sev2",
        "1 near miss not counted in these /?q=cause:network/dns&kind=near-miss",
    ]


def test_each_number_opens_a_list_of_that_many(browse, walrus):
    make_postmortem(make_document("Otter", OUTAGE))
    client = browse()

    for line in trend(client.get(DNS).text):
        address = line.rpartition(" ")[2]
        count = re.search(r"<h1[^>]*>\D*(\d+)", client.get(address).text)[1]
        assert line.startswith(count), line


def test_years_leave_them_out_too(browse):
    document = make_document("Otter", NEAR_MISS)
    moment = replace(document.started, date="2023-03-14")
    make_postmortem(replace(document, started=moment))

    assert not any("2023" in line for line in trend(browse().get(DNS).text))
    assert any("2023" in line for line in trend(browse().get("/taxonomy/kind/near-miss/").text))


def test_the_page_of_near_misses_counts_them(browse, walrus):
    found = trend(browse().get("/taxonomy/kind/near-miss/").text)

    assert [line.rpartition(" ")[0] for line in found] == ["1 postmortem", "1 SEV2"]


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [(["near-miss"], True), (["outage", "near-miss"], True), (["outage"], False), ([], False)],
)
def test_a_near_miss_is_told_by_its_kind(kinds, answer):
    assert is_near_miss(kinds, lookup.current()) is answer


def test_a_near_miss_stays_one_under_another_address_but_not_as_part_of_another_kind(dana, walrus):
    term = Term.objects.get(vocabulary__slug="kind", path="near-miss")
    outage = Term.objects.get(vocabulary__slug="kind", path="outage")

    def told() -> bool:
        kinds = [
            use.term for use in content.read(walrus).classifications if use.vocabulary == "kind"
        ]
        return is_near_miss(kinds, lookup.current())

    curation.move_term(term, None, by=dana, slug="close-call")
    assert told()
    curation.merge_terms(term, outage, by=dana)
    assert not told()
