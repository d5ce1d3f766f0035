"""Which revision last changed each section, at its head: whose eyes it is for, and what it costs."""

import re
from dataclasses import replace

import pytest

from postmortems import authoring, content
from postmortems.document import Lesson, Relation
from tests.makers import make_document, make_postmortem, make_user


def change(postmortem, by, **fields):
    document = replace(content.read(postmortem), **fields)
    return authoring.edit(postmortem, document, by=by, revision=postmortem.revision)


@pytest.fixture
def made(alice, bob):
    """Three revisions: alice changes the lessons in the second, bob the impact in the third."""
    document = make_document(
        summary="Short.", sections={"impact": "None."}, lessons=(Lesson("l1", "Test"),)
    )
    first = make_postmortem(document, authors=(alice,))
    second = change(first, alice, lessons=(Lesson("l1", "Test more"),))
    return change(second, bob, sections={"impact": "Some.", "what-happened": "Much."})


def told(page: str) -> dict[str, str]:
    """What stands at the head of each section, by its id."""
    heads = re.findall(r'<h2 id="([\w-]+)">[^\n]*?</h2>\s*<p class="changed">(.*?)</p>', page, re.S)
    return {section: re.sub("<[^>]+>", "", words) for section, words in heads}


def test_each_section_says_which_revision_changed_it(browse, alice, made):
    page = browse(alice).get(made.get_absolute_url()).text

    found = {section: words.rpartition(", ")[0] or words for section, words in told(page).items()}
    assert found == {
        "summary": "unchanged since revision 1",
        "impact": "changed in revision 3 by Bob",
        "what-happened": "changed in revision 3 by Bob",
        "lessons": "changed in revision 2 by Alice",
    }


def test_it_leads_to_what_that_revision_changed(browse, alice, made):
    page = browse(alice).get(made.get_absolute_url()).text

    assert f'href="/p/{made.ref}/history/1..2/">changed in revision 2</a>' in page
    assert f'href="/p/{made.ref}/history/1/">unchanged since revision 1</a>' in page


def test_it_is_for_those_who_may_see_the_history(browse, alice, bob, charlie, dana, made, platform):
    reader = make_user("reader", team=platform, role="reader")
    guest = make_user("guest")
    made.authors.add(guest)
    viewers = (alice, bob, dana, reader, guest, charlie, None)

    shown = [bool(told(browse(viewer).get(made.get_absolute_url()).text)) for viewer in viewers]

    assert shown == [True, True, True, True, True, False, False]


def test_one_revision_alone_says_nothing(browse, alice):
    made = make_postmortem(make_document(summary="Short."), authors=(alice,))

    assert told(browse(alice).get(made.get_absolute_url()).text) == {}


def test_a_changed_relation_to_something_hidden_is_not_told(browse, alice, charlie, made):
    seen, hidden = make_postmortem(), make_postmortem(visibility="restricted")
    both = tuple(Relation("follow-up", other.ref) for other in (seen, hidden))
    one = change(make_postmortem(), alice, relations=both[:1])
    two = change(make_postmortem(), alice, relations=both)

    assert "related" in told(browse(alice).get(one.get_absolute_url()).text)
    assert "related" not in told(browse(alice).get(two.get_absolute_url()).text)


@pytest.mark.parametrize("count", [2, 30])
def test_it_takes_no_further_statement_however_many_revisions(
    browse, alice, count, django_assert_num_queries
):
    made = make_postmortem(make_document(), visibility="restricted", authors=(alice,))
    for number in range(2, count + 1):
        made = change(
            made, alice, sections={"impact" if number % 2 else "resolution": f"Take {number}"}
        )
    client = browse(alice)
    client.get(made.get_absolute_url())

    with django_assert_num_queries(12):
        client.get(made.get_absolute_url())
