"""/api/v1/vocabularies/: the lists and trees to classify by, with their terms; curators add and change them."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import curation
from postmortems.api.curating import (
    TAGS,
    TermBody,
    Texts,
    body_of_term,
    body_of_vocabulary,
    get_vocabulary,
    marked,
    unchanged,
)
from postmortems.api.fields import Sent, sent
from postmortems.api.permissions import ChangesNeedAdminScope
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, person, whole_list
from postmortems.api.schema import list_of, problems
from taxonomy import lookup
from taxonomy.models import ROLES, SLUG_LENGTH, Vocabulary
from taxonomy.vocabulary_file import FACETS, NAME_LENGTH, TEXT_LENGTH

LAST_POSITION = 10_000
KINDS = Vocabulary.Kind.values


class VocabularyUse(Sent):
    """What a vocabulary is called and how it is used."""

    names = Texts(NAME_LENGTH, required=False)
    help = Texts(TEXT_LENGTH, required=False)
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    many: Any = serializers.BooleanField(required=False)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ROLES), max_length=len(ROLES), required=False
    )
    required: Any = serializers.BooleanField(required=False)
    facet = serializers.ChoiceField(choices=FACETS, required=False)
    facet_values = serializers.IntegerField(min_value=1, max_value=1000, required=False)


class VocabularyFields(VocabularyUse):
    """What is changed of a vocabulary; what is left out stays."""

    ignored = ("slug", "terms", "url", "as_of")

    position = serializers.IntegerField(min_value=0, max_value=LAST_POSITION, required=False)


class NewVocabularyFields(VocabularyUse):
    """A new vocabulary, with the slug that it keeps."""

    ignored = ("terms", "url", "as_of", "position")

    slug = serializers.CharField(max_length=SLUG_LENGTH)
    names = Texts(NAME_LENGTH)


class VocabularyBody(serializers.Serializer[Any]):
    """A vocabulary without its terms."""

    slug = serializers.CharField(help_text="Its name in searches, parameters and postmortems.")
    names = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    help = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    kind = serializers.ChoiceField(choices=KINDS)
    many: Any = serializers.BooleanField(
        help_text="Whether a postmortem may have several of its terms."
    )
    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES))
    required: Any = serializers.BooleanField(help_text="Whether publishing needs one.")
    facet = serializers.ChoiceField(choices=FACETS)
    facet_values = serializers.IntegerField(help_text="How many values a facet shows at first.")
    position = serializers.IntegerField()
    url = serializers.CharField()
    as_of = serializers.CharField(help_text="The version of all vocabularies, as in the tag.")


class WholeVocabularyBody(VocabularyBody):
    """A vocabulary with all its terms, parents before children, in display order."""

    terms = TermBody(many=True)


class Vocabularies(Resource):
    """The list, one with its terms, adding and changing."""

    permission_classes = [ChangesNeedAdminScope]

    @extend_schema(
        operation_id="list_vocabularies",
        tags=TAGS,
        summary="All vocabularies in display order, without their terms",
        responses={200: list_of(VocabularyBody)},
    )
    def list(self, request: Request) -> Response:
        """There are never more than fit one answer."""
        mark = curation.mark()
        return whole_list(body_of_vocabulary(item, mark) for item in lookup.current().vocabularies)

    @extend_schema(
        operation_id="create_vocabulary",
        tags=TAGS,
        summary="Add a vocabulary: a facet, a form field and a key of files at once",
        request=NewVocabularyFields,
        responses={201: WholeVocabularyBody, **problems(400, 403, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """For curators."""
        curation.check_may_curate(person(request))
        wanted = sent(NewVocabularyFields(data=request.data))
        made = curation.add_vocabulary(wanted.pop("slug"), by=person(request), **wanted)
        response = marked(_body(made.slug), status=201)
        response["Location"] = reverse("api:vocabulary", kwargs={"slug": made.slug})
        return response

    @extend_schema(
        operation_id="read_vocabulary",
        tags=TAGS,
        summary="One vocabulary with all its terms, retired ones included",
        responses={200: WholeVocabularyBody, **problems(404)},
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        """Parents come before their children."""
        get_vocabulary(slug)
        return marked(_body(slug))

    @extend_schema(
        operation_id="change_vocabulary",
        tags=TAGS,
        summary="Change what a vocabulary is called and how it is used",
        request=VocabularyFields,
        responses={200: WholeVocabularyBody, **problems(400, 403, 404, 412, 413, 415, 428)},
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """What is left out stays."""
        vocabulary = get_vocabulary(slug)
        with unchanged(request, lambda: _body(slug)):
            wanted = sent(VocabularyFields(data=request.data, partial=True))
            curation.change_vocabulary(vocabulary, by=person(request), **wanted)
        return marked(_body(slug))


def _body(slug: str) -> dict[str, Any]:
    mark, terms = curation.mark(), lookup.current()
    (vocabulary,) = (item for item in terms.vocabularies if item.slug == slug)
    every = terms.terms_of(slug, retired=True)
    shown = [body_of_term(term, terms, mark) for term in every]
    return body_of_vocabulary(vocabulary, mark) | {"terms": shown}
