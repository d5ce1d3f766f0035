"""What the page of a term gathers: counts by quarter, first and last, lessons and open actions."""

import re

import pytest

from postmortems.document import Action, Lesson
from postmortems.exchange import importing
from postmortems.models import User
from postmortems.moments import Moment
from tests import makers
from tests.makers import SEEDS

DNS = "/taxonomy/cause/network/dns/"
CNI = "/taxonomy/cause/network/cni-routing/"
TERMS = ("cause.primary:network/dns",)


def publish(title, day="", terms=TERMS, *, envelope=None, **content):
    document = makers.make_document(title, terms, started=Moment(date=day), **content)
    return makers.make_postmortem(document, **(envelope or {}))


def plain(html):
    """Only the words, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def paragraph(text):
    return plain(re.search(r'<p class="term-counts">.*?</p>', text, re.S)[0])


def listed(text, title):
    """What a short list has: name -> (count, address)."""
    card = re.search(rf"<h2>{title}</h2>.*?</section>", text, re.S)[0]
    found = re.findall(r'href="([^"]+)">([^<]+) <span class="count">(\d+)<', card)
    return {name: (int(count), url.replace("&amp;", "&")) for url, name, count in found}


def found_by(client, url):
    return client.get(url.replace("&amp;", "&")).context["results"].count


@pytest.fixture
def seeded(platform):
    importing.import_files(sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=platform)


def test_the_page_of_cni_routing_has_the_right_numbers(browse, seeded):
    client = browse()
    text = client.get(CNI).text

    assert paragraph(text) == "2 postmortems 2 SEV1 first 8 Mar 2023 , last 14 Mar 2023"
    set_off, found = listed(text, "Set off by"), listed(text, "Found by")
    assert {name: count for name, (count, _url) in set_off.items()} == {
        "Upgrade": 1,
        "Automatic update": 1,
    }
    assert {name: count for name, (count, _url) in found.items()} == {
        "Automated alert": 1,
        "Operator observation": 1,
    }
    for count, url in (*set_off.values(), *found.values(), *listed(text, "Comes with").values()):
        assert found_by(client, url) == count


def test_each_bar_and_each_number_of_the_table_leads_to_as_many(browse, seeded):
    client = browse()
    page = client.get("/taxonomy/cause/change/").context["page"]

    bars = [bar for bar in page.quarters.bars if bar.count]
    lines = [line for line in page.quarters.years if line.count]

    assert bars
    assert [found_by(client, bar.url) for bar in bars] == [bar.count for bar in bars]
    assert [found_by(client, line.url) for line in lines] == [line.count for line in lines]


def test_a_start_known_to_its_year_alone_is_in_no_quarter(browse, db):
    publish("One", "2021-05-03")
    publish("Two", "2021")
    publish("Three")

    quarters = browse().get(DNS).context["page"].quarters

    assert [bar.count for bar in quarters.bars] == [0, 1, 0, 0]
    assert [(line.year, line.count, line.is_short) for line in quarters.years] == [
        ("2021", 2, True)
    ]
    assert [bar.count for bar in quarters.undated] == [1]


def test_many_years_are_bars_of_years(browse, db):
    publish("Old", "2001-05-03")
    publish("New", "2021-05-03")

    quarters = browse().get(DNS).context["page"].quarters

    assert [bar.label for bar in quarters.bars] == [str(year) for year in range(2001, 2022)]


def test_near_misses_are_in_no_bar(browse, db):
    publish("Hit", "2021-05-03")
    publish("Near", "2021-08-03", (*TERMS, "kind:near-miss", "severity:sev2"))
    client = browse()

    page = client.get(DNS).context["page"]

    bars = [bar for bar in page.quarters.bars if bar.count]
    assert [(bar.count, found_by(client, bar.url)) for bar in bars] == [(1, 1)]


def test_lessons_are_those_of_all_postmortems_the_newest_first(browse, db):
    for number in range(1, 26):
        publish(f"Number {number}", f"2021-01-{number:02}")
    publish("Old", "2019-05-03", lessons=(Lesson("l1", "Older"), Lesson("l2", "Oldest")))
    publish("New", "2020-05-03", lessons=tuple(Lesson(f"l{n}", f"New {n}") for n in range(4)))

    gathered = browse().get(DNS).context["page"].gathered

    assert [item.text for item in gathered.lessons] == [
        *("New 0", "New 1", "New 2", "New 3", "Older"),
    ]
    assert (gathered.lesson_count, gathered.lessons[4].source.title) == (6, "Old")


def test_only_actions_that_are_not_over_are_gathered(browse, db):
    states = ("done", "open", "dropped", "proposed", "unknown")
    actions = tuple(Action(f"a{n}", state, status=state) for n, state in enumerate(states))
    made = publish("One", "2020-05-03", actions=actions)

    gathered = browse().get(DNS).context["page"].gathered

    assert [item.text for item in gathered.actions] == ["open", "proposed", "unknown"]
    assert gathered.action_count == 3
    assert gathered.actions[0].source.url == f"{made.get_absolute_url()}#a1"


def test_charlie_is_told_nothing_of_what_he_may_not_see(browse, bob, charlie, platform):
    of_team = {"visibility": "team", "team": platform}
    lessons, actions = (Lesson("l1", "Hidden"),), (Action("a1", "Hidden", status="open"),)
    publish("Secret", "2020-05-03", envelope=of_team, lessons=lessons, actions=actions)
    publish("Open", "2021-05-03")

    inside, outside = (browse(user).get(DNS).context["page"] for user in (bob, charlie))

    assert (inside.gathered.lesson_count, inside.gathered.action_count) == (1, 1)
    assert (outside.gathered.lesson_count, outside.gathered.action_count) == (0, 0)
    assert [bar.count for bar in outside.quarters.bars if bar.count] == [1]
    assert outside.gathered.first.title == outside.gathered.last.title == "Open"


def test_archived_ones_are_not_gathered(browse, db):
    publish("Shelved", "2020-05-03", envelope={"status": "archived"}, lessons=(Lesson("l1", "No"),))
    publish("Open", "2021-05-03")

    gathered = browse().get(DNS).context["page"].gathered

    assert (gathered.lesson_count, gathered.first.title) == (0, "Open")


def test_beyond_a_thousand_there_is_no_number(browse, db, monkeypatch):
    monkeypatch.setattr("postmortems.gathered.MOST_COUNTED", 1)
    publish("One", "2020-05-03", lessons=(Lesson("l1", "First"), Lesson("l2", "Second")))

    gathered = browse().get(DNS).context["page"].gathered

    assert (gathered.lesson_count, len(gathered.lessons)) == (None, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_statements_whatever_there_is(
    browse, db, django_assert_num_queries, count
):
    lessons, actions = (Lesson("l1", "Walrus"),), (Action("a1", "Seal", status="open"),)
    for number in range(count):
        publish(f"Number {number}", "2020-05-03", lessons=lessons, actions=actions)
    client = browse()
    client.get(DNS)

    with django_assert_num_queries(10):
        client.get(DNS)
