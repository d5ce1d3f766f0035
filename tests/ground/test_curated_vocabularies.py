"""Loading a vocabulary file again after curators worked: their work stays, and what is new is added."""

import pytest

from postmortems import content, curation
from taxonomy import lookup, vocabulary
from taxonomy.models import Term, Vocabulary
from taxonomy.vocabulary import Report
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

COLOURS = """
hindsight: 1
vocabularies:
  colour:
    names: {en: Colour}
    kind: tree
    many: true
    terms:
      warm: {names: {en: Warm}}
      warm/red: {names: {en: Red}, aliases: [scarlet]}
      cold: {names: {en: Cold}}
"""
PINK = "      warm/pink: {names: {en: Pink}}\n      warm/red/wine: {names: {en: Wine}}\n"
ALL_AS_BEFORE = Report(unchanged=4)


@pytest.fixture(autouse=True)
def colours(db):
    vocabulary.load(COLOURS)


def find(path: str) -> Term:
    return Term.objects.get(vocabulary__slug="colour", path=path)


def paths() -> list[str]:
    terms = Term.objects.filter(vocabulary__slug="colour")
    return sorted(terms.values_list("path", flat=True))


def test_a_moved_term_is_the_same_term(dana):
    made = make_postmortem(make_document(terms=("colour:warm/red",)))
    curation.move_term(find("warm/red"), find("cold"), by=dana)

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    assert paths() == ["cold", "cold/red", "warm"]
    assert "cold/red" in [use.term for use in content.read(made).classifications]


def test_a_term_under_another_address_is_the_same_term(dana):
    curation.move_term(find("warm"), None, by=dana, slug="hot")

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    assert paths() == ["cold", "hot", "hot/red"]


def test_a_new_term_goes_where_the_one_above_it_went(dana):
    curation.move_term(find("warm"), find("cold"), by=dana)

    assert vocabulary.load(COLOURS + PINK) == Report(created=2, unchanged=4)
    assert paths() == ["cold", "cold/warm", "cold/warm/pink", "cold/warm/red", "cold/warm/red/wine"]
    assert vocabulary.load(COLOURS + PINK) == Report(unchanged=6)


def test_a_merged_term_stays_merged_and_a_new_one_below_it_goes_along(dana):
    curation.merge_terms(find("warm/red"), find("cold"), by=dana)

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    assert vocabulary.load(COLOURS + PINK).created == 2
    assert find("warm/red").merged_into == find("cold")
    assert paths() == ["cold", "cold/wine", "warm", "warm/pink", "warm/red"]


def test_a_path_that_a_curator_gave_to_another_term_is_not_taken_from_it(dana):
    red = find("warm/red").pk
    curation.move_term(find("warm/red"), None, by=dana, slug="ruby")
    curation.retire_term(find("ruby"), by=dana)
    colour = Vocabulary.objects.get(slug="colour")
    own = curation.add_term(colour, by=dana, parent=find("warm"), names={"en": "Red"}, slug="red")
    curation.restore_term(find("ruby"), by=dana)

    assert vocabulary.load(COLOURS.replace("{en: Red}", "{en: Crimson}")).changed == 1
    assert (find("ruby").pk, find("ruby").names) == (red, {"en": "Crimson"})
    assert (find("warm/red").pk, find("warm/red").names) == (own.pk, {"en": "Red"})


def test_names_aliases_and_meanings_of_a_curator_stay(dana):
    words = {"names": {"en": "Ruby", "zh-hans": "红"}, "aliases": [], "definitions": {"en": "Hot"}}
    curation.change_term(find("warm/red"), by=dana, **words)

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    row = find("warm/red")
    assert {name: getattr(row, name) for name in words} == words


def test_what_is_new_in_the_file_comes_beside_what_a_curator_changed(dana):
    curation.change_term(find("warm/red"), by=dana, names={"en": "Ruby"}, aliases=["rouge"])
    text = COLOURS.replace("{en: Red}", "{en: Red, zh-hant: 紅}").replace("scarlet", "scarlet, rot")

    assert vocabulary.load(text).changed == 1
    assert find("warm/red").names == {"en": "Ruby", "zh-hant": "紅"}
    assert find("warm/red").aliases == ["rouge", "rot"]


def test_the_order_of_a_curator_stays(dana):
    curation.change_term(find("cold"), by=dana, place=0)

    vocabulary.load(COLOURS)

    roots = lookup.current().children(None, "colour")
    assert [term.path for term in roots] == ["cold", "warm"]


def test_a_retired_term_stays_retired_and_nothing_new_is_offered_below_it(dana):
    curation.retire_term(find("warm"), by=dana)

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    vocabulary.load(COLOURS + PINK)
    offered = lookup.current().terms_of("colour")
    assert [term.path for term in offered] == ["cold"]


def test_a_term_that_the_file_retired_and_a_curator_brought_back_stays(dana):
    without = COLOURS.replace("      cold: {names: {en: Cold}}\n", "")
    assert vocabulary.load(without).retired == 1
    curation.restore_term(find("cold"), by=dana)

    assert vocabulary.load(without) == Report(unchanged=3)
    assert find("cold").retired_at is None


def test_a_term_that_no_file_named_is_left_alone(dana):
    colour = Vocabulary.objects.get(slug="colour")
    curation.add_term(colour, by=dana, names={"en": "Grey"})

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    assert find("grey").retired_at is None


def test_what_a_curator_changed_in_a_vocabulary_stays(dana):
    colour = Vocabulary.objects.get(slug="colour")
    curation.change_vocabulary(colour, by=dana, names={"en": "Hue"}, facet="hidden")

    assert vocabulary.load(COLOURS) == ALL_AS_BEFORE
    colour.refresh_from_db()
    assert (colour.names, colour.facet_shown) == ({"en": "Hue"}, False)


def test_a_file_never_closes_a_circle_of_merges(dana):
    curation.merge_terms(find("cold"), find("warm/red"), by=dana)
    merged = "[scarlet], retired: 2026-05-03, merged_into: cold}"

    vocabulary.load(COLOURS.replace("[scarlet]}", merged))

    assert find("warm/red").merged_into is None


def test_rows_from_before_loads_were_remembered_stay_as_they_are(dana):
    curation.change_term(find("cold"), by=dana, names={"en": "Chill"})
    curation.move_term(find("warm/red"), None, by=dana)
    Term.objects.filter(vocabulary__slug="colour").update(loaded=None)

    assert vocabulary.load(COLOURS + PINK) == Report(created=2, unchanged=4)
    assert find("cold").names == {"en": "Chill"}
    assert paths() == ["cold", "red", "red/wine", "warm", "warm/pink"]
