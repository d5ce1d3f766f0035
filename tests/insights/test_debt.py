"""What came back while its permanent action waits; only what certainly began later came back."""

import random

import pytest

from postmortems.document import Action, Relation
from postmortems.insights.debt import MOST_DEBTS, MOST_OF_A_CAUSE, debt_of, returned_of
from postmortems.moments import parse_moment
from tests.insights.lists import chosen, counts_in, listed, refs_of
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, refs
from tests.search.mixed import mixed_collection

pytestmark = pytest.mark.django_db

CAUSES = (
    "network/dns",
    "network/cni-routing",
    "change/config/typo",
    "change/delivery/deploy-tool-defect",
)


def failed(started: str, status: str = "", cause: str = "network/dns", **fields):
    """A postmortem of a cause, with a permanent action of a status."""
    made = {name: fields.pop(name) for name in ("visibility", "team", "status") if name in fields}
    action = Action("a1", "Replace it", kind="permanent", status=status)
    role = fields.pop("role", "primary")
    document = make_document(
        terms=(f"cause.{role}:{cause}",),
        started=parse_moment(started),
        actions=(action,) if status else (),
        **fields,
    )
    return make_postmortem(document, **made)


def test_a_waiting_action_whose_cause_came_back_is_a_debt(db):
    source = failed("2021-03-14", "open")
    later = [failed("2022-01"), failed("2023-03-14 19:00 UTC")]
    failed("2020"), failed("2024", cause="change/config/typo")

    debts = debt_of(chosen())

    (debt,) = debts.debts
    assert (debt.ref, debt.key, debt.status, debt.cause.path) == (
        *(source.ref, "a1", "open"),
        "network/dns",
    )
    assert debt.url == f"{source.get_absolute_url()}#a1"
    assert refs_of(debt.later) == refs(*later)
    assert (debts.waiting.number, returned_of(chosen())) == (1, 1)


@pytest.mark.parametrize("status", ["proposed", "open", "unknown"])
def test_what_nobody_said_was_done_waits(db, status):
    failed("2021", status)
    failed("2022")

    assert [debt.status for debt in debt_of(chosen()).debts] == [status]


@pytest.mark.parametrize("status", ["done", "dropped", ""])
def test_what_is_done_or_given_up_is_no_debt(db, status):
    failed("2021", status)
    failed("2022")

    assert debt_of(chosen()).debts == ()


# When it was, when it may have come back, and whether that is certain.
LATER = [
    ("2021-03-14", "2021-03-15", True),
    ("2021-03-14", "2021-03-14", False),
    ("2021-03-14 08:00 UTC", "2021-03-14 19:00 UTC", False),
    ("2021-03", "2021-03-30", False),
    ("2021-03", "2021-04", True),
    ("2021", "2021-12-31", False),
    ("2021", "2022", True),
    ("≤ 2021-03-14", "2021-03-15", True),
    ("≥ 2021-03-14", "2029", False),
    ("2021-03-14", "≤ 2029", False),
    ("2021-03-14", "≥ 2021-03-15", True),
    ("2021-03-14", "", False),
    ("", "2029", False),
]


@pytest.mark.parametrize(("first", "then", "is_later"), LATER)
def test_only_what_certainly_began_later_came_back(db, first, then, is_later):
    failed(first, "open")
    failed(then)

    assert [debt.later.number for debt in debt_of(chosen()).debts] == [1] * is_later


def test_what_only_contributed_is_no_cause_of_its_own_but_comes_back(db):
    failed("2021", "open", role="contributing")
    source = failed("2022", "open", cause="change/config/typo")
    back = failed("2023", cause="change/config/typo", role="contributing")
    failed("2024")

    (debt,) = debt_of(chosen()).debts

    assert (debt.ref, refs_of(debt.later)) == (source.ref, refs(back))


