"""The snapshot of the vocabularies in memory."""

import pytest
from django.db import transaction

from taxonomy import lookup, vocabulary
from taxonomy.models import TaxonomyState, Term

pytestmark = pytest.mark.django_db

COLOURS = """
hindsight: 1
vocabularies:
  colour:
    names: {en: Colour, zh-hans: 颜色}
    kind: tree
    terms:
      warm:
        names: {en: Warm tone, zh-hans: 暖色}
      warm/red:
        names: {en: Red}
        aliases: [scarlet, Ｒｏｔ]
        symbol: 🟥
      warm/pink:
        names: {en: Pink}
        aliases: [scarlet]
      cold:
        names: {en: Cold}
      warm/red/dark:
        names: {en: Dark red}
"""
PINK = """      warm/pink:
        names: {en: Pink}
        aliases: [scarlet]
"""


@pytest.fixture
def terms():
    vocabulary.load(COLOURS)
    return lookup.current()


def retire_pink(*, merged_into: str = "") -> lookup.Terms:
    """The snapshot after pink was renamed to old pink and retired."""
    heir = f", merged_into: {merged_into}" if merged_into else ""
    old_pink = f"      warm/pink: {{names: {{en: Old pink}}, retired: 2026-05-03{heir}}}\n"
    assert vocabulary.load(COLOURS.replace(PINK, old_pink)).created == 6
    return lookup.current()


def paths(found) -> list[str]:
    return [term.path for term in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("warm/red", ["warm/red"]),
        ("WARM/Red", ["warm/red"]),
        ("red", ["warm/red"]),
        ("warm tone", ["warm"]),
        ("Warm_Tone", ["warm"]),
        ("warm-tone", ["warm"]),
        ("暖色", ["warm"]),
        ("rot", ["warm/red"]),
        ("ＲＥＤ", ["warm/red"]),
        ("🟥", ["warm/red"]),
        ("scarlet", ["warm/red", "warm/pink"]),
        ("Dark red", ["warm/red/dark"]),
        ("green", []),
        ("", []),
    ],
)
def test_a_term_is_found_by_path_slug_name_alias_and_symbol(terms, text, expected):
    assert paths(terms.resolve("colour", text)) == expected


@pytest.mark.parametrize(
    ("slug", "text", "expected"),
    [
        ("component", "ArgoCD", "argo-cd"),
        ("component", "k8s", "kubernetes"),
        ("component", "kube-apiserver", "kube-apiserver"),
        ("component", "Google Kubernetes Engine", "gke"),
        ("component", "EKS", "eks"),
        ("cause", "误删数据", "data/accidental-deletion"),
        ("cause", "誤刪資料", "data/accidental-deletion"),
        ("cause", "dns", "network/dns"),
        ("organisation", "Venafi", "jetstack"),
        ("organisation", "Flant", "palark"),
        ("organisation", "自如", "ziroom"),
        ("tier", "🤬", "prod"),
        ("severity", "SEV 1", "sev1"),
        ("trigger", "自動更新", "auto-update"),
    ],
)
def test_shipped_terms_are_found_by_alias_and_in_chinese(slug, text, expected):
    assert paths(lookup.current().resolve(slug, text)) == [expected]


def test_terms_are_had_by_path_and_by_id(terms):
    red = terms.get("colour", "warm/red")

    assert terms.by_id[red.id] is red
    assert (red.vocabulary, red.slug, red.depth, red.retired) == ("colour", "red", 1, False)
    assert terms.get("colour", "red") is None


def test_the_tree_is_walked_up_and_down(terms):
    warm, dark = terms.get("colour", "warm"), terms.get("colour", "warm/red/dark")

    assert paths(terms.children(None, "colour")) == ["warm", "cold"]
    assert paths(terms.children(warm)) == ["warm/red", "warm/pink"]
    assert paths(terms.under(warm)) == ["warm", "warm/red", "warm/red/dark", "warm/pink"]
    assert paths(terms.ancestors(dark)) == ["warm", "warm/red", "warm/red/dark"]
    assert paths(terms.terms_of("colour"))[-1] == "cold"
    assert terms.terms_of("nothing") == ()


def test_names_fall_back_to_another_language_and_the_slug(terms):
    warm = terms.get("colour", "warm")

    assert (warm.name("zh-hant"), warm.name("en"), warm.definition("en")) == (
        "暖色",
        "Warm tone",
        "",
    )
    assert terms.vocabulary("colour").name("zh-hant") == "颜色"
    assert terms.vocabulary("nothing") is None


def test_a_retired_term_is_found_but_not_offered():
    terms = retire_pink()
    warm = terms.get("colour", "warm")

    assert terms.get("colour", "warm/pink").retired
    assert paths(terms.resolve("colour", "old pink")) == ["warm/pink"]
    assert paths(terms.children(warm)) == ["warm/red"]
    assert "warm/pink" in paths(terms.children(warm, retired=True))
    assert "warm/pink" in paths(terms.under(warm))
    assert "warm/pink" not in paths(terms.terms_of("colour"))


def test_a_merged_term_stands_for_its_heir():
    terms = retire_pink(merged_into="cold")

    assert paths(terms.resolve("colour", "old pink")) == ["cold"]
    assert paths(terms.resolve("colour", "warm/pink")) == ["cold"]
    assert terms.get("colour", "warm/pink").path == "warm/pink"


def test_the_snapshot_cannot_be_changed(terms):
    red = terms.get("colour", "warm/red")

    with pytest.raises(TypeError):
        red.names["en"] = "Blue"
    with pytest.raises(AttributeError):
        red.path = "blue"
    assert {red: 1}[red] == 1


def test_the_snapshot_is_kept_for_one_look_up(terms, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert lookup.current() is terms


def test_reading_all_terms_takes_four_statements(
    django_assert_num_queries,
):
    lookup.forget()

    with django_assert_num_queries(4):
        lookup.current()


def test_a_change_is_seen_at_the_next_look(terms):
    vocabulary.load(COLOURS.replace("{en: Red}", "{en: Crimson}"))

    assert lookup.current().get("colour", "warm/red").name("en") == "Crimson"
    assert terms.get("colour", "warm/red").name("en") == "Red"


def test_what_was_rolled_back_is_forgotten(terms):
    with transaction.atomic():
        vocabulary.load(COLOURS.replace("{en: Red}", "{en: Crimson}"))
        lookup.current()
        transaction.set_rollback(True)
    vocabulary.load(COLOURS.replace("{en: Red}", "{en: Ruby}"))

    assert lookup.current().get("colour", "warm/red").name("en") == "Ruby"


def test_rows_changed_by_hand_are_seen_after_a_bump(terms):
    Term.objects.filter(path="warm/red").update(names={"en": "Crimson"})
    assert lookup.current() is terms

    TaxonomyState.bump()

    assert lookup.current().get("colour", "warm/red").name("en") == "Crimson"
