"""Similar postmortems: by terms, rare words and relations; always with a reason; nothing hidden in them."""

import pytest

from postmortems import content
from postmortems.document import Relation, Signal
from postmortems.exchange import importing
from postmortems.models import Postmortem, User
from postmortems.search import similar
from tests.makers import SEEDS, make_document, make_postmortem, make_team
from tests.search.asking import VISITOR

pytestmark = pytest.mark.django_db

RARE = ("component:calico", "trigger:upgrade", "cause.primary:network/cni-routing")


def like(postmortem: Postmortem, by=VISITOR, **options) -> list[str]:
    return [item.hit.ref for item in answer(postmortem, by, **options)]


def answer(postmortem: Postmortem, by=VISITOR, **options) -> tuple[similar.Similar, ...]:
    return similar.similar_to(postmortem, content.read(postmortem), by, **options)


def others(count: int = 12) -> None:
    """A collection in which rarity means something."""
    for number in range(count):
        terms = ("cause.primary:change/config", "trigger:deploy", "component:kubernetes")
        make_postmortem(make_document(f"Something else {number}", terms=terms))


@pytest.fixture
def seeds(db) -> dict[str, Postmortem]:
    """The incidents that come with the product, by slug."""
    team = make_team("platform")
    importing.import_files(sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=team)
    return {item.slug: item for item in Postmortem.objects.all()}


def slugs(postmortem: Postmortem) -> list[str]:
    return [item.hit.slug for item in answer(postmortem)]


def test_the_seeds_find_their_relatives(seeds):
    stubs = [slug for slug in seeds if slug.startswith("juju-defect")]

    assert "datadog-2023-03-08-systemd-cilium" in slugs(seeds["reddit-pi-day-2023"])[:3]
    assert slugs(seeds["influxdb-argocd-name-collision"])[0] == "skyscanner-missing-braces"
    assert sorted(slugs(seeds["juju-duplicate-instances-config-loss"])[:3]) == sorted(stubs)


def test_every_answer_says_why(seeds):
    found = [item for postmortem in seeds.values() for item in answer(postmortem)]

    assert len(found) > 60
    assert all(item.why and all(reason.text for reason in item.why) for item in found)


def test_a_rarer_term_counts_more():
    others()
    mine = make_postmortem(make_document("Mine", terms=(*RARE, "component:kubernetes")))
    common = make_postmortem(make_document("Common", terms=("component:kubernetes",)))
    rare = make_postmortem(make_document("Rare", terms=RARE))

    assert like(mine)[0] == rare.ref
    assert common.ref not in like(mine)[:1]


def test_a_deeper_shared_term_beats_one_above_it():
    others()
    mine = make_postmortem(make_document("Mine", terms=("cause.primary:network/cni-routing",)))
    beside = make_postmortem(make_document("Beside", terms=("cause.primary:network/dns",)))
    same = make_postmortem(make_document("Same", terms=("cause.primary:network/cni-routing",)))

    assert like(mine)[:2] == [same.ref, beside.ref]


def test_a_relation_leads_from_both_ends():
    others()
    other = make_postmortem(make_document("Nothing in common", terms=("cause.primary:security",)))
    relation = Relation("same-defect", other.ref)
    mine = make_postmortem(make_document("Mine", terms=RARE, relations=(relation,)))
    make_postmortem(make_document("Alike", terms=RARE))

    assert like(mine)[0] == other.ref
    assert like(other)[0] == mine.ref
    assert answer(other)[0].why[0] == similar.Why("relation", "Same defect")


def test_a_relation_reads_as_it_does_from_that_end():
    others()
    cause = make_postmortem(make_document("Nothing in common", terms=("cause.primary:security",)))
    relation = Relation("caused-by", cause.ref)
    effect = make_postmortem(make_document("Effect", terms=RARE, relations=(relation,)))

    assert answer(effect)[0].why[0] == similar.Why("relation", "Caused by")
    assert answer(cause)[0].why[0] == similar.Why("relation", "Cause of")


def test_a_rare_identifier_is_shared():
    others()
    signal = Signal("s1", "systemd-networkd flushed the rules")
    mine = make_postmortem(make_document("Mine", signals=(signal,), terms=("trigger:upgrade",)))
    other = make_postmortem(make_document("Other", summary="Again systemd-networkd."))

    assert like(mine) == [other.ref]
    assert answer(mine)[0].why[-1] == similar.Why("words", "the word systemd-networkd")


def test_terms_are_told_in_the_readers_language():
    others()
    mine = make_postmortem(make_document("Mine", terms=RARE))
    make_postmortem(make_document("Other", terms=RARE))

    assert answer(mine)[0].why[0].text == "Root cause CNI and pod routing (2 in all)"
    assert answer(mine, language="zh-hans")[0].why[0].text.startswith("根因")


def test_what_is_hidden_is_not_named(alice):
    others()
    mine = make_postmortem(make_document("Mine", terms=RARE))
    hidden = make_postmortem(
        make_document("Hidden", terms=RARE), visibility="restricted", authors=(alice,)
    )

    assert hidden.ref not in like(mine)
    assert like(mine, alice)[0] == hidden.ref


def test_what_is_hidden_changes_nothing(alice, charlie):
    others()
    mine = make_postmortem(make_document("Walrus calico", terms=RARE))
    make_postmortem(make_document("Walrus one", terms=RARE[:2]))
    make_postmortem(make_document("Walrus two", terms=RARE[1:]))
    before = [answer(mine, by) for by in (VISITOR, charlie)]

    for number in range(6):
        terms = (*RARE, "symptom:timeouts")
        document = make_document(f"Walrus calico hidden {number}", terms=terms)
        make_postmortem(document, visibility="restricted", authors=(alice,))

    assert [answer(mine, by) for by in (VISITOR, charlie)] == before
    assert answer(mine, alice) != before[0]


def test_archived_ones_are_left_out(system):
    others()
    mine = make_postmortem(make_document("Mine", terms=RARE))
    make_postmortem(make_document("Old", terms=RARE), status="archived")

    assert like(mine) == []


def test_the_order_does_not_depend_on_what_was_saved_first():
    others()
    mine = make_postmortem(make_document("Mine", terms=RARE))
    twins = [make_postmortem(make_document("Twin", terms=RARE)) for _ in range(6)]

    assert like(mine, limit=6) == sorted(twin.ref for twin in twins)


def test_a_pasted_text_finds_by_words_and_by_names_of_terms(seeds):
    found = similar.similar_to_text(
        "14:02 upgraded the control plane to 1.24, calico route reflectors are gone", VISITOR
    )

    assert found[0].hit.slug == "reddit-pi-day-2023"
    assert {reason.kind for reason in found[0].why} == {"term", "words"}
    assert found[0].why[0].text == "Trigger Upgrade (2 in all)"


def test_a_pasted_chinese_text_finds(seeds):
    found = similar.similar_to_text("集群升级后路由反射器丢失", VISITOR)

    assert "reddit-pi-day-2023" in [item.hit.slug for item in found]


@pytest.mark.parametrize("text", ["", "\x00", "12:00", "\ud800", "a" * 200_000, "(" * 5_000])
def test_no_text_is_an_error(text):
    make_postmortem()

    assert similar.similar_to_text(text, VISITOR) == ()
