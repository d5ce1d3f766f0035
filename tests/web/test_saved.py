"""The pages of saved searches: the list, keeping, opening, changing, deleting."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from postmortems import saved_searches
from postmortems.models import SavedSearch
from tests.makers import make_document, make_postmortem

DNS = "q=dns&cause=network/dns"
FORM = {"name": "DNS", "query": DNS, "sharing": "private"}


def keep(by, name="DNS", query=DNS, **fields):
    return saved_searches.create(name, query, by=by, **fields)


def page_of(name, saved) -> str:
    return reverse(name, kwargs={"ref": saved.ref})


def addresses(saved) -> list[str]:
    own = [page_of(name, saved) for name in ("saved-search", "saved-edit", "saved-delete")]
    return [*own, "/saved/", "/saved/new/?q=dns", "/saved/feeds/"]


def test_visitors_are_asked_to_sign_in_and_come_back(browse, alice):
    for address in addresses(keep(alice)):
        response = browse().get(address)

        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=/saved/")


def test_the_form_is_filled_from_the_address_of_a_search(browse, alice):
    page = browse(alice).get("/saved/new/?q=coredns&cause=network/dns&page=2&utm_source=x").text

    assert 'value="q=coredns&amp;cause=network/dns"' in page
    assert 'value="coredns, DNS"' in page
    assert "Root cause: DNS" in page


def test_without_a_search_there_is_nothing_to_keep(browse, alice):
    assert "There is nothing to save" in browse(alice).get("/saved/new/").text


def test_a_search_is_kept_and_said_so(browse, alice):
    client = browse(alice)

    response = client.post("/saved/new/", {**FORM, "is_default": "1"})

    saved = SavedSearch.objects.get()
    assertRedirects(response, "/saved/", fetch_redirect_response=False)
    assert (saved.owner, saved.query, saved.is_default) == (alice, DNS, True)
    page = client.get("/saved/").text
    assert "Saved as “DNS”." in page
    assert "Your default" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "Give the search a name."),
        ({"name": "taken"}, "already"),
        ({"query": "colour=red"}, "“colour” is no parameter of a search."),
        ({"sharing": "team:payments"}, "Choose the team to share it with."),
        ({"sharing": "team:"}, "There is no sharing “team:”."),
        ({"sharing": "moon"}, "There is no sharing “moon”."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    browse, alice, payments, change, says
):
    keep(alice, "Taken")

    response = browse(alice).post("/saved/new/", {**FORM, **change})

    assert response.status_code == 200
    assert says in response.text
    assert 'aria-invalid="true"' in response.text
    assert SavedSearch.objects.count() == 1


def test_only_who_may_share_with_everybody_is_offered_it(browse, alice, bob):
    assert 'value="site"' not in browse(alice).get("/saved/new/?q=x").text
    assert 'value="site"' in browse(bob).get("/saved/new/?q=x").text
    answer = browse(alice).post("/saved/new/", {**FORM, "sharing": "site"})
    assert answer.status_code == 403


def test_sharing_with_a_team(browse, alice, bob, charlie):
    browse(alice).post("/saved/new/", {**FORM, "sharing": "team:platform"})

    assert SavedSearch.objects.get().team.slug == "platform"
    for viewer, is_there in ((bob, True), (charlie, False)):
        page = browse(viewer).get("/saved/?tab=shared").text
        assert ("DNS</a>" in page, "kept by Alice" in page) == (is_there, is_there)
    assert "DNS</a>" not in browse(bob).get("/saved/").text


def test_administrators_have_a_list_of_all_that_is_shared(browse, alice, bob, dana):
    keep(bob, "Shared one", shared="site")
    keep(alice, "Private one")

    page = browse(dana).get("/saved/?tab=all").text

    assert "Shared one" in page
    assert "Private one" not in page
    assertRedirects(browse(alice).get("/saved/?tab=all"), "/saved/")
    assertRedirects(browse(alice).get("/saved/?tab=none"), "/saved/")


def test_opening_one_leads_to_the_search_with_the_readers_own_rights(browse, alice, bob, platform):
    document = make_document("Secret DNS", terms=("cause:network/dns",))
    make_postmortem(document, visibility="restricted", authors=(alice,))
    saved = keep(alice, shared="team", team=platform)
    link = page_of("saved-search", saved)

    assertRedirects(browse(bob).get(link.upper().replace("/SAVED", "/saved")), f"/?{DNS}")
    assert "Secret DNS" in browse(alice).get(link, follow=True).text
    assert "Secret DNS" not in browse(bob).get(link, follow=True).text


def test_hidden_ones_look_like_absent_ones(browse, alice, charlie, dana, platform):
    private, shared = keep(alice), keep(alice, "Team", shared="team", team=platform)

    for name in ("saved-search", "saved-edit", "saved-delete"):
        for viewer, saved in ((charlie, private), (charlie, shared), (dana, private)):
            assert browse(viewer).get(page_of(name, saved)).status_code == 404
            assert browse(viewer).post(page_of(name, saved)).status_code in (404, 405)
        for ref in ("zzzzzzzz", "x", "%00" * 8):
            assert browse(alice).get(f"/saved/{ref}/").status_code == 404


def test_what_others_share_can_be_opened_and_not_changed(browse, alice, bob, platform):
    saved = keep(alice, shared="team", team=platform)

    for name in ("saved-edit", "saved-delete"):
        assert browse(bob).get(page_of(name, saved)).status_code == 403
        assert browse(bob).post(page_of(name, saved), FORM).status_code == 403
    assert SavedSearch.objects.filter(name="DNS").exists()


def test_a_change_keeps_what_the_form_holds(browse, alice, platform):
    saved = keep(alice, shared="team", team=platform, is_default=True)
    client, address = browse(alice), page_of("saved-edit", saved)

    page = client.get(address).text
    client.post(address, {"name": "Names", "query": "?q=names", "sharing": "private"})

    assert 'value="team:platform" selected' in page
    saved.refresh_from_db()
    assert (saved.name, saved.query, saved.team, saved.is_default) == (
        *("Names", "q=names"),
        *(None, False),
    )


def test_deleting_asks_first(browse, alice):
    saved = keep(alice)
    client, address = browse(alice), page_of("saved-delete", saved)

    page = client.get(address).text

    assert "Delete “DNS”?" in page
    assert SavedSearch.objects.exists()
    assertRedirects(client.post(address), "/saved/")
    assert not SavedSearch.objects.exists()


def test_an_empty_list_says_what_would_stand_there(browse, alice):
    assert "Searches that you keep under a name stand here." in browse(alice).get("/saved/").text


def test_a_long_list_has_pages(browse, alice):
    for number in range(21):
        keep(alice, f"Search {number:02}")

    first, second = (browse(alice).get(f"/saved/?page={page}").text for page in (1, 2))

    assert ("Search 19" in first, "Search 20" in first) == (True, False)
    assert ("Search 19" in second, "Search 20" in second) == (False, True)
    assert browse(alice).get("/saved/?page=٣").status_code == 200


def test_the_list_asks_the_same_for_one_and_for_three(
    browse, alice, platform, django_assert_num_queries
):
    client = browse(alice)
    for names in (["One"], ["Two", "Three"]):
        for name in names:
            keep(alice, name, shared="team", team=platform)
        client.get("/saved/")

        # Session, account, vocabularies, how many, rows; the bell.
        with django_assert_num_queries(7):
            client.get("/saved/")


def test_the_menu_of_the_signed_in_leads_there(browse, alice):
    assert 'href="/saved/"' in browse(alice).get("/help/").text
    assert 'href="/saved/"' not in browse().get("/help/").text


def test_past_the_last_page_of_the_list_is_the_last_page(browse, alice):
    keep(alice)

    assert "DNS" in browse(alice).get("/saved/?page=1000").content.decode()
