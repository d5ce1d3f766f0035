"""/api/v1/terms/: the values to classify by; curators add, change, move, merge, retire and restore them."""

from functools import cache
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
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
    get_term,
    marked,
    term_body,
    unchanged,
)
from postmortems.api.fields import Sent, sent
from postmortems.api.filtering import narrowed, parameters_of
from postmortems.api.permissions import ChangesNeedAdminScope
from postmortems.api.repetition import repeatable
from postmortems.api.resources import Resource, listed, person
from postmortems.api.schema import PAGES, list_of, problems
from postmortems.yes_no import YesNoFilter
from taxonomy import lookup
from taxonomy.lookup import fold
from taxonomy.models import PATH_LENGTH, SLUG_LENGTH, Term, Vocabulary
from taxonomy.slugs import SLUG
from taxonomy.vocabulary_file import NAME_LENGTH, SYMBOL_LENGTH, TEXT_LENGTH

MOST_ALIASES = 200
LONGEST_QUESTION = 200
LAST_PLACE = 20_000
CHANGES = problems(400, 403, 404, 412, 413, 415, 428)


class TermWords(Sent):
    """What a term is called and means, and where it hangs."""

    slug = serializers.CharField(max_length=SLUG_LENGTH, required=False)
    parent: Any = serializers.CharField(
        max_length=PATH_LENGTH, required=False, allow_null=True, help_text="A path; null: the root."
    )
    names = Texts(NAME_LENGTH, required=False)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=NAME_LENGTH),
        max_length=MOST_ALIASES,
        required=False,
    )
    definitions = Texts(TEXT_LENGTH, required=False)
    symbol = serializers.CharField(max_length=SYMBOL_LENGTH, required=False, allow_blank=True)
    rank = serializers.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True)


class TermFields(TermWords):
    """What is changed of a term; what is left out stays. Another `parent` or `slug` moves it."""

    ignored = ("id", "vocabulary", "path", "retired", "merged_into", "url", "as_of")

    place = serializers.IntegerField(
        min_value=0,
        max_value=LAST_PLACE,
        required=False,
        help_text="Where it stands among the terms beside it, from 0.",
    )


class NewTermFields(TermWords):
    """A new term; without a slug it gets one of its English name."""

    ignored = ("id", "path", "retired", "merged_into", "url", "as_of")

    vocabulary = serializers.CharField(max_length=SLUG_LENGTH)
    names = Texts(NAME_LENGTH)


class MergeFields(Sent):
    """The term that stands for this one from now on."""

    target = serializers.CharField(
        max_length=PATH_LENGTH, help_text="Its path in the same vocabulary."
    )


class TermFilters(django_filters.FilterSet):
    """What the list of terms is narrowed by."""

    vocabulary = django_filters.CharFilter(
        field_name="vocabulary__slug", max_length=SLUG_LENGTH, help_text="The slug of one."
    )
    q = django_filters.CharFilter(
        method="called",
        max_length=LONGEST_QUESTION,
        help_text="A part of the path, or of a name or alias in any language.",
    )
    parent = django_filters.CharFilter(
        field_name="parent__path", max_length=PATH_LENGTH, help_text="The path of the term above."
    )
    retired = YesNoFilter(
        field_name="retired_at",
        lookup_expr="isnull",
        exclude=True,
        help_text="Only terms that are offered no longer, or only those that are.",
    )

    def called(self, rows: QuerySet[Term], _name: str, text: str) -> QuerySet[Term]:
        """Folded as search does it, which no database can."""
        wanted = fold(text)
        every = lookup.current().by_id.values()
        return rows.filter(pk__in=[term.id for term in every if _is_called(term, wanted)])


