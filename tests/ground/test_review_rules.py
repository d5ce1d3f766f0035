"""What publishing needs, by severity and kind; what a site changes of that, and who may."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import reviews
from postmortems.models import ReviewRule
from postmortems.reviews import rules
from taxonomy import lookup
from tests.ground.test_reviews import draft, edit, in_review
from tests.makers import make_document, make_user


@pytest.mark.parametrize(
    ("terms", "approvals"),
    [
        (("severity:sev1",), 1),
        (("severity:sev3",), 1),
        (("severity:sev4",), 0),
        (("severity:sev5", "kind:outage"), 0),
        (("severity:sev1", "kind:near-miss"), 0),
        (("severity:sev1", "kind:near-miss", "kind:outage"), 1),
        ((), 1),
    ],
)
def test_how_many_approvals_are_shipped(db, terms, approvals):
    found = rules.rule_for(make_document(terms=terms), lookup.current(), rules.current())

    assert found.approvals == approvals


def test_a_serious_one_needs_its_parts(alice, bob):
    postmortem = draft(alice, "cause.primary:network/dns", "severity:sev1", "kind:outage")
    reviews.ask(postmortem, by=alice)

    with pytest.raises(ValidationError) as caught:
        reviews.approve(postmortem, 1, by=bob)

    assert list(caught.value.message_dict) == ["/detected", "/impact", "/timeline", "/actions"]


def test_a_rule_of_the_site_goes_before_the_shipped_one(alice, bob, dana, platform):
    lena = make_user("lena", team=platform, role="lead")
    terms = lookup.current()
    rules.change_rule("severity:sev3", by=dana, terms=terms, approvals=2, parts=["summary"])
    postmortem = in_review(alice)
    edit(postmortem, alice, summary="What it was.")

    reviews.approve(postmortem, 2, by=bob)
    with pytest.raises(ValidationError, match="1 more approval"):
        reviews.publish(postmortem, by=bob)
    reviews.approve(postmortem, 2, by=lena)

    assert reviews.publish(postmortem, by=bob).status == "published"


def test_a_rule_goes_back_to_what_was_shipped(dana):
    terms = lookup.current()
    rules.change_rule("severity:sev1", by=dana, terms=terms, approvals=5, parts=[])

    rules.restore_rule("severity:sev1", by=dana)

    assert rules.current() == rules.SHIPPED
    assert not ReviewRule.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "severity:sev9"}, "key"),
        ({"key": "trigger:upgrade"}, "key"),
        ({"approvals": 6}, "approvals"),
        ({"approvals": -1}, "approvals"),
        ({"parts": ["walrus"]}, "parts"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(dana, given, field):
    wanted = {"key": "severity:sev1", "approvals": 1, "parts": []} | given

    with pytest.raises(ValidationError) as caught:
        rules.change_rule(wanted.pop("key"), by=dana, terms=lookup.current(), **wanted)

    assert list(caught.value.message_dict) == [field]


def test_only_administrators_change_rules(bob):
    with pytest.raises(PermissionDenied):
        rules.change_rule("", by=bob, terms=lookup.current(), approvals=0, parts=[])
    with pytest.raises(PermissionDenied):
        rules.restore_rule("", by=bob)
