"""The pages of curators: who may open them, previews, redirects, suggestions."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from postmortems import curation, saved_searches
from postmortems.models import TermSuggestion
from taxonomy.models import Term, Vocabulary
from tests.makers import make_document, make_postmortem, make_user
from tests.search.asking import ask

DNS = "/taxonomy/cause/network/dns/"


def term(path: str, vocabulary: str = "cause") -> Term:
    return Term.objects.get(vocabulary__slug=vocabulary, path=path)


def act(name: str, path: str = "network/dns") -> str:
    return reverse(f"term-{name}", args=["cause", term(path).pk])


def mark_in(page: str) -> str:
    """The mark that a page's form carries."""
    return page.split('name="as_of" value="')[1].split('"')[0]


@pytest.fixture
def carol(db):
    """Curates, and is in no team."""
    return make_user("carol", is_curator=True)


@pytest.fixture
def pages(db) -> list[str]:
    return [
        "/taxonomy/new/",
        "/taxonomy/cause/edit/",
        "/taxonomy/cause/add/",
        *(act(name) for name in ("edit", "move", "merge", "retire")),
    ]


def test_only_curators_open_the_pages(browse, alice, charlie, dana, carol, pages):
    for page in pages:
        answers = [browse(by).get(page).status_code for by in (None, alice, charlie, dana, carol)]

        assert answers == [302, 403, 403, 200, 200], page


def test_only_curators_change_anything(browse, alice, pages):
    before = list(Term.objects.order_by("pk").values())

    for page in pages:
        assert browse(alice).post(page, {"names-en": "Walrus", "target": "time"}).status_code == 403

    assert list(Term.objects.order_by("pk").values()) == before


def test_what_is_not_there_is_not_found(browse, dana):
    for page in (
        "/taxonomy/nothing/edit/",
        "/taxonomy/cause/term/0/edit/",
        "/taxonomy/nothing/add/",
    ):
        assert browse(dana).get(page).status_code == 404
    other = reverse("term-edit", args=["trigger", term("network/dns").pk])
    assert browse(dana).get(other).status_code == 404


def test_readers_see_no_word_of_curation(browse, alice, dana):
    assert "/edit/" not in browse(alice).get(DNS).text
    assert "/edit/" not in browse().get("/taxonomy/cause/").text
    assert act("edit") in browse(dana).get(DNS).text
    assert "/taxonomy/cause/edit/" in browse(dana).get("/taxonomy/cause/").text


def test_a_vocabulary_is_added_and_is_a_facet_at_once(browse, dana):
    form = {"slug": "vendor", "names-en": "Vendor", "kind": "flat", "facet": "closed", "many": "1"}

    client = browse(dana)
    response = client.post("/taxonomy/new/", form)

    assertRedirects(response, "/taxonomy/vendor/", fetch_redirect_response=False)
    assert "Added the vocabulary" in client.get("/taxonomy/vendor/").text
    assert Vocabulary.objects.get(slug="vendor").many


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"slug": "status"}, "already means something"),
        ({"slug": "cause"}, "There is a vocabulary"),
        ({"names-en": ""}, "Names: The English text is missing."),
        ({"kind": "moon"}, "“moon” is not one of the choices"),
    ],
)
def test_what_is_wrong_with_a_vocabulary_is_said(browse, dana, change, says):
    form = {"slug": "vendor", "names-en": "Vendor", "kind": "flat", "facet": "closed"}

    response = browse(dana).post("/taxonomy/new/", form | change)

    assert response.status_code == 200
    assert says in response.text
    assert not Vocabulary.objects.filter(slug="vendor").exists()


def test_a_term_is_added_below_another(browse, dana):
    client = browse(dana)
    assert 'value="network" selected' in client.get("/taxonomy/cause/add/?below=network").text

    response = client.post("/taxonomy/cause/add/", {"names-en": "Lost ARP", "parent": "network"})

    address = "/taxonomy/cause/network/lost-arp/"
    assertRedirects(response, address, fetch_redirect_response=False)
    assert client.get(address).status_code == 200


