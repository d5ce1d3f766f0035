"""The verbs of curation: who may, what is refused, what is kept, what the audit log says."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import authoring, content, curation, restoring
from postmortems.models import AuditEntry, Classification, SearchLog
from taxonomy import lookup, vocabulary
from taxonomy.models import FormerPath, Term, Vocabulary
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, counts, found, refs

pytestmark = pytest.mark.django_db


def of(slug: str) -> Vocabulary:
    return Vocabulary.objects.get(slug=slug)


def term(path: str, slug: str = "cause") -> Term:
    return Term.objects.get(vocabulary__slug=slug, path=path)


def problem(act, *args, **fields) -> dict[str, list[str]]:
    """What a verb refuses, by field; it changes nothing."""
    before = list(Term.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(ValidationError) as refused:
        act(*args, **fields)
    assert (list(Term.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return refused.value.message_dict


def uses(postmortem) -> list[tuple[str, str, str]]:
    """Path, role and reason of each term."""
    found = content.read(postmortem).classifications
    return [(use.term, use.role, use.why) for use in found if use.vocabulary == "cause"]


# --- Rights and traces --------------------------------------------------------------------------


def test_who_does_not_curate_changes_nothing(alice, bob):
    dns, time = term("network/dns"), term("time")
    acts = [
        lambda by: curation.add_vocabulary("vendor", by=by, names={"en": "Vendor"}),
        lambda by: curation.change_vocabulary(of("cause"), by=by, many=False),
        lambda by: curation.add_term(of("cause"), by=by, names={"en": "Walrus"}),
        lambda by: curation.change_term(dns, by=by, names={"en": "Walrus"}),
        lambda by: curation.move_term(dns, None, by=by),
        lambda by: curation.merge_terms(dns, time, by=by),
        lambda by: curation.retire_term(dns, by=by),
        lambda by: curation.restore_term(dns, by=by),
    ]
    before = vocabulary.dump()

    for act in acts:
        for by in (alice, bob):
            with pytest.raises(PermissionDenied):
                act(by)

    assert vocabulary.dump() == before


def test_every_change_is_told_to_search_and_to_the_audit_log(dana):
    made = curation.add_term(of("cause"), by=dana, names={"en": "Walrus"}, parent=term("network"))
    curation.change_term(made, by=dana, names={"en": "Otter"})
    curation.move_term(made, None, by=dana)
    curation.retire_term(made, by=dana)
    curation.restore_term(made, by=dana)
    curation.merge_terms(made, term("time"), by=dana)

    acts = AuditEntry.objects.filter(object_kind="term").order_by("pk")
    assert [entry.action.partition("-")[0] for entry in acts] == [
        *("add", "change", "move", "retire", "restore", "merge")
    ]
    assert (acts[1].before, acts[1].after) == (
        {"names": {"en": "Walrus"}},
        {"names": {"en": "Otter"}},
    )
    assert SearchLog.objects.filter(postmortem_id=None).count() == 6


def test_what_the_verbs_make_a_vocabulary_file_can_hold(dana):
    curation.add_vocabulary("vendor", by=dana, names={"en": "Vendor"}, kind="tree", many=True)
    one = curation.add_term(of("vendor"), by=dana, names={"en": "One"}, aliases=["1"], symbol="①")
    two = curation.add_term(of("vendor"), by=dana, names={"en": "Two"}, parent=one)
    curation.merge_terms(two, one, by=dana)

    report = vocabulary.load(vocabulary.dump())

    assert (report.problems, report.created, report.changed, report.retired) == ((), 0, 0, 0)


# --- Adding and changing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"names": {"zh-hans": "海象"}}, "names"),
        ({"names": {"en": "Walrus"}, "slug": "Wal rus"}, "slug"),
        ({"names": {"en": "Walrus"}, "slug": "unknown"}, "slug"),
        ({"names": {"en": "Walrus"}, "slug": "edit"}, "slug"),
        ({"names": {"en": "Time"}}, "slug"),
        ({"names": {"en": "Walrus"}, "rank": 3}, "rank"),
        ({"names": {"en": "Walrus"}, "aliases": ["a", "a"]}, "aliases"),
        ({"names": {"en": "海象"}}, "slug"),
    ],
)
def test_a_term_that_a_file_would_be_refused_for_is_refused(dana, fields, where):
    assert list(problem(curation.add_term, of("cause"), by=dana, **fields)) == [where]


def test_only_trees_have_terms_below_terms(dana):
    parent = Term.objects.filter(vocabulary=of("trigger")).first()
    kind = of("trigger").kind
    assert kind == "flat"

    fields = {"names": {"en": "Walrus"}, "parent": parent}
    assert list(problem(curation.add_term, of("trigger"), by=dana, **fields)) == ["parent"]


def test_two_living_terms_of_a_scale_never_share_a_rank(dana):
    fields = {"names": {"en": "Walrus"}, "rank": term("sev2", "severity").rank}

    assert list(problem(curation.add_term, of("severity"), by=dana, **fields)) == ["rank"]
    curation.retire_term(term("sev2", "severity"), by=dana)
    curation.add_term(of("severity"), by=dana, **fields)
    assert list(problem(curation.restore_term, term("sev2", "severity"), by=dana)) == ["rank"]


def test_a_term_changes_places_with_its_neighbours_alone(dana):
    before = [item.path for item in lookup.current().terms_of("severity")]

    curation.change_term(term("sev4", "severity"), by=dana, place=0)

    after = [item.path for item in lookup.current().terms_of("severity")]
    assert after == ["sev4", *(path for path in before if path != "sev4")]


@pytest.mark.parametrize("slug", ["status", "new", "suggestions", "cause", "12", "Vendor"])
def test_a_vocabulary_never_shadows_a_field_or_another(dana, slug):
    made = problem(curation.add_vocabulary, slug, by=dana, names={"en": "Vendor"})

    assert list(made) == ["slug"]


@pytest.mark.parametrize(
    ("change", "where"),
    [({"many": False}, "many"), ({"kind": "flat"}, "kind"), ({"roles": []}, "roles")],
)
def test_a_vocabulary_does_not_turn_against_what_is_filed(dana, change, where):
    make_postmortem(make_document(terms=("cause.primary:time", "cause:network/dns")))

    assert list(problem(curation.change_vocabulary, of("cause"), by=dana, **change)) == [where]


# --- Moving -------------------------------------------------------------------------------------


def test_a_moved_subtree_is_found_by_its_old_and_new_paths(dana):
    made = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    assert found("cause:network") == refs(made)

    curation.move_term(term("network"), term("platform"), by=dana, slug="wires")

    assert found("cause:platform/wires/dns") == refs(made)
    assert found(cause="network/dns") == refs(made)
    assert counts(ask(), "cause") == {"platform": 1, "platform/wires": 1, "platform/wires/dns": 1}
    assert uses(made)[0][0] == "platform/wires/dns"


def test_a_path_that_comes_back_is_no_former_one(dana):
    dns = term("network/dns")
    curation.move_term(dns, term("platform"), by=dana)
    curation.move_term(dns, term("network"), by=dana)

    assert list(FormerPath.objects.values_list("path", "term")) == [("platform/dns", dns.pk)]


def test_a_path_that_old_texts_still_use_is_not_given_away(dana, system):
    made = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    dns = term("network/dns")
    curation.move_term(dns, term("platform"), by=dana, slug="names")
    authoring.edit(made, replace(content.read(made), title="Later"), by=system, revision=1)

    add = {"names": {"en": "DNS"}, "slug": "dns", "parent": term("network")}
    refused = problem(curation.add_term, of("cause"), by=dana, **add)
    assert "platform/names" in refused["slug"][0]
    moved = problem(curation.move_term, term("time"), term("network"), by=dana, slug="dns")
    assert "platform/names" in moved["parent"][0]

    restoring.restore(made, 1, by=system, revision=2)
    assert uses(made)[0][0] == "platform/names"


def test_the_path_of_a_term_that_is_offered_no_more_is_free(dana):
    curation.move_term(term("network/dns"), term("platform"), by=dana)
    curation.retire_term(term("platform/dns"), by=dana)

    fresh = curation.add_term(of("cause"), by=dana, names={"en": "DNS"}, parent=term("network"))

    assert lookup.current().get("cause", "network/dns").id == fresh.pk
    assert not FormerPath.objects.exists()


def test_what_was_merged_below_moves_away_and_back(dana):
    curation.merge_terms(term("network/dns"), term("time"), by=dana)

    curation.move_term(term("network"), None, by=dana, slug="wires")
    curation.move_term(term("wires"), None, by=dana, slug="network")

    assert term("network/dns").merged_into == term("time")


def test_a_text_from_before_a_move_can_still_be_saved(dana, system):
    made = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    old = content.read(made)

    curation.move_term(term("network/dns"), term("platform"), by=dana)
    authoring.edit(made, old, by=system, revision=1)

    assert uses(made)[0][0] == "platform/dns"


@pytest.mark.parametrize(
    ("below", "slug", "where"),
    [("network/dns", "", "parent"), ("", "time", "parent"), ("", "Not one", "slug")],
)
def test_a_move_in_a_circle_or_onto_another_is_refused(dana, below, slug, where):
    parent = term(below) if below else None

    assert list(problem(curation.move_term, term("network"), parent, by=dana, slug=slug)) == [where]


# --- Merging ------------------------------------------------------------------------------------


def test_of_two_uses_the_weightier_stays_with_a_reason(dana, system):
    document = make_document(terms=("cause.contributing:network/dns", "cause.primary:time"))
    made = make_postmortem(document)
    Classification.objects.filter(role="contributing").update(why="It did not resolve.")

    curation.merge_terms(term("network/dns"), term("time"), by=dana)

    assert uses(made) == [("time", "primary", "It did not resolve.")]
    made.refresh_from_db()
    assert (made.revision, made.version) == (1, 2)


def test_what_was_below_is_below_the_other(dana):
    child = curation.add_term(
        of("cause"), by=dana, names={"en": "Stale cache"}, parent=term("network/dns")
    )
    made = make_postmortem(make_document(terms=(f"cause:{child.path}",)))

    curation.merge_terms(term("network/dns"), term("time"), by=dana)

    assert found("cause:time") == found("cause:network/dns") == refs(made)
    assert uses(made)[0][0] == "time/stale-cache"


def test_parents_of_terms_that_were_merged_are_merged(dana):
    one, other = (
        curation.add_term(of("cause"), by=dana, names={"en": name}) for name in ("Walrus", "Otter")
    )
    for parent in (one, other):
        curation.add_term(of("cause"), by=dana, names={"en": "Tusk"}, parent=parent)
    curation.merge_terms(term("walrus/tusk"), term("otter/tusk"), by=dana)

    curation.merge_terms(one, other, by=dana)

    assert term("walrus").merged_into == other


@pytest.mark.parametrize(
    ("source", "target", "slug"),
    [
        ("network", "network/dns", "cause"),
        ("time", "time", "cause"),
        ("sev1", "time", "severity"),
    ],
)
def test_terms_that_cannot_be_one_stay_two(dana, source, target, slug):
    refused = problem(curation.merge_terms, term(source, slug), term(target), by=dana)

    assert list(refused) == ["target"]


def test_a_term_is_merged_once_and_never_into_a_retired_one(dana):
    curation.retire_term(term("time"), by=dana)
    assert list(problem(curation.merge_terms, term("network/dns"), term("time"), by=dana)) == [
        "target"
    ]

    curation.restore_term(term("time"), by=dana)
    curation.merge_terms(term("network/dns"), term("time"), by=dana)
    other = term("network/cni-routing")
    assert list(problem(curation.merge_terms, term("network/dns"), other, by=dana)) == ["target"]


def test_a_heir_may_be_merged_on(dana):
    made = make_postmortem(make_document(terms=("cause.primary:network/dns",)))

    curation.merge_terms(term("network/dns"), term("time"), by=dana)
    curation.merge_terms(term("time"), term("network/cni-routing"), by=dana)

    assert found("cause:network/dns") == found("cause:time") == refs(made)
    assert uses(made)[0][0] == "network/cni-routing"


# --- Retiring and suggestions -------------------------------------------------------------------


def test_retiring_takes_what_is_below_along(dana):
    curation.retire_term(term("network"), by=dana)

    assert "network/dns" not in [item.path for item in lookup.current().terms_of("cause")]
    assert list(problem(curation.restore_term, term("network/dns"), by=dana)) == ["parent"]
    curation.restore_term(term("network"), by=dana)
    curation.restore_term(term("network/dns"), by=dana)
    assert "network/dns" in [item.path for item in lookup.current().terms_of("cause")]


def test_a_suggestion_becomes_a_term_as_the_curator_has_it(alice, dana):
    made = curation.suggest_term(of("cause"), {"en": "Lost ARP"}, by=alice, parent=term("network"))

    added = curation.accept_suggestion(
        made, by=dana, parent=term("platform"), slug="arp", definitions={"en": "No answer."}
    )

    made.refresh_from_db()
    assert (added.path, added.definitions) == ("platform/arp", {"en": "No answer."})
    assert (made.outcome, made.term, made.decided_by) == ("accepted", added, dana)
    assert list(problem(curation.decline_suggestion, made, by=dana, answer="No.")) == ["answer"]


def test_what_there_is_already_is_not_suggested(alice):
    refused = problem(curation.suggest_term, of("cause"), {"en": "dns"}, by=alice)

    assert "DNS" in refused["names"][0]
