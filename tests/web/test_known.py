"""The page of a known problem: what it gathers, for whom, and that hidden occurrences leave no trace."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import known_parts, trackers
from postmortems.document import Action, Hypothesis, Relation, Signal, Workaround
from postmortems.exchange import importing
from postmortems.insights.chains import chains_of
from postmortems.models import Confirmation, Postmortem
from postmortems.moments import parse_moment
from postmortems.web.fixes import FIXES, fix_words
from tests.insights.lists import chosen
from tests.makers import SEEDS, make_document, make_postmortem

pytestmark = pytest.mark.django_db


def make(title, *others, started="", envelope=None, **parts):
    """A postmortem that is the same defect as the others."""
    relations = tuple(Relation("same-defect", other.ref) for other in others)
    document = make_document(title, relations=relations, started=parse_moment(started), **parts)
    return make_postmortem(document, **(envelope or {}))


def page_of(browse, postmortem, user=None):
    answer = browse(user).get(f"/p/{postmortem.ref}/known/")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def defect(alice):
    """A full one, an earlier stub, and one that only alice may see."""
    full = make(
        "Pods lose their routes",
        started="2024-03",
        signals=(Signal("s1", "BGP: <no route>", "error"), Signal("s2", "Pages are slow")),
        workarounds=(
            Workaround("w1", "Restart everything", "unsafe"),
            Workaround("w2", "Restart one node", "verified"),
        ),
        hypotheses=(Hypothesis("h1", "It was DNS", verdict="refuted", reason="It answered"),),
        actions=(Action("a1", "Upgrade the plugin"), Action("a2", "Tell them", "temporary")),
    )
    make("Seen before", full, started="2023-09", signals=(Signal("s1", "Pages are slow"),))
    hidden = {"visibility": "restricted", "authors": (alice,)}
    make("A secret", full, started="2023-10", envelope=hidden, lessons=())
    return full


def test_it_gathers_what_the_occurrences_say(browse, defect):
    text = page_of(browse, defect)

    assert "2 occurrences" in text
    assert text.index("Sep 2023") < text.index("5 to 7 months later") < text.index("Mar 2024")
    assert "BGP: &lt;no route&gt;" in text
    assert text.count('<p class="lines" lang="en">Pages are slow</p>') == 1
    assert text.index("Restart one node") < text.index("Restart everything")
    assert "Its permanent fix is not recorded as done." in text
    assert "Tell them" not in text
    assert "It was DNS" in text
    assert "It happened again" not in text


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ((), "No permanent fix is recorded."),
        (("done",), "Its permanent fix is recorded as done."),
        (("done", "dropped"), "Its permanent fix is recorded as done."),
        (("done", "open"), "Its permanent fix is not done."),
        (("dropped",), "Its permanent fix is not done."),
        (("done", "unknown"), "Its permanent fix is not recorded as done."),
    ],
)
def test_its_fix_is_as_done_as_it_is_recorded_here_and_among_patterns(browse, db, statuses, words):
    actions = tuple(
        Action(f"a{number}", f"Do {number}", status=status)
        for number, status in enumerate(statuses)
    )

    problem = make("Again", make("One", actions=actions))

    assert words in page_of(browse, problem)
    (chain,) = chains_of(chosen()).chains
    assert fix_words(chain.fix) == words


def test_each_state_of_a_fix_has_words():
    assert tuple(FIXES) == known_parts.FIXES


def test_every_occurrence_leads_to_the_same_problem(browse, defect):
    earlier = Postmortem.objects.get(title="Seen before")

    assert '<h1 lang="en">Pods lose their routes</h1>' in page_of(browse, earlier)


def test_one_alone_says_so(browse, db):
    text = page_of(browse, make("Alone"))

    assert "1 occurrence" in text
    assert "No other postmortem that you may see" in text


def test_a_permanent_fix_says_when_it_was_last_confirmed_and_where_its_key_leads(browse, dana):
    key = "https://jira.example.org/browse/{key}"
    trackers.add(by=dana, name="Jira", prefix="OPS-", key_url=key)
    fix = Action("a1", "Upgrade the plugin", status="open", tracker="OPS-12")
    first = make("First", actions=(fix,), started="2023")
    later = make("Later", first, actions=(Action("a1", "Pin it", status="open"),), started="2024")

    page = page_of(browse, later)
    assert page.count("Nobody has confirmed yet") == 1
    assert 'href="https://jira.example.org/browse/OPS-12"' in page

    long_ago = timezone.now() - timedelta(days=91)
    Confirmation.objects.create(postmortem=first, key="a1", status="open", confirmed_at=long_ago)
    page = page_of(browse, later)
    assert page.index("not confirmed since") < page.index("Upgrade the plugin")
    assert page.index("Upgrade the plugin") < page.index("never confirmed") < page.index("Pin it")

    for postmortem in (first, later):
        Confirmation.objects.update_or_create(
            {"status": "open", "confirmed_at": timezone.now()}, postmortem=postmortem, key="a1"
        )
    assert "confirmed" not in page_of(browse, later)


@pytest.mark.parametrize("count", [1, 3])
def test_what_stands_beside_its_fixes_takes_two_statements(
    browse, db, count, django_assert_num_queries
):
    fix = Action("a1", "Upgrade the plugin", status="open", tracker="OPS-12")
    asked = make("First", actions=(fix,))
    for number in range(1, count):
        asked = make(f"Again {number}", asked, actions=(fix,))
    client = browse()
    client.get(f"/p/{asked.ref}/known/")

    with django_assert_num_queries(13):
        client.get(f"/p/{asked.ref}/known/")


def test_who_writes_is_offered_to_tell_of_another_time(browse, defect, alice):
    assert f'href="/p/{defect.ref}/again/"' in page_of(browse, defect, alice)


def test_who_may_see_more_is_told_of_more(browse, defect, alice):
    text = page_of(browse, defect, alice)

    assert "3 occurrences" in text
    assert "A secret" in text


def test_a_hidden_occurrence_leaves_no_trace(browse, defect, charlie):
    hidden = Postmortem.objects.get(title="A secret")
    last = make("Only through the secret", hidden, started="2025")
    client = browse(charlie)
    addresses = [
        defect.get_absolute_url(),
        f"/p/{defect.ref}/known/",
        f"/p/{last.ref}/known/",
        f"/p/{defect.ref}/similar/",
        f"/api/v1/postmortems/{defect.ref}/known/",
    ]

    before = [without_token(client.get(address)) for address in addresses]
    hidden.relation_rows.all().delete()
    Postmortem.objects.filter(pk=hidden.pk).update(deleted_at=hidden.created_at)

    assert [without_token(client.get(address)) for address in addresses] == before


def without_token(answer):
    """The page without what is new each time it is made."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text)


