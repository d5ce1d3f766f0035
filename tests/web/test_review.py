"""The pages of a review without script: what they say in each state, and what their forms do."""

import pytest
from django.urls import reverse

from postmortems import authoring, reviews
from postmortems.document import Action, Hypothesis, Lesson, TimelineEntry
from postmortems.models import Approval, Postmortem, ReviewComment
from postmortems.reviews import rules
from taxonomy import lookup
from tests.makers import make_document, make_user

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
PARTS = {
    "sections": {"impact": "Much.", "open-questions": "Who knew?"},
    "timeline": (TimelineEntry("t1", "trigger", "The upgrade begins."),),
    "hypotheses": (Hypothesis("h1", "It was DNS"), Hypothesis("h2", "Aliens", verdict="refuted")),
    "lessons": (Lesson("l1", "Test restores"),),
    "actions": (Action("a1", "Pin the label"),),
}


def make(alice, *terms: str, **fields) -> Postmortem:
    """A draft of alice that lacks nothing."""
    document = make_document("Walrus", terms=terms or PUBLISHABLE, **PARTS)
    return authoring.create(document, by=alice, **fields)


@pytest.fixture
def draft(alice) -> Postmortem:
    """A draft."""
    return make(alice)


@pytest.fixture
def asked(draft, alice, bob) -> Postmortem:
    """One that alice asks bob to review."""
    return reviews.ask(draft, by=alice, reviewers=[bob])


def address(name: str, postmortem: Postmortem, *args) -> str:
    """The address of a page or a form of its review."""
    return reverse(name, args=[postmortem.ref, *args])


def review(client, postmortem: Postmortem, query: str = "") -> str:
    """The page of the review."""
    return client.get(address("postmortem-review", postmortem) + query).text


# --- Asking -------------------------------------------------------------------------------------


def test_an_author_chooses_who_is_to_review_it(browse, alice, bob, charlie, draft):
    client = browse(alice)
    page = client.get(address("review-ask", draft)).text
    assert 'name="reviewer" value="bob"' in page
    assert 'value="alice"' not in page

    form = {"reviewer": ["bob"], "others": "@Charlie"}
    said = client.post(address("review-ask", draft), form, follow=True).text

    draft.refresh_from_db()
    assert draft.status == "in_review"
    assert "Asked for review." in said
    assert "Alice asks Bob, Charlie, today" in said


def test_a_name_that_nobody_has_is_said_and_what_was_chosen_stays(browse, alice, bob, draft):
    form = {"reviewer": ["bob"], "others": "nobody"}

    page = browse(alice).post(address("review-ask", draft), form).text

    draft.refresh_from_db()
    assert draft.status == "draft"
    assert page.count("Nobody is called “nobody” here.") == 1
    assert 'aria-describedby="others-hint others-error"' in page
    assert 'value="bob" checked' in page
    assert not draft.reviewers.exists()


@pytest.mark.parametrize("form", [{"others": "nul\0"}, {"reviewer": ["nul\0"]}])
def test_what_can_be_no_name_is_nobodys(browse, alice, draft, form):
    page = browse(alice).post(address("review-ask", draft), form).text

    assert "Nobody is called “nul" in page


def test_asking_somebody_who_cannot_review_leaves_the_reviewers_as_they_are(
    browse, alice, bob, charlie, draft
):
    reviews.name_reviewers(draft, by=alice, reviewers=[bob])

    page = browse(alice).post(address("review-ask", draft), {"others": "charlie alice"}).text

    assert "Alice wrote it, and so cannot review it." in page
    assert [row.user for row in draft.reviewers.all()] == [bob]


def test_asking_others_takes_the_place_of_who_was_named(browse, alice, bob, charlie, draft):
    reviews.name_reviewers(draft, by=alice, reviewers=[bob])

    browse(alice).post(address("review-ask", draft), {"others": "charlie"})

    draft.refresh_from_db()
    assert draft.status == "in_review"
    assert [row.user for row in draft.reviewers.all()] == [charlie]
    assert not Postmortem.objects.visible_to(bob).filter(reviewers__user=bob).exists()


def test_what_needs_no_approval_is_published_at_once(browse, alice):
    made = make(alice, "cause.primary:network/dns", "severity:sev5", "kind:outage")
    client = browse(alice)
    assert "No approval is needed" in client.get(address("review-ask", made)).text

    client.post(address("postmortem-publish", made), {"revision": "1"})

    made.refresh_from_db()
    assert made.status == "published"


@pytest.mark.parametrize(("status", "words"), [("draft", "Ask for review"), ("asked", "Review")])
def test_the_read_page_leads_there(browse, alice, request, status, words):
    made = request.getfixturevalue(status)

    page = browse(alice).get(made.get_absolute_url()).text

    name = "review-ask" if status == "draft" else "postmortem-review"
    assert f'<a class="button primary" href="{address(name, made)}">{words}</a>' in page


