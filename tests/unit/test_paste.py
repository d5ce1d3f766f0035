"""What is read as a pasted error message, and which of its words are kept."""

import pytest

from postmortems.search import paste
from postmortems.search.fields import PART_ALIASES
from postmortems.search.mostly import ASKED
from postmortems.search.parser import parse
from postmortems.search.query import And, Phrase, Word

FIELDS = frozenset(("cause", "trigger", "started"))

KLOG = (
    "E0314 19:02:11.123456   12345 reflector.go:123] k8s.io/client-go/informers: Failed to watch "
    '*v1.Node: Get "https://10.0.0.1:443/api/v1/nodes": dial tcp 10.0.0.1:443: connection refused'
)


def is_pasted(text: str) -> bool:
    return paste.is_pasted(text, parse(text, FIELDS, PART_ALIASES).node)


@pytest.mark.parametrize(
    "text",
    [
        KLOG,
        "first line\nsecond line",
        "x509: certificate signed by unknown authority (possibly because of crypto/rsa: "
        "verification error while trying to verify candidate authority certificate)",
        "panic: runtime error: [signal SIGSEGV: ... code=0x1 addr=0x0 pc=0x...]",
        '{"level":"error","msg":"dial tcp: i/o timeout","pod":"coredns-5d78c9869d-abcde"}',
    ],
)
def test_reads_as_pasted(text):
    assert is_pasted(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "upgrade",
        "why did the pods lose their network after the upgrade",
        "cause:network/dns -trigger:upgrade started:2022..2023 " * 4,
        '"an exact phrase of some length"',
        "node-role.kubernetes.io/master",
        "(dns OR cni) -kubernetes deploy*",
        "集群升级后网络中断怎么办",
    ],
)
def test_reads_as_a_question(text):
    assert not is_pasted(text)


def test_searching_word_for_word_is_not_pasted_again():
    assert not is_pasted(paste.literal(KLOG.replace('"', "")))
    assert not is_pasted(paste.literal("first line\nsecond line"))


def test_what_differs_each_time_is_left_out():
    words = paste.words_of(KLOG)

    assert words[:3] == ["reflector.go", "k8s.io/client-go/informers", "Failed"]
    assert {"dial", "tcp", "connection", "refused"} <= set(words)
    assert not {"12345", "10.0.0.1", "443", "E0314", "19:02:11.123456"} & set(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2023-03-14T19:02:11Z node not ready", ["node", "ready"]),
        ("Mar 14 19:02:11 host kubelet[812]: oom", ["host", "kubelet", "oom"]),
        ("level=error msg=broken pipe pid=12", ["broken", "pipe"]),
        ("pod coredns-5d78c9869d-abcde deleted", ["pod", "coredns", "deleted"]),
        ("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 gone", ["id", "gone"]),
        ("sha256:9f86d081884c7d659a2feaa0c55ad015 missing", ["missing"]),
        ("upgrade to v1.24.3 answered 503 in 250ms", ["upgrade", "v1.24.3", "answered", "503"]),
        ("mail ops@example.com from 192.168.0.1:8080", ["mail"]),
        ("错误：节点未就绪，2023-03-14 19:00", ["错误", "节点未就绪"]),
        ("FailOnSharedResource=true", ["FailOnSharedResource", "true"]),
    ],
)
def test_words_that_are_kept(text, words):
    assert paste.words_of(text) == words


def test_reading_asks_for_most_of_the_words():
    assert paste.read("disk full\ndisk full") == And((Word("disk"), Word("full"), ASKED))
    assert paste.read("12:00\n2023-03-14") is None


@pytest.mark.parametrize("unit", ["a-", "1:", "0x", "f", "@a.", "{[", "0.", "2023-03-14 "])
def test_long_texts_end(unit):
    paste.words_of(unit * (4_000 // len(unit)))


SHORT = [
    "error: dial tcp 10.0.0.1:443: connect: connection refused",
    'Error from server (InternalError): failed calling webhook "validation.gatekeeper.sh"',
    "FATAL: connection to 10.2.3.4 lost",
    "panic: runtime error: index out of range",
    "open /etc/hosts: permission denied: code 13",
]


@pytest.mark.parametrize("text", SHORT)
def test_a_short_error_message_is_pasted(text):
    assert paste.is_pasted(text, parse(text, FIELDS, {}).node)


def test_what_looks_like_a_filter_in_a_paste_stays_a_text():
    node = paste.read("reason cause:payments refused", FIELDS)

    assert Phrase("cause:payments") in node.children