def test_a_term_is_renamed_and_translated(browse, dana):
    client = browse(dana)
    form = {"names-en": "Names", "names-zh-hans": "名字解析", "aliases": "resolver\n bind "}

    client.post(act("edit"), form)

    page = client.get(DNS).text
    assert "<h1>Names</h1>" in page
    assert all(name in page for name in ("名字解析", "resolver", "bind"))


def test_a_form_from_before_another_change_is_shown_again(browse, dana):
    client = browse(dana)
    old = mark_in(client.get(act("edit")).text)
    curation.change_term(term("time"), by=dana, symbol="⏰")

    response = client.post(act("edit"), {"names-en": "Mine", "as_of": old})

    assert "changed meanwhile" in response.text
    assert 'value="Mine"' in response.text
    assert term("network/dns").names["en"] != "Mine"
    client.post(act("edit"), {"names-en": "Mine", "as_of": mark_in(response.text)})
    assert term("network/dns").names["en"] == "Mine"


def test_a_move_is_shown_before_it_is_done_and_the_old_address_leads_on(browse, dana):
    make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    saved_searches.create("DNS", "cause=network/dns&q=walrus", by=dana)
    client = browse(dana)

    page = client.get(act("move"), {"below": "platform", "slug": "names"}).text
    assert "<code>platform/names</code>" in page
    assert all(words in page for words in ("1 postmortem<", "1 saved search<", "0 terms below it"))
    form = {"below": "platform", "slug": "names", "as_of": mark_in(page)}
    response = client.post(act("move"), form)

    assertRedirects(response, "/taxonomy/cause/platform/names/", fetch_redirect_response=False)
    assertRedirects(browse().get(DNS), "/taxonomy/cause/platform/names/")
    assert ask(cause="network/dns").count == 1
    assert "1 postmortem" in client.get("/taxonomy/cause/platform/names/").text


def test_a_move_that_cannot_be_says_why_and_offers_nothing(browse, dana):
    page = browse(dana).get(act("move", "network"), {"below": "network/dns"}).text

    assert "cannot hang below itself" in page
    assert "Move it" not in page


def test_a_merge_is_shown_before_it_is_done(browse, dana):
    make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    client = browse(dana)

    page = client.get(act("merge"), {"target": "time"}).text
    assert "1 postmortem<" in page
    assert term("network/dns").merged_into is None
    client.post(act("merge"), {"target": "time", "as_of": mark_in(page)})

    assertRedirects(browse().get(DNS), "/taxonomy/cause/time/?merged=network/dns")
    assert "was merged into this term" in browse().get(f"{DNS}", follow=True).text


def test_the_preview_counts_what_the_curator_may_see(browse, dana, carol, platform):
    make_postmortem(make_document(terms=("cause:network/dns",)), team=platform, visibility="team")

    assert "0 postmortems<" in browse(carol).get(act("retire")).text
    assert "1 postmortem<" in browse(dana).get(act("retire")).text


def test_what_the_preview_counts_is_behind_its_numbers(browse, dana):
    for status in ("published", "archived", "draft"):
        document = make_document(f"A {status} one", ("cause:network/dns",))
        make_postmortem(document, status=status)
    saved = saved_searches.create("Lost names", "q=cause:network", by=dana)
    client = browse(dana)

    page = client.get(act("retire", "network")).text

    assert "3 postmortems<" in page
    address = "/?cause=network&amp;status=draft,in_review,published,archived"
    assert f'href="{address}"' in page
    found = client.get(address.replace("&amp;", "&")).text
    assert all(f"A {status} one" in found for status in ("published", "archived", "draft"))
    assert f'<a href="{saved.get_absolute_url()}">Lost names</a>' in page
    assert f'<a href="{DNS}">Network › DNS</a>' in page


