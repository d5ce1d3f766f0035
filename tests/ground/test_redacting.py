"""Names replaced in one postmortem, and texts taken out of everything; told, not repeated."""

import io
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from postmortems import (
    authoring,
    content,
    pseudonyms,
    redacting,
    reviews,
    saved_searches,
    trackers,
)
from postmortems.document import Action, Attachment, TimelineEntry
from postmortems.models import (
    Approval,
    AuditEntry,
    Draft,
    Postmortem,
    RenderedText,
    Revision,
    StoredFile,
    Tracker,
    User,
)
from postmortems.replacing import MARKER
from tests.makers import make_document, make_postmortem
from tests.search.asking import found
from tests.search.completing import completions

SECRET = "Ottoline Quux"


@pytest.fixture
def postmortem(alice, platform):
    document = make_document(
        f"How {SECRET} deleted it",
        summary=f"{SECRET.upper()} ran it; ottoline said so.",
        timeline=(TimelineEntry("t1", "action", f"{SECRET}'s shell"),),
        sections={"impact": f"Seen by **{SECRET}** first."},
    )
    made = make_postmortem(document, team=platform, authors=(alice,), visibility="team")
    later = replace(content.read(made), actions=(Action("a1", "Limit the shell"),))
    return authoring.edit(made, later, by=alice, revision=1, comment=f"By {SECRET}")


def stored_texts():
    """All that the tables hold, the audit log too, as one text."""
    return "\n".join(
        str(list(model._default_manager.values())) for model in apps.get_models()
    ).lower()


def test_a_name_is_replaced_everywhere_in_the_current_content(alice, postmortem):
    names = [SECRET, "Ottoline"]
    assert len(pseudonyms.preview(postmortem, names, "Engineer 2").places) == 5

    changed = pseudonyms.replace(postmortem, names, "Engineer 2", by=alice, revision=2)

    document = content.read(changed)
    assert document.title == "How Engineer 2 deleted it"
    assert document.summary == "Engineer 2 ran it; Engineer 2 said so."
    assert "ottoline" not in str(document).lower()
    assert changed.revision == 3
    assert SECRET not in Revision.objects.get(number=3).comment


@pytest.mark.parametrize(
    ("names", "stand_in", "field"),
    [
        ([], "Engineer", "names"),
        (["x"], "Engineer", "names"),
        (["Ottoline"], " ", "stand_in"),
        (["Ottoline"], "the ottoline team", "stand_in"),
        (["Nobody"], "Engineer", "names"),
    ],
)
def test_what_cannot_be_replaced_is_said(alice, postmortem, names, stand_in, field):
    with pytest.raises(ValidationError) as caught:
        pseudonyms.replace(postmortem, names, stand_in, by=alice, revision=2)

    assert list(caught.value.message_dict) == [field]


def test_who_may_not_edit_replaces_nothing(charlie, postmortem):
    with pytest.raises(PermissionDenied):
        pseudonyms.replace(postmortem, [SECRET], "Engineer 2", by=charlie, revision=2)


def test_a_redacted_text_stands_nowhere_any_more(alice, dana, postmortem):
    Draft.objects.create(owner=alice, key="k", fields=[["title", f"About {SECRET}"]])
    saved_searches.create(f"On {SECRET}", "q=ottoline+quux", by=alice)
    assert found("ottoline", by=alice)
    assert stored_texts().count("ottoline") > 10

    redacting.redact(["ottoline quux", "OTTOLINE"], by=dana)

    postmortem.refresh_from_db()
    assert "ottoline" not in stored_texts()
    assert postmortem.title == "How ▮ deleted it"
    assert "ottoline" not in postmortem.slug
    assert not found("ottoline", by=alice)


def test_names_of_files_and_keys_and_addresses_are_redacted_as_well(alice, dana, platform):
    document = make_document(
        sections={"what-ottoline-quux-did": "All of it."},
        attachments=(Attachment("walrus", f"{SECRET}.png"),),
    )
    made = make_postmortem(document, team=platform, authors=(alice,), import_id="ottoline-quux-1")
    StoredFile.objects.create(owner=alice, name=f"{SECRET}.png", media_type="image/png", size=1)
    key = "sections.what-ottoline-quux-did"
    Draft.objects.create(owner=alice, postmortem=made, key="k", fields=[[key, SECRET], ["x", "y"]])

    counted = redacting.redact(["ottoline quux"], by=dana)

    assert (counted.postmortems, counted.revisions, counted.drafts, counted.files) == (1, 1, 1, 1)
    assert "ottoline" not in stored_texts()
    made.refresh_from_db()
    (section,) = content.read(made).sections
    assert made.attachments == [{"id": "walrus", "name": "▮.png"}]
    assert f"sections/{section}" in Revision.objects.get(postmortem=made, number=1).last_changed
    assert Draft.objects.get().fields == [[f"sections.{section}", "▮"], ["x", "y"]]


