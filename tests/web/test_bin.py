"""The pages of the bin: they ask first, and what lies there is 404 for everybody but its audience."""

import pytest
from django.urls import get_resolver, reverse
from pytest_django.asserts import assertRedirects

from postmortems import bin, slugs
from postmortems.models import Postmortem
from tests.makers import make_document, make_postmortem, make_user

PAGES = ("postmortem-bin", "postmortem-archive", "postmortem-duplicate")


@pytest.fixture
def lena(platform):
    """Leads the platform team."""
    return make_user("lena", team=platform, role="lead")


@pytest.fixture
def walrus(platform, alice):
    """A public postmortem of alice."""
    return make_postmortem(make_document("Walrus outage"), team=platform, authors=(alice,))


@pytest.fixture
def thrown(walrus, alice):
    """The same in the bin."""
    return bin.throw_away(walrus, by=alice)


def page_of(name, postmortem) -> str:
    return reverse(name, kwargs={"ref": postmortem.ref})


def test_visitors_are_asked_to_sign_in_and_hidden_looks_like_absent(browse, walrus, thrown):
    absent = Postmortem(ref="zzzzzzzz")
    for name in (*PAGES, "bin-restore", "bin-purge"):
        for postmortem in (thrown, absent):
            response = browse().get(page_of(name, postmortem))
            assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in/")


def test_throwing_away_asks_first_then_leads_to_the_bin(browse, walrus, alice):
    client, address = browse(alice), page_of("postmortem-bin", walrus)

    page = client.get(address).text
    assert "Move “Walrus outage” to the bin?" in page
    assert Postmortem.objects.live().exists()

    assertRedirects(client.post(address), "/bin/", fetch_redirect_response=False)
    page = client.get("/bin/").text
    assert "Moved “Walrus outage” to the bin." in page
    assert page_of("bin-restore", walrus) in page


def test_who_does_not_see_it_there_is_led_to_search(browse, walrus, bob):
    assertRedirects(browse(bob).post(page_of("postmortem-bin", walrus)), "/")


def test_what_lies_in_the_bin_answers_like_what_never_was(browse, thrown, alice, bob, dana):
    addresses = [page_of(name, thrown) for name in (*PAGES, "postmortem-by-ref")]
    addresses += [page_of(name, thrown) for name in ("postmortem-print", "postmortem-markdown")]
    addresses += [thrown.get_absolute_url(), f"/api/v1/postmortems/{thrown.ref}/similar/"]

    for viewer in (alice, bob, dana):
        for address in addresses:
            response = browse(viewer).get(address)
            assert response.status_code == 404, (viewer, address)
            assert "Walrus" not in response.text.replace("walrus-outage", "")


def test_the_pages_of_the_bin_are_404_for_all_but_its_audience(browse, thrown, lena, bob, charlie):
    for name in ("bin-restore", "bin-purge"):
        for viewer in (bob, charlie):
            assert browse(viewer).get(page_of(name, thrown)).status_code == 404
            assert browse(viewer).post(page_of(name, thrown)).status_code == 404
    assert "Walrus" not in browse(bob).get("/bin/").text
    assert Postmortem.objects.get().deleted_at


def test_what_is_not_in_the_bin_has_no_page_there(browse, walrus, dana):
    for name in ("bin-restore", "bin-purge"):
        assert browse(dana).post(page_of(name, walrus)).status_code == 404
    assert Postmortem.objects.live().exists()


@pytest.mark.parametrize("ref", ["zzzzzzzz", "x", "%00" * 8])
def test_no_odd_ref_gets_to_the_database(browse, alice, ref):
    assert browse(alice).get(f"/bin/{ref}/restore/").status_code == 404


def test_who_may_look_and_not_change_is_told_so(browse, walrus, charlie):
    for name in ("postmortem-bin", "postmortem-archive"):
        response = browse(charlie).post(page_of(name, walrus), {"act": "archive"})
        assert response.status_code == 403
        assert "Platform" in response.text


def test_restoring_asks_first_then_leads_to_the_page(browse, thrown, alice):
    client, address = browse(alice), page_of("bin-restore", thrown).upper().replace("/BIN", "/bin")
    address = address.replace("RESTORE", "restore")

    assert "Restore “Walrus outage”?" in client.get(address).text
    assert Postmortem.objects.get().deleted_at

    assertRedirects(client.post(address), thrown.get_absolute_url())
    assert client.post(address).status_code == 404


def test_an_author_restores_and_does_not_purge(browse, thrown, alice):
    page = browse(alice).get("/bin/").text

    assert page_of("bin-restore", thrown) in page
    assert page_of("bin-purge", thrown) not in page
    assert browse(alice).post(page_of("bin-purge", thrown)).status_code == 403


def test_an_author_who_only_reads_now_is_offered_nothing(browse, thrown, alice):
    alice.memberships.update(role="reader")

    page = browse(alice).get("/bin/").text

    assert "Its team decides." in page
    assert browse(alice).post(page_of("bin-restore", thrown)).status_code == 403


@pytest.mark.parametrize("name", ["lena", "dana"])
def test_purging_asks_first(browse, lena, thrown, name, request):
    client = browse(request.getfixturevalue(name))

    assert page_of("bin-purge", thrown) in client.get("/bin/").text
    assert "for good?" in client.get(page_of("bin-purge", thrown)).text
    assert Postmortem.objects.exists()

    assertRedirects(client.post(page_of("bin-purge", thrown)), "/bin/")
    assert not Postmortem.objects.exists()


def test_an_empty_bin_says_what_would_stand_there(browse, alice):
    assert "Postmortems that are thrown away stand here" in browse(alice).get("/bin/").text


def test_a_long_bin_has_pages(browse, alice, platform):
    for number in range(26):
        made = make_postmortem(
            make_document(f"Number {number:02}"), team=platform, authors=(alice,)
        )
        bin.throw_away(made, by=alice)

    first, second = (browse(alice).get(f"/bin/?page={page}").text for page in (1, 9))

    assert ("Number 25" in first, "Number 00" in first) == (True, False)
    assert ("Number 25" in second, "Number 00" in second) == (False, True)


def test_the_bin_asks_the_same_for_one_and_for_three(
    browse, alice, platform, django_assert_num_queries
):
    client = browse(alice)
    for count in (1, 2):
        for _ in range(count):
            bin.throw_away(make_postmortem(team=platform, authors=(alice,)), by=alice)
        client.get("/bin/")

        with django_assert_num_queries(6):
            client.get("/bin/")


def test_no_slug_hides_the_read_page_behind_an_address_of_its_own(browse, platform, alice):
    patterns = [str(item.pattern) for item in get_resolver("postmortems.web.urls").url_patterns]
    words = [
        part.removeprefix("p/<str:ref>/") for part in patterns if part.startswith("p/<str:ref>/")
    ]
    # A slug has no slash: only addresses of one word could be taken for one.
    ends = {word.removesuffix("/") for word in words if word.endswith("/")}
    taken = {word for word in ends if "<" not in word and "/" not in word}

    assert taken - {""} <= set(slugs.TAKEN)
    for title in ("Print", "Bin", "Edit"):
        made = make_postmortem(make_document(title), team=platform, authors=(alice,))
        assert f'<h1 lang="en">{title}</h1>' in browse().get(made.get_absolute_url()).text
