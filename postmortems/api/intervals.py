"""The time between two moments as JSON: of a known problem, and among patterns."""

from typing import Any

from rest_framework import serializers

UNITS = ("second", "day", "month", "year")
SINCE = "How long after the one before it; null where it is not known."


class IntervalBody(serializers.Serializer[Any]):
    """From `shortest` to `longest` seconds, null where nobody knows; `low` and `high` say the same in
    whole units, rounded outwards."""

    shortest = serializers.IntegerField(allow_null=True, min_value=0)
    longest = serializers.IntegerField(allow_null=True, min_value=0)
    unit = serializers.ChoiceField(UNITS)
    low = serializers.IntegerField(allow_null=True, min_value=0)
    high = serializers.IntegerField(allow_null=True, min_value=0)
    is_about = serializers.BooleanField()
