"""What stands out in the incidents that come with the product, with the numbers that they have."""

import pytest

from postmortems.insights.asking import selected
from postmortems.insights.findings import findings_of
from postmortems.insights.matrix import matrix_of
from postmortems.insights.shapes import Finding
from postmortems.insights.together import together_of
from postmortems.insights.trends import trends_of
from tests.search.asking import VISITOR, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def findings(seeds) -> dict[str, Finding]:
    return {item.key: item for item in findings_of(selected("", {}, VISITOR)).findings}


def numbers(finding: Finding) -> tuple[int | None, ...]:
    every = (finding.here, finding.of_here, finding.elsewhere, finding.of_elsewhere)
    return tuple(count and count.number for count in every)


def test_updates_lost_the_routes_of_pods(findings):
    lost = findings["set-off:network/cni-routing"]

    assert {term.path for term in lost.given} == {"upgrade", "auto-update"}
    assert numbers(lost) == (2, 3, 0, 19)
    assert lost.is_small
    assert found("", cause="network/cni-routing", trigger=["upgrade", "auto-update"]) == found(
        "", cause="network/cni-routing"
    )


def test_reconciliation_deleted_what_ran_after_a_change_of_configuration(findings):
    causes = {item.found.path: item for item in findings.values() if item.kind == "set-off"}
    deleted = next(
        item
        for item in causes.values()
        if "change/delivery/gitops-prune" in {item.found.path, *(term.path for term in item.same)}
    )

    assert [term.path for term in deleted.given] == ["config-change"]
    assert numbers(deleted)[0] == 2


def test_widespread_causes_are_told_with_their_parts(findings):
    blind = findings["widespread:observability"]
    probes = findings["widespread:platform/orchestration/health-probe"]

    assert numbers(blind) == (6, 22, None, None)
    assert numbers(probes) == (4, 22, None, None)
    assert blind.here.url == "/?cause=observability"
    assert {portion.term.vocabulary for portion in blind.portions} == {"cause"}


def test_nothing_is_called_significant_among_so_few(seeds):
    made = together_of(selected("", {}, VISITOR))

    assert made.is_small
    assert made.significant == 0
    assert made.pairs


def test_the_matrix_has_the_counts_of_the_design(seeds):
    made = matrix_of(selected("", {}, VISITOR))

    totals = {row.term.path: row.total.number for row in made.rows}
    assert (totals["change"], totals["platform"], totals["network"]) == (14, 7, 3)
    assert (totals["observability"], totals["process"], totals["security"]) == (6, 6, 3)


def test_few_months_are_known(seeds):
    made = trends_of(selected("", {}, VISITOR))

    assert (made.shown.number + made.earlier.number, made.total.number) == (6, 22)
    assert (made.bounded.number, made.unknown.number) == (13, 3)
