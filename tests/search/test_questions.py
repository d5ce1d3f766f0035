"""What a team would ask of the incidents that come with the product, each with exactly what answers it."""

import pytest

from postmortems.exchange import importing
from postmortems.models import Postmortem, User
from tests.makers import SEEDS, make_team
from tests.search.asking import ask, counts

pytestmark = pytest.mark.django_db

# Short names, as people speak of them.
NAMES = {
    "datadog": "datadog-2023-03-08-systemd-cilium",
    "eks": "glasskube-eks-no-node-group",
    "minikube": "glasskube-minikube-overload",
    "influxdb": "influxdb-argocd-name-collision",
    "opa": "jetstack-opa-webhook-gke",
    "juju-2023": "juju-defect-report-2023-09",
    "juju-2024": "juju-defect-report-2024-03",
    "juju-same-day": "juju-defect-same-day-config-change",
    "juju": "juju-duplicate-instances-config-loss",
    "miner": "jwplayer-weave-scope-cryptominer",
    "collapse": "k8s-cluster-verge-of-collapse",
    "loveholidays": "loveholidays-gke-ip-exhaustion",
    "monzo": "monzo-linkerd-2017",
    "palark": "palark-redis-operator-data-loss",
    "reddit": "reddit-pi-day-2023",
    "skyscanner": "skyscanner-missing-braces",
    "allowlist": "ziroom-ip-allowlist-vs-containers",
    "kubelet": "ziroom-kubelet-memcg-cpu",
    "adoption": "ziroom-platform-adoption",
    "branches": "ziroom-release-branch-lifecycle",
    "traffic": "ziroom-traffic-migration-pitfalls",
    "zombies": "ziroom-web-terminal-zombies",
}
STUBS = "juju-2023 juju-2024 juju-same-day"

# Question: what to type, and who answers it. A topic a test.
ASKED = {
    "what set it off": {
        "trigger:upgrade": "opa reddit",
        "trigger:auto-update": "datadog",
        "trigger:config-change": "influxdb juju-same-day skyscanner",
        "trigger:scale-out": "juju loveholidays palark",
        "trigger:deploy,upgrade env:prod": "monzo reddit",
        "trigger:none": "collapse",
        "trigger:unknown": "juju-2023 juju-2024",
        "trigger:upgrade detection:operator-observation": "reddit",
    },
    "who noticed": {
        "detection:automated-alert": "datadog miner zombies",
        "detection:customer-report": "influxdb",
        "detection:colleague-report,change-signal": "loveholidays opa",
        "no:detection": f"palark skyscanner {STUBS}",
        "detection:post-hoc-analysis": "collapse allowlist adoption branches traffic",
    },
    "what was wrong, with all below it": {
        "cause:network": "datadog reddit monzo",
        "cause:network/cni-routing": "datadog reddit",
        "cause:change/config": "influxdb skyscanner reddit opa eks loveholidays datadog",
        "cause.primary:change/config": "influxdb skyscanner eks",
        "cause:platform/host": "datadog kubelet zombies",
        "cause.primary:platform": "datadog opa palark reddit kubelet zombies",
        "cause:platform/orchestration/health-probe": "palark opa monzo zombies",
        "cause:security": "miner allowlist reddit",
        "cause:capacity": "reddit loveholidays minikube",
        "cause:change/delivery/gitops-prune": "influxdb skyscanner",
    },
    "what made it worse": {
        "cause.contributing:observability": "influxdb opa monzo miner reddit",
        "cause.contributing:data/backup-restore": "reddit skyscanner",
        "cause.contributing:process/review-gap": "influxdb juju skyscanner",
        "factor:false-confidence": "opa reddit",
        "factor:two-changes-same-window": "juju palark",
        "factor:no-guard-on-deletion,no-config-tests": "influxdb skyscanner",
        "has:factor cause:network": "datadog reddit monzo",
    },
    "did going back help": {
        "rollback:worked": "juju skyscanner",
        "rollback:failed": "monzo",
        "rollback:abandoned": "influxdb",
        "rollback:impossible": "reddit",
        "rollback:unknown": f"palark {STUBS}",
        "rollback:failed,impossible,abandoned sev:sev1": "monzo reddit influxdb",
        "-rollback:not-tried -rollback:unknown": "juju skyscanner monzo influxdb reddit",
    },
    "who was hurt": {
        "impact:data-loss": "juju palark",
        "impact:availability env:prod": "datadog influxdb monzo reddit skyscanner allowlist",
        "impact:security": "miner allowlist",
        "impact:delivery-blocked": "eks loveholidays opa",
        "tier:prod -impact:availability": "palark juju-2023 juju-2024",
        "sev:sev1": "datadog influxdb monzo reddit skyscanner",
        "sev:sev1..sev2": "datadog influxdb monzo reddit skyscanner palark miner",
        "sev:sev1..<sev2": "datadog influxdb monzo reddit skyscanner",
    },
    "how long it took": {
        "duration:>4h": "datadog reddit skyscanner",
        "duration:<2h": "monzo",
        "duration:4h..<1d": "reddit skyscanner",
        "duration:<8h": "monzo reddit skyscanner influxdb",
        "duration:>=1d": "datadog",
        "duration:bounded": "influxdb",
        "has:duration -duration:bounded": "datadog monzo reddit skyscanner",
        "duration:314min": "reddit",
    },
    "what it turned out not to be": {
        "hypothesis:refuted": "influxdb juju miner loveholidays monzo reddit kubelet",
        "hypothesis:open": "kubelet",
        "hypothesis:confirmed -hypothesis:refuted": "palark",
        "in:hypotheses typha": "reddit",
        "in:hypotheses restart": "monzo reddit",
        "hypothesis:refuted trigger:scale-out": "juju loveholidays",
    },
    "does it come back": {
        "relation:same-defect": f"juju {STUBS}",
        "relation:similar-pattern": "influxdb skyscanner",
        "has:relation -kind:stub": "juju influxdb skyscanner",
        "cause:change/delivery/deploy-tool-defect": f"juju {STUBS}",
        "cause:change/delivery/deploy-tool-defect env:prod started:2023..2024": "juju-2023 juju-2024",
    },
    "what is missing": {
        "no:detected": f"palark skyscanner collapse allowlist kubelet adoption branches traffic zombies {STUBS}",
        "no:detected has:lesson tier:prod": "palark skyscanner",
        "no:duration sev:sev1..sev2": "miner palark",
        "no:workaround sev:sev1,sev2": "palark",
        "no:action -kind:stub": "eks minikube",
        "no:timeline": STUBS,
        "no:mitigated resolved:>2000": "monzo reddit skyscanner",
        "no:lessons": STUBS,
        "action:proposed": "opa juju miner loveholidays collapse",
        "no:started": "collapse adoption branches",
    },
    "when it was": {
        "year:2023": "datadog reddit juju-2023",
        "year:2017..2021": "monzo skyscanner",
        "started:2023-03": "datadog reddit",
        "year:unknown": "collapse adoption branches",
        "year:bounded sev:sev1": "influxdb",
    },
}


