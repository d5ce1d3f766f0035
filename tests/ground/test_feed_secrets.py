"""The verbs of feed keys: shown once, revoked for good, and nothing stored that opens a feed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import feed_secrets
from postmortems.models import AuditEntry, FeedSecret


def test_only_a_digest_of_the_secret_is_stored(alice):
    key, secret = feed_secrets.create("  Reader  at work ", by=alice)

    stored = FeedSecret.objects.values().get()
    assert FeedSecret.objects.find(secret) == key
    assert (key.name, key.prefix) == ("Reader at work", secret[:10])
    assert secret not in str(stored) + str(AuditEntry.objects.values().get())
    assert len(secret) > 40


@pytest.mark.parametrize("name", ["", " ", "x" * 121])
def test_a_key_says_what_it_is_for(alice, name):
    with pytest.raises(ValidationError) as caught:
        feed_secrets.create(name, by=alice)

    assert list(caught.value.message_dict) == ["name"]


def test_nobody_has_more_keys_than_there_is_room_for(alice, monkeypatch):
    monkeypatch.setattr(feed_secrets, "MOST_PER_USER", 1)
    key, _secret = feed_secrets.create("One", by=alice)

    with pytest.raises(ValidationError):
        feed_secrets.create("Two", by=alice)
    feed_secrets.revoke(key, by=alice)
    assert feed_secrets.create("Two", by=alice)


def test_a_revoked_key_stays_revoked_and_is_logged_once(alice):
    key, secret = feed_secrets.create("Reader", by=alice)
    feed_secrets.revoke(key, by=alice)
    first = FeedSecret.objects.get().revoked_at

    feed_secrets.revoke(key, by=alice)

    assert FeedSecret.objects.find(secret) is None
    assert FeedSecret.objects.get().revoked_at == first
    acts = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(acts) == ["create", "revoke"]


def test_people_revoke_their_own_keys_and_administrators_any(alice, bob, dana):
    key, secret = feed_secrets.create("Reader", by=alice)

    with pytest.raises(PermissionDenied):
        feed_secrets.revoke(key, by=bob)
    assert FeedSecret.objects.find(secret) == key
    feed_secrets.revoke(key, by=dana)
    assert FeedSecret.objects.find(secret) is None
