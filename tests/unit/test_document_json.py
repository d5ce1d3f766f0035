"""A Document as JSON and back, and what JSON from outside is refused for."""

import json

import pytest
from hypothesis import given, settings

from postmortems.document import ITEMS, Document, Evidence, Hypothesis, TimelineEntry
from postmortems.document_json import Invalid, Problem, build, check, clean, from_json, to_json
from postmortems.durations import Duration
from postmortems.moments import Moment
from tests.strategies import documents


def entry(**changes: object) -> dict[str, object]:
    return {"id": "t1", "kind": "action", "text": "Restarted."} | changes


def refusals(**fields: object) -> list[tuple[str, str]]:
    """The pointers and messages that a Document with these fields is refused with."""
    with pytest.raises(Invalid) as refusal:
        from_json({"title": "T"} | fields)
    return [(problem.pointer, problem.message) for problem in refusal.value.problems]


SHAPES = [
    (None, "", "The document must be an object."),
    ([], "", "The document must be an object."),
    ("x", "", "The document must be an object."),
    ({}, "/title", "title is missing."),
    ({"title": None}, "/title", "title must be text."),
    ({"title": 5}, "/title", "title must be text."),
    ({"title": "T", "summary": None}, "/summary", "summary must be text."),
    ({"title": "T", "schema": True}, "/schema", "schema must be a whole number."),
    ({"title": "T", "schema": "1"}, "/schema", "schema must be a whole number."),
    ({"title": "T", "started": "2023"}, "/started", "started must be an object."),
    ({"title": "T", "started": None}, "/started", "started must be an object."),
    ({"title": "T", "started": {"minutes": 1.5}}, "/started/minutes", "a whole number"),
    ({"title": "T", "started": {"approximate": 1}}, "/started/approximate", "true or false"),
    ({"title": "T", "duration": {"kind": "exact"}}, "/duration/seconds", "seconds is missing."),
    ({"title": "T", "timeline": {}}, "/timeline", "timeline must be a list."),
    ({"title": "T", "timeline": [[]]}, "/timeline/0", "Item 1 of timeline must be an object."),
    ({"title": "T", "timeline": [{}] * (ITEMS + 1)}, "/timeline", "at most 2000 items"),
    ({"title": "T", "timeline": [entry(), entry(id=2)]}, "/timeline/1/id", "id must be text."),
    ({"title": "T", "sections": []}, "/sections", "sections must be an object."),
    ({"title": "T", "sections": {"impact": 1}}, "/sections/impact", "impact must be text."),
    ({"title": "T", "sections": {1: "x"}}, "/sections", "keys, all text"),
    ({"title": "T", "translations": {"zh-hans": "题"}}, "/translations/zh-hans", "an object"),
    ({"title": "T", "x": 1}, "/x", "The document has no key “x”: its keys are title,"),
    ({"title": "T", "a/b~": 1}, "/a~1b~0", "no key “a/b~”"),
    ({"title": "T", 7: 1}, "/7", "no key “7”"),
    ({"title": "T", "timeline": [entry(when={"day": 1})]}, "/timeline/0/when/day", "no key “day”"),
    (
        {"title": "T", "hypotheses": [{"id": "h1", "claim": "c", "evidence": [{"id": "e1"}]}]},
        "/hypotheses/0/evidence/0/text",
        "text is missing.",
    ),
]


@pytest.mark.parametrize(("data", "pointer", "message"), SHAPES)
def test_another_shape_is_refused_with_its_place(data, pointer, message):
    with pytest.raises(Invalid) as refusal:
        from_json(data)

    found = [problem for problem in refusal.value.problems if problem.pointer == pointer]
    assert len(found) == 1
    assert message in found[0].message


@pytest.mark.parametrize("deep", [[], {}], ids=["lists", "objects"])
def test_depth_is_refused_without_descending(deep):
    for _ in range(100_000):
        deep = [deep]

    assert refusals(title=deep) == [("/title", "title must be text.")]
    assert refusals(sections={"impact": deep})[0][0] == "/sections/impact"


def test_a_flood_of_problems_is_cut():
    assert len(refusals(timeline=[{}] * ITEMS)) == 100


def test_huge_numbers_are_problems_too():
    huge = 10**5000

    assert refusals(duration={"seconds": huge})[0][0] == "/duration"
    assert refusals(schema=huge) == [("/schema", "schema must be 1.")]


def test_null_is_allowed_where_it_is_the_default():
    document = from_json({"title": "T", "duration": None, "started": {"minutes": None}})

    assert document == Document(title="T")


def test_only_what_is_set_is_written():
    document = Document(
        title="T",
        started=Moment("2023"),
        duration=Duration(0),
        timeline=(TimelineEntry("t1", "action", "x", Moment(after="t1", minutes=0)),),
        hypotheses=(Hypothesis("h1", "c", evidence=(Evidence("e1", "x", supports=False),)),),
    )

    assert to_json(document) == {
        "title": "T",
        "schema": 1,
        "language": "en",
        "started": {"date": "2023"},
        "duration": {"seconds": 0, "kind": "exact"},
        "timeline": [
            {"id": "t1", "kind": "action", "text": "x", "when": {"after": "t1", "minutes": 0}}
        ],
        "hypotheses": [
            {
                "id": "h1",
                "claim": "c",
                "verdict": "open",
                "evidence": [{"id": "e1", "text": "x", "supports": False}],
            }
        ],
    }


def test_sections_keep_their_order():
    sections = {"resolution": "b", "impact": "a", "what-else": "c"}

    assert list(from_json({"title": "T", "sections": sections}).sections) == list(sections)


def test_texts_from_outside_are_cleaned():
    document = from_json(
        {
            "title": " T\x00itle\ud800 ",
            "summary": "\r\na\rb\x0c",
            "sections": {"impact": " \n ", "resolution": "x\x85 "},
            "translations": {"zh-hans": {}},
        }
    )

    assert document.title == "Title\N{REPLACEMENT CHARACTER}"
    assert document.summary == "a\nb"
    assert dict(document.sections) == {"resolution": "x"}
    assert to_json(document).keys() == {"title", "schema", "language", "summary", "sections"}


@pytest.mark.parametrize("text", ["a", "a\tb\n\nc", "", " \x00 a\r\n\r\x1f b \ufffe", "\r\x00\n"])
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@settings(max_examples=60)
@given(documents())
def test_every_valid_document_comes_back(document):
    data = json.loads(json.dumps(to_json(document)))

    assert check(document) == []
    assert from_json(data) == document
    assert build(data) == document
    assert to_json(from_json(data)) == data


def test_invalid_says_all_in_one_line():
    invalid = Invalid([Problem("/title", "title is missing."), Problem("/x", "No.")])

    assert str(invalid) == "/title: title is missing.; /x: No."
