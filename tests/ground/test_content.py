"""Rows to Document and back: whatever goes in comes out."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from postmortems import authoring, content
from postmortems.models import Postmortem, RenderedText, User
from taxonomy import lookup
from tests import strategies
from tests.makers import make_document, make_postmortem, make_team


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=strategies.documents())
def test_reading_gives_back_what_was_written(document, db):
    document = replace(
        document,
        relations=tuple(relations_of(document)),
        classifications=tuple(classifications_of(document)),
    )
    postmortem = authoring.create(
        document, by=User.objects.system(), team=make_team("platform"), visibility="public"
    )

    assert content.read(Postmortem.objects.get(pk=postmortem.pk)) == document


def relations_of(document):
    """The generated relations, each to a ref that could be."""
    for number, relation in enumerate(document.relations):
        yield replace(relation, target=f"{number:08d}")


def classifications_of(document):
    """The generated classifications, each of a term that there is."""
    terms = lookup.current().terms_of("cause")
    for term, item in zip(terms, document.classifications, strict=False):
        yield replace(item, vocabulary="cause", term=term.path)


@pytest.mark.parametrize("count", [1, 3])
def test_reading_many_takes_seven_statements(db, django_assert_num_queries, count):
    postmortems = [make_postmortem() for _ in range(count)]
    content.read_many(postmortems)

    # Seven of content and one that asks whether the vocabularies are still the same.
    with django_assert_num_queries(8):
        assert len(content.read_many(postmortems)) == count


def test_paragraphs_are_kept_rendered(db):
    make_postmortem(make_document(summary="It **halted**."))

    assert RenderedText.objects.get().html == "<p>It <strong>halted</strong>.</p>"
    assert content.rendered(["It **halted**."])["It **halted**."].plain.strip() == "It halted."


def test_the_same_text_is_stored_once(db):
    make_postmortem(make_document(summary="Same."))
    make_postmortem(make_document(summary="Same."))

    assert RenderedText.objects.count() == 1
