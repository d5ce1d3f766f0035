"""What the database itself holds true of vocabularies and terms."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, models, transaction

from taxonomy.models import TaxonomyState, Term, Vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture
def colour() -> Vocabulary:
    return Vocabulary.objects.create(slug="colour", kind="tree", names={"en": "Colour"})


@pytest.fixture
def red(colour) -> Term:
    return Term.objects.create(vocabulary=colour, slug="red", path="red", names={"zh-hans": "红"})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "bush"}, "vocabulary_kind_known"),
        ({"slug": ""}, "vocabulary_has_slug"),
        ({"facet_values": 0}, "vocabulary_facet_shows_values"),
        ({"facet_shown": False, "facet_open": True}, "vocabulary_open_facet_is_shown"),
    ],
)
def test_a_vocabulary_keeps_its_rules(values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Vocabulary.objects.create(**{"slug": "colour", "kind": "flat"} | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"slug": "", "path": ""}, "term_has_slug"),
        ({"path": "warm/dark"}, "term_root_path_is_slug"),
        ({"parent": "red"}, "term_root_path_is_slug"),
        ({"merged_into": "red"}, "term_merged_is_retired"),
    ],
)
def test_a_term_keeps_its_rules(colour, red, values, constraint):
    values = {name: red if value == "red" else value for name, value in values.items()}

    with pytest.raises(IntegrityError, match=constraint):
        Term.objects.create(**{"vocabulary": colour, "slug": "dark", "path": "dark"} | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"parent": models.F("id"), "path": "red/red"}, "term_not_own_parent"),
        (
            {"merged_into": models.F("id"), "retired_at": datetime(2026, 5, 3, tzinfo=UTC)},
            "term_not_merged_into_itself",
        ),
    ],
)
def test_a_term_is_neither_its_own_parent_nor_its_own_heir(red, values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Term.objects.filter(pk=red.pk).update(**values)


def test_a_path_stands_once_in_a_vocabulary(colour, red):
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(vocabulary=colour, slug="red", path="red")

    other = Vocabulary.objects.create(slug="wine", kind="flat")
    assert Term.objects.create(vocabulary=other, slug="red", path="red").pk != red.pk


def test_what_hangs_together_is_not_deleted(colour, red):
    Term.objects.create(vocabulary=colour, slug="dark", path="red/dark", parent=red)

    with pytest.raises(models.ProtectedError):
        red.delete()
    with pytest.raises(models.ProtectedError):
        colour.delete()


def test_there_is_one_state_and_each_bump_changes_it():
    TaxonomyState.bump()
    first = TaxonomyState.objects.get().revision

    TaxonomyState.bump()

    assert TaxonomyState.objects.get().revision not in (0, first)
    with pytest.raises(IntegrityError):
        TaxonomyState.objects.create(pk=2)


def test_names_fall_back(colour, red):
    dark = Term(vocabulary=colour, slug="dark", path="red/dark", definitions={"en": "Little light"})

    assert (colour.name_in("zh-hant"), red.name_in("zh-hant"), red.name_in("en")) == (
        "Colour",
        "红",
        "red",
    )
    assert (dark.name_in("en"), dark.definition_in("zh-hans"), dark.parent_path) == (
        "dark",
        "Little light",
        "red",
    )
