"""The verbs of reading lists: who may, what is refused, who sees what, what is logged."""

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from postmortems import bin, reading_lists
from postmortems.models import AuditEntry, Membership, ReadingList
from tests.makers import make_postmortem, make_user


def make(by, name="New on call", **fields):
    return reading_lists.create(name, by=by, **fields)


def filled(by, count=3, **fields):
    """A list with so many public postmortems in it, and their refs in order."""
    made = make(by, **fields)
    refs = []
    for _ in range(count):
        refs.append(make_postmortem().ref)
        reading_lists.add(made, postmortem(refs[-1]), by=by, why=f"Why {refs[-1]}")
    return made, refs


def postmortem(ref):
    from postmortems.models import Postmortem

    return Postmortem.objects.get(ref=ref)


def seen(made, user) -> list[str]:
    return reading_lists.refs_of(reading_lists.entries_of(made, user))


def names_for(user) -> set[str]:
    return set(ReadingList.objects.visible_to(user).values_list("name", flat=True))


def refused(call) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call()
    return list(caught.value.message_dict)


@pytest.mark.parametrize("name", ["new on call", " New  on call", "", "  ", "x" * 121, "\0"])
def test_a_name_is_there_once_and_not_too_long(alice, name):
    make(alice)

    assert refused(lambda: make(alice, name)) == ["name"]


def test_words_have_an_end(alice):
    made, refs = filled(alice, 1)

    assert refused(lambda: make(alice, "Other", description="x" * 2_001)) == ["description"]
    assert refused(lambda: reading_lists.explain(made, refs[0], "x" * 501, by=alice)) == ["why"]
    assert reading_lists.explain(made, refs[0], "x" * 500, by=alice).why == "x" * 500


def test_each_kind_of_sharing_reaches_its_people(alice, bob, charlie, dana, platform, db):
    make(alice, "private")
    make(alice, "team", shared="team", team=platform)
    make(bob, "site", shared="site")
    make(bob, "public", shared="public")

    assert names_for(None) == {"public"}
    assert names_for(alice) == {"private", "team", "site", "public"}
    assert names_for(bob) == {"team", "site", "public"}
    assert names_for(charlie) == {"site", "public"}
    assert names_for(dana) == {"team", "site", "public"}


def test_sharing_takes_the_right_to(alice, platform, payments):
    for shared in ("site", "public"):
        with pytest.raises(PermissionDenied):
            make(alice, shared=shared)
    with pytest.raises(PermissionDenied):
        make(alice, shared="team", team=payments)
    assert refused(lambda: make(alice, shared="team")) == ["team"]
    assert refused(lambda: make(alice, shared="moon")) == ["shared"]
    assert ReadingList.objects.count() == 0


def test_who_may_share_no_more_puts_no_words_before_others(bob, platform):
    made = make(bob, shared="public")
    Membership.objects.filter(user=bob).update(role="author")

    with pytest.raises(PermissionDenied):
        reading_lists.change(made, by=bob, description="Buy our things")


def test_only_who_made_it_renames_and_deletes_it(alice, bob, dana, platform):
    made = make(alice, shared="team", team=platform)

    for user in (bob, dana):
        with pytest.raises(PermissionDenied):
            reading_lists.change(made, by=user, name="Mine")
    with pytest.raises(PermissionDenied):
        reading_lists.delete(made, by=bob)
    reading_lists.delete(made, by=dana)
    reading_lists.delete(made, by=dana)

    assert ReadingList.objects.count() == 0


def test_who_writes_in_its_team_changes_what_stands_in_it(alice, bob, charlie, platform):
    made, refs = filled(alice, 2, shared="team", team=platform)
    reader = make_user("erin", team=platform, role="reader")

    reading_lists.move(made, refs[1], -1, by=bob)
    for user in (charlie, reader):
        with pytest.raises(PermissionDenied):
            reading_lists.move(made, refs[0], -1, by=user)

    assert seen(made, alice) == [refs[1], refs[0]]


def test_a_postmortem_stands_in_it_once(alice):
    made, refs = filled(alice, 1)

    assert refused(lambda: reading_lists.add(made, postmortem(refs[0]), by=alice)) == ["postmortem"]


def test_what_one_may_not_read_cannot_be_added(bob, platform):
    hidden = make_postmortem(visibility="restricted")

    with pytest.raises(PermissionDenied):
        reading_lists.add(make(bob), hidden, by=bob)


