"""/api/v1/lessons/: what was learned, across all postmortems that the caller sees."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import lessons
from postmortems.api.filtering import refuse_strange
from postmortems.api.paging import neighbours, page_size_of
from postmortems.api.resources import Resource
from postmortems.api.schema import PAGES, list_of, of_content, problems
from postmortems.api.search import refuse_problems
from postmortems.document import REFERENCE_KINDS
from postmortems.lessons import Source
from postmortems.search.hit_json import hit_body

ASKED = (
    OpenApiParameter("q", str, description="Words of the lesson, in the search language."),
    OpenApiParameter("cause", str, many=True, description="A cause, with all below it."),
    OpenApiParameter("team", str, many=True, description="The slug of a team."),
)
KNOWN = ("q", *lessons.NARROWING, "page", "page_size")


class LearnedBody(serializers.Serializer[Any]):
    """A lesson."""

    id = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField(
        allow_null=True, help_text="Its text around the words, escaped but for <mark>."
    )
    url = serializers.CharField(help_text="The address of its place.")
    source: Any = serializers.CharField(allow_blank=True, help_text="What it cites, as written.")
    source_kinds = serializers.ListField(child=serializers.ChoiceField(REFERENCE_KINDS))


class LessonsOfBody(serializers.Serializer[Any]):
    """A postmortem with its lessons that are meant."""

    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="The address of its page.")
    started = of_content("Moment", allow_null=True)
    causes = serializers.ListField(child=serializers.CharField(), help_text="Paths of terms.")
    lessons = LearnedBody(many=True)


class AllLessons(Resource):
    """What was learned anywhere."""

    @extend_schema(
        operation_id="list_lessons",
        tags=["postmortems"],
        summary="List the lessons of all postmortems that you see, by postmortem.",
        parameters=[*ASKED, *PAGES],
        responses={200: list_of(LessonsOfBody), **problems(400, 401)},
    )
    def list(self, request: Request) -> Response:
        """One page; `count` says how many postmortems there are."""
        params = request.query_params
        refuse_strange(request, KNOWN)
        results, sources = lessons.find(
            params.get("q", ""),
            dict(params.lists()),
            request.user,
            page=params.get("page", "1"),
            page_size=page_size_of(params.get("page_size", "")),
            language=get_language() or "en",
        )
        refuse_problems(results)
        ways = neighbours(
            request, page=results.page, page_size=results.page_size, count=results.count
        )
        return Response({"count": results.count, **ways, "results": [*map(_body, sources)]})


def _body(source: Source) -> dict[str, Any]:
    hit = hit_body(source.hit)
    return {
        **{name: hit[name] for name in ("ref", "title", "url")},
        "started": hit["moments"].get("started") or None,
        "causes": hit["terms"].get("cause", []),
        "lessons": [
            {
                "id": lesson.key,
                "text": lesson.text,
                "html": lesson.html or None,
                "url": lesson.url,
                "source": lesson.source,
                "source_kinds": list(lesson.kinds),
            }
            for lesson in source.lessons
        ],
    }
