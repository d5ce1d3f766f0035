"""What is sent to make or change a postmortem: envelope and content told apart, and both read strictly."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from postmortems import access, document_json
from postmortems.api.merge_patch import patched
from postmortems.api.postmortem_body import READ_ONLY, AnyList, AnyObject, document_body
from postmortems.document import LANGUAGES, TITLE_LENGTH, Document
from postmortems.models import Postmortem, Team, User
from postmortems.saving import Envelope

MOST_PEOPLE = 100
ENVELOPE = ("slug", "status", "visibility", "team", "authors", "named_people")


class Text(serializers.CharField):
    """A text that is sent as a text: 12 and true are none."""

    def to_internal_value(self, data: Any) -> str:
        """The text; raises ValidationError for anything else."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EnvelopeFields(serializers.Serializer[Any]):
    """The part of the envelope that is taken; verbs of their own change the status."""

    slug = Text(max_length=120, required=False)
    status = serializers.ChoiceField(
        choices=Postmortem.Status.values,
        required=False,
        help_text="Only as it is: the verbs change it.",
    )
    visibility = serializers.ChoiceField(choices=Postmortem.Visibility.values, required=False)
    team = Text(max_length=60, required=False)
    authors = serializers.ListField(
        child=Text(max_length=60), required=False, max_length=MOST_PEOPLE, allow_null=True
    )
    named_people = serializers.ListField(
        child=Text(max_length=60), required=False, max_length=MOST_PEOPLE, allow_null=True
    )


class PostmortemSent(EnvelopeFields):
    """What is taken for a postmortem; `document_json` checks the content. What answers have beside it
    may be sent back and is ignored."""

    title = Text(max_length=TITLE_LENGTH)
    schema = serializers.IntegerField(required=False)
    summary = Text(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    translations = AnyObject(required=False)
    started = AnyObject(required=False)
    detected = AnyObject(required=False)
    mitigated = AnyObject(required=False)
    resolved = AnyObject(required=False)
    duration = AnyObject(required=False, allow_null=True)
    sections = AnyObject(required=False)
    signals = AnyList(required=False)
    workarounds = AnyList(required=False)
    timeline = AnyList(required=False)
    hypotheses = AnyList(required=False)
    lessons = AnyList(required=False)
    actions = AnyList(required=False)
    relations = AnyList(required=False)
    references = AnyList(required=False)
    classifications = AnyList(required=False)
    attachments = AnyList(required=False)


def of_object(data: Any) -> dict[str, Any]:
    """What was sent; raises ValidationError for what is no object."""
    if not isinstance(data, Mapping):
        raise serializers.ValidationError({"": [_("Send a JSON object.")]})
    return dict(data)


def of_postmortem(data: Any) -> dict[str, Any]:
    """The same of a postmortem, without what is only answered."""
    return {name: value for name, value in of_object(data).items() if name not in READ_ONLY}


def read_envelope(data: Mapping[str, Any], status: str) -> dict[str, Any]:
    """The fields of the envelope that are given; `status` is the only one it may have."""
    given = {name: data[name] for name in ENVELOPE if name in data}
    fields = EnvelopeFields(data=given)
    fields.is_valid(raise_exception=True)
    wanted = dict(fields.validated_data)
    if wanted.pop("status", status) != status:
        message = _("The status is “%(status)s”; publish, archive and the other verbs change it.")
        raise serializers.ValidationError({"status": [message % {"status": status}]})
    # People are answered as null to who is not told of them: sent back like that they say nothing.
    return {name: value for name, value in wanted.items() if value is not None}


def read_document(data: Mapping[str, Any]) -> Document:
    """The content among the fields; raises Invalid for what breaks a rule, and for unknown fields."""
    return document_json.from_json(
        {name: value for name, value in data.items() if name not in ENVELOPE}
    )


def patched_document(document: Document, data: Mapping[str, Any]) -> Document:
    """The content that a merge patch makes of what its sender has read."""
    patch = {name: value for name, value in data.items() if name not in ENVELOPE}
    return document_json.from_json(patched(document_body(document), patch))


def changes(given: Mapping[str, Any], present: Postmortem, by: User) -> Envelope:
    """What is to be otherwise about a postmortem; raises ValidationError for a team not written in."""
    team = given.get("team")
    if team is not None and team != present.team.slug:
        team_of(team, by)
    return Envelope(
        slug=given.get("slug"),
        visibility=given.get("visibility"),
        team=team,
        authors=_set(given.get("authors")),
        named=_set(given.get("named_people")),
    )


def team_of(slug: str, by: User) -> Team:
    """The team of that slug among those that `by` writes in: of others it is not said that they are."""
    for team in access.teams_to_write_in(by):
        if team.slug == slug:
            return team
    message = _("You write in no team called “%(slug)s”.") % {"slug": slug}
    raise serializers.ValidationError({"team": [message]})


def _set(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