def test_trackers_are_redacted_as_well_and_go_where_no_address_is_left(dana):
    ticket, key = "https://t.example/new?t={title}", "https://t.example/{key}"
    trackers.add(by=dana, name=f"Of {SECRET}", ticket_url=ticket)
    trackers.add(by=dana, name="Half", ticket_url=ticket, prefix="OTTOLINE-", key_url=key)
    trackers.add(by=dana, name="Gone", ticket_url=f"{ticket}&who=Ottoline%20Quux")
    trackers.add(by=dana, name="Kept", ticket_url=ticket, prefix="OPS-", key_url=key)

    counted = redacting.count(["ottoline quux", "ottoline"], by=dana)
    assert redacting.redact(["ottoline quux", "ottoline"], by=dana) == counted

    assert counted.trackers == 3
    assert "ottoline" not in stored_texts()
    left = {item.name[:4]: item for item in Tracker.objects.all()}
    assert set(left) == {"Of ▮", "Half", "Kept"}
    assert (left["Half"].ticket_url, left["Half"].prefix, left["Half"].key_url) == (ticket, "", "")
    assert (left["Of ▮"].ticket_url, left["Kept"].prefix) == (ticket, "OPS-")


def test_what_was_said_in_a_review_is_redacted_as_well(alice, bob, dana, platform):
    draft = make_postmortem(
        make_document("Walrus", ("kind:stub",)), team=platform, authors=(alice,), status="draft"
    )
    reviews.ask(draft, by=alice)
    said = reviews.comment(draft, f"Ask {SECRET}", by=bob)
    reviews.request_changes(draft, 1, by=bob, comment=f"See {SECRET}")

    counts = redacting.redact([SECRET], by=dana)

    said.refresh_from_db()
    assert said.text == f"Ask {MARKER}"
    assert Approval.objects.get().comment == f"See {MARKER}"
    assert counts.review_comments == 2


def test_completions_offer_a_redacted_text_no_more(alice, dana, postmortem):
    assert "ottoline" in str(completions("otto", alice)).lower()

    redacting.redact([SECRET, "ottoline"], by=dana)

    assert "ottoline" not in str(completions("otto", alice)).lower()


def test_the_current_content_and_its_revision_stay_the_same(dana, postmortem):
    redacting.redact([SECRET], by=dana)

    postmortem.refresh_from_db()
    kept = Revision.objects.get(postmortem=postmortem, number=postmortem.revision).document
    assert kept["title"] == postmortem.title
    assert content.read(postmortem).sections["impact"] == "Seen by **▮** first."


def test_an_editor_that_was_opened_before_does_not_save_the_text_again(alice, dana, postmortem):
    opened = content.read(postmortem)

    redacting.redact([SECRET], by=dana)

    with pytest.raises(authoring.Conflict):
        authoring.edit(postmortem, opened, by=alice, revision=2)


def test_counting_first_changes_nothing_and_counts_the_same(dana, postmortem):
    before = stored_texts()

    counted = redacting.count([SECRET], by=dana)

    assert stored_texts() == before
    assert (counted.postmortems, counted.revisions) == (1, 2)
    assert redacting.redact([SECRET], by=dana) == counted


def test_the_audit_log_names_the_act_and_not_the_text(dana, postmortem):
    redacting.redact([SECRET], by=dana)

    entry = AuditEntry.objects.get(action="redact")
    assert entry.after["revisions"] == 2
    assert "ottoline" not in str(entry.__dict__).lower()


def test_what_was_laid_out_of_it_is_gone(dana, postmortem):
    assert RenderedText.objects.filter(plain__contains=SECRET).exists()

    redacting.redact([SECRET], by=dana)

    assert not RenderedText.objects.filter(html__icontains=SECRET).exists()


@pytest.mark.parametrize("texts", [[], ["ab"], ["  "], ["▮▮▮"], ["text"] * 51])
def test_what_would_take_out_too_much_is_refused(dana, texts):
    if texts == ["▮▮▮"]:
        assert redacting.count(texts, by=dana).postmortems == 0
        return
    with pytest.raises(ValidationError):
        redacting.count(texts, by=dana)


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_others_neither_redact_nor_count(alice, bob, charlie, name):
    for act in (redacting.count, redacting.redact):
        with pytest.raises(PermissionDenied):
            act([SECRET], by=User.objects.get(username=name))


def test_the_command_counts_unless_told_to_do_it(postmortem, monkeypatch):
    said = io.StringIO()
    for options in ({}, {"really": True}):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\nottoline\n"))
        call_command("redact", stdout=said, **options)

    assert "revisions: 2" in said.getvalue()
    assert "Nothing was changed" in said.getvalue()
    assert "ottoline" not in Postmortem.objects.get().title.lower()


def test_the_pages_ask_count_and_do(browse, alice, dana, postmortem):
    page = f"/p/{postmortem.ref}/pseudonyms/"
    fields = {"names": SECRET, "stand_in": "Engineer 2", "revision": "2"}
    assert "4 places" in browse(alice).post(page, fields).text
    browse(alice).post(page, {**fields, "save": "1"})
    assert "is wrong" not in browse(alice).post(page, {**fields, "save": "1"}).text

    counted = browse(dana).post("/people/redact/", {"texts": SECRET}).text
    browse(dana).post("/people/redact/", {"texts": SECRET, "really": "1"})

    assert "Take it out for good" in counted
    assert SECRET not in str(list(Revision.objects.values()))
