"""Saving in the editor: what is chosen beside the text stays, nobody is overwritten, one form makes one postmortem."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from postmortems import access, authoring, content, curation, reviews
from postmortems import bin as bins
from postmortems.document import TimelineEntry
from postmortems.models import Draft, Membership, Postmortem, User
from postmortems.moments import Moment
from postmortems.web import editor_fields
from taxonomy.models import Term
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

NEW = "/p/new/"
KEY = "k" * 16
FORM = {"key": KEY, "title": "Routes lost", "do": "save"}


@pytest.fixture
def written(platform, alice) -> Postmortem:
    document = make_document(
        "Calico loses its routes",
        terms=("kind:stub",),
        sections={"impact": "All sites"},
        timeline=(TimelineEntry("t1", "trigger", "Upgrade starts", Moment("2023-03-14", "19:00")),),
    )
    return make_postmortem(
        document, team=platform, authors=(alice,), visibility="team", status="draft"
    )


def form_of(postmortem: Postmortem, **changes: str) -> dict[str, str]:
    fields = editor_fields.fields_of(content.read(postmortem))
    typed = {name.replace("__", "."): text for name, text in changes.items()}
    return {"revision": str(postmortem.revision), "do": "save", "key": "a" * 16} | fields | typed


def edit_url(postmortem: Postmortem) -> str:
    return reverse("postmortem-edit", kwargs={"ref": postmortem.ref})


def saved_by(user, postmortem: Postmortem, **changes) -> None:
    found = Postmortem.objects.get(pk=postmortem.pk)
    document = replace(content.read(found), **changes)
    authoring.edit(found, document, by=user, revision=found.revision)


def chosen_in(page: str, name: str) -> list[str]:
    select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    return re.findall(r'value="([^"]*)" selected', select[0]) if select else []


# --- Beside the text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more", [{"do": "rows:timeline"}, {"duration": "bogus"}, {"do": "preview"}]
)
def test_who_sees_it_and_the_comment_stay_chosen(browse, alice, more):
    page = browse(alice).post(NEW, FORM | {"visibility": "restricted", "comment": "why"} | more)

    assert chosen_in(page.text, "visibility") == ["restricted"]
    assert 'name="comment" value="why"' in page.text


def test_a_draft_keeps_who_is_to_see_it(browse, alice):
    client = browse(alice)
    client.post("/drafts/keep/", FORM | {"version": "0", "visibility": "restricted"})

    page = client.get(f"{NEW}?draft={KEY}").text

    assert chosen_in(page, "visibility") == ["restricted"]


def test_what_is_restricted_is_saved_as_restricted(browse, alice):
    browse(alice).post(NEW, FORM | {"visibility": "restricted"})

    assert Postmortem.objects.get(title="Routes lost").visibility == "restricted"


def test_a_team_that_was_left_meanwhile_is_not_replaced_by_another(browse, alice, payments):
    membership = Membership.objects.create(user=alice, team=payments, role="author")
    membership.delete()

    page = browse(alice).post(NEW, FORM | {"team": "payments"})

    assert "choose another" in page.text
    assert not Postmortem.objects.exists()


def test_a_visibility_that_does_not_exist_is_refused(browse, alice):
    assert browse(alice).post(NEW, FORM | {"visibility": "everyone"}).status_code == 200
    assert not Postmortem.objects.exists()


# --- Once -----------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_makes_one(browse, alice):
    client = browse(alice)

    first, second = (client.post(NEW, FORM) for _time in range(2))

    made = Postmortem.objects.get(title="Routes lost")
    assert first.url == second.url == made.get_absolute_url()
    assert made.revision == 1


def test_a_form_sent_again_with_more_in_it_is_the_next_revision(browse, alice):
    client = browse(alice)
    client.post(NEW, FORM)

    client.post(NEW, FORM | {"sections.impact": "Half of all sites"})

    made = Postmortem.objects.get(title="Routes lost")
    assert made.revision == 2
    assert content.read(made).sections["impact"] == "Half of all sites"


def test_the_same_key_of_another_person_makes_another(browse, alice, bob, platform):
    browse(alice).post(NEW, FORM)

    browse(bob).post(NEW, FORM)

    assert Postmortem.objects.filter(title="Routes lost").count() == 2


def test_two_who_send_one_form_at_once_are_told_of_the_first(alice, platform):
    document = make_document("Routes lost")
    first = authoring.create(document, by=alice, team=platform, draft_key="1:k")

    with pytest.raises(authoring.AlreadyMade) as raised:
        authoring.create(document, by=alice, team=platform, draft_key="1:k")

    assert raised.value.postmortem == first


def test_saving_in_one_tab_leaves_the_newer_draft_of_another(browse, alice, written):
    client = browse(alice)
    kept = {"key": "a" * 16, "ref": written.ref, "revision": "1"}
    client.post("/drafts/keep/", kept | {"version": "0", "title": "Old tab"})
    client.post("/drafts/keep/", kept | {"version": "1", "title": "Newer tab"})

    client.post(edit_url(written), form_of(written, title="Old tab") | {"version": "1"})

    assert [draft.typed["title"] for draft in Draft.objects.all()] == ["Newer tab"]


# --- Together -------------------------------------------------------------------------------------


def test_a_decision_about_a_text_that_changed_again_is_asked_anew(browse, alice, bob, written):
    client = browse(alice)
    form = form_of(written, sections__impact="Mine")
    saved_by(bob, written, sections={"impact": "BOB ONE"})
    client.post(edit_url(written), form)
    saved_by(bob, written, sections={"impact": "BOB TWO"})
    decided = {"do": "merge", "against": "2", "choice.sections/impact": "mine"}

    asked = client.post(edit_url(written), form | decided)

    assert asked.status_code == 409
    assert "BOB TWO" in asked.text
    assert 'name="against" value="3"' in asked.text


def test_a_decision_holds_while_its_text_stands(browse, alice, bob, written):
    client = browse(alice)
    form = form_of(written, sections__impact="Mine")
    saved_by(bob, written, sections={"impact": "BOB ONE"})
    saved_by(bob, written, summary="Something else")
    decided = {"do": "merge", "against": "2", "choice.sections/impact": "mine"}

    page = client.post(edit_url(written), form | decided)

    assert page.status_code == 200
    assert 'name="revision" value="3"' in page.text
    assert "Mine" in page.text


def test_what_was_thrown_away_meanwhile_is_gone(browse, alice, bob, written):
    form = form_of(written, title="Mine")
    saved_by(bob, written, title="Theirs")
    bins.throw_away(Postmortem.objects.get(pk=written.pk), by=bob)

    assert browse(alice).post(edit_url(written), form).status_code == 404


def test_asking_for_review_does_not_take_back_what_was_published_meanwhile(
    browse, alice, bob, written
):
    form = form_of(written, title="Mine") | {"do": "review"}
    reviews.publish(written, by=User.objects.system())

    page = browse(alice).post(edit_url(written), form, follow=True)

    written.refresh_from_db()
    assert (written.status, written.title) == ("published", "Mine")
    assert "published already" in page.text


def test_what_review_needs_is_asked_for_before_anything_is_saved(browse, alice):
    page = browse(alice).post(NEW, FORM | {"do": "review"}).text

    assert 'href="#classifications-kind-0-term"' in page
    assert 'id="classifications-kind-0-term"' in page
    assert not Postmortem.objects.exists()


# --- Signed out ---------------------------------------------------------------------------------


def test_what_is_sent_signed_out_is_shown_again_and_not_thrown_away(browse, alice):
    page = browse().post(NEW, FORM | {"sections.impact": "An hour of work"})

    assert page.status_code == 403
    assert "An hour of work" in page.text
    assert "Sign in in a new tab" in page.text


def test_a_form_with_an_old_token_is_shown_again(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    sent = FORM | {"sections.impact": "An hour of work", "csrfmiddlewaretoken": "x" * 64}

    page = client.post(NEW, sent, headers={"Origin": "http://testserver"})

    assert page.status_code == 403
    assert "An hour of work" in page.text
    assert "Send it again" in page.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_what_another_site_sends_is_not_one_click_from_being_saved(alice, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    page = client.post(NEW, FORM | {"summary": "Planted"}, headers={"Origin": origin})

    assert page.status_code == 403
    assert "Planted" not in page.text


# --- Hostile and old ------------------------------------------------------------------------------


def test_a_draft_follows_a_term_that_was_moved(browse, alice, dana):
    client = browse(alice)
    old = "classifications.cause.0.term"
    client.post("/drafts/keep/", FORM | {"version": "0", old: "network/dns"})
    term = Term.objects.get(vocabulary__slug="cause", path="network/dns")
    moved = curation.move_term(term, parent=Term.objects.get(path="platform"), by=dana)

    page = client.get(f"{NEW}?draft={KEY}").text

    assert moved.path != "network/dns"
    assert f'value="{moved.path}" selected' in page


@pytest.mark.parametrize("name", ["title", "comment", "sections.impact", "key"])
def test_a_nul_is_no_error(browse, alice, name):
    client = browse(alice)
    sent = FORM | {"version": "0", name: "a\x00b"}

    answers = [client.post("/drafts/keep/", sent), client.post(NEW, sent)]
    answers += [client.get(f"{NEW}?draft=%00"), client.post("/drafts/discard/", {"key": "\x00"})]

    assert all(answer.status_code < 500 for answer in answers)


def test_a_draft_comes_back_in_the_order_of_its_rows(browse, alice):
    client = browse(alice)
    rows = {"timeline.5.text": "First", "timeline.1.text": "Second", "timeline.3.text": "Third"}
    client.post("/drafts/keep/", FORM | {"version": "0"} | rows)

    draft = Draft.objects.get()

    texts = [row.values["text"] for row in editor_fields.rows_of(draft.typed, "timeline")]
    assert texts == ["First", "Second", "Third"]


def test_the_teams_to_choose_from_are_those_to_write_in(alice, bob, dana, platform, payments):
    Membership.objects.create(user=bob, team=payments, role="reader")

    found = [access.teams_to_write_in(user) for user in (alice, bob, dana)]

    assert found == [[platform], [platform], [payments, platform]]


def test_what_is_wrong_leads_to_its_field(browse, alice):
    page = browse(alice).post(NEW, FORM | {"references.0.url": "https://example.com"}).text

    assert 'href="#references-0-title"' in page
    assert 'id="references-0-title"' in page


def test_a_preview_names_the_sections(browse, alice):
    typed = {"key": "k" * 16, "title": "Routes lost", "summary": "Short.", "do": "preview"}
    page = browse(alice).post("/p/new/", typed | {"sections.impact": "All **sites**."}).text

    shown = page.partition('id="h-preview"')[2].partition("</section>")[0]
    assert shown.index("<p>Short.</p>") < shown.index("<h3>Impact</h3>")
    assert "<p>All <strong>sites</strong>.</p>" in shown
