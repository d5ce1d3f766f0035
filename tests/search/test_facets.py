"""Facets: each count equals the list it stands for, for every viewer; choices are links that keep the rest."""

import random

import pytest
from django.http import QueryDict

from postmortems.durations import Duration
from postmortems.moments import Moment
from taxonomy import lookup
from taxonomy.models import Term, Vocabulary
from tests.makers import make_document, make_postmortem, make_team
from tests.search.asking import VISITOR, ask, counts, facet, found, refs, value

pytestmark = pytest.mark.django_db

CAUSES = ("network", "network/dns", "network/cni-routing", "platform/host/kernel-bug", "time")
TRIGGERS = ("upgrade", "deploy", "none")
WORDS = ("walrus", "otter", "seal")


@pytest.fixture
def collection(platform, payments):
    """Forty postmortems with skewed terms, dates, words and rights; the same every time."""
    dice = random.Random(7)
    for number in range(40):
        terms = [f"cause:{cause}" for cause in dice.sample(CAUSES, dice.randint(1, 2))]
        terms += [f"trigger:{dice.choice(TRIGGERS)}"] if number % 3 else []
        terms += [f"severity:sev{dice.randint(1, 4)}"]
        started = [Moment(f"20{dice.randint(20, 23)}-0{dice.randint(1, 9)}"), Moment()]
        make_postmortem(
            make_document(
                f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}",
                terms=tuple(terms),
                language=dice.choice(["en", "zh-hans"]),
                started=dice.choice([*started, Moment("2019-09", bound="not-after")]),
            ),
            team=dice.choice([platform, payments]),
            visibility=dice.choice(["public", "public", "internal", "team", "restricted"]),
            status=dice.choice(["published", "published", "published", "draft", "archived"]),
        )


CHOICES = {
    "cause": ["network", "network/dns", "time", "unknown", "-network/cni-routing", "-time"],
    "trigger": ["upgrade", "none", "unknown", "-deploy"],
    "severity": ["sev1", "sev2", "-sev3"],
    "status": ["published", "draft", "archived", "-draft"],
    "visibility": ["public", "internal", "-team"],
    "team": ["platform", "payments", "-platform"],
    "language": ["en", "-zh-hans"],
    "year": ["2021", "2022-03", "unknown", "bounded"],
}
QUERIES = ["", "", "walrus", "walrus OR otter", "-seal", "cause:network", "no:started seal"]


def a_selection(dice: random.Random) -> dict[str, list[str]]:
    slugs = dice.sample(list(CHOICES), dice.randint(0, 3))
    return {slug: dice.sample(CHOICES[slug], dice.randint(1, 2)) for slug in slugs}


def promised(results, slug: str) -> dict[str, int]:
    """What a facet says that each of its values alone would list."""
    if slug == "year":
        places = (*results.histogram.buckets, results.histogram.bounded, results.histogram.unknown)
        return {item.value: item.count for item in places}
    return {item.value: item.count for item in facet(results, slug).flat()}


@pytest.mark.parametrize("seed", range(6))
def test_every_count_equals_the_list_of_its_value_alone(collection, alice, charlie, dana, seed):
    dice = random.Random(seed)

    for viewer in (VISITOR, alice, charlie, dana):
        text, params = dice.choice(QUERIES), a_selection(dice)
        results = ask(text, viewer, **params)
        slug = dice.choice(list(CHOICES))
        for name, count in promised(results, slug).items():
            listed = ask(text, viewer, **{**params, slug: [name]}).count
            assert listed == count, (text, params, slug, name)


@pytest.mark.parametrize("seed", range(6))
def test_a_click_leads_to_what_it_says(collection, dana, seed):
    dice = random.Random(seed)
    text, params = dice.choice(QUERIES), a_selection(dice)
    results = ask(text, dana, **params)

    for item in [*facet(results, "cause").flat(), *facet(results, "status").flat()]:
        toggled = follow(item.toggle_url, dana)
        back = [
            other
            for one in toggled.facets
            for other in one.flat()
            if other.value == item.value and other.selected != item.selected
        ]
        assert back, item.value


