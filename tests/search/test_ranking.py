"""What makes a hit better: the part, the very form, words near each other; and that each hit can say so."""

import pytest

from postmortems.document import Lesson, Signal
from postmortems.moments import Moment
from postmortems.search import front_door, hits, search
from postmortems.search.scoring import clauses_of, scored
from tests.makers import make_document, make_postmortem, make_user
from tests.search.asking import VISITOR, order

pytestmark = pytest.mark.django_db


def titles(text: str) -> list[str]:
    return [hit.title for hit in search(text, {}, VISITOR).hits]


def test_the_very_form_comes_before_its_relatives():
    for word in ("deploying", "deployment", "deploys", "deployed"):
        make_postmortem(make_document(f"They were {word} it"))

    assert titles("deployment")[0] == "They were deployment it"
    assert titles("deploys")[0] == "They were deploys it"
    assert len(titles("deploy")) == 4


def test_the_part_outweighs_the_form():
    stem = make_postmortem(make_document("Deployments"))
    form = make_postmortem(make_document("Other", lessons=(Lesson("l1", "deployment"),)))

    assert order("deployment") == [stem.ref, form.ref]


@pytest.mark.parametrize(
    "near", ["route reflectors lost", "route to the reflectors", "the route, then reflectors"]
)
def test_words_near_each_other_come_before_words_apart(near):
    far = "The route was right. Much later, in another place altogether, reflectors failed"
    make_postmortem(make_document("A", summary=far))
    make_postmortem(make_document("B", summary=near))

    assert titles("route reflectors") == ["B", "A"]


def test_nearness_does_not_reach_across_parts():
    make_postmortem(make_document("Ends with route", lessons=(Lesson("l1", "reflectors"),)))
    make_postmortem(make_document("Route", lessons=(Lesson("l1", "x " * 9 + "reflectors"),)))
    scores = [reason.part for reason in explained("route reflectors")[0]]

    assert "Near each other" not in scores


def explained(text: str, by=None):
    by = by or make_user("root", is_administrator=True)
    return [hit.reasons for hit in search(text, {}, by, explain=True).hits]


def test_an_administrator_sees_what_a_score_is_made_of():
    signal = Signal("s1", "route reflectors gone")
    make_postmortem(make_document("Routes", signals=(signal,), started=Moment("2023-03-14")))

    reasons = explained("route reflectors")[0]

    assert [(reason.text, reason.part, reason.weight) for reason in reasons[:4]] == [
        ("route", "Title", 10),
        ("route", "What it looked like", 8),
        ("reflectors", "What it looked like", 8),
        ("route reflectors", "Near each other", 4),
    ]
    assert (reasons[-1].text, reasons[-1].part) == ("2023-03-14", "Later start")


def test_reasons_add_up_to_the_score(dana):
    make_postmortem(make_document("Routes and routers", summary="route to reflectors, routed"))
    asked = front_door.understand("route reflector*", {}, dana)
    clauses = list(clauses_of(asked.reading.node, asked.aside))
    query = scored(asked.question.query(), clauses)
    found, _count = hits.page_of_hits(asked.view.searcher, query, asked.sort, offset=0, size=5)

    total = sum(reason.weight for reason in explained("route reflector*", dana)[0])

    assert total == pytest.approx(found[0].key, abs=0.001)


def test_nobody_else_is_told_reasons(alice):
    make_postmortem(make_document("Routes"))

    assert search("routes", {}, alice, explain=True).hits[0].reasons == ()
    assert search("routes", {}, VISITOR, explain=True).hits[0].reasons == ()
