"""One defect, again and again: what belongs together for whom, in order, and the time between."""

import random
from dataclasses import replace

import pytest

from postmortems import authoring, content
from postmortems.document import Action, Relation, Workaround
from postmortems.insights import chains
from postmortems.insights.chains import chains_of
from postmortems.intervals import DAY, Interval
from postmortems.models import Postmortem
from postmortems.moments import parse_moment
from postmortems.templatetags.interval_tags import interval_words
from postmortems.web.patterns_pictures import chain_picture
from postmortems.web.patterns_tables import chains_table
from postmortems.web.patterns_words import chain_sentence
from tests.insights.lists import chosen, counts_in, listed, refs_of
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, refs
from tests.search.mixed import mixed_collection

pytestmark = pytest.mark.django_db


def again(former: Postmortem | None = None, started: str = "", **fields) -> Postmortem:
    """A postmortem of the same defect as another."""
    made = {name: fields.pop(name) for name in ("visibility", "team", "status") if name in fields}
    relations = (Relation("same-defect", former.ref),) if former else ()
    document = make_document(started=parse_moment(started), relations=relations, **fields)
    return make_postmortem(document, **made)


def order(chain) -> list[str]:
    return [item.ref for item in chain.occurrences]


def test_occurrences_stand_in_order_with_the_time_between(db):
    last = again(started="2023-03-14")
    first = again(last, "2021-03-14")
    unknown = again(first)

    (chain,) = chains_of(chosen()).chains

    assert order(chain) == [first.ref, last.ref, unknown.ref]
    since = [item.since for item in chain.occurrences]
    assert since == [None, Interval(730 * DAY, 730 * DAY, "day", 730, 730), None]
    assert refs_of(chain.count) == refs(first, last, unknown)
    assert chain.count.number == 3


def test_what_is_linked_otherwise_or_alone_is_no_chain(db):
    first = again()
    make_postmortem(make_document(relations=(Relation("similar-pattern", first.ref),)))
    make_postmortem(make_document(relations=(Relation("same-defect", "zzzzzzzz"),)))

    found = chains_of(chosen())

    assert (found.chains, found.related.number) == ((), 0)


def test_a_selection_shows_the_whole_chains_that_it_touches(db):
    first = again(started="2022", terms=("component:juju",))
    last = again(first, "2023")
    again(again(started="2021"))

    (chain,) = chains_of(chosen(component="juju")).chains

    assert [(item.ref, item.is_selected) for item in chain.occurrences] == [
        (first.ref, True),
        (last.ref, False),
    ]


def test_a_chain_through_a_hidden_one_is_not_joined(platform, alice, charlie):
    first = again(started="2021", team=platform)
    hidden = again(first, "2022", team=platform, visibility="team")
    last = again(hidden, "2023", team=platform)

    assert [chains_of(chosen("", by)).chains for by in (VISITOR, charlie)] == [(), ()]
    assert chains_of(chosen("", charlie)).related.number == 0
    (chain,) = chains_of(chosen("", alice)).chains
    assert order(chain) == [first.ref, hidden.ref, last.ref]


def test_archived_ones_are_left_out_unless_they_are_asked_for(db):
    first = again(started="2021", status="archived")
    second = again(first, "2022")
    third = again(second, "2023")

    (chain,) = chains_of(chosen()).chains
    (whole,) = chains_of(chosen(status=["archived", "published"])).chains

    assert order(chain) == [second.ref, third.ref]
    assert order(whole) == [first.ref, second.ref, third.ref]
    assert [listed(chain.count), listed(whole.count)] == [2, 3]


def permanent(status: str) -> dict[str, object]:
    return {"actions": (Action("a1", "Upgrade", kind="permanent", status=status),)}


def test_of_many_those_in_between_are_left_out_and_no_interval_leads_to_them(db, monkeypatch):
    monkeypatch.setattr(chains, "FIRST_OCCURRENCES", 2)
    monkeypatch.setattr(chains, "LAST_OCCURRENCES", 2)
    made = [again(started="2020-01-01")]
    for day in range(2, 7):
        made.append(again(made[-1], f"2020-01-0{day}"))

    found = chains_of(chosen())
    (chain,) = found.chains

    shown = [made[place].ref for place in (0, 1, 4, 5)]
    assert (order(chain), chain.more, chain.count.number) == (shown, 2, 6)
    assert [item.since and item.since.low for item in chain.occurrences] == [None, 1, None, 1]
    assert [item.words for item in chain_picture(chain).intervals] == ["1 day", "1 day"]
    rows = chains_table(found, "").rows
    assert [row[1].text for row in rows] == [
        "1 Jan 2020",
        "2 Jan 2020",
        "",
        "5 Jan 2020",
        "6 Jan 2020",
    ]
    assert rows[2][2].text == "2 occurrences after the first 2 are not shown."
    assert "2 Jan 2020, …, 5 Jan 2020" in chain_sentence(chain).words


