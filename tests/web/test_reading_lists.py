"""The pages of reading lists: all, one, making, filling, ordering, printing; and the mark that one helped."""

import re

import pytest
from pytest_django.asserts import assertRedirects

from postmortems import reading_lists
from postmortems.document import Translation
from postmortems.models import Helped, Postmortem, ReadingList
from tests.makers import make_document, make_postmortem

HTMX = {"headers": {"HX-Request": "true"}}


def make(by, *items, name="New on call", **fields):
    made = reading_lists.create(name, by=by, **fields)
    for item in items:
        reading_lists.add(made, item, by=by, why=f"Why {item.title}")
    return made


def titled(title, **fields):
    return make_postmortem(make_document(title), **fields)


def titles_in(page):
    return re.findall(r'lang="en">([^<]+)</a> <span class="section-note">', page)


def test_visitors_find_the_public_ones_and_no_other(browse, alice, bob, platform):
    make(alice, name="Private one")
    make(alice, name="Team one", shared="team", team=platform)
    make(bob, name="Site one", shared="site")
    shown = make(bob, titled("Walrus"), name="Public one", shared="public")

    page = browse().get("/lists/").text

    assert "Public one" in page
    assert "1 postmortem<" in page
    assert not any(name in page for name in ("Private one", "Team one", "Site one", "Bob"))
    assert titles_in(browse().get(shown.get_absolute_url()).text) == ["Walrus"]


def test_each_tab_lists_what_it_says(browse, alice, bob, charlie, dana, platform):
    make(alice, name="Private one")
    make(alice, name="Team one", shared="team", team=platform)

    tabs = {"": {"Private one", "Team one"}, "?tab=shared": set()}
    for query, names in tabs.items():
        page = browse(alice).get(f"/lists/{query}").text
        assert {name for name in ("Private one", "Team one") if name in page} == names
    assert "kept by Alice" in browse(bob).get("/lists/?tab=shared").text
    assert "Team one" not in browse(charlie).get("/lists/?tab=shared").text
    assert "Team one" in browse(dana).get("/lists/?tab=all").text
    assert "Private one" not in browse(dana).get("/lists/?tab=all").text
    assertRedirects(browse(alice).get("/lists/?tab=all"), "/lists/")


def test_a_list_is_made_from_a_postmortem_with_it_inside(browse, alice):
    item = titled("Walrus")

    answer = browse(alice).post(
        f"/lists/new/?add={item.ref}",
        {"name": "DNS", "description": "Read these", "sharing": "private"},
    )

    made = ReadingList.objects.get()
    assertRedirects(answer, made.get_absolute_url())
    page = browse(alice).get(made.get_absolute_url()).text
    assert titles_in(page) == ["Walrus"]
    assert "Read these" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "Give the list a name."),
        ({"description": "x" * 2_001}, "at most 2000 characters"),
        ({"sharing": "team:payments"}, "Choose the team to share it with."),
        ({"sharing": "moon"}, "There is no sharing “moon”."),
    ],
)
def test_what_is_wrong_stands_at_its_field(browse, alice, payments, change, says):
    answer = browse(alice).post("/lists/new/", {"name": "DNS", "sharing": "private", **change})

    assert answer.status_code == 200
    assert says in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ReadingList.objects.count() == 0


def test_only_who_may_share_with_everybody_is_offered_it(browse, alice, bob):
    for shared in ("site", "public"):
        assert f'value="{shared}"' not in browse(alice).get("/lists/new/").text
        assert f'value="{shared}"' in browse(bob).get("/lists/new/").text
        answer = browse(alice).post("/lists/new/", {"name": "DNS", "sharing": shared})
        assert answer.status_code == 403


def test_it_is_renamed_shared_and_deleted(browse, alice, bob, platform):
    made = make(alice)
    client = browse(alice)
    address = made.get_absolute_url()

    client.post(f"{address}edit/", {"name": "Other", "sharing": "team:platform"})
    assert "Other" in browse(bob).get(address).text
    assert browse(bob).get(f"{address}edit/").status_code == 403
    client.post(f"{address}delete/")

    assert client.get(address).status_code == 404


