"""Writing in the browser: what is typed becomes the content, nothing typed is lost, nobody is overwritten."""

from dataclasses import replace

import pytest
from django.urls import reverse

from postmortems import authoring, content, reviews
from postmortems.document import Evidence, Hypothesis, Lesson, TimelineEntry
from postmortems.models import Draft, Postmortem
from postmortems.moments import Moment
from postmortems.web import editor_fields
from tests.makers import SEEDS, make_document, make_postmortem, make_team

pytestmark = pytest.mark.django_db

NEW = "/p/new/"


@pytest.fixture
def written(platform, alice) -> Postmortem:
    document = make_document(
        "Calico loses its routes",
        terms=("cause.primary:network/cni-routing", "severity:sev1"),
        sections={"impact": "All sites", "root-cause": "A label"},
        timeline=(TimelineEntry("t1", "trigger", "Upgrade starts", Moment("2023-03-14", "19:00")),),
        lessons=(Lesson("l1", "Rehearse restores"),),
    )
    return make_postmortem(document, team=platform, authors=(alice,), visibility="team")


def form_of(postmortem: Postmortem, **changes: str) -> dict[str, str]:
    """What the editor's form sends for a postmortem as it stands, with some fields typed over."""
    fields = editor_fields.fields_of(content.read(postmortem))
    typed = {name.replace("__", "."): text for name, text in changes.items()}
    return {"revision": str(postmortem.revision), "do": "save", "key": "a" * 16} | fields | typed


def edit_url(postmortem: Postmortem) -> str:
    return reverse("postmortem-edit", kwargs={"ref": postmortem.ref})


def test_a_title_is_enough(browse, alice):
    answer = browse(alice).post(NEW, {"do": "save", "key": "k" * 16, "title": "Routes lost"})

    postmortem = Postmortem.objects.get(title="Routes lost")
    assert answer.url == postmortem.get_absolute_url()
    assert (postmortem.status, postmortem.visibility, postmortem.team.slug) == (
        "draft",
        "team",
        "platform",
    )


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_new_postmortem_begins_in_the_language_of_the_interface(browse, alice, language):
    page = browse(alice).get(NEW, headers={"accept-language": language}).text

    assert f'<option value="{language}" selected>' in page.split('id="language"')[1]


@pytest.mark.parametrize("kind", ["outage", "near-miss"])
def test_of_a_near_miss_one_is_asked_what_it_could_have_been(browse, alice, kind):
    form = {"key": "k" * 16, "do": "stay", "classifications.kind.0.term": kind}

    page = browse(alice).post(NEW, form).text

    assert ("Near miss: choose what it could have been." in page) is (kind == "near-miss")


def test_without_a_title_nothing_is_saved_and_nothing_is_lost(browse, alice):
    answer = browse(alice).post(
        NEW, {"do": "save", "key": "k" * 16, "sections.impact": "All sites"}
    )

    assert "Not saved yet" in answer.text
    assert "All sites" in answer.text
    assert not Postmortem.objects.exists()


def test_what_was_not_touched_stays_as_it_was(browse, alice, written):
    before = content.read(written)

    browse(alice).post(edit_url(written), form_of(written))

    written.refresh_from_db()
    assert written.revision == 1
    assert content.read(written) == before


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.md")), ids=lambda path: path.stem)
def test_every_seed_comes_back_from_its_own_fields(seeds, path, alice):
    for document in seeds(path):
        fields = editor_fields.fields_of(document)

        reading = editor_fields.read(fields, document, by=alice.username)

        assert (dict(reading.problems), dict(reading.doubts)) == ({}, {})
        assert reading.document == document


def test_entries_terms_and_evidence_are_added(browse, alice, written):
    typed = {
        "timeline.7.text": "Rolled back",
        "timeline.7.when": "2023-03-15 00:14 UTC",
        "timeline.7.kind": "mitigate",
        "classifications.trigger.0.term": "upgrade",
        "classifications.trigger.0.why": "1.23 to 1.24",
        "hypotheses.0.claim": "The node label",
        "hypotheses.0.verdict": "confirmed",
        "hypotheses.0.evidence.0.text": "The selector names it",
        "hypotheses.0.evidence.0.supports": "against",
    }

    browse(alice).post(edit_url(written), form_of(written) | typed)

    document = content.read(Postmortem.objects.get(pk=written.pk))
    assert [item.text for item in document.timeline] == ["Upgrade starts", "Rolled back"]
    assert document.timeline[1].when == Moment("2023-03-15", "00:14", "UTC")
    assert document.classifications[-1].assigned_by == "alice"
    (hypothesis,) = document.hypotheses
    assert isinstance(hypothesis, Hypothesis)
    assert [type(fact) for fact in hypothesis.evidence] == [Evidence]
    assert not hypothesis.evidence[0].supports


