"""Following terms and saved searches: the verbs, what is new in them, and who is told of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from postmortems import curation, following, reviews, saved_searches
from postmortems.models import AuditEntry, Following, Notification
from taxonomy import lookup
from taxonomy.models import Term
from tests import makers


def cause(path):
    return Term.objects.get(vocabulary__slug="cause", path=path)


def publish(*terms, title="", **envelope):
    return makers.make_postmortem(makers.make_document(title, terms), **envelope)


def news(user):
    """What is new in what the user follows: its ref and the marks."""
    return [(item.ref, item.mark) for item in following.news_of(user, lookup.current())]


def test_following_twice_is_following_once(bob):
    first = following.follow_term(cause("network"), by=bob)
    second = following.follow_term(cause("network"), by=bob)

    assert (first, Following.objects.count()) == (second, 1)
    assert AuditEntry.objects.filter(action="follow").count() == 1


def test_the_audit_log_does_not_hold_what_is_followed(bob):
    item = following.follow_term(cause("network"), by=bob)
    following.stop(item, by=bob)

    rows = AuditEntry.objects.filter(action__in=["follow", "stop-following"]).order_by("number")
    assert [(row.before, row.after, row.object_name) for row in rows] == [
        (None, {"what": "term"}, "bob"),
        ({"what": "term"}, None, "bob"),
    ]


def test_nobody_stops_what_another_follows(bob, charlie):
    item = following.follow_term(cause("network"), by=bob)

    with pytest.raises(PermissionDenied):
        following.stop(item, by=charlie)


def test_a_search_that_is_not_shared_cannot_be_followed(alice, charlie):
    saved = saved_searches.create("Mine", "q=dns", by=alice)

    with pytest.raises(PermissionDenied):
        following.follow_search(saved, by=charlie)


def test_there_is_an_end_to_following(bob, monkeypatch):
    monkeypatch.setattr(following, "MOST_FOLLOWED", 1)
    following.follow_term(cause("network"), by=bob)

    with pytest.raises(ValidationError):
        following.follow_term(cause("platform"), by=bob)


def test_news_are_of_the_term_and_of_all_below_it(bob):
    following.follow_term(cause("network"), by=bob)
    below = publish("cause.primary:network/dns")
    publish("cause.primary:platform/host/kernel-bug")

    assert news(bob) == [(below.ref, "new")]


def test_what_was_published_before_is_no_news(bob):
    publish("cause.primary:network/dns")
    following.follow_term(cause("network/dns"), by=bob)

    assert news(bob) == []


def test_a_merged_term_is_followed_as_its_heir(bob, dana):
    following.follow_term(cause("network/dns"), by=bob)
    curation.merge_terms(cause("network/dns"), cause("network/cni-routing"), by=dana)
    made = publish("cause.primary:network/cni-routing")

    assert news(bob) == [(made.ref, "new")]


def test_news_of_a_search_are_what_it_finds(alice, bob):
    saved = saved_searches.create("Walruses", "q=walrus", by=bob)
    following.follow_search(saved, by=bob)
    found = publish(title="A walrus in the rack")
    publish(title="A seal in the rack")

    assert news(bob) == [(found.ref, "new")]


def test_a_search_that_is_no_longer_shared_is_followed_no_more(alice, bob, platform):
    saved = saved_searches.create("Team", "q=walrus", by=alice, shared="team", team=platform)
    following.follow_search(saved, by=bob)
    saved_searches.change(saved, by=alice, shared="private")
    publish(title="A walrus in the rack")

    assert (news(bob), following.followed(bob)) == ([], [])


def test_what_one_may_not_see_is_no_news(bob, charlie, platform):
    for user in (bob, charlie):
        following.follow_term(cause("network/dns"), by=user)
    made = publish("cause.primary:network/dns", visibility="team", team=platform)

    assert (news(bob), news(charlie)) == ([(made.ref, "new")], [])


def test_each_thing_followed_that_it_is_in_is_named_once(bob):
    wide = following.follow_term(cause("network"), by=bob)
    narrow = following.follow_term(cause("network/dns"), by=bob)
    publish("cause.primary:network/dns")

    [item] = following.news_of(bob, lookup.current())
    assert item.in_what == (wide, narrow)


@pytest.mark.parametrize("count", [1, 3])
def test_news_take_as_many_statements_whatever_there_is(bob, django_assert_num_queries, count):
    following.follow_term(cause("network"), by=bob)
    for _ in range(count):
        publish("cause.primary:network/dns")
    terms = lookup.current()

    # What is followed, the roles, what is new, the terms of it.
    with django_assert_num_queries(4):
        assert len(following.news_of(bob, terms)) == count


def test_followers_who_see_it_are_told_when_it_is_published(alice, bob, charlie, system, platform):
    for user in (bob, charlie):
        following.follow_term(cause("network"), by=user)
    terms = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
    draft = publish(*terms, status="draft", visibility="team", team=platform)
    reviews.publish(draft, by=system)

    told = Notification.objects.filter(kind="followed")
    assert [row.user for row in told] == [bob]


def test_who_is_told_that_theirs_is_published_is_not_told_twice(alice, system, platform):
    following.follow_term(cause("network"), by=alice)
    draft = makers.make_postmortem(
        makers.make_document(terms=("cause.primary:network/dns", "severity:sev3", "kind:outage")),
        status="draft",
        team=platform,
        authors=(alice,),
    )

    reviews.publish(draft, by=system)

    assert [row.kind for row in Notification.objects.filter(user=alice)] == ["published"]


def test_a_mail_of_it_follows_the_readers_choice(bob, system, platform, settings):
    settings.EMAIL_HOST = "mail.example"
    type(bob).objects.filter(pk=bob.pk).update(email="bob@example.org")
    following.follow_term(cause("network"), by=bob)
    terms = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
    draft = makers.make_postmortem(makers.make_document(terms=terms), status="draft", team=platform)

    reviews.publish(draft, by=system)

    row = Notification.objects.get(kind="followed")
    assert row.mail_due_at - timezone.now() < timedelta(minutes=1)