@pytest.mark.parametrize(
    ("statuses", "fix"),
    [
        (("done", "done"), "done"),
        (("done", "dropped"), "done"),
        (("done", "open"), "not-done"),
        (("unknown", "proposed"), "not-done"),
        (("done", "unknown"), "not-recorded"),
        (("dropped", "dropped"), "not-done"),
    ],
)
def test_a_permanent_fix_is_done_when_all_are(db, statuses, fix):
    first, second = statuses
    again(again(**permanent(first)), **permanent(second))

    (chain,) = chains_of(chosen()).chains

    assert chain.fix == fix
    assert sorted(remedy.state for remedy in chain.fixes) == sorted(statuses)


def test_the_best_work_around_is_told(db):
    unsafe = Workaround("w1", "Reboot", state="unsafe")
    verified = Workaround("w1", "Wait", state="verified")
    first = again(workarounds=(unsafe,), started="2021")
    last = again(first, "2022", workarounds=(verified,))

    (chain,) = chains_of(chosen()).chains

    assert chain.workaround == "verified"
    assert [(item.ref, item.text) for item in chain.workarounds] == [
        (first.ref, "Reboot"),
        (last.ref, "Wait"),
    ]
    assert chain.workarounds[1].url == f"{last.get_absolute_url()}#w1"


def test_a_relation_that_is_made_counts_at_once(alice, platform):
    first, other = again(team=platform), again(team=platform)
    assert chains_of(chosen()).chains == ()

    linked = replace(content.read(other), relations=(Relation("same-defect", first.ref),))
    authoring.edit(other, linked, by=alice, revision=other.revision)

    assert [chain.count.number for chain in chains_of(chosen()).chains] == [2]


def test_the_juju_defect_came_back_four_times(seeds):
    (chain,) = chains_of(chosen()).chains

    assert [str(item.started.date) for item in chain.occurrences] == [
        "2023-09",
        "2024-03",
        "2024-06-20",
        "2024-06-20",
    ]
    assert [item.since and interval_words(item.since) for item in chain.occurrences] == [
        None,
        "5 to 7 months",
        "at most 4 months",
        None,
    ]
    assert chain.name.startswith("Juju expansion leaves duplicate instances")
    assert (chain.fix, chain.workaround) == ("not-recorded", "verified")
    assert chain.causes[0].path == "change/delivery/deploy-tool-defect"
    assert listed(chain.count) == chain.count.number == 4
    assert "Same evening, same symptom, another component." in [
        item.note for item in chain.occurrences
    ]
    assert chains_of(chosen("juju")).chains == (chain,)


@pytest.mark.parametrize("seed", range(2))
def test_every_number_is_its_list_for_every_reader(seed, platform, payments, alice, charlie):
    dice = random.Random(seed)
    linked(dice, platform, payments, alice, charlie)

    for by in (VISITOR, charlie, alice):
        for text, params in (("", {}), ("walrus", {}), ("", {"status": ["archived"]})):
            counts = counts_in(chains_of(chosen(text, by, **params)))

            assert [(listed(count, by), count.url) for count in counts] == [
                (count.number, count.url) for count in counts
            ]


def linked(dice, platform, payments, alice, charlie) -> None:
    """A mixed collection with many links of one kind."""
    made = mixed_collection(dice, 30, (platform, payments), (alice, charlie))
    for _number in range(12):
        team, visibility = dice.choice((platform, payments)), dice.choice(("public", "team"))
        made.append(again(dice.choice(made), "2023", team=team, visibility=visibility))


def test_hidden_occurrences_change_nothing(platform, payments, alice, charlie):
    dice = random.Random(8)
    mixed_collection(dice, 12, (platform,), (alice,))
    made = [again(started="2021", team=platform) for _number in range(3)]
    made += [again(dice.choice(made), "2022", team=platform) for _number in range(8)]
    without = [chains_of(chosen("", by)) for by in (VISITOR, charlie)]

    for _number in range(8):
        made.append(again(dice.choice(made), "2023", team=platform, visibility="restricted"))

    assert [chains_of(chosen("", by)) for by in (VISITOR, charlie)] == without
    assert any(found.chains for found in without)


def test_it_takes_few_statements_however_many_there_are(django_assert_num_queries):
    former = again()
    for year in ("2021", "2022", "2023"):
        former = again(former, year)
        found = chosen()
        with django_assert_num_queries(4):
            chains_of(found)