def test_charlie_gets_404_for_what_is_hidden(browse, charlie, defect):
    hidden = Postmortem.objects.get(title="A secret")

    assert browse(charlie).get(f"/p/{hidden.ref}/known/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_statements_however_many_there_are(
    browse, db, count, django_assert_num_queries
):
    first = make("First", signals=(Signal("s1", "Slow"),))
    for number in range(1, count):
        first_again = make(f"Again {number}", first, workarounds=(Workaround("w1", "Wait"),))
    asked = first if count == 1 else first_again
    client = browse()
    client.get(f"/p/{asked.ref}/known/")

    with django_assert_num_queries(11):
        client.get(f"/p/{asked.ref}/known/")


def test_the_read_page_leads_to_it(browse, defect, alice):
    link = f'href="/p/{defect.ref}/known/"'
    alone = make("Alone")

    assert link in browse().get(defect.get_absolute_url()).text
    assert "Known problem: 2 occurrences" in browse().get(defect.get_absolute_url()).text
    assert "Known problem: 3 occurrences" in browse(alice).get(defect.get_absolute_url()).text
    assert "Known problem" not in browse().get(alone.get_absolute_url()).text


def test_the_juju_defect_of_the_seeds_occurred_four_times(browse, system, platform):
    importing.import_files(sorted(SEEDS.glob("juju-*.md")), by=system, team=platform)
    expansion = Postmortem.objects.get(import_id="juju-duplicate-instances-config-loss")
    evening = Postmortem.objects.get(import_id="juju-defect-same-day-config-change")

    text = page_of(browse, evening)

    assert "4 occurrences" in text
    assert f'<h1 lang="en">{expansion.title}</h1>' in text
    line = text[text.index("known-line") : text.index("</ol>", text.index("known-line"))]
    assert line.index("Sep 2023") < line.index("Mar 2024") < line.index("≤ 20 Jun 2024")
    assert line.count("≤ 20 Jun 2024") == 2
    assert "5 to 7 months later" in line
    assert "at most 4 months later" in line
    assert "time between not known" in line
    assert "Its permanent fix is not recorded as done." in text
    assert "Clicking" in text[text.index('id="refuted"') :]