class Terms(Resource):
    """The list, one, adding, changing, and the verbs of curators."""

    permission_classes = [ChangesNeedAdminScope]

    @extend_schema(
        operation_id="list_terms",
        tags=TAGS,
        summary="Terms by vocabulary and path, narrowed by what the address says",
        parameters=[*parameters_of(TermFilters), *PAGES],
        responses={200: list_of(TermBody), **problems(400)},
    )
    def list(self, request: Request) -> Response:
        """One page."""
        ordered = Term.objects.order_by("vocabulary__position", "vocabulary__slug", "path")
        rows = narrowed(TermFilters, ordered, request)
        mark = curation.mark()
        # Asked for once the rows are there: one added in between would not be among them.
        every = cache(lookup.current)
        return listed(request, rows, lambda row: body_of_term(every().by_id[row.pk], every(), mark))

    @extend_schema(
        operation_id="create_term",
        tags=TAGS,
        summary="Add a term, last of those beside it",
        request=NewTermFields,
        responses={201: TermBody, **problems(400, 403, 413, 415, 422)},
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """For curators."""
        curation.check_may_curate(person(request))
        wanted = sent(NewTermFields(data=request.data))
        vocabulary = _vocabulary(wanted.pop("vocabulary"))
        parent = _named(vocabulary, wanted.pop("parent", None), "parent")
        made = curation.add_term(vocabulary, by=person(request), parent=parent, **wanted)
        response = marked(term_body(made.pk), status=201)
        response["Location"] = reverse("api:term", kwargs={"term_id": made.pk})
        return response

    @extend_schema(
        operation_id="read_term",
        tags=TAGS,
        summary="One term",
        responses={200: TermBody, **problems(404)},
    )
    def retrieve(self, request: Request, term_id: str) -> Response:
        """A retired one, too: what was classified by it stays readable."""
        return marked(term_body(get_term(term_id).pk))

    @extend_schema(
        operation_id="change_term",
        tags=TAGS,
        summary="Change what a term is called and means, and where it hangs",
        request=TermFields,
        responses={200: TermBody, **CHANGES},
    )
    def partial_update(self, request: Request, term_id: str) -> Response:
        """Old paths lead to the new ones."""
        term = get_term(term_id)
        with unchanged(request, lambda: term_body(term.pk)):
            wanted = sent(TermFields(data=request.data, partial=True))
            _move(term, wanted, request)
            if wanted:
                curation.change_term(term, by=person(request), **wanted)
        return marked(term_body(term.pk))

    @extend_schema(
        operation_id="retire_term",
        tags=TAGS,
        summary="Offer a term, and all below it, no longer",
        request=None,
        responses={200: TermBody, **CHANGES},
    )
    @repeatable
    def retire(self, request: Request, term_id: str) -> Response:
        """It stays where it is used."""
        term = get_term(term_id)
        with unchanged(request, lambda: term_body(term.pk)):
            curation.retire_term(term, by=person(request))
        return marked(term_body(term.pk))

    @extend_schema(
        operation_id="restore_term",
        tags=TAGS,
        summary="Offer a retired term again",
        request=None,
        responses={200: TermBody, **CHANGES},
    )
    @repeatable
    def restore(self, request: Request, term_id: str) -> Response:
        """One that was merged comes back as a term that nothing has yet."""
        term = get_term(term_id)
        with unchanged(request, lambda: term_body(term.pk)):
            curation.restore_term(term, by=person(request))
        return marked(term_body(term.pk))

    @extend_schema(
        operation_id="merge_term",
        tags=TAGS,
        summary="Let another term stand for this one; answers that other one",
        request=MergeFields,
        responses={200: TermBody, **CHANGES},
    )
    @repeatable
    def merge(self, request: Request, term_id: str) -> Response:
        """Its postmortems, names and terms below it become the other's."""
        term = get_term(term_id)
        with unchanged(request, lambda: term_body(term.pk)):
            path = sent(MergeFields(data=request.data))["target"]
            target = _named(term.vocabulary, path, "target")
            if target is None:
                raise ValidationError({"target": _("Choose another term to merge it into.")})
            curation.merge_terms(term, target, by=person(request))
        return marked(term_body(target.pk))


def _move(term: Term, wanted: dict[str, Any], request: Request) -> None:
    """Hang the term where it is wanted, where that is elsewhere than it is."""
    slug = wanted.pop("slug", term.slug)
    parent = term.parent
    if "parent" in wanted:
        parent = _named(term.vocabulary, wanted.pop("parent"), "parent")
    if (slug, parent) != (term.slug, term.parent):
        curation.move_term(term, parent, by=person(request), slug=slug)


def _vocabulary(slug: str) -> Vocabulary:
    found = Vocabulary.objects.filter(slug=slug).first() if SLUG.fullmatch(slug) else None
    if found is None:
        message = _("There is no vocabulary “%(slug)s”.") % {"slug": slug}
        raise ValidationError({"vocabulary": message})
    return found


def _named(vocabulary: Vocabulary, path: str | None, field: str) -> Term | None:
    """The term of that path, None for none; raises ValidationError for one that is not there."""
    if not path:
        return None
    found = vocabulary.terms.select_related("vocabulary").filter(path=path).first()
    if found is None:
        raise ValidationError({field: _("There is no term “%(path)s”.") % {"path": path}})
    return found


def _is_called(term: lookup.TermInfo, wanted: str) -> bool:
    names = (term.path, *term.names.values(), *term.aliases)
    return any(wanted in fold(name) for name in names)
