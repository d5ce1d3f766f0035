"""/api/v1/terms/{id}/record/: how often, since when, with what; the lessons and open actions of its postmortems."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api.curating import TAGS, get_term
from postmortems.api.resources import Resource
from postmortems.api.schema import problems
from postmortems.document import ACTION_KINDS, ACTION_STATUSES
from postmortems.gathered import (
    Gathered,
    companions_of,
    counted,
    found_of,
    gathered_of,
    quarters_of,
    trend_of,
    values_of,
)
from postmortems.search import FacetValue, Hit, Results
from taxonomy import lookup
from taxonomy.lookup import TermInfo


class RecordSource(serializers.Serializer[Any]):
    """A postmortem with the term."""

    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    started = serializers.CharField(help_text="The date as far as it is known; empty for unknown.")


class RecordCount(serializers.Serializer[Any]):
    """How many of its postmortems have another term, too."""

    path = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    url = serializers.CharField(help_text="The page that lists them.")


class RecordCompanions(serializers.Serializer[Any]):
    """What it goes with in one vocabulary, the most frequent first; at most five."""

    vocabulary = serializers.CharField()
    terms = RecordCount(many=True)


class RecordQuarter(serializers.Serializer[Any]):
    """How many started in a quarter; one of which only the year is known is in none."""

    year = serializers.IntegerField()
    quarter = serializers.IntegerField(min_value=1, max_value=4)
    count = serializers.IntegerField()
    year_is = serializers.CharField(help_text="What finds them in a search, as `year`.")


class RecordLesson(serializers.Serializer[Any]):
    """A lesson of one of them."""

    id = serializers.CharField()
    text = serializers.CharField()
    postmortem = RecordSource()


class RecordAction(RecordLesson):
    """An action that is neither done nor dropped."""

    kind = serializers.ChoiceField(choices=ACTION_KINDS)
    status = serializers.ChoiceField(choices=ACTION_STATUSES)


class TermRecordBody(serializers.Serializer[Any]):
    """What is known of a term from the postmortems that the caller sees, archived ones left out."""

    term_id = serializers.IntegerField()
    vocabulary = serializers.CharField()
    path = serializers.CharField()
    count = serializers.IntegerField(help_text="Postmortems with the term or one below it.")
    url = serializers.CharField(help_text="The page that lists them.")
    first = RecordSource(allow_null=True, help_text="The earliest whose start is known.")
    last = RecordSource(allow_null=True)
    near_misses = serializers.IntegerField(
        help_text="Near misses, which severities and quarters leave out unless they are the term."
    )
    severities = RecordCount(many=True)
    quarters = RecordQuarter(many=True, help_text="Those in which something started.")
    companions = RecordCompanions(many=True)
    lesson_count = serializers.IntegerField(allow_null=True, help_text="Null for over a thousand.")
    lessons = RecordLesson(many=True, help_text="At most five, the newest first.")
    open_action_count = serializers.IntegerField(
        allow_null=True, help_text="Null for over a thousand."
    )
    open_actions = RecordAction(many=True, help_text="At most five, the newest first.")


class TermRecord(Resource):
    """What the postmortems with a term tell."""

    @extend_schema(
        operation_id="read_term_record",
        tags=TAGS,
        summary="What is known of a term: counts, quarters, companions, lessons, open actions",
        responses={200: TermRecordBody, **problems(404)},
    )
    def retrieve(self, request: Request, term_id: str) -> Response:
        """Of a merged term that of the one that stands for it now."""
        terms = lookup.current()
        row = get_term(term_id)
        term = terms.heir(terms.by_id[row.pk])
        language = translation.get_language() or "en"
        results = found_of(term, request.user, page_size=1, language=language)
        trend = trend_of(term, results, request.user, language)
        gathered = gathered_of(term, results, trend, request.user, language)
        return Response(_body(term, results, trend, gathered))


def _body(term: TermInfo, results: Results, trend: Results, gathered: Gathered) -> dict[str, Any]:
    return {
        "term_id": term.id,
        "vocabulary": term.vocabulary,
        "path": term.path,
        "count": results.count,
        "url": f"{reverse('search')}?{term.vocabulary}={term.path}",
        "first": _source(gathered.first) if gathered.first else None,
        "last": _source(gathered.last) if gathered.last else None,
        "near_misses": results.count - trend.count,
        "severities": _counts(counted(values_of(trend, "severity"))),
        "quarters": list(_quarters(trend)),
        "companions": [
            {"vocabulary": slug, "terms": _counts(values)}
            for slug, values in companions_of(term, results.terms, results).items()
        ],
        "lesson_count": gathered.lesson_count,
        "lessons": [
            {"id": lesson.key, "text": lesson.text, "postmortem": _source(hit, lesson.key)}
            for lesson, hit in gathered.lessons
        ],
        "open_action_count": gathered.action_count,
        "open_actions": [
            {
                "id": action.key,
                "text": action.text,
                "postmortem": _source(hit, action.key),
                "kind": action.kind,
                "status": action.status,
            }
            for action, hit in gathered.actions
        ],
    }


def _source(hit: Hit, key: str = "") -> dict[str, str]:
    place = f"#{key}" if key else ""
    started = hit.moments["started"].date
    return {"ref": hit.ref, "title": hit.title, "url": f"{hit.url}{place}", "started": started}


def _counts(values: Iterable[FacetValue]) -> list[dict[str, Any]]:
    return [
        {"path": item.value, "name": item.label, "count": item.count, "url": item.toggle_url}
        for item in values
    ]


def _quarters(trend: Results) -> Iterable[dict[str, Any]]:
    counts = trend.histogram.counts
    for year in sorted(name for name in counts if len(name) == len("2023") and name.isdigit()):
        for item in quarters_of(year, counts):
            if item.count:
                number = {"year": int(year), "quarter": item.number}
                yield {**number, "count": item.count, "year_is": item.value}
