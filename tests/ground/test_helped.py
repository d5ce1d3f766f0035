"""Saying that a postmortem helped: once a reader, only where one may read, and told as a number alone."""

import pytest
from django.core.exceptions import PermissionDenied

from postmortems import helped
from postmortems.helped import Help
from postmortems.models import AuditEntry, Helped
from tests.makers import make_postmortem


def test_a_reader_says_it_once_and_takes_it_back(alice, bob, charlie):
    item = make_postmortem()

    for user in (alice, alice, bob):
        helped.say(item, by=user, has_helped=True)
    assert helped.help_of(item, alice) == Help(2, is_own=True)
    assert helped.help_of(item, charlie) == Help(2, is_own=False)

    for _ in range(2):
        helped.say(item, by=alice, has_helped=False)
    assert helped.help_of(item, alice) == Help(1, is_own=False)
    assert helped.count_of(item) == 1


def test_nobody_says_it_of_what_they_may_not_read(charlie):
    hidden = make_postmortem(visibility="restricted")

    with pytest.raises(PermissionDenied):
        helped.say(hidden, by=charlie, has_helped=True)
    assert not Helped.objects.exists()


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_nobody_says_it_of_what_is_not_published(alice, status):
    item = make_postmortem(status=status, authors=(alice,))
    Helped.objects.create(postmortem=item, reader=alice)

    with pytest.raises(PermissionDenied):
        helped.say(item, by=alice, has_helped=True)
    assert helped.count_of(item) is None

    helped.say(item, by=alice, has_helped=False)

    assert not Helped.objects.exists()


@pytest.mark.parametrize(
    ("status", "visibility", "number"),
    [
        ("published", "public", 1),
        ("archived", "internal", 1),
        ("published", "team", None),
        ("published", "restricted", None),
    ],
)
def test_the_number_is_told_where_everybody_may_read(
    platform, alice, bob, status, visibility, number
):
    item = make_postmortem(
        team=platform, status=status, visibility=visibility, authors=(alice,), named=(bob,)
    )

    helped.say(item, by=alice, has_helped=True)

    assert helped.help_of(item, bob) == Help(number, is_own=False)
    assert helped.help_of(item, alice) == Help(number, is_own=True)
    assert helped.count_of(item) == number


def test_no_log_keeps_who_said_it(alice):
    item = make_postmortem()
    before = AuditEntry.objects.count()

    helped.say(item, by=alice, has_helped=True)

    assert AuditEntry.objects.count() == before
