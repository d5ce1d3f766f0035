"""The vocabularies in fixtures/taxonomy.yaml."""

from collections import Counter
from pathlib import Path

import pytest

from taxonomy import lookup, vocabulary_file
from taxonomy.languages import LANGUAGES

TEXT = (Path(__file__).parents[2] / "fixtures" / "taxonomy.yaml").read_text()
FILE = vocabulary_file.read(TEXT)
VOCABULARIES = {entry.slug: entry for entry in FILE.vocabularies}
TERMS = [(entry.slug, term) for entry in FILE.vocabularies for term in entry.terms]

ORDER = (
    "cause severity trigger component detection kind environment impact symptom factor "
    "organisation tier resolution rollback"
)
SLUGS = {
    "severity": "sev1 sev2 sev3 sev4 sev5",
    "tier": "prod nonprod oopsie",
    "trigger": "upgrade auto-update config-change deploy scale-out traffic-surge maintenance "
    "restart migration attack initial-setup routine-operation expiry hardware-event none",
    "detection": "automated-alert customer-report colleague-report operator-observation "
    "change-signal post-hoc-analysis",
    "factor": "two-changes-same-window false-confidence snowflake-cluster knowledge-loss "
    "manual-change-overwritten recovery-widened-damage automation-amplified "
    "poor-internal-communication poor-customer-communication blame-culture "
    "vendor-procedure-taken-as-is no-guard-on-deletion no-config-tests rarely-changed-root-file "
    "cache-used-as-database large-data-set zero-replica-service latent-interaction "
    "clickops-instead-of-code unknown-default misleading-symptom monitoring-adds-load "
    "own-tool-leaks-processes inflexible-design",
    "environment": "prod non-prod test local development organisation",
    "impact": "availability data-loss security performance delivery-blocked none",
    "resolution": "rollback restore fix-forward config-fix version-upgrade workaround isolation "
    "unresolved",
    "rollback": "worked failed abandoned impossible not-tried",
    "kind": "outage near-miss security defect pitfall chronic stub",
}


def test_the_file_has_no_problem_and_is_printed_as_it_stands():
    comment, _, body = TEXT.partition("hindsight:")

    assert FILE.problems == ()
    assert all(line.startswith("# ") for line in comment.splitlines())
    assert vocabulary_file.print_file(FILE.vocabularies) == f"hindsight:{body}"


def test_the_vocabularies_stand_in_their_order():
    assert list(VOCABULARIES) == ORDER.split()


def test_the_cause_tree_has_71_nodes():
    paths = [term.path for term in VOCABULARIES["cause"].terms]
    parents = {path.rpartition("/")[0] for path in paths}
    roots = [path for path in paths if "/" not in path]
    groups = [path for path in paths if "/" in path and path in parents]

    assert len(paths) == 71
    assert len(roots) == 10
    assert len(groups) == 4
    assert len(set(paths) - parents) == 57


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_the_slugs_are_those_of_the_catalogue(slug):
    assert [term.path for term in VOCABULARIES[slug].terms] == SLUGS[slug].split()


@pytest.mark.parametrize(
    ("setting", "slugs"),
    [
        (lambda entry: entry.required, "cause severity kind"),
        (lambda entry: entry.facet == "open", "cause severity trigger component"),
        (lambda entry: entry.facet == "hidden", ""),
        (lambda entry: entry.roles, "cause"),
        (lambda entry: entry.kind == "tree", "cause"),
        (lambda entry: entry.kind == "ordered", "severity tier"),
        (lambda entry: not entry.many, "severity trigger tier rollback"),
    ],
)
def test_the_settings_of_the_vocabularies(setting, slugs):
    assert [slug for slug, entry in VOCABULARIES.items() if setting(entry)] == slugs.split()


def test_the_gravest_come_first():
    for slug in ("severity", "tier"):
        ranks = [term.rank for term in VOCABULARIES[slug].terms]
        assert ranks == list(range(1, len(ranks) + 1))
    assert [term.symbol for term in VOCABULARIES["tier"].terms] == ["🤬", "😅", "🤷"]


def test_every_term_has_its_name_and_definition_in_every_language():
    for slug, term in TERMS:
        assert tuple(term.names) == LANGUAGES, (slug, term.path)
        assert tuple(term.definitions) == LANGUAGES, (slug, term.path)
    for entry in FILE.vocabularies:
        assert tuple(entry.names) == tuple(entry.help) == LANGUAGES, entry.slug


def test_no_word_means_two_terms_of_one_vocabulary():
    words: Counter[tuple[str, str]] = Counter()
    for slug, term in TERMS:
        names = (term.path.rpartition("/")[2], *term.names.values(), *term.aliases)
        words.update({(slug, lookup.fold(name)) for name in names})

    assert [word for word, count in words.items() if count > 1] == []


def test_no_name_of_a_term_is_used_twice_in_a_language():
    names = Counter(
        (slug, language, name) for slug, term in TERMS for language, name in term.names.items()
    )

    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        (
            "component",
            "Canonical Juju|Juju GUI|juju-deploy|tar|Kubernetes|ArgoCD|AppProject|app-of-apps"
            "|jsonnet|YAML|etcd|Kafka|ZooKeeper|object storage|PVC|PV|StatefulSet|reclaimPolicy"
            "|Velero|Telegraf|IOx|idpe|AWS EKS|kubeconfig|Glasskube|scheduler|Minikube|GitLab"
            "|Open Policy Agent|kube-apiserver|ConfigMap|GKE|node auto-repair|Terraform|Weave Scope"
            "|security group|AWS load balancer|Datadog|gcc|VPC-native|Shared VPC|cluster autoscaler"
            "|HPA|spot instance|templating|GitOps|Helm|linkerd|gRPC|microservices|AWS|Redis"
            "|Sentinel|Redis operator|RedisFailover|readiness probe|redis-memory-analyzer"
            "|systemd-networkd|Ubuntu 22.04|unattended upgrades|Cilium|Calico|route reflector|BGP"
            "|typha|OPA|CRI-O"
            "|TLS certificate|Consul|kubelet|Docker|containerd-shim|web terminal|client-go|Bash"
            "|exec probe|cAdvisor|memcg|Prometheus|IP allow-list|Nginx|Ingress|API key|DNS"
            "|access log|Aone Flow|release platform|Git|GitLab CI|gitlab-runner|Rancher|Kong|Istio"
            "|Sentry|Elasticsearch|Yuque|WeCom|Alibaba Cloud|NAS|Falco|Sysdig",
        ),
        (
            "organisation",
            "InfluxData|Glasskube|Jetstack|Venafi|JW Player|loveholidays|Skyscanner|Monzo|Palark"
            "|Flant|Datadog|Reddit|Ziroom",
        ),
    ],
)
@pytest.mark.django_db
def test_what_the_seed_incidents_name_is_there(slug, names):
    terms = lookup.current()

    assert [name for name in names.split("|") if len(terms.resolve(slug, name)) != 1] == []