def test_a_wide_cause_does_not_come_back(db):
    failed("2021", "open", cause="network")
    failed("2022", cause="network")

    assert debt_of(chosen()).debts == ()


def test_what_came_back_may_lie_outside_the_selection(db):
    failed("2021", "open", **{"language": "zh-hans"})
    back = failed("2022")

    (debt,) = debt_of(chosen(language="zh-hans")).debts

    assert refs_of(debt.later) == refs(back)
    assert debt_of(chosen(language="en")).debts == ()


def test_no_cause_hides_the_others(db):
    for month in range(1, 8):
        failed(f"2021-0{month}", "open")
    rare = failed("2021-01", "open", cause="change/config/typo")
    failed("2022", cause="change/config/typo")

    debts = debt_of(chosen())

    assert [debt.later.number for debt in debts.debts] == [6, 5, 4, 1]
    assert debts.debts[-1].ref == rare.ref
    assert returned_of(chosen()) == 7


def test_the_most_often_returned_stand_first(db):
    dice, made = random.Random(3), []
    for _number in range(40):
        started, cause = f"20{dice.randint(10, 24)}-0{dice.randint(1, 9)}", dice.choice(CAUSES)
        failed(started, "open", cause)
        made.append((started, cause))

    debts = debt_of(chosen()).debts

    expected = []
    for cause in CAUSES:
        starts = sorted(started for started, other in made if other == cause)
        later = [sum(other > started for other in starts) for started in starts]
        expected += later[:MOST_OF_A_CAUSE]
    told = sorted(expected, reverse=True)[:MOST_DEBTS]
    assert [debt.later.number for debt in debts] == told


def test_the_seeds_have_debts_with_their_lists(seeds):
    debts = debt_of(chosen())

    assert all(listed(debt.later) == debt.later.number > 0 for debt in debts.debts)
    assert listed(debts.waiting) == debts.waiting.number


@pytest.mark.parametrize("seed", range(2))
def test_every_number_is_its_list_for_every_reader(seed, platform, payments, alice, charlie):
    dice = random.Random(seed)
    collected(dice, platform, payments, alice, charlie)

    for by in (VISITOR, charlie, alice):
        for text, params in (("", {}), ("", {"cause": ["network"]}), ("", {"fix": ["open"]})):
            selection = chosen(text, by, **params)
            debts = debt_of(selection)
            counts = counts_in(debts)

            assert [(listed(count, by), count.url) for count in counts] == [
                (count.number, count.url) for count in counts
            ]
            assert len({debt.ref for debt in debts.debts}) <= returned_of(selection)


def collected(dice, platform, payments, alice, charlie) -> None:
    """A mixed collection with permanent actions of every status."""
    mixed_collection(dice, 20, (platform, payments), (alice, charlie))
    for _number in range(25):
        failed(
            dice.choice(("2020", "2021-03", "2022-01-01", "≤ 2021-06", "")),
            dice.choice(("", "open", "proposed", "unknown", "done")),
            dice.choice(CAUSES),
            team=dice.choice((platform, payments)),
            visibility=dice.choice(("public", "team", "restricted")),
        )


def test_hidden_returns_change_nothing(platform, payments, alice, charlie):
    made = [failed(f"202{year}", "open", team=platform) for year in range(4)]
    before = [debt_of(chosen("", by)) for by in (VISITOR, charlie)]

    hidden = {"team": platform, "visibility": "restricted"}
    failed("2024", "open", **hidden), failed("2019", "open", **hidden)
    again = Relation("same-defect", made[-1].ref)
    failed("2025", cause="change/config/typo", relations=(again,), **hidden)

    after = [debt_of(chosen("", by)) for by in (VISITOR, charlie)]
    assert after == before


def test_it_takes_few_statements_however_many_there_are(django_assert_num_queries):
    for place, year in enumerate(("2021", "2022", "2023")):
        failed(year, "open")
        found = chosen()
        with django_assert_num_queries(1 if place else 0):
            debt_of(found)
