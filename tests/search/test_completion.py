"""What is offered while a query is typed: fields, values in any language, words, and true counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.document import Action, Hypothesis, Signal, TimelineEntry
from postmortems.durations import Duration
from postmortems.moments import Moment
from postmortems.search import completion
from postmortems.search.completion import complete
from postmortems.search.completion_values import written
from postmortems.search.fields import PART_ALIASES
from postmortems.search.parser import parse
from postmortems.search.query import Any
from tests.makers import make_document, make_postmortem, make_team
from tests.search.asking import VISITOR, ask
from tests.search.completing import completions, counted, inserts, options, taken
from tests.search.test_robustness import BOUNDED, PARAMETERS
from tests.unit.test_parser import QUERIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection():
    make_postmortem(
        make_document(
            "Deployment of walrus",
            terms=("cause.primary:network/dns", "trigger:deploy", "component:kubernetes"),
            started=Moment("2023-03-14"),
            duration=Duration(300 * 60),
            hypotheses=(Hypothesis("h1", "The walrus slept", verdict="refuted"),),
        ),
    )
    make_postmortem(
        make_document(
            "Deployed twice",
            terms=("cause.contributing:network/cni-routing", "cause.primary:time", "severity:sev1"),
            started=Moment("2023-05"),
            detected=Moment("2021-05-01"),
            timeline=(TimelineEntry("t1", "action", "systemd-networkd restarted the walrus"),),
        ),
        team=make_team("payments"),
    )
    make_postmortem(
        make_document("Depot", started=Moment("2019"), actions=(Action("a1", "x", status="open"),)),
        status="archived",
    )


# Fields


def test_a_field_is_found_by_its_name_and_by_its_label_in_any_language(collection):
    assert inserts("trig", kind="field") == ["trigger:"]
    assert inserts("Root", kind="field") == ["cause:"]
    assert inserts("根因", kind="field") == ["cause:"]
    assert "hypothesis:" in inserts("hyp", kind="field")


def test_a_field_is_shown_with_its_label(collection):
    (option,) = options("caus", kind="field", shown_in="zh-hans")

    assert (option.label, option.hint, option.count) == ("cause:", "根因", None)


def test_the_roles_of_a_field_come_after_its_dot(collection):
    assert inserts("cause.", kind="field") == ["cause.primary:", "cause.contributing:"]
    assert inserts("cause.p", kind="field") == ["cause.primary:"]


def test_where_nothing_is_typed_only_fields_are_offered(collection):
    assert {option.kind for option in options("")} == {"field"}
    assert {option.kind for option in options("walrus ")} == {"field"}
    assert len(options("")) == completion.MOST_FIELDS_AT_START


def test_nothing_in_quotes(collection):
    assert completions('"wal').groups == ()


# Values


@pytest.mark.parametrize("typed", ["网络", "網路", "network", "NETWORK", "ｎｅｔｗｏｒｋ", "-netw"])
def test_a_value_is_found_by_its_name_in_any_language_and_script(collection, typed):
    assert inserts(typed, kind="value")[0] == "cause:network"


def test_a_value_is_found_by_an_alias_and_says_so(collection):
    (option,) = options("k8s", kind="value")

    assert (option.insert, option.label) == ("component:kubernetes", "Kubernetes")
    assert option.hint == "Component · k8s"


def test_a_value_that_nothing_has_is_not_offered_among_words(collection):
    assert inserts("backbone", kind="value") == []
    assert inserts("cause:backbone") == ["network/backbone-and-bgp"]


def test_a_tree_value_says_where_it_stands(collection):
    (option,) = options("cause:dns")

    assert (option.insert, option.label, option.hint) == ("network/dns", "DNS", "Network")


def test_a_path_is_completed_downwards(collection):
    assert inserts("cause:network/")[:3] == ["network", "network/dns", "network/cni-routing"]
    assert inserts("cause:network/c") == ["network/cni-routing"]


def test_a_scale_stands_in_its_own_order():
    for name in ("sev3", "sev1", "sev3"):
        make_postmortem(make_document(terms=(f"severity:{name}",)))

    assert list(counted("severity:").items()) == [("sev1", 1), ("sev3", 2)]


def test_values_of_a_role_are_counted_in_that_role(collection):
    assert counted("cause.primary:") == {"network": 1, "network/dns": 1, "time": 1}
    assert counted("cause.contributing:") == {"network": 1, "network/cni-routing": 1}


def test_values_that_stand_there_are_not_offered_again(collection):
    assert "network" not in inserts("cause:network,")


def test_fixed_values_are_those_of_which_there_is_something(collection):
    assert counted("status:") == {"published": 2, "archived": 1}
    assert counted("hypothesis:") == {"refuted": 1}
    assert counted("action:") == {}
    assert counted("status:archived action:") == {"open": 1}
    assert inserts("refu", kind="value") == ["hypothesis:refuted"]


def test_teams_are_those_with_something_to_see(collection):
    make_team("empty")

    assert counted("team:") == {"payments": 1, "platform": 1}


def test_parts_have_no_count(collection):
    assert inserts("in:time") == ["timeline"]
    assert [option.count for option in options("in:")] == [None] * len(options("in:"))


def test_has_and_lacks_count_each_part(collection):
    assert counted("has:hypo") == {"hypothesis": 1}
    assert counted("no:hypo") == {"hypothesis": 1}
    assert counted("has:trig") == {"trigger": 1}


def test_dates_are_the_years_with_something_and_months_once_a_year_is_typed(collection):
    assert counted("started:") == {"2023": 2}
    assert counted("started:2023-") == {"2023-05": 1, "2023-03": 1}
    assert counted("detected:") == {"2021": 1, "unknown": 1}
    assert counted("detected:2021-") == {"2021-05": 1}
    assert counted("started:>=20") == {"2023": 2}


def test_lengths_are_usual_ranges_and_bounds(collection):
    assert counted("duration:") == {"4h..<1d": 1, "unknown": 1}
    assert counted("duration:>") == {"15min": 1, "1h": 1, "4h": 1}


# Words


def test_words_of_one_stem_are_one_option(collection):
    assert counted("depl", kind="word") == {"deployed": 2}


def test_a_word_that_is_whole_is_not_offered_again(collection):
    assert inserts("walrus", kind="word") == []
    assert inserts("walr", kind="word") == ["walrus"]


def test_an_identifier_is_completed_piece_by_piece(collection):
    assert inserts("systemd-net", kind="word") == ["systemd-networkd"]


def test_one_letter_is_too_little_for_words(collection):
    assert inserts("w", kind="word") == []


def test_a_word_is_offered_where_the_part_has_it(collection):
    assert counted("in:timeline wal", kind="word") == {"walrus": 1}
    assert counted("in:signals wal", kind="word") == {}


# Counts


CASES = [
    *("net", "wal", "depl", "walrus depl", "cause:", "cause:net", "trigger:", "team:", "sev"),
    *("walrus cause:", "started:", "started:2023-", "started:>=", "detected:", "duration:"),
    *("duration:<", "has:", "no:", "status:", "hypothesis:", "(walrus OR depot) cause:"),
    *("-zebra cause:|", "cause.primary:", "wal| deployed", "in:title wal", "year:", "k8s"),
]


@pytest.mark.parametrize("marked", CASES)
def test_a_count_is_the_length_of_the_list_that_taking_it_leads_to(collection, marked):
    found = [option for option in options(marked) if option.count is not None]

    assert found
    for option in found:
        assert ask(taken(marked, option)).count == option.count, option


def test_chosen_filters_narrow_the_counts(collection):
    assert counted("walrus cause:", trigger=["deploy"]) == {"network": 1, "network/dns": 1}
    assert counted("wal", kind="word", trigger=["deploy"]) == {"walrus": 1}


def test_after_a_minus_a_count_is_what_would_be_left_out(collection):
    assert counted("-cause:net")["network"] == 2
    assert counted("-trig", kind="field") == {"trigger:": None}


# Anything


HOSTILE = [
    *("a" * 100_000, "a " * 5_000, "(" * 5_000, '"' * 5_000, "cause:" * 800, "cause:a," * 500),
    *("\x00", "\ud800", "🤬 🤬", "\u202ewal", "\ue000 wal", "[[[", "wal*", "a*b", ".*", "'; --"),
    *("started:9999..", "started:0000", "started:>99999999999999", "duration:" + "9" * 50, "年:月"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_has_an_answer(collection, text):
    for at in (-1, 0, len(text) // 2, len(text), 10**9):
        found = complete(text, at, VISITOR)
        assert 0 <= found.start <= found.end <= len(text)


@given(text=QUERIES, at=st.integers(0, 60), params=PARAMETERS)
@BOUNDED
def test_any_text_has_an_answer(collection, text, at, params):
    found = complete(text, at, VISITOR, "en", params)

    assert 0 <= found.start <= found.end <= len(text)


@pytest.mark.parametrize("value", ["network/dns", "a b", 'say "no"', "a,b", "1..2", "é"])
def test_a_value_is_written_so_that_reading_gives_it_back(value):
    text = f"cause:{written(value)}"

    assert parse(text, ("cause",), PART_ALIASES).node == Any("cause", (value,))
    assert (written(value) == value) == (value in ("network/dns", "é"))


def test_signals_are_words_too():
    make_postmortem(make_document("X", signals=(Signal("s1", "zyzzyva not found"),)))

    assert counted("zyz", kind="word") == {"zyzzyva": 1}
