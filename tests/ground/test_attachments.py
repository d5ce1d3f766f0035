"""Files: taken in, claimed by a saved content, read by whom it may concern, and swept."""

import os
import stat
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from postmortems import (
    attachments,
    authoring,
    bin,
    content,
    drafts,
    duplicating,
    file_store,
    restoring,
)
from postmortems.document import Attachment
from postmortems.models import AuditEntry, StoredFile
from tests import pictures
from tests.makers import make_document, make_postmortem

KEY = "draft-key-1"


@pytest.fixture
def postmortem(alice):
    """Restricted to alice, without files."""
    return make_postmortem(team=alice.teams.get(), authors=(alice,), visibility="restricted")


def named(file) -> tuple[Attachment, ...]:
    """The file as a content names it."""
    return (Attachment(file.pk, file.name),)


def bytes_of(file, size: str = "") -> bytes:
    """What is stored."""
    with attachments.open_bytes(file, size) as source:
        return source.read()


def stored_paths() -> list:
    """All that lies in the folder."""
    return [path for path in file_store.folder().rglob("*") if path.is_file()]


def age(path, hours: int = 25) -> None:
    """Make a file look that old."""
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


# --- Taking in ---


def test_an_upload_is_kept_for_its_owner_alone(alice, bob, dana):
    file = attachments.take_in(pictures.upload(), by=alice).file

    assert attachments.find(alice, file.pk) == file
    assert attachments.find(bob, file.pk) is None
    assert attachments.find(dana, file.pk) is None
    assert bytes_of(file).startswith(b"\x89PNG")
    assert AuditEntry.objects.get(action="upload").actor == alice


def test_only_this_user_of_the_machine_may_read_the_bytes(alice):
    file = attachments.take_in(pictures.upload(), by=alice).file

    for size in ("", "small", "large"):
        assert stat.S_IMODE(file_store.path_of(file.pk, size).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_store.path_of(file.pk).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_store.folder().stat().st_mode) == 0o700


def test_who_writes_nowhere_or_may_only_read_uploads_nothing(charlie, system, postmortem):
    public = make_postmortem()

    with pytest.raises(PermissionDenied):
        attachments.take_in(pictures.upload(), by=charlie, postmortem=public)
    with pytest.raises(PermissionDenied):
        attachments.take_in(pictures.upload(), by=charlie, postmortem=postmortem)
    assert not StoredFile.objects.exists()


HOSTILE = {
    "empty": ("a.txt", b"", "text/plain"),
    "html called a picture": ("image.png", pictures.HTML, "image/png"),
    "html declared a picture": ("page.html", pictures.HTML, "image/png"),
    "svg called a picture": ("a.png", pictures.SVG, "image/svg+xml"),
    "a program": ("a.exe", b"MZ\x90\0\3\0\0\0", "application/octet-stream"),
    "nul in a text": ("a.log", b"line\0line", "text/plain"),
    "not utf-8": ("a.log", b"caf\xe9", "text/plain"),
    "bomb": ("a.png", pictures.bomb(), "image/png"),
    "cut": ("a.png", pictures.picture(size=(300, 300))[:-200], "image/png"),
    "gif and script": ("a.gif", b"GIF89a/*" + b"alert(1)//" * 10, "image/gif"),
}


