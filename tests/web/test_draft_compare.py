"""What a draft changes, shown before it is taken: against the revision that it was made from."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from postmortems import authoring, content, drafts
from postmortems.document import Lesson, Relation
from postmortems.models import Draft, Postmortem
from postmortems.web import editor_fields
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

KEY = "k" * 16


@pytest.fixture
def written(platform, alice) -> Postmortem:
    document = make_document(
        "Routes lost",
        terms=("cause.primary:network/dns", "severity:sev2", "kind:outage"),
        lessons=(Lesson("l1", "Rehearse restores"),),
    )
    return make_postmortem(document, team=platform, authors=(alice,), visibility="team")


def address(postmortem: Postmortem, rest: str = "") -> str:
    return reverse("postmortem-edit", kwargs={"ref": postmortem.ref}) + rest


def typed_over(postmortem: Postmortem, **changes: str) -> dict[str, str]:
    """The fields of a postmortem as it stands, some typed over."""
    fields = editor_fields.fields_of(content.read(postmortem))
    return fields | {name.replace("__", "."): text for name, text in changes.items()}


def keep(postmortem: Postmortem, by, **changes: str) -> Draft:
    fields = typed_over(postmortem, **changes)
    return drafts.keep(KEY, fields, by=by, postmortem=postmortem, revision=postmortem.revision)


def test_a_draft_that_was_found_is_compared(browse, alice, written):
    keep(written, alice, title="Routes found", lessons__0__text="Rehearse often")

    editor = browse(alice).get(address(written)).text
    page = browse(alice).get(address(written, "?draft=compare")).text

    assert 'href="?draft=compare"' in editor
    assert "Routes <del>lost</del><ins>found</ins>" in re.sub(r">\s+<", "><", page)
    assert "<ins>often</ins>" in page
    assert 'href="?draft=use"' in page


def test_comparing_changes_nothing(browse, alice, written):
    draft = keep(written, alice, title="Routes found")

    browse(alice).get(address(written, "?draft=compare"))
    browse(alice).post(address(written), {**draft.typed, "do": "compare", "revision": "1"})

    written.refresh_from_db()
    assert (written.title, written.revision) == ("Routes lost", 1)
    assert Draft.objects.get().version == draft.version


def test_a_draft_is_compared_with_what_it_was_made_from(browse, alice, bob, written):
    keep(written, alice, lessons__0__text="Rehearse often")
    later = replace(content.read(written), title="Bob's title")
    authoring.edit(written, later, by=bob, revision=written.revision)

    page = browse(alice).get(address(written, "?draft=compare")).text

    assert "now at 2" in page
    assert "1..2" in page
    assert "Bob&#x27;s" not in page.split("</form>")[-1]


def test_a_text_of_the_browser_is_compared_and_goes_along(browse, alice, written):
    typed = typed_over(written, title="Only here") | {"key": KEY, "revision": "1"}

    page = browse(alice).post(address(written), typed | {"do": "compare"}).text

    assert "<ins>Only here</ins>" in page
    assert re.search(r'<textarea name="title" hidden>\s*Only here</textarea>', page)
    assert 'value="recover"' in page


def test_a_text_that_is_no_postmortem_yet_says_so(browse, alice, written):
    keep(written, alice, title="", duration="soon")

    page = browse(alice).get(address(written, "?draft=compare")).text

    assert "cannot be compared" in page
    assert 'href="?draft=use"' in page


def test_without_a_draft_there_is_the_editor(browse, alice, bob, written):
    keep(written, alice, title="Routes found")

    page = browse(bob).get(address(written, "?draft=compare")).text

    assert "Routes found" not in page
    assert "data-editor" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_may_not_see_it_finds_nothing(browse, charlie, written, method):
    client = browse(charlie)

    answer = getattr(client, method)(address(written, "?draft=compare"), {"do": "compare"})

    assert answer.status_code == 404


def test_a_relation_to_what_is_hidden_is_not_told(browse, alice, written):
    hidden = make_postmortem(make_document("Hidden one"), visibility="restricted")
    document = make_document("Routes lost", relations=(Relation("follow-up", hidden.ref),))
    fields = editor_fields.fields_of(document)
    drafts.keep(KEY, fields, by=alice, postmortem=written, revision=1)

    page = browse(alice).get(address(written, "?draft=compare")).text

    assert "Hidden one" not in page
