"""The page of lessons: found by words and causes, each with the way to its place."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems.document import Lesson, Reference
from postmortems.models import Postmortem
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db


def made(title, *texts, cause="network/dns", **fields):
    """A postmortem with these lessons, of March 2021."""
    learned = tuple(Lesson(f"l{n}", text, "O-1") for n, text in enumerate(texts, start=1))
    document = make_document(
        title,
        (f"cause:{cause}",),
        started=Moment(date="2021-03"),
        lessons=learned,
        references=(Reference("r1", "The page", label="O-1", kind="retelling"),),
    )
    return make_postmortem(document, **fields)


def texts(client, query=""):
    """The lessons of the page, sorted."""
    groups = client.get(f"/lessons/{query}").context["groups"]
    return sorted(quote.text for group in groups for quote in group.quotes)


def test_a_lesson_leads_to_its_place_and_says_where_it_is_from(browse):
    postmortem = made("Otter", "Rehearse <b>rollbacks</b>")

    page = browse().get("/lessons/?q=rollback").text

    assert f'href="{postmortem.get_absolute_url()}#l1"' in page
    assert "Rehearse &lt;b&gt;<mark>rollbacks</mark>&lt;/b&gt;" in page
    assert "from: retelling" in page
    assert "Mar 2021" in page


def test_the_number_leads_to_the_postmortems_that_it_counts(browse):
    for number in range(3):
        made(f"Otter {number}", "Rehearse", cause="time" if number else "network/dns")
    make_postmortem(make_document("Rehearse"))
    client = browse()

    for query, count in (("", 3), ("?q=rehearsal", 3), ("?q=rehearse&cause=time", 2)):
        context = client.get(f"/lessons/{query}").context
        listed = client.get(context["search_url"]).context["results"]
        assert (context["results"].count, listed.count) == (count, count)


def test_the_list_can_be_narrowed(browse, platform, payments):
    made("Otter", "Rehearse", team=platform)
    made("Walrus", "监控延迟要演练", team=payments, cause="time")
    client = browse()

    assert texts(client, "?cause=network") == ["Rehearse"]
    assert texts(client, "?team=payments") == ["监控延迟要演练"]
    assert texts(client, "?q=延迟") == ["监控延迟要演练"]
    assert texts(client, "?q=%00&page=x") == ["Rehearse", "监控延迟要演练"]


def without_tokens(client):
    """The page without what differs each time."""
    page = client.get("/lessons/?q=secret").text
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_nothing_of_what_is_hidden_shows(browse, alice, charlie, platform):
    before = [without_tokens(browse(user)) for user in (charlie, None)]

    made("Seal", "Secret", team=platform, visibility="restricted", authors=(alice,))

    assert texts(browse(alice), "?q=secret") == ["Secret"]
    assert [without_tokens(browse(user)) for user in (charlie, None)] == before
    assert "Secret" not in browse(charlie).get("/lessons/export.csv").getvalue().decode()


def test_without_lessons_the_page_says_so(browse):
    assert "No lessons in what you can see." in browse().get("/lessons/").text
    assert "No lesson is like that." in browse().get("/lessons/?q=walrus").text


def test_the_file_has_the_same_list(browse):
    made("=Otter", "=1+1", "-2")
    made("Walrus", "Rehearse", cause="time")

    text = browse().get("/lessons/export.csv?cause=network").getvalue().decode()

    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["text"] for row in rows] == ["'=1+1", "'-2"]
    assert rows[0]["postmortem"] == "'=Otter"
    assert (rows[0]["source_kinds"], rows[0]["cause"]) == ("retelling", "network/dns")
    assert rows[0]["started"] == "2021-03"
    assert rows[0]["url"].endswith("#l1")


def test_three_cost_what_one_costs(browse):
    counts, client = [], browse()
    for number in (1, 3):
        while Postmortem.objects.count() < number:
            made(f"Otter {Postmortem.objects.count()}", "Rehearse")
        client.get("/lessons/")
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get("/lessons/").context["groups"]) == number
        counts.append(len(asked))

    assert counts == [7, 7]
