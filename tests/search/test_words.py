"""What words find: every part, every form of a word, identifiers, names of terms, one part alone."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from postmortems.document import (
    Action,
    Classification,
    Evidence,
    Hypothesis,
    Lesson,
    Reference,
    Signal,
    TimelineEntry,
    Translation,
    Workaround,
)
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, found, refs

pytestmark = pytest.mark.django_db

# Every part that is searched, each with a word of its own.
FULL = {
    "title": "Alpaca upgrade",
    "summary": "A **bison** in the summary.",
    "translations": MappingProxyType({"zh-hans": Translation("标题骆驼", "摘要里有犀牛")}),
    "sections": MappingProxyType({"impact": "A caribou.", "our-own-part": "A dingo."}),
    "signals": (Signal("s1", "error: elephant not found", "error"),),
    "workarounds": (Workaround("w1", "Feed the ferret."),),
    "timeline": (TimelineEntry("t1", "trigger", "The gazelle started."),),
    "hypotheses": (
        Hypothesis("h1", "Was it the hyena?", "iguana team", "refuted", "no, the jackal"),
    ),
    "lessons": (Lesson("l1", "Keep the kangaroo."),),
    "actions": (Action("a1", "Remove the lemur.", status="open"),),
    "references": (Reference("r1", "The meerkat report", "https://example.org/narwhal"),),
}
WORDS = (
    *("alpaca", "bison", "caribou", "dingo", "elephant", "ferret", "gazelle", "hyena", "iguana"),
    *("jackal", "kangaroo", "lemur", "meerkat", "narwhal", "骆驼", "犀牛"),
)


@pytest.fixture
def full(db):
    make_postmortem(make_document("Something else"))
    return make_postmortem(make_document(**FULL))


@pytest.mark.parametrize("word", WORDS)
def test_every_part_is_searched(full, word):
    assert found(word) == refs(full)


def test_evidence_is_searched(db):
    evidence = (Evidence("e1", "ocelot seen", supports=False),)
    postmortem = make_postmortem(
        make_document(hypotheses=(Hypothesis("h1", "Claim", evidence=evidence),))
    )

    assert found("ocelot") == refs(postmortem)


def test_the_why_of_a_classification_is_searched(db):
    why = Classification("cause", "network/dns", "primary", "because of the platypus", "source")
    postmortem = make_postmortem(replace(make_document(), classifications=(why,)))

    assert found("platypus") == found("in:causes platypus") == refs(postmortem)


def test_all_words_must_match_wherever_they_stand(full):
    assert found("bison lemur") == refs(full)
    assert found("bison unicorn") == set()


def test_words_can_be_alternatives_or_excluded(full):
    other = make_postmortem(make_document("Unicorn"))

    assert found("bison OR unicorn") == refs(full, other)
    assert found("(bison OR unicorn) -lemur") == refs(other)
    assert found('-"the lemur" unicorn') == refs(other)


@pytest.mark.parametrize("text", ["upgrades", "upgraded", "Upgrading", "UPGRADE", "upgrade"])
def test_english_words_are_found_in_their_other_forms(full, text):
    assert found(text) == refs(full)


def test_a_phrase_needs_its_words_side_by_side_in_one_place(full):
    assert found('"keep the kangaroo"') == refs(full)
    assert found('"kangaroo the keep"') == set()
    assert found('"keep the kangaroo remove"') == set()
    assert found('"bison caribou"') == set()


IDENTIFIERS = [
    ("systemd-networkd", ["systemd-networkd", "networkd", "systemd", "SYSTEMD-NETWORKD"]),
    (
        "node-role.kubernetes.io/master",
        ["node-role.kubernetes.io/master", "kubernetes.io", "node-role", "master"],
    ),
    ("1.24", ["1.24"]),
    ("v1.24.3", ["v1.24.3", "1.24", "v1.24"]),
    ("v249", ["v249"]),
    ("FailOnSharedResource", ["FailOnSharedResource", "failonsharedresource", "shared resource"]),
    ("kube-apiserver:6443", ["kube-apiserver:6443", "6443", "kube-apiserver"]),
    ("AWS_SECRET_KEY", ["AWS_SECRET_KEY", "aws_secret", "secret key"]),
]


@pytest.mark.parametrize(("text", "queries"), IDENTIFIERS)
def test_identifiers_are_found_whole_and_in_parts(db, text, queries):
    postmortem = make_postmortem(make_document(summary=f"It was {text} again"))
    make_postmortem(make_document(summary="It was 1 of 24, and 249 kubes in a role, once more"))

    assert {query: found(query) for query in queries} == dict.fromkeys(queries, refs(postmortem))


def test_part_of_a_number_is_another_number(db):
    make_postmortem(make_document(summary="Version 1.24 and port 6443"))

    assert found("1.2") == found("644") == found("4") == set()


def test_a_wildcard_finds_what_begins_so_as_it_is_written(db):
    deployment = make_postmortem(make_document("Deployment stuck"))
    deploying = make_postmortem(make_document("While deploying"))
    make_postmortem(make_document("Delayed"))

    assert found("deploy*") == refs(deployment, deploying)
    assert found("deployme*") == refs(deployment)
    assert found("-deployme* deploy*") == refs(deploying)


def test_a_wildcard_takes_part_of_an_identifier(db):
    postmortem = make_postmortem(make_document(summary="systemd-networkd flushed the routes"))

    assert found("systemd-net*") == refs(postmortem)
    assert found("in:summary systemd-net*") == refs(postmortem)
    assert found("in:title systemd-net*") == set()


def test_a_wildcard_in_a_part_reaches_words_whose_stem_is_shorter(db):
    running = make_postmortem(make_document("The probe kept running"))
    make_postmortem(make_document("The probe", summary="It kept running"))

    assert found("in:title runni*") == refs(running)
    assert found("in:title organizati*") == set()


def test_of_many_wildcards_the_first_eight_are_used(db):
    make_postmortem(make_document("alpha beta gamma delta epsilon zeta eta theta iota"))
    starts = "alph* bet* gamm* delt* epsil* zet* et* thet*"

    assert found(starts) == found()
    assert ask(f"{starts} iot*").notices == (
        "Only the first eight wildcards were used; “iot*” was read as a word.",
    )
    assert found(f"{starts} iot*") == set()
    assert found(f"{starts} iota*") == found()


SCOPES = [
    ("in:title alpaca", True),
    ("in:title bison", False),
    ("in:timeline gazelle", True),
    ("in:timeline kangaroo", False),
    ("in:impact caribou", True),
    ("in:sections caribou dingo", True),
    ("in:resolution caribou", False),
    ("in:lessons,actions kangaroo lemur", True),
    ("in:lesson lemur", False),
    ("(in:lesson kangaroo) lemur", True),
    ('in:hypotheses "the hyena"', True),
    ("in:sources narwhal", True),
]


@pytest.mark.parametrize(("text", "is_found"), SCOPES)
def test_words_can_be_asked_of_one_part(full, text, is_found):
    assert found(text) == (refs(full) if is_found else set())


def test_a_word_finds_terms_by_name_alias_and_translation_with_all_below(db):
    below = make_postmortem(make_document("A", terms=("cause.primary:network/dns",)))
    alias = make_postmortem(make_document("B", terms=("cause.primary:time", "component:argo-cd")))

    assert found("network") == refs(below)
    assert found("网络") == refs(below)
    assert found("argocd") == refs(alias)


def test_the_name_of_a_vocabulary_finds_nothing(db):
    make_postmortem(make_document("A", terms=("rollback:worked", "trigger:upgrade")))

    assert found("severity") == found("trigger") == found("严重程度") == set()


def test_markdown_is_searched_as_it_reads(db):
    text = "Run `kubectl drain` on [the node](https://example.org/secret-path)."
    postmortem = make_postmortem(make_document(summary=text))

    assert found('"kubectl drain on the node"') == refs(postmortem)


def test_what_cannot_be_read_is_said(full):
    results = ask("started:soon nothing:here")

    assert "“started:soon” was read as plain words" in results.notices[1]
    assert "“nothing:” is no field" in results.notices[0]
