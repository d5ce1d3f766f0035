"""What a hit, a facet and a completion look like in an answer: for the OpenAPI document alone."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from postmortems.api.schema import PAGES, of_content
from postmortems.models import Postmortem
from postmortems.search import ranking


def _label(**options: Any) -> Any:
    """A field of this name, which fields themselves have as an attribute of another type."""
    return serializers.CharField(**options)


class SnippetBody(serializers.Serializer[Any]):
    """The place that matched best."""

    part = serializers.CharField()
    label = _label(help_text="The name of the part, for people.", allow_blank=True)
    html = serializers.CharField(help_text="Escaped but for <mark>.", allow_blank=True)
    url = serializers.CharField(help_text="The address of the place.", allow_blank=True)


class ReasonBody(serializers.Serializer[Any]):
    """One addend of a hit's score."""

    text = serializers.CharField(allow_blank=True)
    part = serializers.CharField(allow_blank=True)
    weight = serializers.FloatField()


class HitMoments(serializers.Serializer[Any]):
    """What is known of the times."""

    started = of_content("Moment", required=False)
    detected = of_content("Moment", required=False)
    mitigated = of_content("Moment", required=False)
    resolved = of_content("Moment", required=False)


class HitBody(serializers.Serializer[Any]):
    """A postmortem that was found."""

    ref = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="The address of its page.")
    status = serializers.ChoiceField(Postmortem.Status.values)
    visibility = serializers.ChoiceField(Postmortem.Visibility.values)
    terms = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Paths of terms by vocabulary.",
    )
    moments = HitMoments()
    duration = of_content("Duration", allow_null=True)
    snippet = SnippetBody(allow_null=True)
    lacks = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Words of the query that it lacks."
    )
    reasons = ReasonBody(many=True, required=False)


class FacetValueBody(serializers.Serializer[Any]):
    """One value of a facet: `?SLUG=value` chooses it."""

    value = serializers.CharField()
    label = _label()
    count = serializers.IntegerField(min_value=0)
    selected = serializers.BooleanField()
    toggle_url = serializers.CharField()
    depth = serializers.IntegerField(min_value=0)


class BucketBody(serializers.Serializer[Any]):
    """One bar of the histogram of starts."""

    value = serializers.CharField(allow_blank=True)
    label = _label()
    count = serializers.IntegerField(min_value=0)
    url = serializers.CharField(allow_blank=True)
    selected = serializers.BooleanField()


class FacetBody(serializers.Serializer[Any]):
    """A facet: `values`, or `buckets` where it is the histogram of starts."""

    slug = serializers.CharField()
    label = _label()
    values = FacetValueBody(many=True, required=False)
    granularity = serializers.CharField(required=False)
    buckets = BucketBody(many=True, required=False)


class FoundBody(serializers.Serializer[Any]):
    """One page of what was found."""

    count = serializers.IntegerField(min_value=0)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = HitBody(many=True)
    facets = FacetBody(many=True, required=False)
    notices = serializers.ListField(
        child=serializers.CharField(), help_text="What was read otherwise than perhaps meant."
    )


class WhyBody(serializers.Serializer[Any]):
    """One reason why two are alike."""

    kind = serializers.ChoiceField(("relation", "term", "words"))
    text = serializers.CharField()


class SimilarHitBody(HitBody):
    """A postmortem that is alike, and why."""

    why = WhyBody(many=True)


class OptionBody(serializers.Serializer[Any]):
    """One thing to take."""

    kind = serializers.CharField()
    insert = serializers.CharField(allow_blank=True)
    label = _label(allow_blank=True)
    hint = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField(allow_null=True, min_value=0)
    url = serializers.CharField(allow_blank=True)


class GroupBody(serializers.Serializer[Any]):
    """Options of one kind."""

    kind = serializers.CharField()
    label = _label(allow_blank=True)
    options = OptionBody(many=True)


class SuggestionsBody(serializers.Serializer[Any]):
    """What may stand in for `q[start:end]`."""

    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=0)
    groups = GroupBody(many=True)


QUERY = OpenApiParameter("q", str, description="The search language; see /help/search/.")
# Vocabularies are the site's own: which there are stands in `facets`. Values have no type, because in
# an address a number, a list or null is text as well.
FILTERS = OpenApiParameter(
    "filters",
    {"type": "object", "additionalProperties": {"description": "Values, with commas between."}},
    style="form",
    explode=True,
    description=(
        "A filter for each facet by its slug: `cause=network`, with commas for any of them, a leading "
        "`-` to exclude; `status`, `visibility`, `team`, `language`, `year` likewise."
    ),
)
SEARCHED = [
    QUERY,
    FILTERS,
    # A form sends its empty choice as well.
    OpenApiParameter("sort", str, enum=["", *(sort.value for sort in ranking.SORTS)]),
    *PAGES,
    OpenApiParameter("explain", str, description="`1`, for administrators: `reasons`."),
]
