"""Files come with the postmortems that an import brings, as safely as from a browser, and go with it."""

import base64
import io
import json
import zipfile

import pytest
from django.core.exceptions import ValidationError

from postmortems import attachments, authoring, content, file_store
from postmortems.exchange import export_files, import_undo, imports, upload
from postmortems.exchange.export_files import Asked, pieces
from postmortems.exchange.importing import find_files, import_files
from postmortems.exchange.upload import Upload
from postmortems.models import AuditEntry, ImportRow, Postmortem, StoredFile
from postmortems.models.stored_file import new_file_id
from tests import pictures
from tests.makers import make_document, make_postmortem

PICTURE = pictures.picture()
ID, OTHER = "0123456789abcdefghjk", "zyxwvtsrqpnmkjhgfedc"


def record(import_id="walrus", *files, **more) -> dict:
    """A draft with files, each an id, a name and bytes."""
    listed = [
        {"id": file_id, "name": name, "base64": base64.b64encode(data).decode()}
        for file_id, name, data in files
    ]
    return {"import_id": import_id, "title": import_id, "attachments": listed} | more


def ndjson(*records: dict) -> list[Upload]:
    """The records as they are sent."""
    return [Upload("all.ndjson", "\n".join(map(json.dumps, records)).encode())]


def zipped(files: dict[str, bytes]) -> list[Upload]:
    """An archive as it is sent."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return [Upload("all.zip", buffer.getvalue())]


def markdown(*names: tuple[str, str]) -> bytes:
    """A draft that names files."""
    lines = [f"  - {{id: {file_id}, name: {name}}}" for file_id, name in names]
    head = ["---", "hindsight: 1", "import_id: walrus", "title: Walrus", "attachments:"]
    return "\n".join([*head, *lines, "---", f"![It](file:{ID})", ""]).encode()


def the_row(batch) -> ImportRow:
    """The only row."""
    return batch.rows.get()


def bytes_on_disk() -> int:
    """How many files lie in the folder of stored files."""
    return sum(path.is_file() for path in file_store.folder().rglob("*"))


def test_a_file_gets_an_id_of_the_site_and_texts_lead_to_it(alice, platform):
    sent = ndjson(record("walrus", (ID, "a.png", PICTURE), summary=f"![It](file:{ID})"))

    batch = imports.bring_in(sent, by=alice, team=platform)

    file = StoredFile.objects.get()
    document = content.read(Postmortem.objects.get())
    assert file.pk != ID
    assert file.import_id == ID
    assert file.is_picture
    assert document.summary == f"![It](file:{file.pk})"
    assert [item.id for item in document.attachments] == [file.pk]
    assert the_row(batch).files == [file.pk]
    assert attachments.find(alice, file.pk) == file


def test_an_archive_has_files_beside_the_markdown(alice, platform):
    files = {"x/w.md": markdown((ID, "a.png")), f"x/w.files/{ID}/a.png": PICTURE}

    imports.bring_in(zipped(files), by=alice, team=platform)

    assert StoredFile.objects.get().name == "a.png"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.png", pictures.HTML),
        ("x.png", pictures.bomb()),
        ("x.png", PICTURE[:60]),
        ("x.svg.png", pictures.SVG),
        ("x.bin", b"\0\1\2"),
        ("x.txt", b""),
    ],
)
@pytest.mark.parametrize("is_dry", [False, True])
def test_what_a_browser_may_not_upload_is_a_problem_of_its_row(alice, platform, name, data, is_dry):
    sent = ndjson(record("bad", (ID, "ok.png", PICTURE), (OTHER, name, data)), record("good"))

    sources = upload.sources(sent)
    report = import_files(sources, by=alice, team=platform, dry_run=is_dry)

    assert [row.outcome for row in report.rows] == ["problem", "new"]
    (problem,) = report.rows[0].problems
    assert problem.key == "/attachments/1"
    assert problem.message.startswith(f"{name}: ")
    assert not StoredFile.objects.exists()
    assert bytes_on_disk() == 0


def test_a_preview_counts_files_and_keeps_nothing(alice, platform):
    report = imports.preview(
        ndjson(record("walrus", (ID, "a.png", PICTURE))), by=alice, team=platform
    )

    assert [(row.outcome, row.files) for row in report.rows] == [("new", 1)]
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.filter(action="upload").exists()
    assert bytes_on_disk() == 0


def test_a_postmortem_holds_no_more_than_by_uploads(alice, platform, settings):
    settings.MOST_FILES = 1
    sent = ndjson(record("full", (ID, "a.png", PICTURE), (OTHER, "b.png", PICTURE)))

    batch = imports.bring_in([*sent, *ndjson(record("good"))], by=alice, team=platform)

    assert imports.counts_of(batch)["problem"] == 1
    assert not StoredFile.objects.exists()
    assert bytes_on_disk() == 0


@pytest.mark.parametrize("is_taken", [False, True])
def test_nobody_learns_which_ids_are_in_use(alice, bob, charlie, platform, payments, is_taken):
    hidden = make_postmortem(visibility="restricted", authors=(bob,))
    theirs = attachments.add(hidden, pictures.upload("secret.png"), by=bob).file
    file_id = theirs.pk if is_taken else new_file_id()
    sent = ndjson(record("mine", (file_id, "a.txt", b"mine"), summary=f"file:{file_id}"))

    batch = imports.bring_in(sent, by=charlie, team=payments)

    mine = StoredFile.objects.get(owner=charlie)
    assert the_row(batch).problems == []
    assert mine.pk != file_id
    assert mine.import_id == file_id
    theirs.refresh_from_db()
    assert theirs.postmortem == hidden
    assert theirs.import_id == ""
    assert attachments.find(charlie, file_id) is None
    exported = b"".join(pieces("ndjson", Asked("mine", {"files": "1"}, charlie, "en"), str))
    assert b"secret" not in exported


def test_a_name_without_bytes_takes_nobodys_file(alice, bob, charlie, payments):
    hidden = make_postmortem(visibility="restricted", authors=(bob,))
    theirs = attachments.add(hidden, pictures.upload("secret.png"), by=bob).file
    sent = ndjson(
        {"import_id": "mine", "title": "Mine", "attachments": [{"id": theirs.pk, "name": "a"}]}
    )

    imports.bring_in(sent, by=charlie, team=payments)

    assert attachments.find(charlie, theirs.pk) is None
    params = {"files": "1", "status": "draft"}
    exported = b"".join(pieces("ndjson", Asked("", params, charlie, "en"), str))
    assert b'"import_id": "mine"' in exported
    assert b"base64" not in exported


def test_other_bytes_under_a_known_id_are_a_problem(alice, platform):
    imports.bring_in(ndjson(record("walrus", (ID, "a.txt", b"one"))), by=alice, team=platform)

    again = ndjson(record("walrus", (ID, "a.txt", b"two")))
    batch = imports.bring_in(again, by=alice, team=platform)

    assert "other bytes" in the_row(batch).problems[0]["message"]
    assert StoredFile.objects.get().size == 3


def test_taking_an_import_back_removes_what_it_brought(alice, platform):
    imports.bring_in(ndjson(record("walrus", (ID, "a.txt", b"one"))), by=alice, team=platform)
    former = StoredFile.objects.get()
    more = record("walrus", (ID, "a.txt", b"one"), (OTHER, "b.txt", b"two"))
    batch = imports.bring_in(ndjson(more), by=alice, team=platform)
    assert len(the_row(batch).files) == 1

    import_undo.undo_import(batch, by=alice)

    assert the_row(batch).undone == "restored"
    assert StoredFile.objects.get() == former
    document = content.read(Postmortem.objects.get())
    assert [item.id for item in document.attachments] == [former.pk]
    assert AuditEntry.objects.filter(action="take-back-file").count() == 1


def test_taking_back_what_was_new_hides_its_files(alice, platform):
    batch = imports.bring_in(
        ndjson(record("walrus", (ID, "a.txt", b"one"))), by=alice, team=platform
    )
    file = StoredFile.objects.get()

    import_undo.undo_import(batch, by=alice)

    assert attachments.find(alice, file.pk) is None


@pytest.mark.parametrize(
    "files",
    [
        {f"w.files/{ID}/a.txt": b"alone"},
        {"w.md": markdown((ID, "a")), f"w.files/{ID}/a": b"1", f"w.files/{ID}/b": b"2"},
        {"w.md": markdown((ID, "a")), f"w.files/{OTHER}/a": b"not named"},
    ],
)
def test_a_file_of_an_archive_that_no_record_names_is_told(alice, platform, files):
    batch = imports.bring_in(zipped(files), by=alice, team=platform)

    assert imports.counts_of(batch)["problem"] == 1


def test_bytes_that_are_no_base64_are_a_problem(alice, platform):
    bad = [{"id": ID, "name": "a", "base64": value} for value in (7, "é", "a", None, ["x"])]
    records = [
        {"import_id": f"i{number}", "title": "x", "attachments": [item]}
        for number, item in enumerate(bad)
    ]

    batch = imports.bring_in(ndjson(*records), by=alice, team=platform)

    assert imports.counts_of(batch)["problem"] == len(bad)


def test_so_many_files_come_in_at_once(alice, platform, monkeypatch):
    monkeypatch.setattr(upload, "FILES", 1)
    sent = ndjson(record("walrus", (ID, "a.txt", b"one"), (OTHER, "b.txt", b"two")))

    with pytest.raises(ValidationError, match="At most 1"):
        imports.bring_in(sent, by=alice, team=platform)


def test_an_export_holds_files_of_what_the_caller_sees_alone(alice, bob, charlie):
    hidden = make_postmortem(visibility="team", authors=(bob,), import_id="hidden")
    attachments.add(hidden, pictures.upload("secret.txt", b"secret", "text/plain"), by=bob)
    shown = make_postmortem(import_id="shown", authors=(bob,))
    attachments.add(shown, pictures.upload("open.txt", b"open", "text/plain"), by=bob)

    data = b"".join(pieces("markdown", Asked("", {}, charlie, "en"), str))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [name for name in archive.namelist() if not name.endswith(".md")]
        assert [name.rsplit("/")[-1] for name in files] == ["open.txt"]
        assert archive.read(files[0]) == b"open"


def test_a_large_file_leaves_piece_by_piece(alice):
    postmortem = make_postmortem(authors=(alice,))
    data = b"walrus " * 300_000
    attachments.add(postmortem, pictures.upload("a.txt", data, "text/plain"), by=alice)

    for wanted in ("markdown", "ndjson", "json"):
        found = list(pieces(wanted, Asked("", {"files": "1"}, alice, "en"), str))
        assert max(map(len, found)) < 3 * export_files.TOGETHER


def test_bytes_that_are_gone_do_not_end_an_export(alice):
    postmortem = make_postmortem(authors=(alice,))
    file = attachments.add(postmortem, pictures.upload(), by=alice).file
    file_store.erase([file.pk])

    for wanted in ("markdown", "ndjson"):
        assert b"".join(pieces(wanted, Asked("", {"files": "1"}, alice, "en"), str))


def test_files_lie_beside_markdown_in_a_folder_too(system, platform, tmp_path):
    (tmp_path / "w.md").write_bytes(markdown((ID, "notes.md")))
    beside = tmp_path / "w.files" / ID
    beside.mkdir(parents=True)
    (beside / "notes.md").write_bytes(b"# Notes\n")

    report = import_files(find_files([tmp_path]), by=system, team=platform)

    assert report.counts["new"] == 1
    assert report.rows[0].files == 1
    assert StoredFile.objects.get().size == 8


def test_a_markdown_file_that_names_no_files_takes_none_away(alice, platform):
    imports.bring_in(ndjson(record("walrus", (ID, "a.txt", b"one"))), by=alice, team=platform)
    text = b"---\nhindsight: 1\nimport_id: walrus\ntitle: Other\n---\nfile:" + ID.encode()

    imports.bring_in([Upload("w.md", text)], by=alice, team=platform)

    document = content.read(Postmortem.objects.get())
    file = StoredFile.objects.get()
    assert [item.id for item in document.attachments] == [file.pk]
    assert document.summary == f"file:{file.pk}"


def test_an_interrupted_import_brings_each_file_once(alice, platform, monkeypatch):
    sent = ndjson(record("walrus", (ID, "a.txt", b"one")))
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_keep_problems", lambda *_rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            imports.bring_in(sent, by=alice, team=platform, key="k")

    imports.bring_in(sent, by=alice, team=platform, key="k")

    assert StoredFile.objects.count() == 1
    assert bytes_on_disk() == 1


def test_an_edit_in_between_keeps_the_name_that_exports_use(alice, platform):
    imports.bring_in(ndjson(record("walrus", (ID, "a.txt", b"one"))), by=alice, team=platform)
    postmortem = Postmortem.objects.get()
    files = content.read(postmortem).attachments
    authoring.edit(postmortem, make_document("New", attachments=files), by=alice, revision=1)

    params = {"status": "draft", "files": "0"}
    data = b"".join(pieces("markdown", Asked("", params, alice, "en"), str))
    whole = b"".join(pieces("json", Asked("", {"status": "draft"}, alice, "en"), str))

    assert b"attachments" not in zipfile.ZipFile(io.BytesIO(data)).read("platform/walrus.md")
    assert f'"id": "{ID}"'.encode() in whole