@pytest.fixture
def seeds(db):
    """The incidents, and their names by ref."""
    team = make_team("platform")
    importing.import_files(sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=team)
    by_import_id = {import_id: name for name, import_id in NAMES.items()}
    rows = Postmortem.objects.values_list("ref", "import_id")
    return {ref: by_import_id[import_id] for ref, import_id in rows}


@pytest.mark.parametrize("topic", ASKED)
def test_a_question_finds_those_it_is_true_of_and_no_others(seeds, topic):
    found = {text: {seeds[hit.ref] for hit in ask(text).hits} for text in ASKED[topic]}

    assert found == {text: set(names.split()) for text, names in ASKED[topic].items()}
    assert [ask(text).notices for text in ASKED[topic]] == [()] * len(found)


def test_facets_answer_without_typing(seeds):
    everything = ask()

    assert counts(everything, "no")["detected"] == 12
    assert counts(everything, "no")["timeline"] == counts(everything, "no")["lesson"] == 3
    assert counts(everything, "hypothesis") == {"confirmed": 8, "refuted": 7, "open": 1}
    assert counts(everything, "duration") == {
        **{"1h..<4h": 1, "4h..<1d": 2, ">=1d": 1, "bounded": 1, "unknown": 17}
    }
    assert counts(everything, "rollback") == {
        **{"not-tried": 13, "unknown": 4, "worked": 2, "failed": 1, "impossible": 1, "abandoned": 1}
    }


def test_the_histogram_has_every_seed_in_one_place(seeds):
    started = ask().histogram

    assert {bucket.value: bucket.count for bucket in started.buckets if bucket.count} == {
        **{"2017": 1, "2021": 1, "2023": 3, "2024": 1}
    }
    assert (started.bounded.count, started.unknown.count) == (13, 3)
