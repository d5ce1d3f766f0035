"""The read page: who may see it, under which address, in how many statements, with nothing hostile in it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems import authoring
from postmortems.document import (
    Action,
    Classification,
    Evidence,
    Hypothesis,
    Lesson,
    Reference,
    Relation,
    Signal,
    TimelineEntry,
    Translation,
    Workaround,
)
from postmortems.models import Postmortem
from postmortems.moments import parse_moment
from tests import makers
from tests.seed_documents import seed

HOSTILE = '<script>alert(1)</script>"onmouseover="x'


def many(count):
    """A document with that many of everything."""
    numbers = range(count)
    return makers.make_document(
        "Big",
        ("cause.primary:network/dns", "severity:sev1", "kind:outage"),
        summary="A *summary*.",
        sections={f"part-{number}": f"Text **{number}**." for number in numbers},
        signals=tuple(Signal(f"s{number}", "signal") for number in numbers),
        workarounds=tuple(Workaround(f"w{number}", "work-around") for number in numbers),
        timeline=tuple(
            TimelineEntry(f"t{number}", "action", "entry", parse_moment("2023-03-14 19:00 UTC"))
            for number in numbers
        ),
        hypotheses=tuple(
            Hypothesis(f"h{number}", "claim", evidence=(Evidence(f"e{number}", "fact"),))
            for number in numbers
        ),
        lessons=tuple(Lesson(f"l{number}", "lesson", source="R0") for number in numbers),
        actions=tuple(Action(f"a{number}", "action") for number in numbers),
        references=tuple(
            Reference(f"r{number}", "source", label=f"R{number}") for number in numbers
        ),
        translations={"zh-hans": Translation("标题", "摘要")},
    )


def related(count, to):
    """`count` public postmortems, each a follow-up of `to`."""
    for number in range(count):
        relation = Relation("follow-up", to.ref, f"note {number}")
        makers.make_postmortem(makers.make_document(relations=(relation,)))


def page_of(browse, postmortem, user=None, query=""):
    response = browse(user).get(postmortem.get_absolute_url() + query)
    assert response.status_code == 200
    return response.text


class Elements(HTMLParser):
    """Every element of a page with the names of its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, [name for name, _value in attributes]))


def headings(text):
    """The ids of the page's own second-level headings."""
    return re.findall(r'<h2 id="([\w-]+)"', text.split("</main>")[0])


@pytest.mark.parametrize("count", [1, 40])
def test_a_visitor_reads_in_as_many_statements_whatever_the_size(
    browse, db, count, django_assert_num_queries
):
    postmortem = makers.make_postmortem(many(count))
    related(min(count, 5), postmortem)
    client = browse()
    client.get(postmortem.get_absolute_url())

    with django_assert_num_queries(8):
        client.get(postmortem.get_absolute_url())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="tells by the plans of SQLite")
def test_no_statement_reads_the_table_of_postmortems_from_end_to_end(browse, db):
    postmortem = makers.make_postmortem(many(3))
    related(3, postmortem)
    client = browse()
    client.get(postmortem.get_absolute_url())

    with CaptureQueriesContext(connection) as asked:
        client.get(postmortem.get_absolute_url())

    table = Postmortem._meta.db_table
    plans = [(row["sql"], plan_of(row["sql"])) for row in asked if table in row["sql"]]
    assert plans
    # To know whether there are many, at most so many are counted.
    whole = [sql for sql, plan in plans if f"SCAN {table}" in plan and "COUNT(*)" not in sql]
    assert whole == []


