"""GET /api/schema/: the OpenAPI document, as it was made of the code and committed."""

import json
from functools import cache
from pathlib import Path

import yaml
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import etag, require_safe

from postmortems.api.tags import tag_of

# Beside the code that it is made of (make schema): no process has to make it anew, and what is served
# is what was looked at.
FILE = Path(__file__).with_name("openapi.json")
JSON, YAML = "application/json", "application/yaml"


def media_type(request: HttpRequest) -> str:
    """YAML where it is asked for by `format=yaml` or preferred to JSON."""
    asked = request.GET.get("format", "")
    if asked in ("json", "yaml"):
        return YAML if asked == "yaml" else JSON
    return request.get_preferred_type([JSON, YAML]) or JSON


@cache
def content(media: str) -> bytes:
    """The document in one of the two."""
    text = FILE.read_bytes()
    if media == JSON:
        return text
    return yaml.safe_dump(json.loads(text), allow_unicode=True, sort_keys=False).encode()


@require_safe
@etag(lambda request: tag_of(content(media_type(request))))
def description(request: HttpRequest) -> HttpResponse:
    """Open to everybody: it says what can be asked, and nothing of what is there."""
    media = media_type(request)
    return HttpResponse(content(media), content_type=media, headers={"Vary": "Accept"})
