"""Search ranks the judged queries well, and finds every identifier; the measure itself is right."""

import pytest

from postmortems import document_json
from tests.benchmarks.judged import asking, measure
from tests.benchmarks.judged.collection import Query, documents, queries
from tests.benchmarks.judged.measure import Answer
from tests.makers import SEEDS

GRADES = {"a": 3, "b": 2, "c": 1}


def answer(*ids: str, direct: int | None = None, **query) -> Answer:
    asked = Query("text", "words", "need", GRADES, **query)
    return Answer(asked, ids, len(ids) if direct is None else direct)


@pytest.mark.django_db
def test_people_find_what_they_ask_for():
    asking.load()

    answers = asking.ask_all()

    missed = [item.query.text for item in measure.exact(answers) if item.recall < 1]
    report = "\n".join(measure.report(answers, worst=10))
    assert not missed, report
    assert measure.mean_ndcg(answers) >= 0.9, report


def test_ndcg_of_an_order_worked_out_by_hand():
    # Gains 1, 7, 0, 3 at discounts 1, 1.585, 2, 2.322, against 7, 3, 1 in the best order.
    shown = (1 / 1 + 7 / 1.58496 + 0 + 3 / 2.32193) / (7 / 1 + 3 / 1.58496 + 1 / 2)

    assert measure.ndcg([1, 3, 0, 2], [3, 2, 1]) == pytest.approx(shown, abs=1e-5)
    assert shown == pytest.approx(0.7142, abs=1e-4)


def test_ndcg_is_1_for_the_best_order_and_0_for_none():
    assert answer("a", "b", "c", "other").ndcg == 1
    assert answer("other").ndcg == 0
    assert answer().ndcg == 0


def test_ndcg_looks_at_ten_places():
    others = [f"other {number}" for number in range(10)]

    assert answer(*others, "a").ndcg == 0


def test_reciprocal_rank_counts_the_first_answer_that_helps():
    assert answer("other", "c", "b", "a").reciprocal_rank == pytest.approx(1 / 3)
    assert answer("c").reciprocal_rank == 0


def test_recall_counts_direct_hits_only():
    assert answer("a", "other", "b", "c").recall == 1
    assert answer("a", "b", "c", direct=1).recall == pytest.approx(1 / 3)


def test_every_query_has_an_answer_that_is_what_was_wanted():
    without = [query.text for query in queries() if 3 not in query.grades.values()]

    assert without == []
    assert {grade for query in queries() for grade in query.grades.values()} == {1, 2, 3}


def test_every_graded_postmortem_exists():
    known = documents().keys() | {path.stem for path in SEEDS.glob("*.md")}

    unknown = {id_ for query in queries() for id_ in query.grades} - known

    assert unknown == set()


def test_no_query_stands_twice():
    texts = [query.text for query in queries()]

    assert len(texts) == len(set(texts))


@pytest.mark.django_db
def test_every_postmortem_with_an_exact_identifier_is_graded():
    texts = {
        id_: str(document_json.to_json(document)).casefold()
        for id_, document in asking.collection().items()
    }

    ungraded = [
        (query.text, id_)
        for query in queries()
        for id_, text in texts.items()
        if query.exact and query.text.casefold() in text and id_ not in query.grades
    ]

    assert ungraded == []


def test_the_judged_postmortems_are_many_and_of_three_languages():
    languages = [document.language for document in documents().values()]

    assert len(languages) >= 200
    assert languages.count("zh-hans") >= 20
    assert languages.count("zh-hant") >= 20
