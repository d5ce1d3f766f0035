"""Likely secrets, mail addresses and phone numbers: what is pointed out and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.models.accounts import new_secret
from postmortems.models.saved_search import new_feed_secret
from postmortems.writing.secrets import KINDS, pointed_out

RANDOM = "q7Zt3Kf9Lm2Xv8Bn4Rw6Yc1Hd5Gj0Ps"
# Joined here, so that nothing in this file looks like a secret to a scanner.
FOUND = [
    ("AKIA" + "IOSFODNN7EXAMPLE", "token"),
    ("ghp_" + RANDOM + "12345", "token"),
    ("xoxb-" + "1234567890-" + RANDOM, "token"),
    ("glpat-" + RANDOM, "token"),
    ("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "c2lnbmF0dXJlMTIz", "token"),
    ("https://hooks.slack.com/" + "services/T000/B000/" + RANDOM, "token"),
    (RANDOM + "x", "random"),
    ("alice@example.com", "mail"),
    ("alice.smith+oncall@mail.example.co.uk", "mail"),
    ("+49 30 1234 5678", "phone"),
    ("(415) 555-0132", "phone"),
    ("13812345678", "phone"),
    ("138-1234-5678", "phone"),
]
VALUES = [
    ("password=", "hunter2", "password"),
    ("DB_PASSWORD: ", "s3cr3t!x", "password"),
    ('"client_secret": "', "abc123def", "password"),
    ("密码：", "abc12345", "password"),
    ("Authorization: Bearer ", RANDOM, "token"),
]
LEFT_ALONE = [
    "3f786850e387550fdab836ed7e6dc881de23001b",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "image@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "integrity sha512-" + RANDOM * 2,
    "123e4567-e89b-12d3-a456-426614174000",
    "payment-service-6d4cf56db6-x7k2p",
    "ip-10-0-12-34.eu-central-1.compute.internal",
    "git@github.com:owner/repository.git",
    "root@web-1.example.com:~# ls",
    "password=***",
    "password=${DB_PASSWORD}",
    "password: see the vault",
    "the token: expired yesterday",
    "secretName=<redacted>",
    "postgres://user:****@host/db",
    "2023-03-14 19:04:49 +0000",
    "1678820689123",
    "10.0.12.34:8080",
    "kubernetes.io/service-account-token",
    "HorizontalPodAutoscalerControllerReconciliationV2Beta1",
    "max_tokens=4096",
    "@angular/core@12.3.4",
]


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_a_likely_secret_or_address_is_pointed_out(text, kind):
    found = pointed_out(f"We used {text} then")

    assert [(item.kind, item.start, item.end) for item in found] == [(kind, 8, 8 + len(text))]
    assert text not in found[0].sentence


@pytest.mark.parametrize(("before", "value", "kind"), VALUES)
def test_only_the_value_behind_a_name_is_pointed_out(before, value, kind):
    (found,) = pointed_out(f"{before}{value}")

    assert (found.kind, found.start) == (kind, len(before))
    assert found.end == len(before) + len(value)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_only_looks_like_one_is_left_alone(text):
    assert pointed_out(f"see {text} there") == ()


@pytest.mark.parametrize("make", [new_feed_secret, new_secret])
def test_our_own_keys_are_known(make):
    assert [item.kind for item in pointed_out(f"curl -H {make()} x")] == ["token"]


def test_a_private_key_is_one_finding_from_begin_to_end():
    name = "RSA PRIVATE" + " KEY-----"
    text = f"a\n-----BEGIN {name}\n{RANDOM}\n{RANDOM}\n-----END {name}\nb"

    (found,) = pointed_out(text)

    assert (found.kind, text[found.end :]) == ("private-key", "\nb")


def test_a_password_in_an_address_is_a_connection():
    (found,) = pointed_out("postgres://app:" + "s3cret99@db.example.com/app")

    assert found.kind == "connection"


@given(st.text())
def test_findings_are_in_order_apart_and_inside(text):
    found = pointed_out(text)

    edges = [edge for item in found for edge in (item.start, item.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert {item.kind for item in found} <= set(KINDS)


@pytest.mark.parametrize(
    "piece",
    ["a", "@a", "eyJaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "password=", "a://b:", "+1", "a.b@"],
)
def test_hostile_texts_take_linear_time(piece):
    pointed_out(piece * (500_000 // len(piece)))
