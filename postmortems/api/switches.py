"""Yes or no in an address."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

ANSWERS = {"true": True, "1": True, "false": False, "0": False}
SCHEMA: dict[str, Any] = {
    "oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 1}]
}


def switch_of(request: Request, name: str) -> bool | None:
    """What the address says, None when it says nothing; raises ValidationError for anything else:
    who misspells `dry_run` must not find everything done."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if text.lower() not in ANSWERS:
        raise ValidationError({name: [_("This is `true` or `false`, or `1` or `0`.")]})
    return ANSWERS[text.lower()]


def switch(name: str, description: str) -> OpenApiParameter:
    """How the OpenAPI document says it."""
    return OpenApiParameter(name, SCHEMA, description=description)
