"""Lessons across all postmortems: found by their words and causes, only where one may see them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from postmortems import lessons
from postmortems.document import Lesson, Reference
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def made(title, *texts, source="", **fields):
    """A postmortem with these lessons."""
    learned = tuple(Lesson(f"l{n}", text, source) for n, text in enumerate(texts, start=1))
    terms = fields.pop("terms", ())
    references = (Reference("r1", "The page", label="O-1", kind="retelling"),)
    document = make_document(title, terms, lessons=learned, references=references)
    return make_postmortem(document, **fields)


def found(text="", by=VISITOR, **params):
    """The texts of the lessons that are found, in the order of their titles."""
    sources = lessons.find(text, params, by)[1]
    sources = sorted(sources, key=lambda source: source.hit.title)
    return [lesson.text for source in sources for lesson in source.lessons]


def test_without_words_all_lessons_are_there():
    made("Otter", "Rehearse the rollback", "Alert on lag")
    made("Walrus", "Count the clocks")
    make_postmortem(make_document("Seal"))

    assert found() == ["Rehearse the rollback", "Alert on lag", "Count the clocks"]


def test_words_are_looked_for_in_lessons_alone():
    made("Rollback", "Alert on lag", "Rehearse the rollbacks")
    made("Another rollback", "Count the clocks")

    assert found("rollback") == ["Rehearse the rollbacks"]


@pytest.mark.parametrize(
    "text", ["lag OR clocks", '"alert on lag"', "lag (", "lag cause:network", "-clocks lag"]
)
def test_the_search_language_holds(text):
    made("Otter", "Alert on lag", terms=("cause:network/dns",))

    assert found(text) == ["Alert on lag"]


def test_chinese_is_found_by_parts_of_it():
    made("回滚", "回滚要演练", "监控延迟")

    assert found("演练") == ["回滚要演练"]


def test_what_was_asked_for_is_marked():
    made("Otter", "Rehearse the <b>rollback</b>")

    (source,) = lessons.find("rollback", {}, VISITOR)[1]

    assert source.lessons[0].html == "Rehearse the &lt;b&gt;<mark>rollback</mark>&lt;/b&gt;"
    assert source.lessons[0].url == f"{source.hit.url}#l1"


def test_a_cause_has_all_below_it():
    made("Otter", "Alert on lag", terms=("cause:network/dns",))
    made("Walrus", "Count the clocks", terms=("cause:time",))

    assert found(cause=["network"]) == ["Alert on lag"]
    assert found("clocks", cause=["network"]) == []


def test_a_lesson_says_what_kind_of_source_it_is_from():
    made("Otter", "Alert on lag", source="O-1, elsewhere")

    (source,) = lessons.find("", {}, VISITOR)[1]

    assert source.lessons[0].kinds == ("retelling",)


def test_what_one_may_not_see_teaches_one_nothing(alice, charlie, platform):
    made("Otter", "Alert on lag", team=platform, visibility="restricted", authors=(alice,))

    assert found("lag", by=alice) == ["Alert on lag"]
    assert found("lag", by=charlie) == found("lag") == found() == []


def test_the_file_has_them_all():
    for number in range(3):
        made(f"Otter {number}", f"Lesson {number}")

    sources = list(lessons.every("", {}, VISITOR))

    assert sorted(item.lessons[0].text for item in sources) == ["Lesson 0", "Lesson 1", "Lesson 2"]