def follow(url: str, viewer=VISITOR):
    """The results behind an address of the search page."""
    params = QueryDict(url.partition("?")[2])
    return ask(params.get("q", ""), viewer, **dict(params.lists()))


def test_values_of_a_facet_are_alternatives_and_facets_narrow_each_other(db):
    dns = make_postmortem(make_document(terms=("cause:network/dns", "trigger:upgrade")))
    clock = make_postmortem(make_document(terms=("cause:time", "trigger:upgrade")))
    other = make_postmortem(make_document(terms=("cause:time", "trigger:deploy")))

    assert found(cause=["network/dns", "time"]) == refs(dns, clock, other)
    assert found(cause="network/dns,time", trigger="upgrade") == refs(dns, clock)
    assert found(cause="time", trigger="-upgrade") == refs(other)
    assert found("cause:time", trigger="deploy") == refs(other)


def test_a_choice_does_not_narrow_its_own_facet_but_the_query_does(db):
    make_postmortem(make_document(terms=("cause:network/dns", "trigger:upgrade")))
    make_postmortem(make_document(terms=("cause:time", "trigger:deploy")))

    chosen, asked = ask(cause="time"), ask("cause:time")

    assert counts(chosen, "cause") == {"network": 1, "network/dns": 1, "time": 1}
    assert counts(chosen, "trigger") == {"deploy": 1}
    assert counts(asked, "cause") == {"time": 1}


def test_a_subtree_counts_each_postmortem_once(db):
    make_postmortem(make_document(terms=("cause:network/dns", "cause:network/cni-routing")))

    assert value(ask(), "cause", "network").count == 1
    assert value(ask(), "cause", "network/dns").count == 1


def test_a_term_finds_what_is_below_it_and_a_role_narrows(db):
    primary = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    contributing = make_postmortem(
        make_document(terms=("cause.contributing:network/cni-routing", "cause.primary:time"))
    )

    assert found("cause:network") == found(cause="network") == refs(primary, contributing)
    assert found("cause.primary:network") == refs(primary)
    assert found("cause.contributing:network") == refs(contributing)
    assert found(cause__primary="network") == refs(primary)


def test_unknown_is_the_absence_of_any_term(db):
    make_postmortem(make_document(terms=("trigger:none",)))
    lacking = make_postmortem(make_document(terms=("cause:time",)))

    assert found("trigger:unknown") == found("no:trigger") == refs(lacking)
    assert found(trigger="unknown") == found("-has:trigger") == refs(lacking)
    assert value(ask(), "trigger", "unknown").count == 1
    assert value(ask(), "trigger", "none").count == 1


def test_zero_counts_stay_and_so_does_what_is_chosen(db):
    make_postmortem(make_document(terms=("cause:time",)))

    results = ask(cause="network/dns")

    assert results.count == 0
    assert value(results, "cause", "network/dns").selected
    assert value(results, "cause", "network/dns").count == 0
    assert value(results, "cause", "security").count == 0


def test_a_term_below_a_chosen_one_replaces_it_and_a_parent_its_children(db):
    below = value(ask(cause="network"), "cause", "network/dns")
    above = value(ask(cause="network/dns,network/cni-routing,time"), "cause", "network")

    assert below.toggle_url == "/?cause=network/dns"
    assert above.toggle_url == "/?cause=time&cause=network"


def test_links_keep_the_rest_of_the_address_but_the_page(db):
    results = ask("dns", cause="time", trigger="-upgrade", sort="started", page_="2", utm="x")

    assert value(results, "severity", "sev1").toggle_url == (
        "/?q=dns&sort=started&cause=time&trigger=-upgrade&severity=sev1"
    )
    assert value(results, "cause", "time").toggle_url == "/?q=dns&sort=started&trigger=-upgrade"
    assert value(results, "cause", "network").exclude_url == (
        "/?q=dns&sort=started&trigger=-upgrade&cause=time&cause=-network"
    )