def plan_of(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.parametrize("count", [1, 40])
def test_a_member_reads_a_restricted_one_in_at_most_twelve(
    browse, alice, bob, count, django_assert_num_queries
):
    postmortem = makers.make_postmortem(
        many(count), visibility="restricted", authors=(alice,), named=(bob,)
    )
    client = browse(bob)
    client.get(postmortem.get_absolute_url())

    with django_assert_num_queries(12):
        client.get(postmortem.get_absolute_url())


@pytest.mark.parametrize("visibility", ["team", "restricted"])
def test_charlie_gets_404_for_every_address_of_what_is_hidden(
    browse, platform, charlie, visibility
):
    hidden = makers.make_postmortem(team=platform, visibility=visibility, slug="secret-name")
    addresses = [f"/p/{hidden.ref}/", f"/p/{hidden.ref}/x/", hidden.get_absolute_url()]

    for address in addresses:
        response = browse(charlie).get(address)
        assert response.status_code == 404
        assert hidden.title not in response.text


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_an_unfinished_public_one_is_for_its_team(browse, bob, charlie, status):
    postmortem = makers.make_postmortem(status="draft")
    type(postmortem).objects.filter(pk=postmortem.pk).update(status=status)

    assert "Only its authors, named reviewers and the team Platform can see it." in page_of(
        browse, postmortem, bob
    )
    assert browse(charlie).get(postmortem.get_absolute_url()).status_code == 404


def test_other_spellings_of_the_address_lead_to_the_right_one(browse, db):
    postmortem = makers.make_postmortem(slug="right-name")
    right = postmortem.get_absolute_url()

    for address in (
        f"/p/{postmortem.ref}/",
        f"/p/{postmortem.ref.upper()}/",
        f"/p/{postmortem.ref}/old-name/",
        f"/p/{postmortem.ref.upper()}/right-name/",
    ):
        response = browse().get(address, {"from": "q=dns"})
        assert (response.status_code, response.url) == (302, f"{right}?from=q%3Ddns")


def test_the_page_of_reddit_tells_everything_in_order(browse, db):
    text = page_of(browse, makers.make_postmortem(seed("reddit-pi-day-2023")))

    assert headings(text) == [
        "contents-title",
        "in-short",
        "summary",
        "impact",
        "signals",
        "causes",
        "what-happened",
        "timeline",
        "hypotheses",
        "resolution",
        "went-well",
        "went-badly",
        "lessons",
        "actions",
        "conflicting-accounts",
        "sources",
        "completeness",
        "about",
        "classified",
    ]
    assert "3 things not recorded" in text
    assert 'lang="zh-hans"' in text


def test_every_item_and_section_has_the_anchor_that_search_links_to(browse, db):
    document = seed("reddit-pi-day-2023")

    text = page_of(browse, makers.make_postmortem(document))
    parts = (document.signals, document.workarounds, document.timeline, document.hypotheses)
    items = [*(item.id for part in parts for item in part), *document.sections]
    items += [item.id for part in (document.lessons, document.actions) for item in part]

    assert [item for item in items if text.count(f'id="{item}"') != 1] == []


def test_an_empty_postmortem_has_no_empty_headings(browse, db):
    text = page_of(browse, makers.make_postmortem(makers.make_document("Only a title")))

    assert headings(text) == ["completeness", "about", "classified"]
    assert "A stub: only this much is known." in text


def test_a_stub_asks_who_may_write_to_add_to_it(browse, alice, charlie, platform):
    stub = makers.make_postmortem(makers.make_document("Only a title"), team=platform)

    assert "Add what you know" in page_of(browse, stub, alice)
    assert "Add what you know" not in page_of(browse, stub, charlie)


def test_hostile_text_stays_text_in_every_part(browse, db):
    document = makers.make_document(
        HOSTILE,
        summary=HOSTILE,
        sections={"impact": HOSTILE, "x-y": HOSTILE},
        signals=(Signal("s1", HOSTILE, "error"), Signal("s2", f"`{HOSTILE}`")),
        workarounds=(Workaround("w1", HOSTILE, "verified"),),
        timeline=(TimelineEntry("t1", "detect", HOSTILE, parse_moment(f"({HOSTILE})"), HOSTILE),),
        hypotheses=(Hypothesis("h1", HOSTILE, HOSTILE, "refuted", HOSTILE),),
        lessons=(Lesson("l1", HOSTILE, HOSTILE),),
        actions=(Action("a1", HOSTILE, owner=HOSTILE, tracker=HOSTILE),),
        references=(Reference("r1", HOSTILE, label=HOSTILE),),
        translations={"zh-hans": Translation(HOSTILE, HOSTILE)},
        started=parse_moment(f"2023 ({HOSTILE})"),
    )
    stub = Classification("kind", "stub", why=HOSTILE, assigned_by="<script>")
    document = replace(document, classifications=(stub,))

    text = page_of(browse, makers.make_postmortem(document))

    elements = Elements(text).found
    assert [tag for tag, names in elements if tag == "script" and "src" not in names] == []
    assert [names for _tag, names in elements if any(name.startswith("on") for name in names)] == []
    assert [names for _tag, names in elements if "style" in names] == []


def test_relations_show_both_ends_and_only_what_the_viewer_may_see(browse, alice, charlie):
    target = makers.make_postmortem(makers.make_document("Target"))
    makers.make_postmortem(
        makers.make_document("Open end", relations=(Relation("follow-up", target.ref),))
    )
    makers.make_postmortem(
        makers.make_document(
            "Hidden end", relations=(Relation("same-defect", target.ref, "hidden note"),)
        ),
        visibility="team",
    )

    inside, outside = page_of(browse, target, alice), page_of(browse, target, charlie)

    assert "Followed up by" in outside
    assert ("Hidden end" in inside, "Hidden end" in outside) == (True, False)
    assert ("hidden note" in inside, "hidden note" in outside) == (True, False)


def test_a_relation_to_something_deleted_or_absent_leaves_no_trace(browse, db):
    document = makers.make_document(relations=(Relation("same-defect", "zzzzzzzz", "a note"),))

    text = page_of(browse, makers.make_postmortem(document))

    assert "a note" not in text
    assert 'id="related"' not in text


@pytest.mark.parametrize(
    ("query", "link", "words"),
    [
        ("", 'href="/"', "All postmortems"),
        ("?from=q%3Dupgrade%26cause%3Dnetwork%2Fdns", 'href="/?q=upgrade&amp;cause=', "“upgrade”"),
        ("?from=cause%3Dnetwork%2Fdns", 'href="/?cause=network/dns"', "0 results"),
        ("?from=https%3A%2F%2Fevil.example%2F%3Fq%3Dx", 'href="/?https', "1 result"),
        ("?from=%22%3E%3Cscript%3E%3D1", 'href="/?%22%3E%3Cscript%3E=1"', "1 result"),
        ("?from=" + "a%3D1%26" * 500, 'href="/"', "All postmortems"),
    ],
)
def test_the_way_back_is_the_readers_search(browse, db, query, link, words):
    crumbs = page_of(browse, makers.make_postmortem(), query=query).split("crumbs")[1]

    assert link in crumbs[:300]
    assert words in crumbs[:400]


def test_times_can_be_shown_in_utc_and_the_written_one_stays(browse, db):
    postmortem = makers.make_postmortem(seed("jwplayer-weave-scope-cryptominer"))

    written = page_of(browse, postmortem, query="?from=q%3Dminer")
    universal = page_of(browse, postmortem, query="?tz=utc")

    assert "?from=q%3Dminer&amp;tz=utc#timeline" in written
    assert ">21:06<" in written
    assert ">02:06<" in universal
    assert 'title="14 Sep 2018, 21:06 UTC−05:00"' in universal
    assert "show as written" in universal


def test_restricted_says_to_how_many_and_to_whom(browse, alice, bob, dana):
    postmortem = makers.make_postmortem(visibility="restricted", authors=(alice,), named=(bob,))

    for viewer in (alice, bob, dana):
        text = page_of(browse, postmortem, viewer)
        assert "Restricted to 2 people." in text
        assert "Alice, Bob" in text


def test_its_writer_sees_what_is_missing_and_others_can_open_it(browse, alice, bob):
    postmortem = makers.make_postmortem(authors=(alice,))

    assert '<details class="more" open>' in page_of(browse, postmortem, alice)
    assert '<details class="more" open>' not in page_of(browse, postmortem, bob)


def test_a_reader_of_chinese_gets_the_translated_title_and_summary_first(browse, db):
    postmortem = makers.make_postmortem(seed("reddit-pi-day-2023"))

    text = browse().get(postmortem.get_absolute_url(), headers={"Accept-Language": "zh-CN"}).text

    assert '<h1 lang="zh-hans">Kubernetes 1.24 升级致 Reddit' in text
    assert text.index("刚过，Reddit 把最老") < text.index("Just after 19:00 UTC")
    assert "2023年3月14日 19:00" in text
    assert "5 小时 14 分钟" in text


def test_a_term_that_moved_since_the_revision_is_shown_where_it_now_is(browse, db):
    postmortem = makers.make_postmortem(
        makers.make_document(terms=("cause:network/dns", "severity:sev1", "kind:outage"))
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE taxonomy_term SET path='network/names' WHERE path='network/dns'")
        cursor.execute("UPDATE taxonomy_taxonomystate SET revision = revision + 1")

    assert 'href="/taxonomy/cause/network/names/"' in page_of(browse, postmortem)


def test_an_edit_is_read_at_once(browse, alice):
    postmortem = makers.make_postmortem(makers.make_document("Before"), authors=(alice,))

    authoring.edit(
        postmortem,
        makers.make_document("After", ("kind:stub",), lessons=(Lesson("l1", "learned"),)),
        by=alice,
        revision=1,
    )

    text = page_of(browse, postmortem)
    assert "After" in text
    assert "learned" in text
