"""Every number in an answer, and what its address lists."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from django.http import QueryDict

from postmortems.insights.findings import findings_of
from postmortems.insights.matrix import matrix_of
from postmortems.insights.overrepresented import overrepresented_of
from postmortems.insights.shapes import Count
from postmortems.insights.together import together_of
from postmortems.insights.trends import trends_of
from postmortems.search.front_door import understand

QUESTIONS = (
    matrix_of,
    lambda found: matrix_of(found, depth=2, colour="ratio", unknown=True),
    lambda found: matrix_of(found, rows="severity", columns="cause", depth=3, unknown=True),
    lambda found: matrix_of(found, rows="cause", columns="cause"),
    trends_of,
    lambda found: trends_of(found, span="month", vocabulary="component"),
    lambda found: trends_of(found, span="year", vocabulary="severity"),
    overrepresented_of,
    together_of,
    findings_of,
)


def counts_in(answer: object) -> Iterator[Count]:
    """All counts of an answer, however deep."""
    if isinstance(answer, Count):
        yield answer
    elif isinstance(answer, tuple):
        for item in answer:
            yield from counts_in(item)
    elif is_dataclass(answer):
        for field in fields(answer):
            yield from counts_in(getattr(answer, field.name))


def listed(url: str, by) -> int:
    """How many postmortems the list at an address has."""
    params = QueryDict(url.partition("?")[2])
    question = understand(params.get("q", ""), params, by).question
    return question.count(question.query())
