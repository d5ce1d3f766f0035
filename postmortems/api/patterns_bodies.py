"""What the answers about patterns look like as JSON: read from the answers themselves, and described."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from postmortems.api.intervals import IntervalBody
from postmortems.api.schema import reference
from postmortems.insights.matrix import COLOURS
from postmortems.insights.options import SPANS
from postmortems.insights.times import MEASURES
from postmortems.known_parts import FIXES
from postmortems.search.hit_json import moment_body


@extend_schema_field(reference("Moment"))
class MomentField(serializers.JSONField):
    """A moment as everywhere in the API."""

    def to_representation(self, value: Any) -> Any:
        """Its known fields."""
        return moment_body(value)


def _label(**options: Any) -> Any:
    """A field of this name, which fields themselves have as an attribute of another type."""
    return serializers.CharField(**options)


def _whole(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, **options)


class CountBody(serializers.Serializer[Any]):
    """A number of postmortems, and the address of the page that lists exactly them."""

    number = _whole()
    url = serializers.CharField(allow_blank=True)


class FieldBody(serializers.Serializer[Any]):
    """A vocabulary that may be counted by."""

    slug = serializers.CharField()
    label = _label()
    depth = _whole(help_text="How many levels its tree has.")


class NamedBody(serializers.Serializer[Any]):
    """A term; `path` is `unknown` for what has none of the vocabulary."""

    vocabulary = serializers.CharField()
    path = serializers.CharField()
    label = _label()
    vocabulary_label = serializers.CharField(allow_blank=True)


class CellBody(serializers.Serializer[Any]):
    """How many have both terms."""

    count = CountBody()
    heat = serializers.IntegerField(min_value=0, max_value=8, help_text="The step of its colour.")
    expected = serializers.FloatField(
        help_text="If the two had nothing to do with each other: row × column / all."
    )
    ratio = serializers.FloatField(allow_null=True, help_text="Count over expected.")


class MatrixRowBody(serializers.Serializer[Any]):
    """A row: cells in the order of the columns."""

    term = NamedBody()
    cells = CellBody(many=True)
    total = CountBody()


class MatrixColumnBody(serializers.Serializer[Any]):
    """A column."""

    term = NamedBody()
    total = CountBody()


class MatrixBody(serializers.Serializer[Any]):
    """Two vocabularies against each other."""

    rows_by = FieldBody()
    columns_by = FieldBody()
    depth = _whole()
    heat = serializers.ChoiceField(COLOURS, source="colour")
    rows = MatrixRowBody(many=True)
    columns = MatrixColumnBody(many=True)
    more_rows = _whole()
    more_columns = _whole()
    total = CountBody()
    most_depth = _whole()


class PeriodBody(serializers.Serializer[Any]):
    """A month, quarter or year; `value` works as `?year=value`."""

    value = serializers.CharField()
    label = _label()
    total = CountBody()


class SeriesBody(serializers.Serializer[Any]):
    """One term over time, a count a period; without a term all that have none of those shown."""

    term = NamedBody(allow_null=True)
    counts = CountBody(many=True)
    total = CountBody()


class NewTermBody(serializers.Serializer[Any]):
    """A term seen for the first time in the last period."""

    term = NamedBody()
    count = CountBody()


class QuietTermBody(serializers.Serializer[Any]):
    """A term that was there and is not in the last periods."""

    term = NamedBody()
    before = CountBody()
    last = PeriodBody()


class TrendsBody(serializers.Serializer[Any]):
    """By when they started; what has no place on the axis is told apart."""

    span = serializers.ChoiceField(SPANS)
    by = FieldBody()
    periods = PeriodBody(many=True)
    series = SeriesBody(many=True)
    total = CountBody()
    shown = CountBody()
    earlier = CountBody()
    year_only = CountBody()
    bounded = CountBody()
    unknown = CountBody()
    new = NewTermBody(many=True)
    quiet = QuietTermBody(many=True)


class ContrastBody(serializers.Serializer[Any]):
    """Here against elsewhere."""

    here = CountBody()
    of_here = CountBody()
    elsewhere = CountBody()
    of_elsewhere = CountBody()
    lift = serializers.FloatField(help_text="The share here over the share among all.")
    p = serializers.FloatField(help_text="Fisher's exact test, one-sided.")
    q = serializers.FloatField(help_text="After Benjamini and Hochberg.")
    is_significant = serializers.BooleanField()
    is_small = serializers.BooleanField(help_text="Fewer than five cases.")


class FrequentBody(serializers.Serializer[Any]):
    """A term that is more frequent in the selection than elsewhere."""

    term = NamedBody()
    contrast = ContrastBody()


class OverrepresentedBody(serializers.Serializer[Any]):
    """What is unusually frequent in the selection."""

    is_narrowed = serializers.BooleanField()
    inside = CountBody()
    outside = CountBody()
    terms = FrequentBody(many=True)
    tested = _whole()
    more = _whole()
    rate = serializers.FloatField(help_text="The share of false ones among what is significant.")


class TogetherPairBody(serializers.Serializer[Any]):
    """Two terms that go together."""

    given = NamedBody()
    found = NamedBody()
    contrast = ContrastBody()
    same = serializers.ListField(
        child=serializers.ListField(child=NamedBody(), min_length=2, max_length=2),
        help_text="Pairs that say the same.",
    )


class TogetherBody(serializers.Serializer[Any]):
    """What goes together more often than by chance."""

    pairs = TogetherPairBody(many=True)
    total = CountBody()
    tested = _whole()
    significant = _whole()
    more = _whole()
    is_small = serializers.BooleanField()
    rate = serializers.FloatField()


class PortionBody(serializers.Serializer[Any]):
    """A part of a finding with a narrower term."""

    term = NamedBody()
    count = CountBody()


class FindingBody(serializers.Serializer[Any]):
    """One finding in parts."""

    kind = serializers.ChoiceField(("set-off", "widespread", "together"))
    key = serializers.CharField()
    given = NamedBody(many=True)
    found = NamedBody()
    here = CountBody()
    of_here = CountBody()
    elsewhere = CountBody(allow_null=True)
    of_elsewhere = CountBody(allow_null=True)
    portions = PortionBody(many=True)
    same = NamedBody(many=True, help_text="Other causes of the very same postmortems.")
    lift = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True)
    q = serializers.FloatField(allow_null=True)
    is_small = serializers.BooleanField()


class FindingsBody(serializers.Serializer[Any]):
    """What stands out, strongest first."""

    findings = FindingBody(many=True)
    total = CountBody()
    is_small = serializers.BooleanField()


class DotBody(serializers.Serializer[Any]):
    """How long it took in one postmortem."""

    seconds = _whole()
    kind = serializers.ChoiceField(("exact", "approximate", "at-most", "at-least"))
    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class BarBody(serializers.Serializer[Any]):
    """How many known times lie from `low` to below `high` seconds."""

    low = _whole()
    high = _whole(allow_null=True)
    count = CountBody()


class QuantileBody(serializers.Serializer[Any]):
    """Where a share of the `n` known and bounded times lies, as far as bounds allow."""

    share = serializers.FloatField()
    low = _whole(allow_null=True)
    high = _whole(allow_null=True)
    n = _whole()


class TimesRowBody(serializers.Serializer[Any]):
    """The times of one term, or of all; never a mean."""

    term = NamedBody(allow_null=True)
    total = CountBody()
    known = CountBody()
    bounded = CountBody()
    unknown = CountBody()
    dots = DotBody(many=True)
    bars = BarBody(many=True)
    quarter = QuantileBody(allow_null=True)
    median = QuantileBody(allow_null=True)
    three_quarters = QuantileBody(allow_null=True)


class TimesBody(serializers.Serializer[Any]):
    """One measure by the terms of one vocabulary."""

    measure = serializers.ChoiceField(MEASURES)
    by = FieldBody()
    rows = TimesRowBody(many=True)
    more_rows = _whole()
    all = TimesRowBody()
    left_out = CountBody(help_text="Near misses, which hurt nobody.")


class AllTimesBody(serializers.Serializer[Any]):
    """All measures."""

    measures = TimesBody(many=True)


class ChainOccurrenceBody(serializers.Serializer[Any]):
    """One time that a defect struck."""

    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    started = MomentField()
    precision = serializers.CharField()
    first = serializers.CharField(allow_blank=True)
    last = serializers.CharField(allow_blank=True)
    since = IntervalBody(
        allow_null=True,
        help_text="How long after the one before it; null where it is not known, and where that one "
        "is not shown.",
    )
    is_selected = serializers.BooleanField()


class RemedyBody(serializers.Serializer[Any]):
    """A work-around, or an action that is to prevent it."""

    ref = serializers.CharField()
    text = serializers.CharField()
    state = serializers.CharField(allow_blank=True)
    url = serializers.CharField()


class ChainBody(serializers.Serializer[Any]):
    """One defect that came back."""

    key = serializers.CharField()
    name = serializers.CharField()
    count = CountBody()
    occurrences = ChainOccurrenceBody(many=True)
    more = _whole()
    causes = NamedBody(many=True)
    fix = serializers.ChoiceField(FIXES)
    fixes = RemedyBody(many=True)
    workaround = serializers.ChoiceField(("verified", "unverified", "unsafe", "none"))
    workarounds = RemedyBody(many=True)


class DebtBody(serializers.Serializer[Any]):
    """An action that is not done, on a cause that came back."""

    key = serializers.CharField()
    text = serializers.CharField()
    status = serializers.CharField()
    url = serializers.CharField()
    ref = serializers.CharField()
    title = serializers.CharField()
    cause = NamedBody()
    later = CountBody()


class RecurrenceBody(serializers.Serializer[Any]):
    """What came back, and what is still to be done about it."""

    chains = ChainBody(many=True)
    more = _whole()
    related = CountBody()
    debts = DebtBody(many=True)
    waiting = CountBody()
    returned = _whole()


class GapPlaceBody(serializers.Serializer[Any]):
    """A postmortem of the caller's own that lacks it."""

    ref = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class GapBody(serializers.Serializer[Any]):
    """One thing that is not recorded."""

    name = serializers.CharField()
    label = _label()
    count = CountBody()
    places = GapPlaceBody(many=True)


class GapsBody(serializers.Serializer[Any]):
    """What is not recorded, the most frequent first."""

    gaps = GapBody(many=True)
    total = CountBody()