def test_a_term_is_retired_and_restored(browse, dana):
    client = browse(dana)

    client.post(act("retire"), {"as_of": mark_in(client.get(act("retire")).text)})
    assert "Retired: it is no longer offered" in client.get(DNS).text
    client.post(act("restore"))

    assert term("network/dns").retired_at is None
    assert client.get(act("restore")).status_code == 405


def test_authors_suggest_and_curators_decide(browse, alice, charlie, dana):
    address = "/taxonomy/cause/suggest/"
    assert browse().get(address).status_code == 302
    form = {"names-en": "Lost ARP", "parent": "network", "why": "Twice <b>now</b>"}

    assertRedirects(browse(alice).post(address, form), "/taxonomy/suggestions/")

    one = reverse("suggestion", args=[TermSuggestion.objects.get().pk])
    assert [browse(by).get(one).status_code for by in (None, alice, charlie, dana)] == [
        *(302, 200, 404, 200)
    ]
    assert "Lost ARP" not in browse(charlie).get("/taxonomy/suggestions/").text
    page = browse(dana).get(one).text
    assert "Twice &lt;b&gt;now&lt;/b&gt;" in page
    accepted = {**form, "decision": "accept", "as_of": mark_in(page)}
    response = browse(dana).post(one, accepted)
    assertRedirects(response, "/taxonomy/cause/network/lost-arp/", fetch_redirect_response=False)
    assert "Accepted" in browse(alice).get("/taxonomy/suggestions/").text


def test_a_reader_may_not_suggest_nor_an_author_decide(browse, alice, platform):
    reader = make_user("erin", team=platform, role="reader")
    assert browse(reader).get("/taxonomy/cause/suggest/").status_code == 403
    made = curation.suggest_term(Vocabulary.objects.get(slug="cause"), {"en": "Lost ARP"}, by=alice)

    response = browse(alice).post(reverse("suggestion", args=[made.pk]), {"decision": "accept"})

    assert response.status_code == 403
    assert TermSuggestion.objects.open().count() == 1


def test_declining_needs_an_answer(browse, alice, dana):
    made = curation.suggest_term(Vocabulary.objects.get(slug="cause"), {"en": "Lost ARP"}, by=alice)
    one = reverse("suggestion", args=[made.pk])

    assert "Say why" in browse(dana).post(one, {"decision": "decline"}).text
    browse(dana).post(one, {"decision": "decline", "answer": "Use routing."})

    assert "Use routing." in browse(alice).get(one).text


def test_what_no_database_holds_is_left_out_of_what_is_typed(browse, dana):
    client = browse(dana)
    words = {"names-en": "Wal\x00rus", "definitions-en": "Tu\x00sks", "aliases": "odo\x00benus"}

    client.post("/taxonomy/cause/add/", {**words, "slug": "wal\x00rus", "symbol": "\x00"})
    client.post(act("edit"), {**words, "as_of": mark_in(client.get(act("edit")).text)})
    client.post("/taxonomy/cause/suggest/", {"names-en": "Ot\x00ter", "why": "We\x00t"})
    form = {"slug": "sea\x00", "names-en": "Se\x00a", "kind": "flat\x00", "facet": "closed"}
    client.post("/taxonomy/new/", form)

    made = [term("walrus"), term("network/dns"), Vocabulary.objects.get(slug="sea")]
    assert [row.names["en"] for row in made] == ["Walrus", "Walrus", "Sea"]
    assert made[0].aliases == made[1].aliases == ["odobenus"]
    suggested = TermSuggestion.objects.get()
    assert (suggested.names, suggested.why) == ({"en": "Otter"}, "Wet")


def test_the_way_to_a_term_is_told_in_names(browse, dana):
    page = browse(dana).get(act("edit")).text

    crumbs = page.partition('class="crumbs"')[2].partition("</nav>")[0]
    assert f'<a href="{DNS}">Network › DNS</a>' in crumbs
    assert '<a href="/taxonomy/cause/">Root cause</a>' in crumbs
