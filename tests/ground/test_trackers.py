"""Trackers: addresses are made of safe templates and of encoded values, whatever was typed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import trackers
from postmortems.audit.masking import MASK
from postmortems.models import AuditEntry, Tracker

TICKET = "https://jira.example.org/create?summary={title}&description={text}%0A{url}&due={due}"
KEY = "https://jira.example.org/browse/{key}"
HOSTILE = "a&b=c#d?e/f\"<script>'{url}\n%0d 回滚"


def tracker(**fields):
    """One that nothing stored."""
    values = {"name": "Jira", "ticket_url": TICKET, "prefix": "OPS-", "key_url": KEY}
    return Tracker(**values | fields)


def test_values_are_encoded_and_taken_once():
    link = trackers.ticket_link(tracker(), {"title": HOSTILE, "text": "{due}", "url": "https://x/"})

    assert link == (
        "https://jira.example.org/create?summary=a%26b%3Dc%23d%3Fe%2Ff%22%3Cscript%3E%27%7Burl%7D%0A"
        "%250d%20%E5%9B%9E%E6%BB%9A&description=%7Bdue%7D%0Ahttps%3A%2F%2Fx%2F&due="
    )


def test_a_long_text_is_cut():
    link = trackers.ticket_link(tracker(ticket_url="https://t/?t={text}"), {"text": "x" * 5_000})

    assert len(link) == len("https://t/?t=") + 1_000


KEYS = [
    ("OPS-12", "https://jira.example.org/browse/OPS-12"),
    ("OPS-NET-3", "https://net.example.org/OPS-NET-3"),
    ("ops-12", ""),
    ("XOPS-12", ""),
    ("OPS-", ""),
    ("OPS-1/../x", ""),
    ("OPS-1 2", ""),
    ("OPS-1\n", ""),
    ("OPS-１", ""),
    ("javascript:alert(1)", ""),
    ("https://elsewhere.example.org/1", "https://elsewhere.example.org/1"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), KEYS)
def test_a_key_leads_to_its_tracker(text, expected):
    known = [
        tracker(),
        tracker(prefix="OPS-NET-", key_url="https://net.example.org/{key}"),
        tracker(prefix="", key_url=""),
    ]

    assert trackers.key_link(known, text) == expected


BAD_TEMPLATES = [
    "javascript:alert('{title}')",
    "data:text/html,{title}",
    "//evil.example.org/{title}",
    "/create?{title}",
    "https:{title}",
    "https:///{title}",
    "https://{title}.example.org/",
    "https://example.org@{title}/",
    "https://user@example.org/{title}",
    "https://example.org\\@evil.example.org/",
    "https://example.org:port/",
    " javascript:alert(1)",
    "https://example.org/\njavascript:",
    'https://example.org/{title}" onclick="x',
    "https://example.org/{owner}",
    "https://example.org/{title",
    "https://example.org/{{title}}",
    "https://example.org/{0}",
    "https://example.org/{title.__class__}",
    "HTTPS://example.org/{title}",
    "ftp://example.org/{title}",
    "https://example.org/" + "x" * 1_000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("template", BAD_TEMPLATES)
def test_a_template_that_is_no_plain_web_address_is_refused(dana, template):
    with pytest.raises(ValidationError) as refused:
        trackers.add(by=dana, name="Bad", ticket_url=template)

    assert list(refused.value.message_dict) == ["ticket_url"]
    assert not Tracker.objects.exists()


WRONG = [
    ({"name": ""}, ["name"]),
    ({"name": "x" * 61}, ["name"]),
    ({"ticket_url": "", "prefix": "", "key_url": ""}, ["ticket_url"]),
    ({"prefix": "a b"}, ["prefix"]),
    ({"prefix": "(a+)+"}, ["prefix"]),
    ({"prefix": ""}, ["prefix"]),
    ({"key_url": ""}, ["key_url"]),
    ({"key_url": "https://example.org/"}, ["key_url"]),
    ({"key_url": "https://example.org/{title}"}, ["key_url"]),
    ({"key_url": "javascript:{key}"}, ["key_url"]),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "wrong"), WRONG)
def test_what_is_wrong_is_told_by_field(dana, fields, wrong):
    given = {"name": "Jira", "ticket_url": TICKET, "prefix": "OPS-", "key_url": KEY} | fields

    with pytest.raises(ValidationError) as refused:
        trackers.add(by=dana, **given)

    assert list(refused.value.message_dict) == wrong


@pytest.mark.django_db
def test_a_tracker_comes_changes_and_goes(dana):
    made = trackers.add(by=dana, name=" Jira ", ticket_url=TICKET)
    changed = trackers.change(made, by=dana, prefix="OPS-", key_url=KEY)
    trackers.remove(changed, by=dana)

    acts = AuditEntry.objects.filter(object_kind="tracker").order_by("number")
    assert [entry.action for entry in acts] == ["add-tracker", "change-tracker", "remove-tracker"]
    told = [values for entry in acts for values in (entry.before, entry.after) if values]
    assert {word for values in told for word in values.values()} == {"", MASK}
    assert set(acts[1].after) == {"prefix", "key_url"}
    assert (made.name, changed.ticket_url, changed.key_url) == ("Jira", TICKET, KEY)
    assert not Tracker.objects.exists()


@pytest.mark.django_db
def test_two_trackers_have_two_names(dana):
    trackers.add(by=dana, name="Jira", ticket_url=TICKET)

    with pytest.raises(ValidationError) as refused:
        trackers.add(by=dana, name="Jira", ticket_url=TICKET)

    assert list(refused.value.message_dict) == ["name"]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_only_curators_and_administrators_change_trackers(request, who):
    with pytest.raises(PermissionDenied):
        trackers.add(by=request.getfixturevalue(who), name="Jira", ticket_url=TICKET)
