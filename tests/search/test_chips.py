"""Chips, links and drops: what was chosen, how to take it back, what would be found without it."""

import pytest

from tests.makers import make_document, make_postmortem
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
        ("Started", "2022..2023", False, True),
        ("Duration", ">4h", False, True),
        ("Has", "hypothesis", False, False),
        ("Root cause (primary)", "Time and order", False, False),
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
        ("Drop walrus", 2, "/?cause=time"),
        ("Drop Root cause: Time and order", 1, "/?q=walrus"),
    ]


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