def test_a_full_list_takes_no_more(alice, monkeypatch):
    monkeypatch.setattr(reading_lists, "MOST_ENTRIES", 2)
    made, _refs = filled(alice, 2)

    assert refused(lambda: reading_lists.add(made, make_postmortem(), by=alice)) == ["postmortem"]


def test_moving_stops_at_the_ends(alice):
    made, (one, two, three) = filled(alice)

    reading_lists.move(made, one, -1, by=alice)
    reading_lists.move(made, one, 1, by=alice)
    reading_lists.move(made, three, 1, by=alice)

    assert seen(made, alice) == [two, one, three]


def test_an_order_is_put_over_the_one_that_was_seen(alice, bob, platform):
    made, refs = filled(alice, shared="team", team=platform)
    state = reading_lists.state_of(refs)

    reading_lists.arrange(made, refs[::-1], by=alice, seen=state)
    with pytest.raises(reading_lists.OrderMoved):
        reading_lists.arrange(made, [refs[1], refs[0], refs[2]], by=bob, seen=state)

    assert seen(made, bob) == refs[::-1]


@pytest.mark.parametrize("change", ["less", "twice", "strange"])
def test_an_order_names_each_once(alice, change):
    made, refs = filled(alice)
    wanted = {"less": refs[:2], "twice": [*refs[:2], refs[0]], "strange": [*refs[:2], "zzzzzzzz"]}

    state = reading_lists.state_of(refs)

    call = lambda: reading_lists.arrange(made, wanted[change], by=alice, seen=state)  # noqa: E731
    assert refused(call) == ["postmortems"]


def test_what_somebody_may_not_see_keeps_its_place(alice, bob, platform):
    made, (one, two, three) = filled(alice, shared="team", team=platform)
    hidden = make_postmortem(visibility="restricted", authors=(alice,))
    reading_lists.add(made, hidden, by=alice)
    reading_lists.move(made, hidden.ref, -2, by=alice)
    assert seen(made, alice) == [one, hidden.ref, two, three]

    state = reading_lists.state_of([one, two, three])
    reading_lists.arrange(made, [three, two, one], by=bob, seen=state)
    reading_lists.move(made, one, -1, by=bob)

    assert seen(made, bob) == [three, one, two]
    assert seen(made, alice) == [three, hidden.ref, one, two]


def test_nobody_acts_on_what_they_may_not_see(alice, bob, platform):
    made, _refs = filled(alice, 1, shared="team", team=platform)
    hidden = make_postmortem(visibility="restricted", authors=(alice,))
    reading_lists.add(made, hidden, by=alice, why="A secret")

    for act in (
        lambda: reading_lists.explain(made, hidden.ref, "Other", by=bob),
        lambda: reading_lists.remove(made, hidden.ref, by=bob),
        lambda: reading_lists.move(made, hidden.ref, 1, by=bob),
    ):
        with pytest.raises(ObjectDoesNotExist):
            act()
    assert reading_lists.entries_of(made, alice).get(postmortem=hidden).why == "A secret"


def test_what_lies_in_the_bin_is_not_there_until_it_is_back(alice, dana):
    made, refs = filled(alice)

    thrown = bin.throw_away(postmortem(refs[1]), by=dana)
    assert seen(made, alice) == [refs[0], refs[2]]

    bin.restore(thrown, by=dana)
    assert seen(made, alice) == refs


def test_the_audit_log_knows_no_words(alice):
    made, refs = filled(alice, 1, description="Only for us")
    reading_lists.remove(made, refs[0], by=alice)

    rows = AuditEntry.objects.filter(object_kind="readinglist").order_by("number")

    assert [row.action for row in rows] == ["create", "add-to-list", "remove-from-list"]
    assert not any(
        word in str(list(rows.values())) for word in ("New on call", "Only for us", refs[0])
    )


def test_the_audit_log_names_what_stands_in_a_shared_list(bob, platform):
    _made, refs = filled(bob, 1, shared="team", team=platform)

    added = AuditEntry.objects.get(object_kind="readinglist", action="add-to-list")

    assert added.after == {"postmortem": refs[0]}


def test_who_left_the_team_says_nothing_more_before_it(bob, platform):
    made, refs = filled(bob, 1, shared="team", team=platform)
    bob.memberships.all().delete()

    with pytest.raises(PermissionDenied):
        reading_lists.explain(made, refs[0], "Still mine to say", by=bob)


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"shared": "moon"}, {"shared": "team"}], ids=["name", "kind", "team"]
)
def test_the_database_holds_what_is_always_true(alice, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingList.objects.create(**{"owner": alice, "name": "x", **fields})