def test_a_named_reviewer_of_another_team_finds_the_way(browse, alice, charlie, draft):
    reviews.ask(draft, by=alice, reviewers=[charlie])
    client = browse(charlie)

    assert address("postmortem-review", draft) in client.get(draft.get_absolute_url()).text
    assert "Approve revision 1" in review(client, draft)
    assert address("postmortem-review", draft) in client.get("/reviews/").text


# --- The bar ------------------------------------------------------------------------------------


def test_a_reviewer_is_offered_to_decide(browse, bob, asked):
    page = review(browse(bob), asked)

    assert "You are reading revision 1." in page
    assert "Approve revision 1" in page
    assert "Approve and publish" in page
    assert "What has to change" in page


def test_an_author_is_told_who_decides(browse, alice, asked):
    page = review(browse(alice), asked)

    assert "You wrote this; Bob or another reviewer of Platform decides." in page
    assert "Approve revision" not in page
    assert "Ask for changes" not in page


def test_what_is_missing_stands_in_the_place_of_the_button(browse, alice, bob):
    made = make(alice, "cause.primary:network/dns", "severity:sev1", "kind:outage")
    reviews.ask(made, by=alice)

    page = review(browse(bob), made)

    assert "Approve revision" not in page
    assert f'<a href="{address("postmortem-edit", made)}#detected">Detected</a>' in page


def test_who_changed_the_text_is_told_why_they_cannot_approve(browse, bob, asked):
    authoring.edit(asked, make_document("Otter", PUBLISHABLE), by=bob, revision=1)

    page = review(browse(bob), asked)

    assert "You changed the text that stands in revision 2" in page
    assert "Approve revision" not in page


def test_an_approval_of_an_older_revision_says_what_changed(browse, alice, bob, asked):
    reviews.approve(asked, 1, by=bob)
    other = make_document("Walrus", PUBLISHABLE, **PARTS | {"timeline": ()})
    authoring.edit(asked, other, by=alice, revision=1)

    page = review(browse(alice), asked)

    assert "Approval of revision 1 by Bob no longer counts: Timeline changed in 2." in page


def test_deciding_about_another_revision_than_the_one_read_is_refused(browse, alice, bob, asked):
    authoring.edit(asked, make_document("Otter", PUBLISHABLE), by=alice, revision=1)

    page = browse(bob).post(address("review-approve", asked), {"revision": "1"}, follow=True).text

    assert "It was saved as revision 2 meanwhile." in page
    assert not Approval.objects.exists()


def test_asking_for_changes_leads_back_to_the_author(browse, alice, bob, asked):
    form = {"revision": "1", "comment": "Say how many."}
    browse(bob).post(address("review-changes", asked), form)

    page = review(browse(alice), asked)

    assert "Bob asked for changes. Ask again when they are made." in page
    assert "Say how many." in page


def test_an_author_takes_it_back(browse, alice, asked):
    page = browse(alice).post(address("review-withdraw", asked), follow=True).text

    assert "Taken back: it is a draft again." in page


def test_with_two_approvals_needed_the_first_does_not_publish(browse, dana, bob, platform, asked):
    lena = make_user("lena", team=platform, role="lead")
    terms = lookup.current()
    rules.change_rule("severity:sev3", by=dana, terms=terms, approvals=2, parts=[])
    client = browse(bob)
    assert "Approve and publish" not in review(client, asked)

    client.post(address("review-approve", asked), {"revision": "1", "do": "approve"})

    assert "You approved revision 1." in review(client, asked)
    assert "Approve and publish" in review(browse(lena), asked)


# --- Comments -----------------------------------------------------------------------------------


def test_a_comment_stands_beside_its_part(browse, bob, asked):
    client = browse(bob)
    form = {"anchor": "t1", "text": "Who **began** it?", "side": "timeline", "revision": "1"}

    answer = client.post(address("review-comment", asked), form)

    assert answer.url == f"{address('postmortem-review', asked)}#side-timeline"
    page = review(client, asked)
    beside = page.split('id="side-timeline"')[1].split('id="side-hypotheses"')[0]
    assert "<strong>began</strong>" in beside
    assert "1 open, 0 settled" in page
    assert "1 open comment" in page.split('id="t1"')[1].split("</li>")[0]


def test_what_cannot_be_saved_stays_typed(browse, bob, asked):
    form = {"anchor": "impact", "text": "x" * 10_001, "side": "impact"}

    answer = browse(bob).post(address("review-comment", asked), form)

    assert answer.status_code == 400
    assert "A review comment has at most 10000 characters." in answer.text
    assert "x" * 10_001 in answer.text


