"""What vocabularies and terms share: their bodies, and changing only what one has read.

All vocabularies have one version, the mark that the verbs compare: a change of any of them makes the
tags of all old, because moving and merging reach beyond the term that is named.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import curation, outbox
from postmortems.api import tags
from postmortems.api.refusals import PreconditionFailed
from postmortems.api.resources import person
from postmortems.digits import number_in
from taxonomy import lookup
from taxonomy.languages import LANGUAGES
from taxonomy.lookup import TermInfo, VocabularyInfo
from taxonomy.models import PATH_LENGTH, SLUG_LENGTH, Term, Vocabulary
from taxonomy.slugs import SLUG
from taxonomy.vocabulary_file import NAME_LENGTH, SYMBOL_LENGTH

LAST_ID = 2**62
TAGS = ["vocabularies"]


class TermBody(serializers.Serializer[Any]):
    """A term."""

    id = serializers.IntegerField()
    vocabulary = serializers.CharField(max_length=SLUG_LENGTH)
    slug = serializers.CharField(max_length=SLUG_LENGTH)
    path = serializers.CharField(
        max_length=PATH_LENGTH, help_text="The slugs from the root down, as postmortems name it."
    )
    parent: Any = serializers.CharField(allow_null=True, help_text="The path of the term above.")
    names = serializers.DictField(
        child=serializers.CharField(max_length=NAME_LENGTH), help_text="By language."
    )
    aliases = serializers.ListField(child=serializers.CharField(max_length=NAME_LENGTH))
    definitions = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    symbol = serializers.CharField(max_length=SYMBOL_LENGTH)
    rank = serializers.IntegerField(
        allow_null=True, help_text="Of an ordered vocabulary; 1 is the gravest."
    )
    retired = serializers.BooleanField()
    merged_into = serializers.CharField(
        allow_null=True, help_text="The path of the term that stands for it now."
    )
    url = serializers.CharField()
    as_of = serializers.CharField(help_text="The version of all vocabularies, as in the tag.")


class Texts(serializers.DictField):
    """Texts by language; which languages there are is said by the verb."""

    def __init__(self, most: int, **more: Any) -> None:
        child = serializers.CharField(max_length=most, allow_blank=True)
        super().__init__(child=child, help_text=f"By language: {', '.join(LANGUAGES)}.", **more)


@contextmanager
def unchanged(request: Request, body: Any) -> Iterator[None]:
    """A transaction in which the vocabularies are as If-Match says, and stay so.

    `body` makes what reading would answer. Raises PermissionDenied for who does not curate,
    PreconditionRequired and PreconditionFailed.
    """
    curation.check_may_curate(person(request))
    named = tags.versions_named(request)
    with outbox.writing():
        mark = curation.mark()
        if mark not in named:
            raise PreconditionFailed(tags.tag_of_data(body(), mark))
        yield


def marked(data: Any, *, status: int = 200) -> Response:
    """An answer that shows vocabularies or terms, with the version of them all in its tag."""
    response = Response(data, status=status)
    # The mark that the data was read under: asked for again it could be that of a later change, which
    # the reader would then undo unseen.
    response.version = int(data["as_of"])  # type: ignore[attr-defined]
    return response


def get_vocabulary(slug: str) -> Vocabulary:
    """The vocabulary of that slug; raises Http404."""
    found = Vocabulary.objects.filter(slug=slug).first() if SLUG.fullmatch(slug) else None
    if found is None:
        raise Http404
    return found


def get_term(term_id: str) -> Term:
    """The term with that id; raises Http404."""
    number = number_in(term_id, 1, LAST_ID)
    rows = Term.objects.select_related("vocabulary", "parent")
    found = rows.filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404
    return found


def term_body(term_id: int) -> dict[str, Any]:
    """A term as it is answered."""
    # The mark first: of a change between the two the tag may know nothing, never the other way round.
    mark, terms = curation.mark(), lookup.current()
    return body_of_term(terms.by_id[term_id], terms, mark)


def body_of_term(term: TermInfo, terms: lookup.Terms, mark: int) -> dict[str, Any]:
    """The same for one of many."""
    above = terms.by_id.get(term.parent_id) if term.parent_id else None
    heir = terms.by_id.get(term.merged_into_id) if term.merged_into_id else None
    return {
        "id": term.id,
        "vocabulary": term.vocabulary,
        "slug": term.slug,
        "path": term.path,
        "parent": above.path if above else None,
        "names": dict(term.names),
        "aliases": list(term.aliases),
        "definitions": dict(term.definitions),
        "symbol": term.symbol,
        "rank": term.rank,
        "retired": term.retired,
        "merged_into": heir.path if heir else None,
        "url": reverse("term", args=[term.vocabulary, term.path]),
        # A text: many readers of JSON keep no number that long.
        "as_of": str(mark),
    }


def body_of_vocabulary(vocabulary: VocabularyInfo, mark: int) -> dict[str, Any]:
    """A vocabulary as it is answered, without its terms."""
    shown = "open" if vocabulary.facet_open else "closed"
    return {
        "slug": vocabulary.slug,
        "names": dict(vocabulary.names),
        "help": dict(vocabulary.help),
        "kind": vocabulary.kind,
        "many": vocabulary.many,
        "roles": list(vocabulary.roles_allowed),
        "required": vocabulary.required,
        "facet": shown if vocabulary.facet_shown else "hidden",
        "facet_values": vocabulary.facet_values,
        "position": vocabulary.position,
        "url": reverse("vocabulary", args=[vocabulary.slug]),
        "as_of": str(mark),
    }
