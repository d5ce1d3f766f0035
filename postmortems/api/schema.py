"""What the OpenAPI document says of all operations alike: problems, headers, credentials, media types.

Each action describes its own answers with `extend_schema`; what every operation may answer besides is
added here, once. Named in the settings.
"""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny

from postmortems.api import document_schema, examples
from postmortems.api.parsers import MERGE_PATCH
from postmortems.search.front_door import MOST_PAGE_SIZE, MOST_PAGES

JSON, PROBLEM = "application/json", "application/problem+json"
VERSION = '"12-0123456789abcdef"'
TAGS = {
    "postmortems": "Postmortems whole: find, read, write, publish, archive.",
    "parts": "The parts of one postmortem: timeline, actions, revisions, reviews.",
    "files": "The files of a postmortem.",
    "search": "Search with facets, completion, what is similar.",
    "patterns": "What many postmortems have in common: counts, times, what came back.",
    "saved searches": "What is kept to be searched again.",
    "reading lists": "Postmortems in an order, each with a sentence that says why to read it.",
    "vocabularies": "The terms that postmortems are classified by.",
    "people": "You, your tokens, teams and their members.",
    "imports": "Many postmortems in one file, with a preview and a way back.",
    "exports": "All that a search finds, in one file.",
    "administration": "What administrators look after.",
}

# What any operation may answer, and what those that change something may.
ALWAYS = (400, 401, 406, 429)
UNSAFE = (403, 413, 415)
MEANINGS = {
    304: "You have it already: it is as the tag in If-None-Match says.",
    400: "Something that was sent cannot be read; `errors` says where.",
    401: "The credential is not valid, or one is needed.",
    403: "You may see it, but this is not yours to do.",
    404: "Nothing is there, or nothing that you may see.",
    406: "Only JSON is spoken here.",
    409: "It does not fit the state that the thing is in now.",
    412: "It has changed since you read it; `ETag` is its tag now.",
    413: "More was sent than is taken.",
    415: "This media type is not read here.",
    416: "The file is shorter.",
    422: "The Idempotency-Key was sent with another request before.",
    428: "If-Match is missing: say which version you read.",
    429: "Too many requests; `Retry-After` says how long to wait.",
}


class ProblemPlace(serializers.Serializer[Any]):
    """One thing that is wrong with what was sent."""

    pointer = serializers.CharField(
        allow_blank=True, help_text="A JSON pointer to it, empty for the whole."
    )
    detail = serializers.CharField(help_text="What is wrong with it, as a sentence.")


class Problem(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="The kind of problem.")
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField(allow_blank=True, help_text="What went wrong, as a sentence.")
    # Serializers have an attribute of this name, of another type.
    errors: Any = ProblemPlace(many=True, required=False)


def problems(*codes: int) -> dict[int, Any]:
    """The problem documents that an operation may answer beside those that all may."""
    return dict.fromkeys(codes, Problem)


@cache
def list_of(item: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The list shape of the API with such items, for `responses`."""
    fields = {
        "__doc__": "One page of a list.",
        "count": serializers.IntegerField(
            min_value=0, help_text="How many there are on all pages."
        ),
        "next": serializers.CharField(allow_null=True, help_text="The address of the next page."),
        "previous": serializers.CharField(allow_null=True),
        "results": item(many=True),
    }
    name = f"{item.__name__.removesuffix('Body')}List"
    return type(name, (serializers.Serializer,), fields)()


PAGE = OpenApiParameter(
    "page",
    {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "default": 1},
    description="Which page, from 1 on.",
)
PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": MOST_PAGE_SIZE, "default": 20},
    description="How many a page holds.",
)
PAGES = [PAGE, PAGE_SIZE]


def reference(name: str) -> dict[str, Any]:
    """The schema of that name among the components."""
    return {"$ref": f"{document_schema.PREFIX}{name}"}


def of_schema(schema: dict[str, Any], **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """A field of an answer that has this shape."""
    known = type("ShapedField", (serializers.JSONField,), {})
    return extend_schema_field(schema)(known)(**options)


def of_content(name: str, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """The same of a class of the content: `of_content("Moment")`."""
    return of_schema(reference(name), **options)


def list_of_content(name: str, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """A list of such."""
    return of_schema({"type": "array", "items": reference(name)}, **options)


class BearerScheme(OpenApiAuthenticationExtension):
    """How a token is sent."""

    target_class = "postmortems.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """The security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token with the scope read, write or admin; each has those before it.",
        }


