"""The vocabularies and the page of a term: names, counts that obey rights, filters, retired terms."""

import re

import pytest
from django.utils import timezone

from taxonomy import lookup
from taxonomy.models import TaxonomyState, Term, Vocabulary
from tests import makers

DNS = "/taxonomy/cause/network/dns/"


def bump():
    """Say that terms changed, as the verbs of curation do."""
    state, _created = TaxonomyState.objects.get_or_create(pk=1)
    TaxonomyState.objects.filter(pk=1).update(revision=state.revision + 1)
    lookup.forget()


def with_terms(*terms, title="", **envelope):
    return makers.make_postmortem(
        makers.make_document(title, (*terms, "severity:sev1", "kind:outage")), **envelope
    )


def counts(text):
    """Name -> count of a tree page."""
    rows = re.findall(
        r'class="term-name">.*?<a [^>]*>(?:<mark>)?([^<]*)<.*?class="count[^"]*">(\d+)', text, re.S
    )
    return {name: int(count) for name, count in rows}


def test_all_vocabularies_stand_beside_the_first(browse, db):
    text = browse().get("/taxonomy/").text

    assert re.findall(r'aria-current="page">([^<]+?) <', text)[-1] == "Root cause"
    assert text.count('<option value="') == len(lookup.current().vocabularies)


def test_the_select_of_small_screens_leads_to_the_vocabulary(browse, db):
    response = browse().get("/taxonomy/", {"vocabulary": "trigger"})

    assert (response.status_code, response.url) == (302, "/taxonomy/trigger/")


def test_counts_are_of_the_subtree_and_of_what_the_viewer_may_see(browse, alice, charlie):
    with_terms("cause:network/dns", "cause:network/cni-routing")
    with_terms("cause:network/dns", visibility="team")

    inside = counts(browse(alice).get("/taxonomy/cause/").text)
    outside = counts(browse(charlie).get("/taxonomy/cause/").text)

    assert (inside["Network"], inside["DNS"]) == (2, 2)
    assert (outside["Network"], outside["DNS"], outside["Platform"]) == (1, 1, 0)


@pytest.mark.parametrize("asked", ["dns", "DNS", "域名", "name resolution"])
def test_the_filter_finds_names_in_any_language_and_aliases(browse, db, asked):
    Term.objects.filter(path="network/dns").update(
        names={"en": "DNS", "zh-hans": "域名解析"}, aliases=["Name resolution"]
    )
    bump()

    text = browse().get("/taxonomy/cause/", {"filter": asked}).text

    assert "<mark>DNS</mark>" in text
    assert "<details open>" in text
    assert "Platform" not in counts(text)


def test_a_filter_without_a_match_says_so(browse, db):
    text = browse().get("/taxonomy/cause/", {"filter": '"><script>'}).text

    assert "No term is called that." in text
    assert "<script>&gt;" not in text
    assert '"><script>' not in text


def test_the_tree_and_the_term_are_read_in_a_fixed_number_of_statements(
    browse, db, django_assert_num_queries
):
    client = browse()
    for total in (1, 3):
        with_terms("cause:network/dns", title=f"Number {total}")
        client.get("/taxonomy/cause/")
        client.get(DNS)
        with django_assert_num_queries(client_statements("tree")):
            client.get("/taxonomy/cause/")
        with django_assert_num_queries(client_statements("term")):
            client.get(DNS)


def client_statements(page):
    return {"tree": 4, "term": 8}[page]


def test_a_term_shows_what_it_goes_with_and_its_postmortems(browse, db):
    with_terms("cause.primary:network/dns", "cause:platform/host/kernel-bug", title="First one")
    with_terms("cause.primary:network/dns", "trigger:upgrade", title="Second one")
    with_terms("cause:platform/host/kernel-bug", title="Another one")

    text = browse().get(DNS).text

    assert "Search these 2" in text
    assert ("First one" in text, "Another one" in text) == (True, False)
    assert 'href="/?cause=network/dns"' in text
    assert re.findall(r"<h2>([^<]+)</h2>", text)[:2] == ["Set off by", "Comes with"]


def test_what_goes_with_a_term_is_a_link_to_as_many_as_it_says(browse, db):
    with_terms("cause:network/dns", "cause:platform/host/kernel-bug")
    with_terms("cause:platform/host/kernel-bug")

    text = browse().get(DNS).text
    [(url, count)] = re.findall(r'<a href="([^"]+)">Kernel bug <span class="count">(\d+)', text)

    found = browse().get(url.replace("&amp;", "&")).text
    assert count == "1"
    assert ">1 postmortem<" in re.sub(r"\s+", " ", found).replace("> ", ">").replace(" <", "<")


def test_charlie_does_not_see_what_he_may_not(browse, platform, charlie):
    with_terms("cause:network/dns", title="Hidden name", visibility="team", team=platform)

    text = browse(charlie).get(DNS).text

    assert "Hidden name" not in text
    assert "No postmortem that you can see has this term." in text


@pytest.mark.parametrize(
    "address",
    [
        "/taxonomy/nothing/",
        "/taxonomy/cause/nothing/",
        "/taxonomy/nothing/dns/",
        "/taxonomy/cause/NETWORK/DNS/",
    ],
)
def test_an_unknown_vocabulary_or_term_is_404(browse, db, address):
    assert browse().get(address).status_code == 404


def test_a_merged_term_leads_to_its_heir_which_says_so(browse, db):
    heir = Term.objects.get(path="network/cni-routing")
    Term.objects.filter(path="network/dns").update(merged_into=heir, retired_at=timezone.now())
    bump()

    response = browse().get(DNS, follow=True)

    assert response.redirect_chain == [
        ("/taxonomy/cause/network/cni-routing/?merged=network/dns", 302)
    ]
    assert "“DNS” was merged into this term." in response.text


@pytest.mark.parametrize("claim", ["network", "network/dns", "nonsense", "<script>"])
def test_only_a_true_merge_is_told(browse, db, claim):
    text = browse().get(DNS, {"merged": claim}).text

    assert "was merged into" not in text


def test_a_retired_term_says_so_and_leaves_the_tree(browse, db):
    Term.objects.filter(path="network/dns").update(retired_at=timezone.now())
    bump()

    assert "Retired: it is no longer offered" in browse().get(DNS).text
    assert "DNS" not in counts(browse().get("/taxonomy/cause/").text)


@pytest.mark.parametrize("page", ["0", "x", "99"])
def test_a_bad_page_is_no_error(browse, db, page):
    with_terms("cause:network/dns")

    assert browse().get(DNS, {"page": page}).status_code == 200


def test_every_term_that_comes_with_the_product_has_a_page(browse, db):
    terms = lookup.current()
    first = [terms.terms_of(vocabulary.slug)[-1] for vocabulary in terms.vocabularies]

    answers = [browse().get(f"/taxonomy/{term.vocabulary}/{term.path}/") for term in first]

    assert {answer.status_code for answer in answers} == {200}


def test_without_vocabularies_the_page_says_how_to_load_them(browse, db):
    while Term.objects.exists():
        parents = Term.objects.exclude(parent=None).values("parent")
        Term.objects.exclude(pk__in=list(parents.values_list("parent", flat=True))).delete()
    Vocabulary.objects.all().delete()
    bump()

    assert "There are no vocabularies yet" in browse().get("/taxonomy/").text
