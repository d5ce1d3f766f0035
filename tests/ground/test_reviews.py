"""The verbs of a review: asking, naming, deciding, publishing, and whose words count for which revision."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import access, authoring, bin, duplicating, people, reviews, shelving
from postmortems.models import (
    Approval,
    AuditEntry,
    Membership,
    Postmortem,
    Review,
    ReviewComment,
    Reviewer,
)
from postmortems.reviews import state
from taxonomy import lookup
from tests.makers import make_document, make_postmortem, make_user

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")


def draft(alice, *terms: str, **fields) -> Postmortem:
    """A draft of alice that lacks nothing."""
    return authoring.create(make_document("Walrus", terms=terms or PUBLISHABLE), by=alice, **fields)


def in_review(alice, *reviewers, **fields) -> Postmortem:
    """A postmortem of alice before its reviewers."""
    return reviews.ask(draft(alice, **fields), by=alice, reviewers=reviewers)


def edit(postmortem: Postmortem, by, title: str = "Otter", **fields) -> Postmortem:
    """The next revision of it."""
    now = Postmortem.objects.get(pk=postmortem.pk)
    document = make_document(title, terms=PUBLISHABLE, **fields)
    return authoring.edit(now, document, by=by, revision=now.revision)


def state_of(postmortem: Postmortem) -> state.State:
    """How its review stands now."""
    return state.state_of(Postmortem.objects.get(pk=postmortem.pk), lookup.current())


def sees(user, postmortem: Postmortem) -> bool:
    """Whether the user sees it now."""
    return Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists()


# --- Asking and naming --------------------------------------------------------------------------


def test_asking_puts_a_draft_before_its_reviewers(alice, bob):
    postmortem = in_review(alice, bob)

    review = Review.objects.get(postmortem=postmortem)
    assert (postmortem.status, review.state, review.asked_by) == ("in_review", "asked", alice)
    assert list(postmortem.reviewers.values_list("user", "named_by")) == [(bob.pk, alice.pk)]


def test_asking_twice_changes_nothing_but_the_names(alice, bob):
    postmortem = in_review(alice)
    version = postmortem.version

    again = reviews.ask(postmortem, by=alice)
    named = reviews.ask(postmortem, by=alice, reviewers=[bob])

    assert (again.version, named.version) == (version, version + 1)
    assert AuditEntry.objects.filter(action="ask-for-review").count() == 1


def test_what_is_archived_is_not_published_by_who_once_reviewed_it(alice, charlie):
    made = draft(alice, *PUBLISHABLE[:2], "kind:near-miss", visibility="public")
    reviews.ask(made, by=alice, reviewers=[charlie])
    shelving.archive(reviews.publish(made, by=alice), by=alice)

    with pytest.raises(ValidationError):
        reviews.publish(made, by=charlie)

    assert Postmortem.objects.get(pk=made.pk).status == "archived"


def test_a_named_reviewer_sees_it_until_it_is_published(alice, bob, charlie):
    postmortem = in_review(alice, charlie, visibility="restricted")
    assert sees(charlie, postmortem)

    reviews.approve_and_publish(postmortem, 1, by=charlie)

    assert not sees(charlie, postmortem)
    assert not sees(bob, postmortem)


def test_a_reviewer_named_on_a_draft_sees_it_at_once_and_no_longer_when_taken_off(alice, charlie):
    postmortem = draft(alice, visibility="restricted")

    reviews.name_reviewers(postmortem, by=alice, reviewers=[charlie])
    assert sees(charlie, postmortem)

    reviews.name_reviewers(postmortem, by=alice, reviewers=[])
    assert not sees(charlie, postmortem)


def test_the_bin_is_not_for_reviewers(alice, charlie):
    postmortem = in_review(alice, charlie)

    bin.throw_away(postmortem, by=alice)

    assert f"user:{charlie.pk}" not in access.audience_of(Postmortem.objects.get())
    assert not bin.binned_for(charlie).exists()


@pytest.mark.parametrize("who", ["an author", "a closed account", "the system"])
def test_who_cannot_be_a_reviewer(alice, bob, system, who):
    postmortem = draft(alice)
    bob.is_active = False
    bob.save()
    people = {"an author": alice, "a closed account": bob, "the system": system}

    with pytest.raises(ValidationError) as caught:
        reviews.name_reviewers(postmortem, by=alice, reviewers=[people[who]])

    assert list(caught.value.message_dict) == ["reviewers"]
    assert not Reviewer.objects.exists()


def test_naming_needs_the_right_to_edit(alice, bob, charlie, platform):
    reader = make_user("rita", team=platform, role="reader")
    postmortem = in_review(alice, charlie)

    for user in (reader, charlie):
        with pytest.raises(PermissionDenied):
            reviews.name_reviewers(postmortem, by=user, reviewers=[bob])


def test_naming_is_over_once_it_is_published(alice, bob):
    postmortem = make_postmortem(team=alice.teams.get(), authors=(alice,))

    with pytest.raises(ValidationError, match="published already"):
        reviews.name_reviewers(postmortem, by=alice, reviewers=[bob])


def test_withdrawing_makes_it_a_draft_again(alice, bob):
    postmortem = in_review(alice, bob)

    withdrawn = reviews.withdraw(postmortem, by=alice)

    assert (withdrawn.status, Review.objects.get().state) == ("draft", "withdrawn")
    assert reviews.withdraw(postmortem, by=alice).version == withdrawn.version


# --- Deciding -----------------------------------------------------------------------------------


def test_an_approval_counts_for_its_revision_alone(alice, bob):
    postmortem = in_review(alice)
    reviews.approve(postmortem, 1, by=bob, comment="Clear.")
    assert state_of(postmortem).is_met

    edit(postmortem, alice)

    now = state_of(postmortem)
    assert (now.counted, now.left) == ((), 1)
    assert [item.revision for item in now.void] == [1]


def test_what_a_closed_account_decided_counts_no_more(alice, bob, dana):
    postmortem = in_review(alice)
    reviews.approve(postmortem, 1, by=bob)

    people.deactivate(bob, by=dana)

    now = state_of(postmortem)
    assert (now.counted, now.left) == ((), 1)


def test_what_is_no_longer_current_cannot_be_approved(alice, bob):
    postmortem = in_review(alice)
    edit(postmortem, alice)

    with pytest.raises(authoring.Conflict) as caught:
        reviews.approve(postmortem, 1, by=bob)

    assert caught.value.current == 2
    assert not Approval.objects.exists()


def test_nobody_approves_what_they_wrote(alice, bob, dana):
    postmortem = authoring.create(make_document(terms=PUBLISHABLE), by=bob)
    reviews.ask(postmortem, by=bob)
    authoring.change_envelope(postmortem, by=dana, authors=(bob, dana))

    for author in (bob, dana):
        with pytest.raises(PermissionDenied, match="You wrote this"):
            reviews.approve(postmortem, 1, by=author)


def test_who_changed_the_text_leaves_the_approval_to_another(alice, bob, platform):
    lena = make_user("lena", team=platform, role="lead")
    postmortem = in_review(alice)
    edit(postmortem, bob)

    with pytest.raises(PermissionDenied, match="changed the text yourself"):
        reviews.approve(postmortem, 2, by=bob)

    assert reviews.approve(postmortem, 2, by=lena).revision == 2


def test_what_somebody_else_approved_is_no_longer_ones_own(alice, bob, platform):
    lena = make_user("lena", team=platform, role="lead")
    postmortem = in_review(alice)
    edit(postmortem, bob)
    reviews.approve(postmortem, 2, by=lena)
    edit(postmortem, alice, "Seal")

    assert reviews.approve(postmortem, 3, by=bob).revision == 3


@pytest.mark.parametrize("role", ["reader", "author"])
def test_only_reviewers_of_the_team_decide(alice, platform, role):
    other = make_user("other", team=platform, role=role)
    postmortem = in_review(alice)

    with pytest.raises(PermissionDenied):
        reviews.approve(postmortem, 1, by=other)
    with pytest.raises(PermissionDenied):
        reviews.request_changes(postmortem, 1, by=other, comment="No.")


def test_a_draft_cannot_be_approved(alice, bob):
    with pytest.raises(ValidationError, match="not in review"):
        reviews.approve(draft(alice), 1, by=bob)


def test_approving_twice_counts_once(alice, bob):
    postmortem = in_review(alice)

    first = reviews.approve(postmortem, 1, by=bob)

    assert reviews.approve(postmortem, 1, by=bob) == first
    assert AuditEntry.objects.filter(action="approve").count() == 1


def test_asking_for_changes_makes_it_a_draft_again(alice, bob):
    postmortem = in_review(alice)

    reviews.request_changes(postmortem, 1, by=bob, comment="Who saw it first?")

    postmortem.refresh_from_db()
    assert (postmortem.status, Review.objects.get().state) == ("draft", "changes")
    assert Approval.objects.get().comment == "Who saw it first?"


def test_asking_for_changes_takes_words(alice, bob):
    with pytest.raises(ValidationError, match="Say what has to change"):
        reviews.request_changes(in_review(alice), 1, by=bob, comment=" \n ")


def test_the_words_of_a_decision_are_kept_without_what_no_database_holds(alice, bob):
    said = reviews.request_changes(in_review(alice), 1, by=bob, comment="Who\0 saw it?\r\n")

    assert Approval.objects.get(pk=said.pk).comment == "Who saw it?"


def test_who_asked_for_changes_holds_up_that_revision_and_no_other(alice, bob, platform):
    lena = make_user("lena", team=platform, role="lead")
    postmortem = in_review(alice)
    reviews.request_changes(postmortem, 1, by=bob, comment="No.")
    reviews.ask(postmortem, by=alice)
    reviews.approve(postmortem, 1, by=lena)

    with pytest.raises(ValidationError, match="asked for changes"):
        reviews.publish(postmortem, by=lena)

    edit(postmortem, alice)
    assert reviews.approve_and_publish(postmortem, 2, by=lena).status == "published"


# --- Publishing ---------------------------------------------------------------------------------


def test_publishing_needs_an_approval(alice, bob):
    postmortem = in_review(alice)

    with pytest.raises(ValidationError, match="1 more approval of revision 1"):
        reviews.publish(postmortem, by=bob)

    reviews.approve(postmortem, 1, by=bob)
    published = reviews.publish(postmortem, by=bob, revision=1)
    assert published.status == "published"
    assert published.published_at is not None
    assert Review.objects.get().state == "published"


def test_publish_refuses_the_author_also_when_it_is_approved(alice, bob):
    postmortem = in_review(alice)
    reviews.approve(postmortem, 1, by=bob)

    with pytest.raises(PermissionDenied, match="who did not write"):
        reviews.publish(postmortem, by=alice)


def test_publish_names_the_revision_that_was_read(alice, bob, system):
    postmortem = in_review(alice)
    edit(postmortem, alice)

    with pytest.raises(authoring.Conflict):
        reviews.publish(postmortem, by=system, revision=1)


def test_an_author_publishes_what_needs_no_approval(alice):
    postmortem = draft(alice, "cause.primary:network/dns", "severity:sev5", "kind:outage")

    assert reviews.publish(postmortem, by=alice).status == "published"


def test_also_what_needs_no_approval_needs_a_right(alice, charlie, platform):
    reader = make_user("rita", team=platform, role="reader")
    postmortem = draft(alice, "cause.primary:network/dns", "severity:sev5", "kind:outage")

    for user in (charlie, reader):
        with pytest.raises(PermissionDenied):
            reviews.publish(postmortem, by=user)


def test_the_system_publishes_without_an_approval(alice, system):
    assert reviews.publish(draft(alice), by=system).status == "published"


def test_a_reviewer_approves_what_they_bring_in_of_others(alice, bob):
    postmortem = draft(alice)

    assert reviews.publish_imported(postmortem, by=bob).status == "published"
    assert Approval.objects.get().reviewer == bob


def test_a_reviewer_brings_in_no_change_of_their_own_as_published(alice, bob):
    postmortem = draft(alice)
    edit(postmortem, bob)

    with pytest.raises(PermissionDenied):
        reviews.publish_imported(postmortem, by=bob)

    assert not Approval.objects.exists()


def test_nobody_publishes_their_own_by_bringing_it_in(bob):
    postmortem = authoring.create(make_document(terms=PUBLISHABLE), by=bob)

    with pytest.raises(PermissionDenied):
        reviews.publish_imported(postmortem, by=bob)


@pytest.mark.parametrize("missing", ["cause", "severity", "kind"])
def test_publish_names_the_vocabulary_that_is_missing(alice, bob, missing):
    terms = tuple(term for term in PUBLISHABLE if not term.startswith(missing))

    with pytest.raises(ValidationError) as caught:
        reviews.publish(draft(alice, *terms), by=bob)

    assert list(caught.value.message_dict) == [f"/classifications/{missing}"]


def test_an_operator_slip_cannot_be_the_only_cause(alice, bob):
    terms = ("cause.primary:process/operator-slip", *PUBLISHABLE[1:])

    with pytest.raises(ValidationError, match="only cause"):
        reviews.publish(draft(alice, *terms), by=bob)


def test_a_stub_needs_nothing_but_its_kind_and_an_approval(alice, bob):
    postmortem = reviews.ask(draft(alice, "kind:stub"), by=alice)

    assert reviews.approve_and_publish(postmortem, 1, by=bob).status == "published"


# --- What goes with a postmortem and what does not ----------------------------------------------


def test_purging_takes_the_review_along_and_a_copy_has_none(alice, bob, dana):
    postmortem = in_review(alice, bob)
    reviews.approve(postmortem, 1, by=bob)
    reviews.comment(postmortem, "Walrus?", by=bob)
    copy = duplicating.duplicate(postmortem, by=alice)
    tables = (Review, Reviewer, Approval, ReviewComment)
    assert not any(table.objects.filter(postmortem=copy).exists() for table in tables)

    bin.throw_away(postmortem, by=alice)
    bin.purge(postmortem, by=dana)

    assert not any(table.objects.exists() for table in tables)


def test_who_leaves_the_team_decides_no_longer(alice, bob):
    postmortem = in_review(alice)
    Membership.objects.filter(user=bob).delete()

    with pytest.raises(PermissionDenied):
        reviews.approve(postmortem, 1, by=bob)