class Described(AutoSchema):
    """An operation as its action describes it, with what holds for all of them."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation object."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        self.resolve_serializer(Problem, "response")
        answers = operation["responses"]
        is_safe = self.method in SAFE_METHODS
        codes = {*ALWAYS, *(() if is_safe else UNSAFE), *map(int, answers)}
        if self._takes_key():
            codes |= {422}
        # Bytes are what they are, whatever a client would rather have.
        if not any(JSON in answer.get("content", {}) for answer in answers.values()) and is_safe:
            codes -= {406}
        elif is_safe:
            codes |= {304}
        if not is_safe and "requestBody" not in operation:
            codes -= {413, 415}
        # What is named may be hidden, and so may what an answer that is kept was about.
        if "{" in self.path or self._takes_key():
            codes |= {404}
        operation["responses"] = {str(code): self._answer(code, answers) for code in sorted(codes)}
        if parameters := [*operation.get("parameters", []), *self._carried(codes)]:
            operation["parameters"] = parameters
        return operation

    def get_auth(self) -> list[dict[str, Any]]:
        """Credentials are a choice where no one is needed."""
        found = super().get_auth()
        is_open = any(isinstance(item, AllowAny) for item in self.view.get_permissions())
        needed = self.method not in SAFE_METHODS and not is_open
        return [item for item in found if item] + ([] if needed else [{}])

    def map_parsers(self) -> list[Any]:
        """A merge patch may also come under its own name."""
        found = super().map_parsers()
        wanted = [MERGE_PATCH] if self.method == "PATCH" and JSON in found else []
        return [*found, *(item for item in wanted if item not in found)]

    def _is_list_view(self, serializer: Any = None) -> bool:
        # No list answers a bare array: its serializer is that of the whole answer.
        return isinstance(serializer, serializers.ListSerializer)

    def _takes_key(self) -> bool:
        act = getattr(self.view, getattr(self.view, "action", None) or "", None)
        return getattr(act, "takes_key", False)

    def _answer(self, code: int, described: dict[str, Any]) -> dict[str, Any]:
        if code >= 400:
            return {"$ref": f"#/components/responses/{code}"}
        answer = dict(described.get(str(code), {}))
        answer["description"] = answer.get("description") or MEANINGS.get(code, "As asked.")
        answer["headers"] = {
            **answer.get("headers", {}),
            **_headers(*COUNTED, *self._told(code, answer)),
        }
        return answer

    def _told(self, code: int, answer: dict[str, Any]) -> list[str]:
        """The headers of an answer beside those of all."""
        found = []
        if code == 304 or (self.method in SAFE_METHODS and answer.get("content")):
            found.append("ETag")
        if code == 201:
            found.append("Location")
        if code < 300 and self._takes_key():
            found.append("Idempotency-Replayed")
        return found

    def _carried(self, codes: set[int]) -> list[dict[str, str]]:
        """The headers that a request may carry."""
        wanted = {
            "If-None-Match": 304 in codes,
            "If-Match": bool({412, 428} & codes),
            "Idempotency-Key": self._takes_key(),
        }
        return [
            {"$ref": f"#/components/parameters/{name}"}
            for name, is_wanted in wanted.items()
            if is_wanted
        ]


def _text(description: str, example: str = "", **limits: Any) -> dict[str, Any]:
    found = {"description": description, "schema": {"type": "string", **limits}}
    return {**found, "example": example} if example else found


HEADERS = {
    "X-Request-Id": _text("The id of the request in the log of the site.", "5f0c6d2ab1e94d0c"),
    "RateLimit": _text(
        "What is left: `r` requests, counted anew in `t` seconds.", '"token";r=599;t=42'
    ),
    "RateLimit-Policy": _text("The limit: `q` requests in `w` seconds.", '"token";q=600;w=60'),
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 42,
    },
    "ETag": _text("The tag of what you got, for If-Match and If-None-Match.", VERSION),
    "Location": _text("The address of what was made.", "/api/v1/saved-searches/savedsch/"),
    "Idempotency-Replayed": _text("`true` where the first answer came once more.", "true"),
    "WWW-Authenticate": _text("The kind of credential that is taken.", "Bearer"),
}
# Without examples: pages that let people try operations out would send them.
PARAMETERS = {
    "If-None-Match": _text("Tags of what you have; unchanged it answers 304."),
    "If-Match": _text(
        f"The tag of the version that you read and now change: `{VERSION}`.", maxLength=1_000
    ),
    "Idempotency-Key": _text(
        "Any name for this one request: sent again under it within 24 hours, it is done once.",
        minLength=1,
        maxLength=255,
        pattern="^[!-~]+$",
    ),
}


METHODS = ("get", "post", "put", "patch", "delete")
COUNTED = ("X-Request-Id", "RateLimit", "RateLimit-Policy")
# What an answer tells beside those.
TOLD = {401: ["WWW-Authenticate"], 412: ["ETag"], 429: ["Retry-After"]}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(code: int) -> dict[str, Any]:
    return {
        "description": MEANINGS[code],
        "content": {PROBLEM: {"schema": {"$ref": f"{document_schema.PREFIX}Problem"}}},
        "headers": _headers(*COUNTED, *TOLD.get(code, ())),
    }


def complete(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """The document with what its operations refer to."""
    parts = result.setdefault("components", {})
    parts["headers"] = HEADERS
    parts["responses"] = {str(code): _problem(code) for code in MEANINGS if code >= 400}
    parts["parameters"] = {
        name: {"name": name, "in": "header", "required": False, **value}
        for name, value in PARAMETERS.items()
    }
    parts.setdefault("schemas", {}).update(document_schema.components())
    document_schema.fill(parts["schemas"])
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    # They come out of a set: the file changes with what is described, and with nothing else.
    result["paths"] = {
        path: dict(sorted(ways.items(), key=lambda item: METHODS.index(item[0])))
        for path, ways in result["paths"].items()
    }
    for way in (way for path in result["paths"].values() for way in path.values()):
        examples.show(way)
    named = {
        tag for path in result["paths"].values() for way in path.values() for tag in way["tags"]
    }
    result["tags"] = [
        {"name": name, "description": TAGS.get(name, "")}
        for name in [*(name for name in TAGS if name in named), *sorted(named - TAGS.keys())]
    ]
    return result
