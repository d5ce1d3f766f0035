"""Chips, links and drops: what was chosen, how to take it back, what would be found without it."""

import pytest
from django.utils import translation

from tests.makers import make_document, make_postmortem, make_team
from tests.search.asking import ask

pytestmark = pytest.mark.django_db


def chips(text: str = "", **params) -> list[tuple[str, str, bool, bool]]:
    """Label, value, whether excluded, whether from the query."""
    return [
        (chip.label, chip.value_label, chip.excluded, chip.from_query)
        for chip in ask(text, **params).chips
    ]


def test_chips_show_the_query_then_the_parameters():
    assert chips("walrus cause:network/dns -sev:sev1", trigger="-upgrade", language="en") == [
        ("Root cause", "DNS", False, True),
        ("Severity", "SEV1", True, True),
        ("Trigger", "Upgrade", True, False),
        ("Language", "English", False, False),
    ]


def test_chips_of_ranges_parts_and_roles():
    assert chips("started:2022..2023 duration:>4h", has="hypothesis", cause__primary="time") == [
        ("Started", "2022 to 2023", False, True),
        ("Duration", ">4h", False, True),
        ("Has", "Hypotheses", False, False),
        ("Root cause (primary)", "Time and order", False, False),
    ]


NAMED = [
    ("no:detected", "Missing parts", "Detection time"),
    ("no:causes", "Missing parts", "Root cause"),
    ("has:relations", "Has", "Related"),
    ("hypothesis:refuted", "Hypotheses", "Refuted"),
    ("action:open", "Actions", "Open"),
    ("relation:same-defect,caused-by", "Relation", "Same defect, Caused by"),
    ("duration:1h..<4h", "Duration", "1 h to 4 h"),
    ("duration:bounded", "Duration", "only a bound known"),
    ("year:2021..2023", "Started", "2021 to 2023"),
    ("year:2021..2021", "Started", "2021"),
    ("year:2021-03..", "Started", "Mar 2021 and later"),
    ("year:>2021", "Started", ">2021"),
    ("year:unknown", "Started", "unknown"),
    ("status:in_review", "Status", "In review"),
    ("trigger:unknown", "Trigger", "Not recorded"),
    ("cause.contributing:time", "Root cause (contributing)", "Time and order"),
    ("has:wings", "Has", "wings"),
]


@pytest.mark.parametrize(("text", "label", "words"), NAMED)
def test_fields_and_values_have_names_people_read(text, label, words):
    assert chips(text) == [(label, words, False, True)]


def test_ranges_of_years_are_told_in_words():
    told = [words for _label, words, _out, _in in chips(year="2021..2022-03,2023..,..2019,2020")]

    assert told == ["2021 to Mar 2022", "2023 and later", "up to 2019", "2020"]


def test_roles_and_parts_are_told_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        results = ask("no:timeline", shown_in="zh-hans", cause__primary="time")

    assert results.chips[0].value_label == "时间线"
    assert results.chips[1].label.endswith("(主要)")


def test_the_name_of_a_team_is_told_only_to_those_who_see_something_of_it():
    make_postmortem(team=make_team("platform"))
    make_postmortem(team=make_team("secret-project"), visibility="team")

    assert chips(team="platform,secret-project") == [
        ("Team", "Platform", False, False),
        ("Team", "secret-project", False, False),
    ]


def test_removing_a_chip_of_the_query_edits_its_tree():
    (chip,) = ask('walrus cause:dns "a phrase"').chips

    assert chip.url_without == "/?q=walrus+%22a+phrase%22"
    assert chip.toggle_url == "/?q=walrus+-cause:dns+%22a+phrase%22"


def test_removing_a_chip_of_a_parameter_keeps_the_rest():
    first, second = ask("walrus", cause="time", trigger="-upgrade", sort="started").chips

    assert first.url_without == "/?q=walrus&sort=started&trigger=-upgrade"
    assert first.toggle_url == "/?q=walrus&sort=started&trigger=-upgrade&cause=-time"
    assert second.toggle_url == "/?q=walrus&sort=started&cause=time&trigger=upgrade"


def test_parameters_that_mean_nothing_are_dropped():
    results = ask("walrus", utm_source=["mail"], fbclid="1", in_="timeline", q=["other"], page="7")

    assert results.chips == ()
    assert results.histogram.unknown.url == "/?q=walrus&year=unknown"


@pytest.mark.parametrize("name", ["__proto__", "cause.", "cause.secondary", "", "в", "a" * 5000])
def test_odd_parameter_names_are_dropped(name):
    make_postmortem()

    assert ask(**{name: ["x", ""]}).count == 1


def test_an_empty_result_says_which_filter_to_drop():
    make_postmortem(make_document("Walrus", terms=("cause:network/dns",)))
    make_postmortem(make_document("Otter", terms=("cause:time",)))
    make_postmortem(make_document("Seal", terms=("cause:time",)))

    drops = ask("walrus", cause="time").drop_suggestions

    assert [(drop.label, drop.count, drop.url) for drop in drops] == [
        ("Drop “walrus”", 2, "/?cause=time"),
        ("Drop “Root cause: Time and order”", 1, "/?q=walrus"),
    ]


def test_drops_are_told_in_words_with_what_is_excluded():
    results = ask(
        '"a phrase" -cause:dns started:>2022 wal*', trigger="upgrade,-deploy", no="-lesson"
    )

    assert {drop.label for drop in results.drop_suggestions} >= {
        "Drop “a phrase”",
        "Drop “Root cause: not DNS”",
        "Drop “Started: >2022”",
        "Drop “wal*”",
        "Drop “Trigger: Upgrade, not Deploy”",
        "Drop “Missing parts: not Lessons”",
    }


def test_what_a_drop_counts_is_what_it_lists():
    make_postmortem(make_document("Walrus", terms=("cause:network/dns",)), status="archived")
    make_postmortem(make_document("Walrus", terms=("cause:network/dns",)))

    drops = ask("walrus otter", cause="network").drop_suggestions

    assert [(drop.count, drop.url) for drop in drops if drop.count] == [
        (1, "/?q=walrus&cause=network")
    ]


def test_an_empty_collection_is_told_apart_from_an_empty_result():
    assert ask().collection_empty
    assert ask("walrus").collection_empty

    make_postmortem()

    assert not ask("walrus").collection_empty
    assert not ask().collection_empty