def test_a_value_may_be_given_by_name_alias_or_any_case(db):
    postmortem = make_postmortem(make_document(terms=("component:argo-cd",)))

    for written in ("argo-cd", "ArgoCD", "Argo CD", "ARGOCD"):
        assert found(component=written) == found(f'component:"{written}"') == refs(postmortem)
        assert value(ask(component=written), "component", "argo-cd").selected
    assert found("org:reddit sev:sev1") == set()


@pytest.mark.parametrize(
    "text", ["cause:no-such", "status:lost", "hypothesis:maybe", "relation:x", "has:wings"]
)
def test_an_unknown_value_finds_nothing_and_says_so(db, text):
    make_postmortem()

    results = ask(text)

    assert results.count == 0
    assert results.notices == (f"“{text}” is not known, so nothing has it.",)


def test_a_new_vocabulary_is_a_facet_and_a_field_at_once(db):
    make_postmortem()
    colour = Vocabulary.objects.create(
        slug="colour", names={"en": "Colour"}, kind="flat", position=99, facet_shown=True
    )
    Term.objects.create(vocabulary=colour, slug="red", path="red", names={"en": "Red"}, position=1)
    lookup.forget()
    red = make_postmortem(make_document(terms=("colour:red",)))

    assert {item.value: item.count for item in facet(ask(), "colour").values} == {
        "red": 1,
        "unknown": 1,
    }
    assert found("colour:red") == found(colour="red") == refs(red)


def test_a_renamed_term_needs_no_new_entry(db):
    postmortem = make_postmortem(make_document(terms=("cause:time",)))
    assert found("chronometer") == set()

    Term.objects.filter(vocabulary__slug="cause", path="time").update(names={"en": "Chronometer"})
    lookup.forget()

    assert found("chronometer") == refs(postmortem)
    assert value(ask(), "cause", "time").label == "Chronometer"


def test_facets_stand_in_the_order_of_the_vocabularies_then_the_built_in_ones(db):
    make_postmortem(team=make_team("platform"))

    slugs = [item.slug for item in ask().facets]

    shown = Vocabulary.objects.filter(facet_shown=True).order_by("position")
    assert slugs == [
        *shown.values_list("slug", flat=True),
        *("no", "has", "duration", "action", "hypothesis"),
        *("status", "visibility", "team", "language"),
    ]
    assert slugs[:4] == ["cause", "severity", "trigger", "component"]


def test_a_field_and_its_alias_choose_together(db):
    make_postmortem(make_document("One", terms=("severity:sev1",)))
    make_postmortem(make_document("Two", terms=("severity:sev2",)))
    make_postmortem(make_document("Three", terms=("severity:sev3",)))

    assert ask(sev="sev1", severity="sev2").count == ask(severity=["sev1", "sev2"]).count == 2


def test_of_too_many_values_the_reader_is_told(db):
    make_postmortem(make_document("One", terms=("cause.primary:network/dns",)))
    values = [f"nothing-{number}" for number in range(50)]

    told = ask(cause=[*values, "network/dns"]).notices

    assert "Of “cause” only the first fifty values were used." in told


def test_how_words_match_is_no_filter(db):
    make_postmortem(make_document("Walrus"))

    assert ask("walrus otter seal", match="most").chips == ()
    assert ask("-match:most walrus").count == 1


@pytest.mark.parametrize("text", ["started:2024..2020", "year:2024..2020", "duration:4h..1h"])
def test_a_range_that_is_turned_round_is_read_all_the_same(db, text):
    make_postmortem(make_document("One", started=Moment("2022"), duration=Duration(7_200)))

    assert ask(text).count == 1
