"""Answers that are kept: as long as nothing has changed that they say."""

import pytest

from postmortems import authoring, curation
from postmortems.insights.asking import selected
from postmortems.insights.matrix import matrix_of
from postmortems.insights.trends import trends_of
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR

pytestmark = pytest.mark.django_db

TERMS = ("cause:network/dns", "component:calico")


def test_an_answer_is_given_again_while_nothing_changes():
    make_postmortem(make_document("Walrus", TERMS))

    first = matrix_of(selected("", {}, VISITOR))

    assert matrix_of(selected("", {}, VISITOR)) is first
    assert matrix_of(selected("", {}, VISITOR), depth=2) is not first
    assert matrix_of(selected("", {}, VISITOR, language="zh-hans")) is not first
    assert trends_of(selected("", {}, VISITOR)) is trends_of(selected("", {}, VISITOR))


def test_an_answer_is_made_anew_after_a_save(system):
    kept = make_postmortem(make_document("Walrus", TERMS))
    before = matrix_of(selected("", {}, VISITOR))

    make_postmortem(make_document("Otter", TERMS))
    after = matrix_of(selected("", {}, VISITOR))
    authoring.change_envelope(kept, by=system, visibility="restricted")

    numbers = [one.rows[0].total.number for one in (before, after)]
    assert numbers == [1, 2]
    assert matrix_of(selected("", {}, VISITOR)).rows[0].total.number == 1


def test_an_answer_is_never_given_to_another_reader(alice):
    make_postmortem(make_document("Walrus", TERMS), visibility="restricted", authors=(alice,))

    assert [row.total.number for row in matrix_of(selected("", {}, alice)).rows] == [1]
    assert matrix_of(selected("", {}, VISITOR)).rows == ()


def test_what_the_reader_does_not_see_changes_no_answer(alice, platform):
    make_postmortem(make_document("Walrus", TERMS), team=platform)
    first, hers = matrix_of(selected("", {}, VISITOR)), matrix_of(selected("", {}, alice))

    make_postmortem(make_document("Otter", TERMS), team=platform, status="draft", authors=(alice,))

    assert matrix_of(selected("", {}, VISITOR)) is first
    assert matrix_of(selected("", {}, alice)) is not hers


def test_what_is_hidden_now_changes_the_answer(system):
    shown = make_postmortem(make_document("Walrus", TERMS))
    make_postmortem(make_document("Otter", TERMS))
    assert matrix_of(selected("", {}, VISITOR)).total.number == 2

    authoring.change_envelope(shown, by=system, visibility="restricted")

    assert matrix_of(selected("", {}, VISITOR)).total.number == 1


def test_a_term_of_another_name_changes_the_answer(dana):
    make_postmortem(make_document("Walrus", TERMS))
    before = matrix_of(selected("", {}, VISITOR))
    network = Term.objects.get(vocabulary__slug="cause", path="network")

    curation.change_term(network, by=dana, names={"en": "Wires"})

    assert matrix_of(selected("", {}, VISITOR)) is not before