def test_a_postmortem_is_added_from_its_page_with_a_reason(browse, alice, bob, charlie):
    item, made = titled("Walrus", visibility="restricted", authors=(alice,)), make(alice)
    address = f"/p/{item.ref}/lists/"

    assert address in browse(alice).get(item.get_absolute_url()).text
    assert "Choose a reading list." in browse(alice).post(address, {"why": "x"}).text
    answer = browse(alice).post(address, {"list": made.ref, "why": "Because of the ice"})

    assertRedirects(answer, made.get_absolute_url())
    assert "Because of the ice" in browse(alice).get(made.get_absolute_url()).text
    assert "already in it" in browse(alice).get(address).text
    assert "It stands in this list already." in browse(alice).post(address, {"list": made.ref}).text
    for viewer in (bob, charlie):
        assert browse(viewer).get(address).status_code == 404


def test_nothing_is_added_to_a_list_of_somebody_else(browse, bob, charlie):
    item, made = titled("Walrus"), make(bob, shared="public")

    answer = browse(charlie).post(f"/p/{item.ref}/lists/", {"list": made.ref})

    assert answer.status_code == 403


def test_buttons_move_an_entry_and_htmx_gets_the_entries_alone(browse, alice):
    items = [titled(name) for name in ("One", "Two", "Three")]
    made = make(alice, *items)
    order = f"{made.get_absolute_url()}order/"

    assertRedirects(browse(alice).post(order, {"up": items[1].ref}), made.get_absolute_url())
    page = browse(alice).post(order, {"down": items[1].ref}, **HTMX).text

    assert titles_in(page) == ["One", "Two", "Three"]
    assert "<html" not in page
    assert browse(alice).post(order, {"up": "zzzzzzzz"}).status_code == 404


def test_a_dragged_order_over_another_one_is_refused_and_shown(browse, alice, bob, platform):
    items = [titled(name) for name in ("One", "Two", "Three")]
    refs = [item.ref for item in items]
    made = make(alice, *items, shared="team", team=platform)
    order, seen = f"{made.get_absolute_url()}order/", reading_lists.state_of(refs)

    dragged = browse(alice).post(order, {"order": refs[::-1], "seen": seen}, **HTMX)
    refused = browse(bob).post(order, {"order": [refs[1], refs[0], refs[2]], "seen": seen})

    assert titles_in(dragged.text) == ["Three", "Two", "One"]
    assert refused.status_code == 409
    assert "Somebody else changed this list meanwhile." in refused.text
    assert titles_in(refused.text) == ["Three", "Two", "One"]
    again = browse(bob).post(order, {"order": refs, "seen": seen}, **HTMX)
    assert (again.status_code, "meanwhile" in again.text) == (200, True)


def test_a_reason_is_changed_and_too_long_a_one_told_where_it_stands(browse, alice):
    item = titled("Walrus")
    made = make(alice, item)
    address = f"{made.get_absolute_url()}why/"

    long = browse(alice).post(address, {"postmortem": item.ref, "why": "x" * 501})
    assert "at most 500 characters" in long.text
    assert "x" * 501 in long.text
    browse(alice).post(address, {"postmortem": item.ref, "why": "  For   the ice "})

    assert '<p class="why">For the ice</p>' in browse(alice).get(made.get_absolute_url()).text


def test_what_is_taken_out_is_gone_from_the_list_alone(browse, alice):
    item = titled("Walrus")
    made = make(alice, item)

    browse(alice).post(f"{made.get_absolute_url()}remove/", {"postmortem": item.ref})

    assert titles_in(browse(alice).get(made.get_absolute_url()).text) == []
    assert Postmortem.objects.filter(pk=item.pk).exists()


def test_readers_get_no_tools(browse, bob, charlie):
    made = make(bob, titled("Walrus"), shared="public")

    for viewer in (None, charlie):
        page = browse(viewer).get(made.get_absolute_url()).text
        assert not any(path in page for path in ("/order/", "/why/", "/remove/", "/edit/"))


@pytest.mark.parametrize("who", ["visitor", "charlie", "bob"])
@pytest.mark.parametrize("way", ["", "?print"])
def test_what_a_reader_may_not_see_leaves_no_trace(browse, alice, bob, charlie, dana, who, way):
    reader = {"visitor": None, "charlie": charlie, "bob": bob}[who]
    seen = [titled(name) for name in ("One", "Two")]
    hidden = titled("Canary", visibility="restricted", authors=(alice,))
    made = make(dana, seen[0], hidden, seen[1], shared="public")

    def answers():
        found = [browse(reader).get(made.get_absolute_url() + way).text]
        found.append(browse(reader).get("/lists/" + ("?tab=shared" if reader else "")).text)
        return [re.sub(r'value="\w{64}"', "", text) for text in found]

    with_it = answers()
    Postmortem.objects.filter(pk=hidden.pk).delete()

    assert "Canary" not in "".join(with_it)
    assert with_it == answers()


