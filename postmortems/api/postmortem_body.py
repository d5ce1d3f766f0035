"""A postmortem as the API answers it: its envelope and its content side by side, as its reader sees both."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import access, content, document_json, document_rules, helped
from postmortems.access import Viewer
from postmortems.api import tags
from postmortems.api.resources import Resource, get_by_ref, get_postmortem, person, versioned
from postmortems.authoring import Conflict
from postmortems.document import MOMENTS, Document
from postmortems.models import Postmortem

# What is answered and not taken: sent back it changes nothing.
READ_ONLY = (
    *("ref", "import_id", "version", "revision", "url", "helped"),
    *("created_at", "updated_at", "published_at"),
)


@extend_schema_field({"type": "object", "additionalProperties": True})
class AnyObject(serializers.JSONField):
    """An object whose members are described beside the content."""


@extend_schema_field({"type": "array", "items": {"type": "object"}})
class AnyList(serializers.JSONField):
    """A list of objects likewise."""


class PostmortemBody(serializers.Serializer[Any]):
    """A postmortem: the envelope, then the content."""

    ref = serializers.CharField()
    slug = serializers.CharField()
    import_id = serializers.CharField()
    status = serializers.ChoiceField(choices=Postmortem.Status.values)
    visibility = serializers.ChoiceField(choices=Postmortem.Visibility.values)
    team = serializers.CharField()
    authors = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="Names to sign in with, for who writes in the team; null for everybody else.",
    )
    named_people = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Likewise."
    )
    version = serializers.IntegerField()
    revision = serializers.IntegerField()
    url = serializers.CharField()
    helped = serializers.IntegerField(
        allow_null=True,
        help_text="How many readers said that it helped them; null where not everybody who is signed "
        "in may read it.",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    title = serializers.CharField()
    schema = serializers.IntegerField()
    summary = serializers.CharField()
    language = serializers.CharField()
    translations = AnyObject()
    started = AnyObject()
    detected = AnyObject()
    mitigated = AnyObject()
    resolved = AnyObject()
    duration = AnyObject(allow_null=True)
    sections = AnyObject()
    signals = AnyList()
    workarounds = AnyList()
    timeline = AnyList()
    hypotheses = AnyList()
    lessons = AnyList()
    actions = AnyList()
    relations = AnyList()
    references = AnyList()
    classifications = AnyList()
    attachments = AnyList()


class OfPostmortem(Resource):
    """What stands below the address of one postmortem: changes name the version they are made over."""

    def tag_now(self, request: Request) -> str:
        """The tag of the postmortem as it stands now; raises Http404 where it is gone for who asks."""
        postmortem = get_postmortem(request, str(self.kwargs.get("ref", "")))
        return tags.tag_of_data(body_of(postmortem, request.user), postmortem.version)


def to_edit(request: Request, ref: str) -> Postmortem:
    """The postmortem with that ref; raises Http404, and PermissionDenied for who may not change it."""
    postmortem = get_postmortem(request, ref)
    # Before what was sent is looked at: whoever may not is told so whatever they sent.
    check_edit(request, postmortem)
    return postmortem


def check_edit(request: Request, postmortem: Postmortem) -> None:
    """Raise PermissionDenied for who may not change what was found, Http404 if it has gone since."""
    try:
        access.check_may_edit(person(request), postmortem)
    except PermissionDenied:
        if not Postmortem.objects.visible_to(request.user).filter(pk=postmortem.pk).exists():
            raise Http404 from None
        raise


def to_change(request: Request, ref: str) -> Postmortem:
    """The same at a version that If-Match names; the verbs hold it to that.

    Raises PreconditionRequired, and Conflict where it is at another version.
    """
    postmortem = to_edit(request, ref)
    if postmortem.version not in tags.versions_named(request):
        raise Conflict(postmortem)
    return postmortem


def shown(request: Request, postmortem: Postmortem) -> Response:
    """The whole of it."""
    return versioned(body_of(postmortem, request.user), postmortem)


def changed(
    data: Any, postmortem: Postmortem, *, status: int = 200, location: str = ""
) -> Response:
    """The answer to a change; its tag is there at once, for an answer may be kept to be given again."""
    response = versioned(data, postmortem, status=status)
    response["ETag"] = tags.tag_of_data(data, postmortem.version)
    if location:
        response["Location"] = location
    return response


def saved(request: Request, postmortem: Postmortem, *, status: int = 200) -> Response:
    """The postmortem as a change has left it, with its address where it is new."""
    # Read again: a verb hands over what it held, which knows nothing of the names of related rows.
    postmortem = Postmortem.objects.select_related("team").get(pk=postmortem.pk)
    location = address_of(postmortem) if status == 201 else ""
    data = body_of(postmortem, request.user)
    return changed(data, postmortem, status=status, location=location)


def address_of(postmortem: Postmortem) -> str:
    """Where the API shows it."""
    return reverse("api:postmortem", kwargs={"ref": postmortem.ref})


def body_of(postmortem: Postmortem, viewer: Viewer) -> dict[str, Any]:
    """The envelope and every part of the content, empty ones too."""
    document = seen_by(viewer, content.read(postmortem))
    return {**envelope_of(postmortem, viewer), **document_body(document)}


def envelope_of(postmortem: Postmortem, viewer: Viewer) -> dict[str, Any]:
    """What is said about it beside its content; its people only to who writes in its team."""
    may_know = access.may_write_in(viewer, postmortem.team)
    published_at = postmortem.published_at
    return {
        "ref": postmortem.ref,
        "slug": postmortem.slug,
        "import_id": postmortem.import_id,
        "status": postmortem.status,
        "visibility": postmortem.visibility,
        "team": postmortem.team.slug,
        "authors": _names(postmortem.authors.all()) if may_know else None,
        "named_people": _names(postmortem.named_people.all()) if may_know else None,
        "version": postmortem.version,
        "revision": postmortem.revision,
        "url": postmortem.get_absolute_url(),
        "helped": helped.count_of(postmortem),
        "created_at": postmortem.created_at.isoformat(),
        "updated_at": postmortem.updated_at.isoformat(),
        "published_at": published_at.isoformat() if published_at else None,
    }


def document_body(document: Document) -> dict[str, Any]:
    """The content with every part, in the order of the Document."""
    found = document_json.to_json(document)
    return {name: found.get(name, _empty(name)) for name in document_rules.DEFAULTS[Document]}


def seen_by(viewer: Viewer, document: Document) -> Document:
    """The content without relations to what the viewer does not see, or is not there."""
    seen = seen_refs(viewer, (item.target for item in document.relations))
    return replace(
        document, relations=tuple(item for item in document.relations if item.target in seen)
    )


def seen_refs(viewer: Viewer, targets: Iterable[str]) -> set[str]:
    """Those of the targets of relations that the viewer sees."""
    asked = set(targets)
    if not asked:
        return set()
    visible = Postmortem.objects.visible_to(viewer).filter(ref__in=asked)
    return set(visible.values_list("ref", flat=True))


def still_seen(viewer: Viewer, body: dict[str, Any]) -> dict[str, Any]:
    """A body that was answered before, without the people and relations that the viewer is not told of now.

    Raises Http404 where the postmortem is gone for them.
    """
    visible = Postmortem.objects.visible_to(viewer).select_related("team")
    postmortem = get_by_ref(visible, body["ref"])
    may_know = access.may_write_in(viewer, postmortem.team)
    hidden = {} if may_know else {"authors": None, "named_people": None}
    seen = seen_refs(viewer, (item["target"] for item in body["relations"]))
    relations = [item for item in body["relations"] if item["target"] in seen]
    return {**body, **hidden, "relations": relations}


def with_unseen(document: Document, present: Document, viewer: Viewer) -> Document:
    """The content with the relations that `present` has and the viewer does not see, in their places.

    Nobody takes away or rewords what they do not see, and so cannot have sent back.
    """
    seen = seen_refs(viewer, (item.target for item in present.relations))
    unseen = [item for item in present.relations if item.target not in seen]
    taken = {(item.kind, item.target) for item in unseen}
    result = [item for item in document.relations if (item.kind, item.target) not in taken]
    for item in unseen:
        result.insert(present.relations.index(item), item)
    return replace(document, relations=tuple(result))


def find_in(items: Collection[Any], item_id: str) -> Any:
    """The item of that id; raises Http404."""
    for item in items:
        if item.id == item_id:
            return item
    raise Http404


def _empty(name: str) -> Any:
    if name in MOMENTS:
        return {}
    default = document_rules.DEFAULTS[Document][name]
    if isinstance(default, tuple):
        return []
    return default if default is None or isinstance(default, str | int) else {}


def _names(people: Iterable[Any]) -> list[str]:
    return sorted(user.username for user in people)
