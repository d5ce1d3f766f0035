"""Vocabulary files: what is read, what is refused and with which words, and printing."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy import vocabulary_file
from taxonomy.languages import LANGUAGES, pick
from taxonomy.vocabulary_file import TermEntry, VocabularyEntry

MINIMAL = """
hindsight: 1
vocabularies:
  colour:
    names: {en: Colour}
    kind: tree
    terms:
      warm:
        names: {en: Warm}
      warm/red:
        names: {en: Red, zh-hans: 红}
"""

FIELDS = (
    "q sort page open facets in has no match status visibility team language year started "
    "detected mitigated resolved duration updated hypothesis action relation title summary "
    "timeline sections authors named slug import-id hindsight translations signals "
    "workarounds hypotheses lessons actions relations references format explain ref url not "
    "unknown"
)


def sentences(text: str) -> list[str]:
    return [problem.message for problem in vocabulary_file.read(text).problems]


def colour(terms: str, kind: str = "tree") -> str:
    """A file with one vocabulary that has these terms, each a line `path: {…}`."""
    lines = "".join(f"      {line}\n" for line in terms.splitlines())
    head = f"hindsight: 1\nvocabularies:\n  colour:\n    names: {{en: Colour}}\n    kind: {kind}\n"
    return f"{head}    terms:\n{lines}"


def test_a_small_file_is_read():
    file = vocabulary_file.read(MINIMAL)

    assert file.problems == ()
    assert file.vocabularies == (
        VocabularyEntry(
            slug="colour",
            kind="tree",
            names={"en": "Colour"},
            terms=(
                TermEntry("warm", {"en": "Warm"}),
                TermEntry("warm/red", {"en": "Red", "zh-hans": "红"}),
            ),
        ),
    )


def test_white_space_within_a_text_is_one_space():
    file = vocabulary_file.read(colour("red:\n  names: {en: '  deep \n    red '}"))

    assert file.vocabularies[0].terms[0].names == {"en": "deep red"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-03", datetime(2026, 5, 3, tzinfo=UTC)),
        ("2026-05-03T10:00:00+02:00", datetime(2026, 5, 3, 8, tzinfo=UTC)),
    ],
)
def test_a_term_says_since_when_it_is_retired(text, expected):
    file = vocabulary_file.read(colour(f"red: {{names: {{en: Red}}, retired: '{text}'}}"))

    assert file.vocabularies[0].terms[0].retired == expected


@pytest.mark.parametrize("slug", FIELDS.split())
def test_a_vocabulary_may_not_take_the_name_of_a_field(slug):
    text = MINIMAL.replace("colour", slug)

    assert sentences(text) == [f"“{slug}” already means something in searches and files."]


@pytest.mark.parametrize(
    "slug", ["page_size", "import_id", "Colour", "col our", "-colour", "a--b", "a.b", "颜色", "a/b"]
)
def test_a_bad_slug_of_a_vocabulary_is_refused(slug):
    [sentence] = sentences(MINIMAL.replace("colour", f"'{slug}'"))

    assert sentence.startswith(f"“{slug}” does not fit: small letters")


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ("Red: {names: {en: Red}}", "“Red” does not fit: small letters a–z"),
        ("red/: {names: {en: Red}}", "“” does not fit"),
        ("unknown: {names: {en: Red}}", "“unknown” is not a term: what is unknown is left out."),
        ("warm/red: {names: {en: Red}}", "The term above, “warm”, is not in the file."),
        ("red: {}", "“names” needs an English text (en)."),
        ("red: {names: {zh-hans: 红}}", "“names” needs an English text (en)."),
        ("red: {names: {en: Red, fr: Rouge}}", "“names” has no language “fr”"),
        ("red: {names: {en: [Red]}}", "“names” must hold texts only."),
        ("red: {names: Red}", "“names” must be a mapping."),
        ("red: just red", "A mapping is needed here: keys with values."),
        ("red: {names: {en: Red}, colour: 1}", "“colour” is not a key that is known here."),
        ("red: {names: {en: Red}, aliases: r}", "“aliases” must be a list."),
        ("red: {names: {en: Red}, aliases: [r, r]}", "“aliases” says something twice."),
        ("red: {names: {en: Red}, rank: 1}", "Only an ordered vocabulary has ranks."),
        ("red: {names: {en: Red}, retired: soon}", "“retired” says since when"),
        ("red: {names: {en: Red}, merged_into: red}", "A merged term is retired too"),
        (f"red: {{names: {{en: {'R' * 121}}}}}", "“names” is longer than 120 characters."),
        ("red: {names: {en: Red}}\nred: {names: {en: Red}}", "Line 8 says “red” a second time."),
    ],
)
def test_a_bad_term_is_refused_with_a_sentence(terms, sentence):
    assert sentences(colour(terms))[0].startswith(sentence)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ("red: {names: {en: Red}}", "A term of an ordered vocabulary needs a rank"),
        ("red: {names: {en: Red}, rank: 0}", "“rank” must be a number from 1 to 1000."),
        ("red: {names: {en: Red}, rank: ١}", "“rank” must be a number from 1 to 1000."),
        (
            "red: {names: {en: Red}, rank: 1}\npink: {names: {en: Pink}, rank: 1}",
            "The rank 1 is taken by another term.",
        ),
    ],
)
def test_a_bad_rank_is_refused_with_a_sentence(terms, sentence):
    assert sentences(colour(terms, kind="ordered"))[0].startswith(sentence)


def test_only_a_tree_has_terms_below_terms():
    [sentence] = sentences(MINIMAL.replace("kind: tree", "kind: flat"))

    assert sentence == "Only a vocabulary of kind “tree” has terms below terms."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("hindsight: 1\n", "", "The first line must be “hindsight: 1”"),
        ("hindsight: 1", "hindsight: 2", "The first line must be “hindsight: 1”"),
        ("hindsight: 1\n", "hindsight: 1\nextra: 1\n", "“extra” is not a key"),
        ("kind: tree", "kind: bush", "“kind” is “bush”; it must be one of tree, flat, ordered."),
        ("kind: tree", "kind: tree\n    many: yes", "“many” is “yes”; it must be one of"),
        ("kind: tree", "kind: tree\n    roles: [main]", "There is no role “main”."),
        ("kind: tree", "kind: tree\n    facet: wide", "“facet” is “wide”"),
        ("kind: tree", "kind: tree\n    facet_values: 0", "“facet_values” must be a number"),
        ("kind: tree", "kind: tree\n    help: {zh-hans: 颜色}", "“help” needs an English text"),
        ("kind: tree", "kind: &k tree", "Line 6 sets an anchor"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(old, new, sentence):
    assert sentences(MINIMAL.replace(old, new))[0].startswith(sentence)


def test_one_mistake_gives_one_sentence():
    for terms in ("red: just red", "red: {names: Red}", "red: {names: {en: [Red]}}", "red: {}"):
        assert len(sentences(colour(terms))) == 1


@pytest.mark.parametrize("text", ["", "[]", "colour", "hindsight: 1\nvocabularies: [a]"])
def test_a_text_that_is_no_vocabulary_file_is_refused(text):
    assert sentences(text)


def test_a_text_that_is_too_long_is_refused():
    assert sentences("#" * (vocabulary_file.MAX_CHARACTERS + 1)) == ["The text is too long."]


def test_merges_in_a_circle_are_refused():
    terms = (
        "red: {names: {en: Red}, retired: 2026-05-03, merged_into: pink}\n"
        "pink: {names: {en: Pink}, retired: 2026-05-03, merged_into: red}"
    )

    assert set(sentences(colour(terms))) == {"Terms are merged into each other in a circle."}


def test_a_problem_names_its_place():
    places = [
        problem.where for problem in vocabulary_file.read(colour("red: {}\npink: {}")).problems
    ]

    assert places == ["colour: red", "colour: pink"]


LINES = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" :#'\"{}[]-&*!|>%@`,"),
    min_size=1,
    max_size=20,
).map(lambda text: " ".join(text.split()) or "x")
TEXTS = st.fixed_dictionaries({"en": LINES}, optional={"zh-hans": LINES, "zh-hant": LINES}).map(
    lambda texts: {language: texts[language] for language in LANGUAGES if language in texts}
)
STAMPS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants it naive
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
).map(lambda stamp: stamp.astimezone(UTC))
TERMS = st.builds(
    TermEntry,
    path=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,3})?", fullmatch=True).filter(
        lambda slug: slug != "unknown"
    ),
    names=TEXTS,
    aliases=st.lists(LINES, unique=True, max_size=3).map(tuple),
    definitions=st.just({}) | TEXTS,
    symbol=st.sampled_from(["", "🤷", "!"]),
    retired=st.none() | STAMPS,
)
FILES = st.builds(
    VocabularyEntry,
    slug=st.just("colour"),
    kind=st.just("flat"),
    names=TEXTS,
    help=st.just({}) | TEXTS,
    many=st.booleans(),
    roles=st.sampled_from([(), ("primary", "contributing")]),
    required=st.booleans(),
    facet=st.sampled_from(vocabulary_file.FACETS),
    facet_values=st.integers(1, 1000),
    terms=st.lists(TERMS, unique_by=lambda term: term.path, max_size=4).map(tuple),
)


@given(FILES)
@settings(max_examples=60)
def test_reading_what_was_printed_gives_the_same(entry):
    file = vocabulary_file.read(vocabulary_file.print_file([entry]))

    assert file.problems == ()
    assert file.vocabularies == (entry,)


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"en": "a", "zh-hans": "b", "zh-hant": "c"}, "zh-hant", "c"),
        ({"en": "a", "zh-hans": "b"}, "zh-hant", "b"),
        ({"en": "a", "zh-hant": "c"}, "zh-hans", "a"),
        ({"en": "a", "zh-hans": "b"}, "zh-Hans", "b"),
        ({"en": "a"}, "fr", "a"),
        ({}, "en", "slug"),
    ],
)
def test_a_missing_language_falls_back(texts, language, expected):
    assert pick(texts, language, "slug") == expected
