"""Following on pages: the buttons, the list with Stop, what is new, and the quiet marks beside titles."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from postmortems import following, saved_searches
from postmortems.models import Following, Opening
from postmortems.moments import Moment
from taxonomy.models import Term
from tests import makers

DNS = "/taxonomy/cause/network/dns/"


def dns():
    return Term.objects.get(vocabulary__slug="cause", path="network/dns")


def publish(title, *, terms=("cause.primary:network/dns",), **envelope):
    return makers.make_postmortem(makers.make_document(title, terms), **envelope)


def marks(text):
    """Title -> mark of all titles that have one."""
    found = re.findall(r'>([^<>]+)</a>\s*<span class="news-mark"[^>]*>(\w+)<', text)
    return dict(found)


def button(text, words):
    """The action of the form with that button."""
    for action, form in re.findall(r'<form[^>]* action="([^"]+)"[^>]*>(.*?)</form>', text, re.S):
        if words in form:
            return action
    return ""


def test_a_term_is_followed_and_left_on_its_page(browse, bob):
    client = browse(bob)
    follow = button(client.get(DNS).text, "Follow")

    began = client.post(follow, follow=True)
    stop = button(began.text, "Stop following")
    ended = client.post(stop, {"next": DNS}, follow=True)

    assert "You follow “DNS” now." in began.text
    assert "You no longer follow “DNS”." in ended.text
    assert button(ended.text, "Follow") == follow


def test_visitors_are_offered_no_following(browse, db):
    assert button(browse().get(DNS).text, "Follow") == ""


def test_settings_list_what_is_followed_with_a_way_to_stop(browse, bob):
    saved = saved_searches.create("Walruses", "q=walrus", by=bob)
    following.follow_term(dns(), by=bob)
    following.follow_search(saved, by=bob)
    client = browse(bob)

    text = client.get("/settings/following/").text
    client.post(re.findall(r"/settings/following/\d+/stop/", text)[0])

    assert re.findall(r'<h2><a href="([^"]+)">([^<]+)<', text) == [
        (DNS, "DNS"),
        ("/?q=walrus", "Walruses"),
    ]
    assert [item.saved_search for item in Following.objects.all()] == [saved]


def test_charlie_neither_sees_nor_stops_what_bob_follows(browse, bob, charlie):
    item = following.follow_term(dns(), by=bob)
    client = browse(charlie)

    answer = client.post(f"/settings/following/{item.pk}/stop/")

    assert "DNS" not in client.get("/settings/following/").text
    assert (answer.status_code, Following.objects.count()) == (404, 1)


def test_a_saved_search_is_followed_from_the_list(browse, bob):
    saved = saved_searches.create("Walruses", "q=walrus", by=bob)
    client = browse(bob)

    client.post(button(client.get("/saved/").text, "Follow"))

    assert Following.objects.get().saved_search == saved
    assert button(client.get("/saved/").text, "Stop following")


def test_a_search_of_another_cannot_be_followed(browse, alice, charlie):
    saved = saved_searches.create("Mine", "q=walrus", by=alice)

    assert browse(charlie).post(f"/saved/{saved.ref}/follow/").status_code == 404


def test_home_tells_what_is_new_in_what_one_follows(browse, bob, charlie):
    following.follow_term(dns(), by=bob)
    for number in range(4):
        publish(f"Walrus {number}")

    card = re.search(r'id="rail-followed".*?</section>', browse(bob).get("/").text, re.S)[0]

    assert re.findall(r">(Walrus \d)<", card) == ["Walrus 3", "Walrus 2", "Walrus 1"]
    assert "All that is new: 4" in card
    assert "rail-followed" not in browse(charlie).get("/").text
    assert "rail-followed" not in browse().get("/").text


def test_the_page_of_news_has_what_the_card_counts(browse, bob):
    following.follow_term(dns(), by=bob)
    for number in range(22):
        publish(f"Walrus {number}")
    publish("Seal", terms=("cause.primary:platform/host/kernel-bug",))
    client = browse(bob)

    pages = [client.get("/following/", {"page": page}).text for page in ("1", "2", "99")]
    everything = client.get("/following/", {"tab": "all", "page": "2"}).text

    assert [len(re.findall(r">Walrus \d+<", page)) for page in pages] == [20, 2, 2]
    assert len(marks(everything)) == 3


def test_rows_are_marked_until_they_are_opened(browse, bob):
    first, _second = publish("First"), publish("Second")
    client = browse(bob)
    before = marks(client.get("/?q=first OR second").text)

    client.get(first.get_absolute_url())

    assert before == {"First": "new", "Second": "new"}
    assert marks(client.get("/?q=first OR second").text) == {"Second": "new"}
    assert marks(client.get(DNS).text) == {"Second": "new"}


def test_cards_on_home_are_marked_too(browse, bob):
    publish("First")

    rail = browse(bob).get("/").text.partition('class="rail-cards"')[2]

    assert marks(rail) == {"First": "new"}


def test_nobody_elses_opening_is_seen(browse, bob, charlie):
    postmortem = publish("First")
    browse(bob).get(postmortem.get_absolute_url())

    assert marks(browse(charlie).get("/").text) == {"First": "new"}
    assert marks(browse().get("/").text) == {}


def test_looking_with_head_opens_nothing(browse, bob):
    postmortem = publish("First")

    browse(bob).head(postmortem.get_absolute_url())

    assert not Opening.objects.exists()


def test_visitors_open_nothing(browse, db):
    browse().get(publish("First").get_absolute_url())

    assert not Opening.objects.exists()


def test_all_is_marked_as_read_up_to_when_the_page_was_made(browse, bob):
    publish("First")
    client = browse(bob)
    until = re.search(r'name="until" value="([^"]+)"', client.get("/following/?tab=all").text)[1]
    publish("Second")

    client.post("/following/read/", {"until": until.replace("&amp;", "&")})

    assert marks(client.get("/").text) == {"Second": "new"}


@pytest.mark.parametrize("until", ["", "never", "9999-12-31T23:59:59-14:00", "2026-03-14"])
def test_a_mark_of_no_moment_changes_nothing(browse, bob, until):
    publish("First")
    client = browse(bob)

    client.post("/following/read/", {"until": until})

    assert "First" in marks(client.get("/").text)


def test_who_follows_nothing_is_told_how(browse, bob):
    text = browse(bob).get("/following/").text

    assert "You follow nothing yet." in text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_for_one_and_for_three(browse, bob, django_assert_num_queries, count):
    paths = ("network/dns", "network/cni-routing", "time")
    for path in paths[:count]:
        following.follow_term(Term.objects.get(vocabulary__slug="cause", path=path), by=bob)
        publish(path, terms=(f"cause.primary:{path}",))
    client = browse(bob)
    for address in ("/following/", "/settings/following/"):
        client.get(address)

    # Session, user, bell; the vocabularies, what is followed; and what is new with its terms.
    with django_assert_num_queries(10):
        client.get("/following/")
    with django_assert_num_queries(5):
        client.get("/settings/following/")


def test_a_first_reading_takes_at_most_twelve_statements(browse, alice, bob, platform):
    postmortem = publish("First", visibility="restricted", authors=(alice,), named=(bob,))
    other = publish("Second", visibility="restricted", authors=(alice,), named=(bob,))
    client = browse(bob)
    client.get(other.get_absolute_url())

    with CaptureQueriesContext(connection) as asked:
        client.get(postmortem.get_absolute_url())

    assert Opening.objects.filter(user=bob).count() == 2
    assert len(asked) <= 12, [row["sql"][:150] for row in asked]


def test_around_this_day_is_known_to_the_day_and_three_days_at_most(browse, db):
    today = timezone.now().date()
    days = {"Near": 3, "Far": 4, "Today": 0, "Before": -3}
    for title, offset in days.items():
        day = today + timedelta(days=offset)
        # No year has every day; one in four has them all.
        started = Moment(date=f"2016-{day:%m-%d}")
        makers.make_postmortem(makers.make_document(title, started=started))
    makers.make_postmortem(makers.make_document("Month", started=Moment(date=f"2016-{today:%m}")))

    rail = browse().get("/").context["rail"]

    assert {item.title for item in rail.around_this_day} == {"Near", "Today", "Before"}
