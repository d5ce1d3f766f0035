"""The verbs of saved searches: who may, what is refused, who sees what is shared, what is logged."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from postmortems import access, saved_searches
from postmortems.models import AuditEntry, SavedSearch, User
from postmortems.search.saved import canonical, default_for, tidied, visible_saved, words_of
from taxonomy import lookup
from tests.makers import make_user

DNS = "q=dns&cause=network/dns"


def keep(by, name="DNS", query=DNS, **fields):
    return saved_searches.create(name, query, by=by, **fields)


def seen_by(user) -> set[str]:
    return set(SavedSearch.objects.visible_to(user).values_list("name", flat=True))


def refused(call) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call()
    return list(caught.value.message_dict)


CANONICAL = [
    ("q=dns&page=3&open=cause&page_size=50&from=x", "q=dns"),
    ("?cause=network/dns,network&q=", "cause=network/dns&cause=network"),
    ("https://example.org/?q=a%20b&sort=started#count", "q=a+b&sort=started"),
    ("/?org=reddit", "organisation=reddit"),
    ("trigger=-upgrade", "trigger=-upgrade"),
    ("q=why%3F", "q=why?"),
    ("q=%E5%8D%87%E7%BA%A7", "q=%E5%8D%87%E7%BA%A7"),
    ("q=one&q=two", "q=two"),
    ("duration=>4h", "duration=%3E4h"),
]


@pytest.mark.parametrize(("given", "stored"), CANONICAL)
def test_a_query_has_one_form(db, given, stored):
    stored = stored.replace("why?", "why%3F")

    assert canonical(given) == stored
    assert canonical(stored) == stored


NO_SEARCH = {
    "nothing": "",
    "only a mark": "?",
    "only a page": "page=2",
    "no words": "q=",
    "a stranger": "utm_source=mail&q=dns",
    "no order": "sort=title&q=dns",
    "too long": "q=" + "x" * 4_000,
    "far too long": "q=dns&" * 100_000,
}


@pytest.mark.parametrize("given", NO_SEARCH.values(), ids=NO_SEARCH)
def test_what_is_no_search_is_refused(db, given):
    assert refused(lambda: canonical(given)) == ["query"]


def test_an_address_from_elsewhere_loses_what_no_search_has(db):
    assert tidied("utm_source=mail&q=dns&page=2") == "q=dns"
    assert tidied("utm_source=mail") == ""


def test_the_words_of_a_query_name_terms_in_the_readers_language(db):
    text, filters = words_of(DNS + "&trigger=-upgrade", lookup.current(), "zh-hans")

    assert text == "dns"
    assert [(chip.label, chip.excluded) for chip in filters] == [
        ("根因", False),
        ("触发因素", True),
    ]


@pytest.mark.parametrize("name", ["dns", " D N S", "", "  ", "x" * 121, "\0"])
def test_a_name_is_there_once_and_not_too_long(alice, name):
    keep(alice, "DNS")
    keep(alice, "D N S")

    assert refused(lambda: keep(alice, name)) == ["name"]


def test_letter_case_counts_in_no_script(alice, bob):
    keep(alice, "Ämter")

    assert refused(lambda: keep(alice, "äMTER")) == ["name"]
    assert keep(bob, "ämter").owner == bob


def test_nobody_keeps_more_than_there_is_room_for(alice, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST_PER_OWNER", 1)
    keep(alice)

    assert refused(lambda: keep(alice, "Another")) == ["name"]


def test_what_is_private_is_seen_by_its_owner_alone(alice, bob, charlie, dana):
    saved = keep(alice)

    assert [seen_by(user) for user in (alice, bob, charlie, dana)] == [{"DNS"}, set(), set(), set()]
    assert visible_saved(alice) == [saved]
    assert visible_saved(dana) == []


def test_what_is_shared_with_a_team_is_seen_by_its_members(alice, bob, charlie, dana, platform):
    reader = make_user("rita", team=platform, role="reader")
    saved = keep(alice, shared="team", team=platform)

    assert [seen_by(user) for user in (bob, reader, charlie)] == [{"DNS"}, {"DNS"}, set()]
    assert visible_saved(bob) == [saved]
    # She may delete it, so she reaches it; it is not put before her.
    assert (seen_by(dana), visible_saved(dana)) == ({"DNS"}, [])


def test_leaving_the_team_ends_the_view(alice, bob, platform):
    keep(alice, shared="team", team=platform)
    bob.memberships.all().delete()

    assert seen_by(bob) == set()


def test_what_is_shared_with_the_site_is_seen_by_all_who_may_sign_in(bob, charlie):
    keep(bob, shared="site")
    gone = make_user("gone", is_active=False)

    assert [seen_by(user) for user in (charlie, gone)] == [{"DNS"}, set()]


@pytest.mark.parametrize(("name", "may"), [("alice", False), ("bob", True), ("dana", True)])
def test_reviewers_and_administrators_share_with_the_site(alice, bob, dana, name, may):
    by = User.objects.get(username=name)

    if may:
        assert keep(by, shared="site").shared == "site"
    else:
        with pytest.raises(PermissionDenied):
            keep(by, shared="site")
    assert saved_searches.may_share_with_site(by) is may


def test_sharing_with_a_team_needs_writing_in_it(alice, charlie, platform):
    reader = make_user("rita", team=platform, role="reader")

    for by in (charlie, reader):
        with pytest.raises(PermissionDenied):
            keep(by, shared="team", team=platform)
    assert access.teams_to_write_in(reader) == []
    assert access.teams_to_write_in(alice) == [platform]


@pytest.mark.parametrize(
    ("fields", "field"), [({"shared": "world"}, "shared"), ({"shared": "team"}, "team")]
)
def test_a_sharing_that_makes_no_sense_is_refused(alice, fields, field):
    assert refused(lambda: keep(alice, **fields)) == [field]


def test_who_may_no_longer_share_changes_nothing_that_others_see(bob, platform):
    saved = keep(bob, shared="site")
    bob.memberships.update(role="author")

    with pytest.raises(PermissionDenied):
        saved_searches.change(saved, by=bob, name="Something rude")
    kept = saved_searches.change(saved, by=bob, is_default=True)
    assert (kept.name, kept.is_default) == ("DNS", True)
    assert saved_searches.change(saved, by=bob, shared="private").shared == "private"


def test_only_the_owner_changes_one(alice, bob, dana, platform):
    saved = keep(alice, shared="team", team=platform)

    for by in (bob, dana):
        with pytest.raises(PermissionDenied):
            saved_searches.change(saved, by=by, name="Mine")
    changed = saved_searches.change(saved, by=alice, name="Names", query="q=names")
    assert (changed.name, changed.query, changed.team) == ("Names", "q=names", platform)


def test_administrators_delete_what_is_shared_and_nothing_private(alice, bob, dana, platform):
    private, shared = keep(alice), keep(alice, "Shared", shared="team", team=platform)

    for saved, by in ((private, dana), (shared, bob)):
        with pytest.raises(PermissionDenied):
            saved_searches.delete(saved, by=by)
    saved_searches.delete(shared, by=dana)
    saved_searches.delete(private, by=alice)
    saved_searches.delete(private, by=alice)
    assert SavedSearch.objects.count() == 0


def test_one_is_the_default_at_a_time(alice, bob):
    first, second = keep(alice, is_default=True), keep(alice, "Second", is_default=True)
    keep(bob, is_default=True)

    assert default_for(alice) == second
    saved_searches.change(first, by=alice, is_default=True)
    assert default_for(alice) == first
    assert [item.name for item in visible_saved(alice)] == ["DNS", "Second"]
    saved_searches.change(first, by=alice, is_default=False)
    assert default_for(alice) is None


def test_the_database_allows_no_two_defaults(alice):
    keep(alice, is_default=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.create(owner=alice, name="Two", query="q=x", is_default=True)


def test_the_log_says_nothing_of_what_is_private(alice, platform):
    saved = keep(alice, "Whom we dismiss")
    saved_searches.change(saved, by=alice, name="DNS", shared="team", team=platform)

    private, shared = AuditEntry.objects.order_by("pk")
    assert "dismiss" not in str(private.__dict__) + str(shared.__dict__)
    assert (private.action, private.object_id, private.after) == (
        *("create", saved.ref),
        {"shared": "private"},
    )
    assert shared.after == {"shared": "team", "team": "platform"}


def test_a_change_to_what_was_deleted_meanwhile_is_refused(alice):
    saved = keep(alice)
    SavedSearch.objects.all().delete()

    assert refused(lambda: saved_searches.change(saved, by=alice, name="x")) == ["name"]