def test_an_order_number_moves_an_entry(browse, alice, written):
    typed = {"timeline.1.text": "First of all", "timeline.1.kind": "context"}
    typed["timeline.1.order"] = "0.5"

    browse(alice).post(edit_url(written), form_of(written) | typed)

    document = content.read(Postmortem.objects.get(pk=written.pk))
    assert [item.text for item in document.timeline] == ["First of all", "Upgrade starts"]


def test_lines_of_a_chat_become_entries_before_anything_is_saved(browse, alice, written):
    lines = "10:22 alice: merged the PR\n10:31 bob: paged, sites are down"
    typed = {"do": "paste", "paste.text": lines, "paste.day": "2023-03-14", "paste.zone": "UTC"}

    answer = browse(alice).post(edit_url(written), form_of(written) | typed)

    assert "2 entries were added." in answer.text
    assert "sites are down" in answer.text
    assert content.read(written).timeline[1:] == ()


def test_a_term_that_the_text_names_is_one_click(browse, alice, written):
    form = form_of(written, sections__impact="An expired certificate")
    offered = browse(alice).post(edit_url(written), form | {"do": "rows:timeline"})
    assert "take:cause:" in offered.text

    answer = browse(alice).post(edit_url(written), form | {"do": "take:trigger:upgrade"})

    assert '<option value="upgrade" selected>' in answer.text


@pytest.mark.parametrize("who", ["charlie", "visitor"])
def test_whoever_may_not_see_it_may_not_edit_it(browse, charlie, written, who):
    client = browse(charlie if who == "charlie" else None)

    answers = {
        client.get(edit_url(written)).status_code,
        client.post(edit_url(written)).status_code,
    }

    # A visitor's form is shown again, to be sent after signing in, whether or not there is such a page.
    assert answers == ({404} if who == "charlie" else {302, 403})


def test_a_reader_of_another_team_is_told_whose_it_is(browse, charlie, platform, alice):
    public = make_postmortem(make_document("Open"), team=platform, authors=(alice,))

    answer = browse(charlie).get(edit_url(public))

    assert answer.status_code == 403
    assert "Its team is Platform" in answer.text


# --- Somebody saved first -------------------------------------------------------------------------


def saved_by_bob(postmortem: Postmortem, bob, **changes) -> None:
    fresh = Postmortem.objects.get(pk=postmortem.pk)
    document = replace(content.read(fresh), **changes)
    authoring.edit(fresh, document, by=bob, revision=fresh.revision)


def test_another_part_saved_meanwhile_is_put_together_and_shown_first(
    browse, alice, bob_writes, written
):
    form = form_of(written, title="Mine")
    saved_by_bob(written, bob_writes, summary="That of bob")

    answer = browse(alice).post(edit_url(written), form)

    assert "bob saved revision 2 while you were writing." in answer.text.replace("Bob", "bob")
    assert ">Mine</textarea>" in answer.text
    assert "That of bob" in answer.text
    assert Postmortem.objects.get(pk=written.pk).title == "Calico loses its routes"


def test_the_same_part_is_to_be_decided_and_nothing_is_saved_until_it_is(
    browse, alice, bob_writes, written
):
    form = form_of(written, sections__impact="Mine")
    saved_by_bob(written, bob_writes, sections={"impact": "That of bob", "root-cause": "A label"})
    client = browse(alice)

    asked = client.post(edit_url(written), form)
    shown = client.post(
        edit_url(written),
        form | {"do": "merge", "against": "2", "choice.sections/impact": "theirs"},
    )

    assert asked.status_code == 409
    assert "Mine" in asked.text
    assert "That of bob" in asked.text
    assert "That of bob" in shown.text
    assert 'name="revision" value="2"' in shown.text
    assert Postmortem.objects.get(pk=written.pk).revision == 2


# --- Drafts ---------------------------------------------------------------------------------------


def keep(client, **fields):
    typed = {name.replace("__", "."): text for name, text in fields.items()}
    return client.post("/drafts/keep/", {"key": "k" * 16, "version": "0"} | typed)


def test_what_is_typed_is_kept_and_found_again(browse, alice):
    client = browse(alice)
    keep(client, title="Half a", started="20")

    page = client.get(NEW).text
    draft = client.get(f"{NEW}?draft={'k' * 16}").text

    assert "Half a" in page
    assert ">Half a</textarea>" in draft
    assert 'value="20"' in draft