@pytest.mark.parametrize(("name", "data", "declared"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_picture_text_or_known_file_is_refused(name, data, declared, alice):
    before = stored_paths()

    with pytest.raises(ValidationError) as error:
        attachments.take_in(pictures.upload(name, data, declared), by=alice)

    assert list(error.value.message_dict) == ["file"]
    assert not StoredFile.objects.exists()
    assert stored_paths() == before


@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("a.svg", pictures.SVG, "text/plain"),
        ("page.html", pictures.HTML, "text/plain"),
        ("trace.json", b"{}", "text/plain"),
        ("report.pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("logs.zip", b"PK\x03\x04....", "application/zip"),
        ("logs.svgz", b"\x1f\x8b\x08\0....", "application/gzip"),
    ],
)
def test_other_files_are_kept_as_they_are_and_never_as_pictures(name, data, media, alice):
    file = attachments.take_in(pictures.upload(name, data, "text/html"), by=alice).file

    assert (file.media_type, file.is_picture, bytes_of(file)) == (media, False, data)


def test_a_file_is_counted_while_it_comes(alice, settings):
    settings.MOST_FILE_BYTES = 1024 * 1024

    with pytest.raises(ValidationError, match="at most 1 MB"):
        attachments.take_in(pictures.upload("a.txt", b"a" * (1024 * 1024 + 1)), by=alice)


def test_an_upload_over_the_room_leaves_neither_row_nor_bytes(alice, settings):
    settings.MOST_FILES = 1
    attachments.take_in(pictures.upload(), by=alice)
    before = sorted(stored_paths())

    with pytest.raises(ValidationError, match="at most 1 files"):
        attachments.take_in(pictures.upload(), by=alice)
    settings.MOST_FILES, settings.MOST_FILES_BYTES = 9, 100
    with pytest.raises(ValidationError, match="MB"):
        attachments.take_in(pictures.upload(), by=alice)

    assert StoredFile.objects.count() == 1
    assert sorted(stored_paths()) == before


# --- Claiming ---


def test_saving_a_new_postmortem_makes_its_uploads_part_of_it(alice, bob, charlie):
    file = attachments.take_in(pictures.upload(), by=alice).file

    made = authoring.create(make_document(attachments=named(file)), by=alice)

    assert attachments.find(bob, file.pk, made.ref) == file
    assert attachments.find(charlie, file.pk, made.ref) is None
    assert attachments.find(alice, file.pk, made.ref).claimed_at


def test_naming_a_file_of_another_opens_it_to_nobody(alice, bob, charlie, postmortem):
    new = attachments.take_in(pictures.upload(), by=alice).file
    kept = attachments.add(postmortem, pictures.upload(), by=alice).file

    theirs = authoring.create(
        make_document(attachments=(*named(new), *named(kept))), by=charlie, visibility="public"
    )

    assert attachments.find(charlie, new.pk) is None
    assert attachments.find(charlie, kept.pk) is None
    assert attachments.find(charlie, new.pk, theirs.ref) is None
    assert StoredFile.objects.get(pk=kept.pk).postmortem == postmortem
    assert StoredFile.objects.get(pk=new.pk).claimed_at is None


def test_files_added_at_once_by_two_people_both_stay(alice, bob):
    shared = make_postmortem(team=alice.teams.get(), visibility="team")
    first = attachments.add(shared, pictures.upload("a.png"), by=alice).file
    second = attachments.add(shared, pictures.upload("b.png"), by=bob).file

    shared.refresh_from_db()

    assert content.read(shared).attachments == (*named(first), *named(second))
    assert shared.revision == 3


# --- Reading: the cast against every state ---


def readers(file, people) -> str:
    """Who may read the file now, as the first letters of their names."""
    return "".join(name[0] for name, person in people.items() if attachments.find(person, file.pk))


@pytest.fixture
def people(alice, bob, charlie, dana):
    """The cast by name; the visitor first."""
    return {
        "visitor": AnonymousUser(),
        "alice": alice,
        "bob": bob,
        "charlie": charlie,
        "dana": dana,
    }


@pytest.mark.parametrize(
    ("state", "while_named", "once_removed"),
    [
        ({"visibility": "public"}, "vabcd", "abd"),
        ({"visibility": "internal"}, "abcd", "abd"),
        ({"visibility": "team"}, "abd", "abd"),
        ({"visibility": "restricted"}, "ad", "ad"),
        ({"visibility": "public", "status": "draft"}, "abd", "abd"),
        ({"visibility": "restricted", "status": "draft"}, "ad", "ad"),
    ],
)
def test_a_file_is_for_who_sees_a_content_that_names_it(state, while_named, once_removed, people):
    alice = people["alice"]
    made = make_postmortem(team=alice.teams.get(), authors=(alice,), **state)
    file = attachments.add(made, pictures.upload(), by=alice).file
    assert readers(file, people) == while_named

    attachments.remove(made, file.pk, by=alice)

    assert readers(file, people) == once_removed


def test_a_change_of_rights_closes_the_file_at_once(people, alice):
    made = make_postmortem(team=alice.teams.get(), authors=(alice,))
    file = attachments.add(made, pictures.upload(), by=alice).file
    assert readers(file, people) == "vabcd"

    authoring.change_envelope(made, by=alice, visibility="restricted")
    assert readers(file, people) == "ad"
    bin.throw_away(made, by=alice)
    assert readers(file, people) == ""
    bin.restore(made, by=alice)
    assert readers(file, people) == "ad"


def test_an_unclaimed_file_goes_with_the_account_and_with_the_view(alice, postmortem):
    file = attachments.take_in(pictures.upload(), by=alice, postmortem=postmortem).file
    assert attachments.find(alice, file.pk) == file

    alice.is_active = False

    assert attachments.find(alice, file.pk) is None


@pytest.mark.parametrize("file_id", ["", "\0" * 20, "../../../secret_key00", "z" * 21, "A" * 20])
def test_what_is_no_id_finds_nothing(file_id, alice):
    assert attachments.find(alice, file_id) is None


def test_a_copy_brings_no_files_and_no_rights(alice, charlie):
    former = make_postmortem(team=alice.teams.get(), visibility="public")
    file = attachments.add(former, pictures.upload(), by=alice).file

    copy = duplicating.duplicate(former, by=charlie)
    authoring.change_envelope(former, by=alice, visibility="restricted")

    assert content.read(copy).attachments == ()
    assert attachments.find(charlie, file.pk) is None


# --- Revisions ---


def test_restoring_a_revision_brings_a_removed_file_back(alice, charlie):
    made = make_postmortem(team=alice.teams.get(), authors=(alice,))
    file = attachments.add(made, pictures.upload(), by=alice).file
    attachments.remove(made, file.pk, by=alice)
    assert attachments.find(charlie, file.pk) is None

    restoring.restore(made, 2, by=alice, revision=3)

    assert attachments.find(charlie, file.pk) == file


def test_removing_what_is_not_there_saves_nothing_and_asks_for_the_right(alice, charlie):
    made = make_postmortem(team=alice.teams.get())

    assert attachments.remove(made, "z" * 20, by=alice).revision == 1
    with pytest.raises(PermissionDenied):
        attachments.remove(made, "z" * 20, by=charlie)


# --- Ends: purge, sweep, crashes ---


def test_a_purge_removes_the_bytes_after_the_rows(transactional_db, dana, alice):
    made = make_postmortem(team=alice.teams.get())
    file = attachments.add(made, pictures.upload(), by=dana).file
    bin.throw_away(made, by=dana)

    with transaction.atomic():
        bin.purge(made, by=dana)
        # As the process ending before the commit.
        transaction.set_rollback(True)
    assert bytes_of(file)
    bin.purge(made, by=dana)

    assert not StoredFile.objects.exists()
    assert not [path for path in stored_paths() if file.pk[2:] in path.name]


def test_a_sweep_takes_what_a_crash_left_and_nothing_that_is_needed(alice, postmortem):
    kept = attachments.add(postmortem, pictures.upload(), by=alice).file
    attachments.remove(postmortem, kept.pk, by=alice)
    orphan, young = file_store.path_of("ab" + "0" * 18), file_store.path_of("ab" + "1" * 18)
    orphan.parent.mkdir(mode=0o700, exist_ok=True)
    for path in (orphan, young):
        path.write_bytes(b"bytes without a row")
    incoming = file_store.folder() / "incoming" / "tmpx"
    incoming.mkdir(parents=True)
    (incoming / "given").write_bytes(b"half an upload")
    for path in (orphan, incoming / "given", *file_store.path_of(kept.pk).parent.glob("*")):
        age(path)

    swept = attachments.sweep()

    assert (swept.unclaimed, swept.orphans, swept.missing) == (0, 2, ())
    assert young.exists()
    assert bytes_of(kept)
    young.unlink()


def test_a_sweep_leaves_uploads_that_a_draft_names(alice):
    in_list, in_text, unused, fresh = (
        attachments.take_in(pictures.upload(), by=alice).file for _number in range(4)
    )
    fields = {"attachments.0.id": in_list.pk, "summary": f"see ![x](file:{in_text.pk})"}
    drafts.keep(KEY, fields, by=alice)
    StoredFile.objects.exclude(pk=fresh.pk).update(created_at=timezone.now() - timedelta(days=9))

    assert attachments.sweep().unclaimed == 1

    assert set(StoredFile.objects.values_list("pk", flat=True)) == {
        in_list.pk,
        in_text.pk,
        fresh.pk,
    }
    assert not file_store.path_of(unused.pk).exists()


def test_the_command_tells_of_files_without_bytes(alice, capsys):
    call_command("sweep_attachments")
    file = attachments.take_in(pictures.upload(), by=alice).file
    file_store.erase([file.pk])

    with pytest.raises(CommandError, match=file.pk):
        call_command("sweep_attachments")
    with pytest.raises(CommandError, match="at least 1 hour"):
        call_command("sweep_attachments", "--hours", "0")


def test_bytes_without_a_row_are_what_a_failing_commit_leaves(alice, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionError("the database went away")

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(ConnectionError):
        attachments.take_in(pictures.upload(), by=alice)
    monkeypatch.undo()
    for path in stored_paths():
        age(path)

    assert not StoredFile.objects.exists()
    assert attachments.sweep().orphans == 3
