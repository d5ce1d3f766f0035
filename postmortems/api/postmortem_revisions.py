"""/api/v1/postmortems/REF/revisions/: what the content was, and what differs between two of them."""

from dataclasses import is_dataclass, replace
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import differences, document_json, history, restoring
from postmortems.access import Viewer
from postmortems.api import document_schema
from postmortems.api.postmortem_body import (
    OfPostmortem,
    document_body,
    seen_refs,
)
from postmortems.api.resources import get_postmortem, listed
from postmortems.api.schema import (
    list_of,
    list_of_content,
    of_content,
    of_schema,
    problems,
    reference,
)
from postmortems.differences import CHANGED, MOVED, Difference, Field, Item
from postmortems.digits import number_in
from postmortems.document import Document
from postmortems.models import Postmortem, Revision
from postmortems.word_diff import ADDED, KEPT, REMOVED
from taxonomy import lookup

MOST_NUMBER = 999_999_999
PLAIN = ("string", "integer", "boolean", "null")
# What an item of a list may be.
ITEMS = (
    *("Action", "Attachment", "Classification", "Evidence", "Hypothesis", "Lesson", "Reference"),
    *("Relation", "Signal", "TimelineEntry", "Workaround"),
)


class RevisionLine(serializers.Serializer[Any]):
    """Who saved what when."""

    number = serializers.IntegerField()
    author = serializers.CharField()
    comment = serializers.CharField()
    created_at = serializers.DateTimeField()


class RevisionBody(RevisionLine):
    """The same with the whole content."""

    document = of_content(document_schema.WHOLE)


def _value(*classes: str, plain: tuple[str, ...] = ("string", "null")) -> Any:
    """A value before or after: one of the classes of the content, or a plain one."""
    return of_schema({"anyOf": [*map(reference, classes), *({"type": kind} for kind in plain)]})


class RunBody(serializers.Serializer[Any]):
    """A stretch of text: those kept and removed make the old text, those kept and added the new one."""

    kind = serializers.ChoiceField((KEPT, ADDED, REMOVED))
    text = serializers.CharField()


class FieldDifferenceBody(serializers.Serializer[Any]):
    """One field that differs."""

    name = serializers.CharField()
    before = _value("Moment", plain=PLAIN)
    after = _value("Moment", plain=PLAIN)
    runs = RunBody(many=True)


class ItemDifferenceBody(serializers.Serializer[Any]):
    """One item of a list that came, went, changed or moved; `items` are the evidence of a hypothesis."""

    kind = serializers.ChoiceField((ADDED, REMOVED, CHANGED, MOVED))
    before = _value(*ITEMS, plain=("null",))
    after = _value(*ITEMS, plain=("null",))
    has_moved = serializers.BooleanField()
    fields_changed = FieldDifferenceBody(many=True)
    items = list_of_content("ItemDifferenceBody")


class DifferenceBody(serializers.Serializer[Any]):
    """What differs in one part: runs of a text, fields of a value, items of a list."""

    name = serializers.CharField(help_text="`summary`, `sections/impact`.")
    before = _value("Duration", "Moment", "Translation")
    after = _value("Duration", "Moment", "Translation")
    runs = RunBody(many=True)
    fields_changed = FieldDifferenceBody(many=True)
    items = ItemDifferenceBody(many=True)


class DifferencesBody(serializers.Serializer[Any]):
    """What differs between two revisions."""

    before = serializers.IntegerField()
    after = serializers.IntegerField()
    words_added = serializers.IntegerField()
    words_removed = serializers.IntegerField()
    parts = DifferenceBody(many=True)


class Revisions(OfPostmortem):
    """For who sees the history: an old content may hold what was taken out."""

    @extend_schema(
        operation_id="list_revisions",
        tags=["parts"],
        summary="List the revisions, the latest first.",
        responses={200: list_of(RevisionLine), **problems(400, 401, 404)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """One page, without contents."""
        return listed(request, history.revisions(_get(request, ref)), _line)

    @extend_schema(
        operation_id="get_revision",
        tags=["parts"],
        summary="Read one revision with its whole content.",
        responses={200: RevisionBody, **problems(401, 404)},
    )
    def retrieve(self, request: Request, ref: str, number: str) -> Response:
        """Its terms under the paths they have today."""
        found = _revisions(_get(request, ref), number)[number]
        document = _seen([history.document_of(found, lookup.current())], request.user)[0]
        return Response({**_line(found), "document": document_body(document)})


class Differences(OfPostmortem):
    """Two contents compared."""

    @extend_schema(
        operation_id="compare_revisions",
        tags=["parts"],
        summary="Compare two revisions.",
        responses={200: DifferencesBody, **problems(401, 404)},
    )
    def retrieve(self, request: Request, ref: str, before: str, after: str) -> Response:
        """What became of the first in the second."""
        found, terms = _revisions(_get(request, ref), before, after), lookup.current()
        contents = [history.document_of(found[number], terms) for number in (before, after)]
        old, new = _seen(contents, request.user)
        parts = differences.differences(old, new)
        added, removed = differences.count_words(parts)
        return Response(
            {
                "before": found[before].number,
                "after": found[after].number,
                "words_added": added,
                "words_removed": removed,
                "parts": [_part(part) for part in parts],
            }
        )


def _get(request: Request, ref: str) -> Postmortem:
    postmortem = get_postmortem(request, ref)
    if not restoring.may_see_history(request.user, postmortem):
        raise Http404
    return postmortem


def _revisions(postmortem: Postmortem, *asked: str) -> dict[str, Revision]:
    """The revisions by their numbers as they were written; raises Http404 for one that is not there."""
    numbers = {text: number_in(text, 1, MOST_NUMBER) for text in asked}
    wanted = [number for number in numbers.values() if number]
    rows = Revision.objects.filter(postmortem=postmortem, number__in=wanted)
    found = {row.number: row for row in rows.select_related("author")}
    if not all(number in found for number in numbers.values()):
        raise Http404
    return {text: found[number] for text, number in numbers.items() if number}


def _seen(documents: list[Document], viewer: Viewer) -> list[Document]:
    """The contents without relations to what the viewer does not see, or is not there."""
    seen = seen_refs(viewer, (item.target for document in documents for item in document.relations))
    return [
        replace(
            document, relations=tuple(item for item in document.relations if item.target in seen)
        )
        for document in documents
    ]


def _line(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "author": revision.author.username,
        "comment": revision.comment,
        "created_at": revision.created_at.isoformat(),
    }


def _part(part: Difference) -> dict[str, Any]:
    # Of a list the items say it; both whole lists beside them would be the content twice.
    is_told = bool(part.items)
    return {
        "name": part.name,
        "before": None if is_told else _plain(part.before),
        "after": None if is_told else _plain(part.after),
        "runs": _runs(part),
        "fields_changed": [_field(field) for field in part.fields],
        "items": [_item(item) for item in part.items],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "before": _plain(field.before),
        "after": _plain(field.after),
        "runs": _runs(field),
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "before": _plain(item.before),
        "after": _plain(item.after),
        "has_moved": item.has_moved,
        "fields_changed": [_field(field) for field in item.fields],
        "items": [_item(inner) for inner in item.items],
    }


def _runs(part: Difference | Field) -> list[dict[str, str]]:
    return [{"kind": run.kind, "text": run.text} for run in part.runs]


def _plain(value: Any) -> Any:
    return document_json.to_json(value) if is_dataclass(value) else value  # type: ignore[arg-type]
