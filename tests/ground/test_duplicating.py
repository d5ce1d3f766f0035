"""Copies: the same content as a draft of one's own, for nobody whom the former hides from."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from postmortems import access, content, duplicating
from postmortems.document import Action, Attachment, Lesson, Relation, Translation
from postmortems.models import Postmortem, Revision
from tests.makers import make_document, make_postmortem, make_user
from tests.seed_documents import seed

PI_DAY = "reddit-pi-day-2023"


@pytest.fixture
def former(platform, bob):
    """A public postmortem of bob with something of everything that is not copied."""
    other = make_postmortem(team=platform)
    document = make_document(
        "Walrus outage",
        summary="Tusks.",
        translations={"zh-hans": Translation("海象", "牙"), "zh-hant": Translation("", "牙")},
        lessons=(Lesson("l1", "Learned."),),
        actions=(Action("a1", "Saw off", "permanent", "done", "sea", "2023-04-01", "SEA-1"),),
        relations=(Relation("follow-up", other.ref),),
        attachments=(Attachment("f1", "log.txt"),),
    )
    return make_postmortem(document, team=platform, authors=(bob,), import_id="walrus")


def test_a_copy_is_a_draft_of_ones_own(former, alice, platform):
    made = duplicating.duplicate(former, by=alice)

    assert (made.status, made.team, made.visibility) == ("draft", platform, "team")
    assert list(made.authors.all()) == [alice]
    assert (made.revision, made.published_at) == (1, None)
    assert Revision.objects.get(postmortem=made).comment == f"Copied from {former.ref}"


def test_a_copy_holds_the_content_and_nothing_of_the_record(former, alice):
    made = duplicating.duplicate(former, by=alice)

    was, document = content.read(former), content.read(made)
    assert document == replace(
        was,
        title="Copy of Walrus outage",
        translations={
            "zh-hans": Translation(document.translations["zh-hans"].title, "牙"),
            "zh-hant": Translation("", "牙"),
        },
        actions=(Action("a1", "Saw off", "permanent", "proposed", "sea"),),
        relations=(),
        attachments=(),
    )
    assert "海象" in document.translations["zh-hans"].title


def test_a_copy_shares_no_identity_with_the_former(former, alice):
    made = duplicating.duplicate(former, by=alice)

    for name in ("pk", "ref", "slug", "import_id"):
        assert getattr(made, name) != getattr(former, name)
    assert not set(rows(made)) & set(rows(former))


def rows(postmortem):
    """The primary keys of all rows of parts."""
    for name in ("lesson_rows", "action_rows", "classification_rows", "revisions"):
        manager = getattr(postmortem, name, None)
        yield from ((name, pk) for pk in (manager.values_list("pk", flat=True) if manager else ()))


def test_a_seed_is_copied_whole(alice, platform):
    document = replace(seed(PI_DAY), relations=())
    former = make_postmortem(document, team=platform)

    made = duplicating.duplicate(former, by=alice)

    expected = duplicating.copied(content.read(former))
    assert content.read(made) == expected
    assert expected.timeline == document.timeline


def test_the_longest_title_still_fits(platform, alice):
    former = make_postmortem(make_document("x" * 300), team=platform)

    assert len(duplicating.duplicate(former, by=alice).title) == 300


def test_a_title_that_is_cut_behind_a_word_is_a_title(alice, platform):
    former = make_postmortem(make_document(f"{'a' * 291} {'b' * 8}"), team=platform)

    assert duplicating.duplicate(former, by=alice).title == f"Copy of {'a' * 291}"


@pytest.mark.parametrize("visibility", ["team", "restricted"])
def test_what_is_hidden_cannot_be_copied(platform, alice, charlie, visibility):
    hidden = make_postmortem(team=platform, visibility=visibility, authors=(alice,))

    with pytest.raises(PermissionDenied):
        duplicating.duplicate(hidden, by=charlie)

    assert Postmortem.objects.count() == 1


def test_who_writes_nowhere_copies_nothing(former, platform):
    reader = make_user("rita", team=platform, role="reader")

    with pytest.raises(PermissionDenied):
        duplicating.duplicate(former, by=reader)


def test_nobody_copies_into_a_team_of_others(former, charlie, platform):
    with pytest.raises(PermissionDenied):
        duplicating.duplicate(former, by=charlie, team=platform)


def test_a_copy_goes_to_ones_own_team_where_the_former_team_is_not(former, charlie, payments):
    assert duplicating.duplicate(former, by=charlie).team == payments


@pytest.mark.parametrize(
    ("visibility", "team", "expected"),
    [
        ("public", "payments", "team"),
        ("internal", "payments", "team"),
        ("team", "platform", "team"),
        ("team", "payments", "restricted"),
        ("restricted", "platform", "restricted"),
        ("restricted", "payments", "restricted"),
    ],
)
def test_a_copy_reaches_no_reader_whom_the_former_hides_from(
    request, platform, alice, dana, visibility, team, expected
):
    former = make_postmortem(team=platform, visibility=visibility, authors=(alice,))

    made = duplicating.duplicate(former, by=dana, team=request.getfixturevalue(team))

    assert made.visibility == expected
    if expected == "restricted":
        assert access.audience_of(made) == ("admins", f"user:{dana.pk}")
