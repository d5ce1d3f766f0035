"""The filter of lists that is yes or no; pages and the API read it alike."""

from typing import Any

import django_filters


class YesNoFilter(django_filters.TypedChoiceFilter):
    """`true` or `false`; anything else is refused instead of passed over."""

    def __init__(self, **more: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(choices=choices, coerce=lambda text: text == "true", **more)