def test_the_sheet_holds_reasons_summaries_and_addresses(browse, bob):
    item = make_postmortem(make_document("Walrus", summary="It **stood** on the ice."))
    made = make(bob, item, shared="public", description="Before the winter")

    page = browse().get(f"{made.get_absolute_url()}?print").text

    assert all(words in page for words in ("Before the winter", "Why Walrus"))
    assert "<strong>stood</strong>" in page
    assert f"http://testserver{item.get_absolute_url()}" in page
    assert "<form" not in page


def test_titles_and_summaries_are_in_the_readers_language(browse, bob):
    words = {"zh-hans": Translation("海象", "冰上")}
    item = make_postmortem(make_document("Walrus", summary="On ice", translations=words))
    made = make(bob, item, shared="public")

    page = browse().get(made.get_absolute_url(), headers={"Accept-Language": "zh-Hant"}).text

    assert 'lang="zh-hans">海象</a>' in page
    assert re.search(r'<div class="prose" lang="zh-hans"><p>冰上</p>', page)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_one_list_costs_as_many_statements_whatever_is_in_it(
    browse, alice, platform, count, django_assert_num_queries
):
    items = [make_postmortem(make_document(summary=f"Sum {n}")) for n in range(count)]
    made = make(alice, *items, shared="team", team=platform)
    client = browse(alice)
    client.get(made.get_absolute_url())

    with django_assert_num_queries(7):
        client.get(made.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_lists_costs_as_many_statements_whatever_their_number(
    browse, alice, count, django_assert_num_queries
):
    for number in range(count):
        make(alice, titled(f"Walrus {number}"), name=f"List {number}")
    client = browse(alice)
    client.get("/lists/")

    with django_assert_num_queries(6):
        client.get("/lists/")


@pytest.mark.parametrize("count", [1, 3])
def test_choosing_a_list_costs_as_many_statements_whatever_their_number(
    browse, alice, count, django_assert_num_queries
):
    item = titled("Walrus")
    for number in range(count):
        make(alice, name=f"List {number}")
    client = browse(alice)
    client.get(f"/p/{item.ref}/lists/")

    with django_assert_num_queries(6):
        client.get(f"/p/{item.ref}/lists/")


def test_a_reader_says_that_it_helped_and_takes_it_back(browse, alice, charlie):
    item = titled("Walrus")
    address = f"/p/{item.ref}/helped/"

    assert "Helped" not in browse().get(item.get_absolute_url()).text
    answer = browse(alice).post(address, {"helped": "1"})
    assertRedirects(answer, f"{item.get_absolute_url()}#helped", fetch_redirect_response=False)
    part = browse(charlie).post(address, {"helped": "1"}, **HTMX).text

    assert ("Helped 2 readers" in part, 'aria-pressed="true"' in part) == (True, True)
    assert "<html" not in part
    page = browse().get(item.get_absolute_url()).text
    assert "Helped 2 readers" in page
    assert "This helped me" not in page
    browse(charlie).post(address, {"helped": "0"})
    assert "Helped 1 reader<" in browse(alice).get(item.get_absolute_url()).text
    assert [mark.reader for mark in Helped.objects.all()] == [alice]


def test_who_said_it_is_told_to_nobody(browse, alice, charlie, dana):
    item = titled("Walrus")
    browse(charlie).post(f"/p/{item.ref}/helped/", {"helped": "1"})

    for viewer in (None, alice, dana):
        assert "harlie" not in browse(viewer).get(item.get_absolute_url()).text
    assert "harlie" not in browse(dana).get(f"/audit/?object={item.ref}").text.split("<tbody")[-1]


def test_nobody_says_it_of_what_they_may_not_read(browse, charlie):
    hidden = titled("Walrus", visibility="restricted")

    assert browse(charlie).post(f"/p/{hidden.ref}/helped/", {"helped": "1"}).status_code == 404
    assert browse().post(f"/p/{hidden.ref}/helped/", {"helped": "1"}).status_code == 302
    assert Helped.objects.count() == 0


def test_nobody_says_it_of_a_draft(browse, alice):
    draft = titled("Walrus", status="draft", authors=(alice,))

    assert browse(alice).post(f"/p/{draft.ref}/helped/", {"helped": "1"}).status_code == 403
    assert Helped.objects.count() == 0