def test_an_answer_a_settled_thread_and_one_opened_again(browse, alice, bob, asked):
    first = reviews.comment(asked, "Who saw it?", by=bob)
    client = browse(alice)

    client.post(address("review-reply", asked, first.pk), {"text": "A reader."})
    client.post(address("review-settle", asked, first.pk), {"do": "settle"})
    assert "0 open, 1 settled" in review(client, asked)
    client.post(address("review-settle", asked, first.pk), {"do": "reopen"})

    page = review(client, asked)
    assert "1 open, 0 settled" in page
    assert "A reader." in page


def test_htmx_gets_the_part_and_the_counts(browse, bob, asked):
    form = {"anchor": "impact", "text": "How much?", "side": "impact"}

    answer = browse(bob).post(
        address("review-comment", asked), form, headers={"HX-Request": "true"}
    )

    assert answer.text.lstrip().startswith('<div class="talk" id="side-impact"')
    assert "How much?" in answer.text
    assert 'hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text


def test_one_changes_ones_own_comment_and_takes_it_back(browse, bob, dana, asked):
    first = reviews.comment(asked, "Who?", by=bob)
    own = address("review-comment-edit", asked, first.pk)
    client = browse(bob)

    assert "Who?" in client.get(own).text
    client.post(own, {"text": "Who saw it?"})
    assert browse(dana).post(own, {"text": "No."}).status_code == 403
    assert "Who saw it?" in review(client, asked)

    client.post(address("review-comment-delete", asked, first.pk))
    assert not ReviewComment.objects.exists()


def test_a_comment_of_another_review_is_not_there(browse, alice, asked):
    other = reviews.comment(make(alice), "Elsewhere", by=alice)
    client = browse(alice)

    for name in ("review-reply", "review-settle", "review-comment-delete"):
        assert client.post(address(name, asked, other.pk), {"text": "x"}).status_code == 404
    assert client.get(address("review-comment-edit", asked, 2**70)).status_code == 404


def test_what_hangs_on_a_part_that_is_gone_is_still_there(browse, alice, bob, asked):
    reviews.comment(asked, "Who began it?", by=bob, anchor="t1")
    other = make_document("Walrus", PUBLISHABLE, **PARTS | {"timeline": ()})
    authoring.edit(asked, other, by=alice, revision=1)

    page = review(browse(alice), asked)

    assert "A part that is gone" in page
    assert "Who began it?" in page
    assert "on revision 1" in page


# --- The meeting --------------------------------------------------------------------------------


def test_the_meeting_goes_from_the_timeline_to_the_actions(browse, alice, asked):
    page = review(browse(alice), asked, "?view=meeting")

    order = ("The upgrade begins.", "It was DNS", "Who knew?", "Test restores", "Pin the label")
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Aliens" not in page


def test_an_action_is_taken_down_in_the_meeting(browse, alice, asked):
    form = {"text": "Rehearse restores", "kind": "process", "owner": "SRE", "view": "meeting"}

    answer = browse(alice).post(address("review-action", asked), form | {"revision": "1"})

    meeting = f"{address('postmortem-review', asked)}?view=meeting#new-action"
    assert answer.url == meeting
    asked.refresh_from_db()
    added = asked.action_rows.get(text="Rehearse restores")
    assert (asked.revision, added.kind, added.owner, added.status) == (2, "process", "SRE", "open")


def test_an_action_over_an_older_text_is_kept_and_not_saved(browse, alice, asked):
    authoring.edit(asked, make_document("Otter", PUBLISHABLE), by=alice, revision=1)
    form = {"text": "Rehearse restores", "view": "meeting", "revision": "1"}

    answer = browse(alice).post(address("review-action", asked), form)

    assert answer.status_code == 409
    assert "It was changed meanwhile." in answer.text
    assert ">Rehearse restores</textarea>" in answer.text
    assert 'name="revision" value="2"' in answer.text


def test_who_may_not_write_takes_down_no_action(browse, alice, charlie, draft):
    reviews.ask(draft, by=alice, reviewers=[charlie])

    assert "Note an action" not in review(browse(charlie), draft, "?view=meeting")
    answer = browse(charlie).post(address("review-action", draft), {"text": "x", "revision": "1"})
    assert answer.status_code == 403


def test_who_reads_a_restricted_draft_is_told_of_its_reviewers(browse, alice, charlie):
    made = make(alice, visibility="restricted")
    reviews.ask(made, by=alice, reviewers=[charlie])
    page = browse(alice).get(made.get_absolute_url()).text
    assert "Restricted to 2 people." in page
    assert "Charlie" in page

    reviews.approve_and_publish(made, 1, by=charlie)

    assert "Restricted to 1 person." in browse(alice).get(made.get_absolute_url()).text
