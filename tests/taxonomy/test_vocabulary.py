"""Loading vocabularies into the database and dumping them again."""

import pytest

from taxonomy import lookup, vocabulary
from taxonomy.models import TaxonomyState, Term, Vocabulary
from taxonomy.vocabulary import Report

pytestmark = pytest.mark.django_db

COLOURS = """
hindsight: 1
vocabularies:
  colour:
    names: {en: Colour}
    kind: tree
    terms:
      warm: {names: {en: Warm}}
      warm/red: {names: {en: Red}}
      cold: {names: {en: Cold}}
"""
RED = "      warm/red: {names: {en: Red}}\n"


def find(path: str) -> Term:
    return Term.objects.get(vocabulary__slug="colour", path=path)


def test_a_first_load_creates_the_vocabulary_and_its_tree():
    report = vocabulary.load(COLOURS)

    assert report == Report(created=4)
    assert find("warm/red").parent == find("warm")
    assert find("warm/red").slug == "red"
    assert find("warm").parent is None


def test_loading_twice_changes_nothing():
    vocabulary.load(COLOURS)
    state = TaxonomyState.objects.get()
    rows = list(Term.objects.order_by("pk").values())

    report = vocabulary.load(COLOURS)

    assert report == Report(unchanged=4)
    assert list(Term.objects.order_by("pk").values()) == rows
    assert TaxonomyState.objects.get().revision == state.revision


def test_editing_a_name_keeps_the_identity():
    vocabulary.load(COLOURS)
    before = find("warm/red").pk

    report = vocabulary.load(COLOURS.replace("{en: Red}", "{en: Scarlet}"))

    assert report == Report(changed=1, unchanged=3)
    assert find("warm/red").pk == before
    assert find("warm/red").name_in("en") == "Scarlet"


def test_a_removed_term_is_retired_and_once():
    vocabulary.load(COLOURS)

    assert vocabulary.load(COLOURS.replace(RED, "")) == Report(retired=1, unchanged=3)
    retired_at = find("warm/red").retired_at
    assert retired_at is not None
    assert vocabulary.load(COLOURS.replace(RED, "")) == Report(unchanged=3)
    assert find("warm/red").retired_at == retired_at


def test_a_term_that_comes_back_is_itself_again():
    vocabulary.load(COLOURS)
    before = find("warm/red").pk
    vocabulary.load(COLOURS.replace(RED, ""))

    assert vocabulary.load(COLOURS) == Report(changed=1, unchanged=3)
    assert find("warm/red").pk == before
    assert find("warm/red").retired_at is None


def test_a_new_order_is_kept_and_is_no_change_of_terms():
    vocabulary.load(COLOURS)
    before = lookup.current()
    cold = "      cold: {names: {en: Cold}}\n"
    reordered = COLOURS.replace(cold, "").replace("    terms:\n", f"    terms:\n{cold}")

    assert vocabulary.load(reordered) == Report(unchanged=4)
    assert [term.path for term in before.children(None, "colour")] == ["warm", "cold"]
    assert [term.path for term in lookup.current().children(None, "colour")] == ["cold", "warm"]


def test_a_file_with_a_problem_changes_nothing():
    report = vocabulary.load(COLOURS.replace("warm/red", "hot/red"))

    assert [problem.where for problem in report.problems] == ["colour: hot/red"]
    assert (report.created, Vocabulary.objects.filter(slug="colour").count()) == (0, 0)


def test_vocabularies_that_the_file_does_not_name_are_left_alone():
    before = Term.objects.filter(vocabulary__slug="cause").values_list("retired_at").distinct()

    vocabulary.load(COLOURS)

    assert list(before.all()) == [(None,)]


def test_a_vocabulary_changes_in_place():
    vocabulary.load(COLOURS)
    before = Vocabulary.objects.get(slug="colour").pk

    report = vocabulary.load(COLOURS.replace("kind: tree", "kind: tree\n    facet: hidden"))

    assert report == Report(changed=1, unchanged=3)
    row = Vocabulary.objects.get(slug="colour")
    assert (row.pk, row.facet_shown, row.facet_open) == (before, False, False)


def test_merges_are_loaded():
    merged = "warm/red: {names: {en: Red}, retired: 2026-05-03, merged_into: cold}"

    vocabulary.load(COLOURS.replace("warm/red: {names: {en: Red}}", merged))

    assert find("warm/red").merged_into == find("cold")
    assert find("warm/red").retired_at.date().isoformat() == "2026-05-03"


def test_a_dump_is_loaded_without_a_change():
    vocabulary.load(COLOURS)
    vocabulary.load(COLOURS.replace(RED, ""))
    before = list(Term.objects.order_by("pk").values())

    report = vocabulary.load(vocabulary.dump())

    assert (report.created, report.changed, report.retired, report.problems) == (0, 0, 0, ())
    after = Term.objects.order_by("pk").values()
    # The places are those of the dump, which lists what is retired where it hangs.
    ours = {"position": 0, "loaded": None}
    assert [row | ours for row in after] == [row | ours for row in before]


def test_a_dump_restores_everything_into_an_empty_database():
    vocabulary.load(COLOURS)
    vocabulary.load(COLOURS.replace(RED, ""))
    dumped = vocabulary.dump()
    Term.objects.filter(children=None).delete()
    Term.objects.filter(children=None).delete()
    Term.objects.all().delete()
    Vocabulary.objects.all().delete()

    vocabulary.load(dumped)

    assert vocabulary.dump() == dumped


def test_a_load_that_changes_nothing_reads_two_statements_a_vocabulary(django_assert_num_queries):
    vocabulary.load(COLOURS)

    with django_assert_num_queries(2):
        vocabulary.load(COLOURS)