def test_an_older_tab_does_not_write_over_a_newer_one(browse, alice):
    client = browse(alice)
    keep(client, title="First")
    assert keep(client, title="Second", version="1").json()["version"] == 2

    late = keep(client, title="Late", version="1")

    assert late.status_code == 409
    assert Draft.objects.get().typed["title"] == "Second"


def test_a_draft_is_for_its_owner_alone(browse, alice, bob_writes):
    keep(browse(alice), title="Half a")

    assert "Half a" not in browse(bob_writes).get(f"{NEW}?draft={'k' * 16}").text


def test_a_draft_of_a_changed_postmortem_is_offered_and_not_put_over_it(
    browse, alice, bob_writes, written
):
    client = browse(alice)
    keep(client, ref=written.ref, revision="1", title="Half a")
    saved_by_bob(written, bob_writes, summary="That of bob")

    page = client.get(edit_url(written)).text
    used = client.get(f"{edit_url(written)}?draft=use").text

    assert "made from revision 1; the postmortem is now at 2" in page
    assert ">Half a</textarea>" not in page
    assert ">Half a</textarea>" in used
    assert 'name="revision" value="1"' in used


def test_a_key_of_another_draft_keeps_nothing_and_overwrites_nothing(browse, alice, written):
    client = browse(alice)
    keep(client, title="Unsaved")

    answer = keep(client, ref=written.ref, revision="1", title="Of the postmortem")

    assert answer.status_code == 400
    assert [draft.typed["title"] for draft in Draft.objects.all()] == ["Unsaved"]


def test_the_key_of_a_postmortems_draft_is_no_way_to_write_over_it(browse, alice, written):
    client = browse(alice)
    keep(client, ref=written.ref, revision="1", title="Of the postmortem")

    answer = keep(client, title="Something else", version="1")

    assert answer.status_code == 400
    assert [draft.typed["title"] for draft in Draft.objects.all()] == ["Of the postmortem"]


def test_saving_ends_the_draft(browse, alice):
    client = browse(alice)
    keep(client, title="Half a")

    client.post(NEW, {"do": "save", "key": "k" * 16, "version": "1", "title": "Whole"})

    assert not Draft.objects.exists()


def test_whoever_is_signed_out_is_told_so(client):
    assert keep(client, title="Half a").status_code == 401


def test_who_else_is_writing_is_shown(browse, alice, bob_writes, written):
    keep(browse(bob_writes), ref=written.ref, revision="1", title="Half a")

    assert "is writing here too" in browse(alice).get(edit_url(written)).text


def test_what_was_understood_comes_back(browse, alice):
    answer = keep(
        browse(alice), title="A", started="2023-03-14 19:00 UTC", detected="when bob looked"
    )

    said = {item["id"]: item["state"] for item in answer.json()["understood"]}
    assert (said["started"], said["detected"]) == ("good", "warn")


@pytest.fixture
def bob_writes(bob, platform):
    """bob reviews in alice's team, which includes writing."""
    return bob


def test_asking_for_review_and_publishing(browse, alice, bob_writes, platform):
    form = {"title": "Routes lost", "classifications.kind.0.term": "stub", "key": "k" * 16}
    browse(alice).post(NEW, form | {"do": "review"})
    postmortem = Postmortem.objects.get(title="Routes lost")
    assert postmortem.status == "in_review"

    publish = reverse("postmortem-publish", kwargs={"ref": postmortem.ref})
    assert browse(alice).post(publish).status_code == 403
    reviews.approve(postmortem, 1, by=bob_writes)
    browse(bob_writes).post(publish)

    postmortem.refresh_from_db()
    assert postmortem.status == "published"


def test_a_team_is_needed_to_write(browse, charlie):
    make_team("nobody")
    charlie.memberships.all().delete()

    assert browse(charlie).get(NEW).status_code == 403


def test_what_is_like_the_text_is_told_while_it_is_written(browse, alice):
    for number in range(8):
        make_postmortem(make_document(f"Else {number}", terms=("cause.primary:security",)))
    other = make_postmortem(make_document("systemd-networkd flushed the routes"))
    typed = {"key": "k" * 16, "title": "Routes lost", "summary": "systemd-networkd was updated"}

    answer = browse(alice).post("/drafts/similar/", typed)

    assert other.get_absolute_url() in answer.text


def test_what_is_missing_leads_to_its_fields(browse, alice, written):
    page = browse(alice).get(edit_url(written)).text

    assert '<a href="#detected">Detection time not recorded</a>' in page
    assert 'id="detected"' in page
