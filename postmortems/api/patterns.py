"""/api/v1/patterns/…: what many postmortems have in common, over the query string of a search."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api import patterns_bodies as bodies
from postmortems.api.hits import FILTERS, QUERY
from postmortems.api.resources import Resource
from postmortems.insights.asking import Selected, selected
from postmortems.insights.chains import chains_of
from postmortems.insights.debt import debt_of, returned_of
from postmortems.insights.findings import findings_of
from postmortems.insights.gaps import gaps_of
from postmortems.insights.matrix import COLOURS, UNKNOWNS, matrix_of
from postmortems.insights.options import (
    COLUMNS,
    DEEPEST,
    NAMES,
    ROWS,
    SPANS,
    TIMES,
    TREND,
    Options,
    options_of,
)
from postmortems.insights.overrepresented import overrepresented_of
from postmortems.insights.times import MEASURES, begin_times, times_of
from postmortems.insights.together import together_of
from postmortems.insights.trends import trends_of
from postmortems.search.fields import canonical, known_fields
from postmortems.search.selection import PLAIN
from taxonomy.lookup import Terms

TAGS = ["patterns"]
# The parts by the names of their methods.
PARTS = (
    *("findings", "matrix", "trends", "over_represented"),
    *("together", "times", "recurrence", "gaps"),
)
# What the address of a search page may have beside its fields.
OF_PAGES = (*PLAIN, "year_from", "year_to", "narrow")


def _of_vocabulary(name: str, default: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "default": default}, description=description)


def _choice(name: str, values: Sequence[str], default: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "enum": [*values], "default": default})


SEARCHED = [QUERY, FILTERS]
OF_MATRIX = [
    _of_vocabulary("rows", ROWS, "The vocabulary of the rows, by its slug."),
    _of_vocabulary("columns", COLUMNS, "The vocabulary of the columns, another one."),
    OpenApiParameter(
        "depth",
        {"type": "integer", "minimum": 1, "maximum": DEEPEST, "default": 1},
        description="How many levels of a tree are told apart.",
    ),
    _choice("heat", COLOURS, COLOURS[0]),
    _choice("unknown", UNKNOWNS, UNKNOWNS[0]),
]
OF_TRENDS = [
    _choice("span", SPANS, "quarter"),
    _of_vocabulary("trend_by", TREND, "The vocabulary of the series, by its slug."),
]
OF_TIMES = [_of_vocabulary("times_by", TIMES, "The vocabulary of the rows, by its slug.")]


def _described(name: str, summary: str, body: Any, own: Sequence[OpenApiParameter] = ()) -> Any:
    return extend_schema(
        operation_id=f"patterns_{name}",
        tags=TAGS,
        summary=summary,
        parameters=[*SEARCHED, *own],
        responses={200: body},
    )


class Patterns(Resource):
    """The cards of the patterns page, each at an address of its own."""

    @_described("findings", "What stands out, strongest first", bodies.FindingsBody)
    def findings(self, request: Request) -> Response:
        """The findings, their sentences in parts."""
        return _answer(bodies.FindingsBody, findings_of(_asked(request)[0]))

    @_described("matrix", "Two vocabularies against each other", bodies.MatrixBody, OF_MATRIX)
    def matrix(self, request: Request) -> Response:
        """Counts of what has both terms."""
        found, wanted = _asked(request)
        answer = matrix_of(
            found,
            rows=wanted.rows,
            columns=wanted.columns,
            depth=wanted.depth,
            colour=wanted.heat,
            unknown=wanted.shows_unknown,
        )
        return _answer(bodies.MatrixBody, answer)

    @_described("trends", "By when they started", bodies.TrendsBody, OF_TRENDS)
    def trends(self, request: Request) -> Response:
        """Counts a month, quarter or year."""
        found, wanted = _asked(request)
        answer = trends_of(found, span=wanted.span, vocabulary=wanted.trend_by)
        return _answer(bodies.TrendsBody, answer)

    @_described(
        "over_represented",
        "What is more frequent here than in all else that you see",
        bodies.OverrepresentedBody,
    )
    def over_represented(self, request: Request) -> Response:
        """Terms with their tests; none where the search leaves nothing out."""
        return _answer(bodies.OverrepresentedBody, overrepresented_of(_asked(request)[0]))

    @_described("together", "What goes together", bodies.TogetherBody)
    def together(self, request: Request) -> Response:
        """Pairs of terms with their tests."""
        return _answer(bodies.TogetherBody, together_of(_asked(request)[0]))

    @_described("times", "How long it took", bodies.AllTimesBody, OF_TIMES)
    def times(self, request: Request) -> Response:
        """Detecting, mitigating, resolving: each time alone, bounds told apart, no means."""
        found, wanted = _asked(request)
        begin_times(found, vocabulary=wanted.times_by)
        answers = [times_of(found, measure=name, vocabulary=wanted.times_by) for name in MEASURES]
        return _answer(bodies.AllTimesBody, {"measures": answers})

    @_described("recurrence", "What came back, and what is still to be done", bodies.RecurrenceBody)
    def recurrence(self, request: Request) -> Response:
        """Chains of one defect, and open actions on causes that came back."""
        found, _wanted = _asked(request)
        chains, debts = chains_of(found), debt_of(found)
        names = ("chains", "more", "related")
        answer = {name: getattr(chains, name) for name in names}
        answer |= {"debts": debts.debts, "waiting": debts.waiting, "returned": returned_of(found)}
        return _answer(bodies.RecurrenceBody, answer)

    @_described("gaps", "What is not recorded", bodies.GapsBody)
    def gaps(self, request: Request) -> Response:
        """Each gap with its count."""
        return _answer(bodies.GapsBody, gaps_of(_asked(request)[0]))


def _answer(body: type[serializers.Serializer[Any]], answer: Any) -> Response:
    return Response(body(answer).data)


def _asked(request: Request) -> tuple[Selected, Options]:
    """The search and the other parameters; raises ValidationError for what is none or cannot be used."""
    params = request.query_params
    language = get_language() or "en"
    found = selected(params.get("q", ""), params, request.user, language=language)
    options = options_of(params.dict(), found.terms)
    wrong = {**_strange(params, found.terms), **options.problems}
    if wrong:
        raise ValidationError({name[:60]: [message] for name, message in wrong.items()})
    return found, options


def _strange(params: Mapping[str, Any], terms: Terms) -> dict[str, str]:
    """The parameters that mean nothing."""
    fields = known_fields(terms)
    known = {*OF_PAGES, *NAMES}
    said = _("There is no filter of this name.")
    return {
        name: said for name in params if name not in known and canonical(name.lower()) not in fields
    }
