"""Files on pages: the editor takes them in with and without script, readers get them inert or not at all."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from postmortems import attachments, authoring, content, drafts
from postmortems.exchange.exporting import export_for
from postmortems.models import Draft, Postmortem, StoredFile
from tests import pictures
from tests.makers import make_document, make_postmortem

NEW = "/p/new/"
INERT = {
    "Content-Security-Policy": "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def public(alice):
    """A public postmortem of alice's team."""
    return make_postmortem(team=alice.teams.get(), authors=(alice,))


def sent(name="chart.png", data=None, declared="image/png"):
    """What a form sends."""
    return SimpleUploadedFile(name, pictures.picture() if data is None else data, declared)


def url_of(file, size="") -> str:
    """The address of a postmortem's file."""
    kind = {"size": size} if size else {}
    name = "postmortem-thumbnail" if size else "postmortem-file"
    return reverse(
        name, kwargs={"ref": file.postmortem.ref, "file_id": file.pk, "name": file.name, **kind}
    )


def body_of(answer) -> bytes:
    """All bytes of a streamed answer."""
    return b"".join(answer.streaming_content)


def told(answer) -> tuple:
    """All that an answer says, without what differs from request to request."""
    lines = [line for line in answer.content.splitlines() if b"csrfmiddlewaretoken" not in line]
    return answer.status_code, {**answer.headers, "X-Request-Id": ""}, lines


def fields_in(page: str, start: str = "attachments.") -> dict[str, str]:
    """The hidden fields of the files on a page."""
    found = re.findall(r'name="([^"]+)" value="([^"]*)"', page)
    return {name: text for name, text in found if name.startswith(start) and "removed" not in name}


# --- The editor without script ---


def test_a_file_is_added_before_the_first_save_and_saved_with_it(browse, alice, bob):
    writer = browse(alice)
    form = {"key": "k" * 16, "title": "DNS is gone", "summary": "Half"}

    added = writer.post(NEW, {**form, "do": "upload", "upload": sent()})
    file = StoredFile.objects.get()
    assert "chart.png was added to the files." in added.text
    assert "Half" in added.text
    assert file.claimed_at is None
    writer.post(NEW, {**form, **fields_in(added.text), "do": "save"})

    made = Postmortem.objects.get()
    assert [item.name for item in content.read(made).attachments] == ["chart.png"]
    assert attachments.find(bob, file.pk, made.ref) == file


def test_files_that_come_with_saving_are_saved(browse, alice):
    form = {"key": "k" * 16, "title": "DNS is gone", "do": "save"}

    browse(alice).post(
        NEW, {**form, "upload": [sent("a.png"), sent("b.txt", b"log", "text/plain")]}
    )

    names = [item.name for item in content.read(Postmortem.objects.get()).attachments]
    assert names == ["a.png", "b.txt"]


def test_a_refused_file_keeps_everything_typed_and_the_others(browse, alice):
    files = [sent("bad.png", pictures.HTML), sent("good.png")]

    page = browse(alice).post(
        NEW, {"key": "k" * 16, "title": "DNS <is> gone", "do": "save", "upload": files}
    )

    assert "bad.png: This is called a picture and is none." in page.text
    assert "DNS &lt;is&gt; gone" in page.text
    assert [*fields_in(page.text).values()][1] == "good.png"
    assert not Postmortem.objects.exists()


def test_a_file_is_removed_with_a_box_and_its_text_shows_the_words(browse, alice, public):
    file = attachments.add(public, pictures.upload(), by=alice).file
    writer, address = browse(alice), reverse("postmortem-edit", args=[public.ref])
    page = writer.get(address).text
    form = {"key": "k" * 16, "revision": "2", "title": "T", "do": "save", **fields_in(page)}
    form["classifications.kind.0.term"] = "stub"

    form["summary"] = f"See ![the chart](file:{file.pk})."
    writer.post(address, {**form, "attachments.0.removed": "1"})

    public.refresh_from_db()
    assert content.read(public).attachments == ()
    shown = browse().get(public.get_absolute_url()).text
    assert "See the chart." in shown
    assert file.pk not in shown
    assert file.pk in browse(alice).get(f"/p/{public.ref}/history/2/").text


def test_a_draft_keeps_its_files(browse, alice):
    file = attachments.take_in(pictures.upload(), by=alice).file
    fields = {"attachments.0.id": file.pk, "attachments.0.name": file.name, "title": "Half"}
    browse(alice).post("/drafts/keep/", {"key": "k" * 16, **fields})

    page = browse(alice).get(f"{NEW}?draft={'k' * 16}").text

    assert Draft.objects.get().typed["attachments.0.id"] == file.pk
    assert f"/attachments/{file.pk}/small/chart.png" in page
    drafts.discard("k" * 16, by=alice)


# --- The editor's script ---


def test_an_upload_by_script_answers_its_row(browse, alice):
    answer = browse(alice).post("/drafts/files/", {"upload": sent("a<b>.png"), "number": "7"})

    told = answer.json()
    assert (told["name"], told["is_picture"], told["note"]) == ("a_b_.png", True, "")
    assert 'name="attachments.7.id"' in told["html"]


def test_an_upload_for_what_is_hidden_answers_as_for_what_is_not_there(browse, charlie, alice):
    hidden = make_postmortem(team=alice.teams.get(), visibility="restricted")
    client = browse(charlie)

    answer = told(client.post("/drafts/files/", {"upload": sent(), "ref": hidden.ref}))
    absent = told(client.post("/drafts/files/", {"upload": sent(), "ref": "zzzzzzzz"}))

    assert answer == absent
    assert answer[0] == 404
    assert not StoredFile.objects.exists()


def test_a_longer_form_than_is_taken_is_refused_unread(browse, alice, settings):
    settings.MOST_REQUEST_BYTES = 1000

    answer = browse(alice).post("/drafts/files/", {"upload": sent("a.txt", b"a" * 2000)})

    assert answer.status_code == 413


def test_too_many_parts_are_refused(browse, alice):
    many = [sent(f"{number}.txt", b"a", "text/plain") for number in range(21)]

    assert browse(alice).post(NEW, {"upload": many}).status_code == 413


# --- Reading ---


def test_a_text_shows_the_pictures_of_its_own_postmortem_only(browse, alice, public):
    other = make_postmortem(team=alice.teams.get(), authors=(alice,))
    foreign = attachments.add(other, pictures.upload("other.png"), by=alice).file
    file = attachments.add(public, pictures.upload("own.png"), by=alice).file
    public.refresh_from_db()
    text = (
        f'![a "chart"](file:{file.pk}) ![theirs](file:{foreign.pk}) [the file](file:{file.pk})'
        f" ![out](https://example.org/x.png) `file:{file.pk}`"
    )
    document = content.read(public)
    changed = make_document("T", ("kind:stub",), summary=text, attachments=document.attachments)
    saved = authoring.edit(public, changed, by=alice, revision=2)

    page = browse().get(public.get_absolute_url()).text

    url = f"/p/{public.ref}/files/{file.pk}/own.png"
    assert (
        f'<img alt="a &quot;chart&quot;" src="{url}" width="40" height="20" loading="lazy">' in page
    )
    assert f'<a href="{url}" rel="noopener noreferrer nofollow">the file</a>' in page
    assert foreign.pk not in page
    assert 'href="https://example.org/x.png"' in page
    assert url in browse().get(f"/p/{public.ref}/print/").text
    assert f"(file:{file.pk})" in export_for(saved, alice)


def test_a_large_picture_is_offered_small_first(browse, alice, public):
    big = pictures.upload("big.png", pictures.picture(size=(2560, 100)))
    file = attachments.add(public, big, by=alice).file
    public.refresh_from_db()
    changed = make_document(
        "T",
        ("kind:stub",),
        summary=f"![x](file:{file.pk})",
        attachments=content.read(public).attachments,
    )
    authoring.edit(public, changed, by=alice, revision=2)

    page = browse().get(public.get_absolute_url()).text

    assert f'src="{url_of(file, "large")}"' in page
    assert f"{url_of(file)} 2560w" in page
    assert 'width="1280" height="50"' in page


def test_a_preview_shows_the_writers_own_files_and_nobody_elses(browse, alice, bob):
    own = attachments.take_in(pictures.upload(), by=alice).file
    text = {"text": f"![x](file:{own.pk})"}

    assert "<img" in browse(alice).post("/preview/", text).text
    assert own.pk not in browse(bob).post("/preview/", text).text


# --- Handing over ---


def test_a_picture_is_shown_and_inert(browse, alice, public):
    file = attachments.add(public, pictures.upload("图 1.png"), by=alice).file

    answer = browse().get(url_of(file), headers={"Accept-Encoding": "gzip"})

    assert {name: answer[name] for name in INERT} == INERT
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E5%9B%BE%201.png"
    assert "Content-Encoding" not in answer
    assert len(body_of(answer)) == int(answer["Content-Length"]) == file.size


@pytest.mark.parametrize(
    ("name", "data", "declared"),
    [
        ("a.svg", pictures.SVG, "image/svg+xml"),
        ("a.html", pictures.HTML, "text/html"),
        ('a";b\r\nX-Evil: 1.txt', b"text", "text/plain"),
    ],
)
def test_everything_else_is_a_download_and_inert(name, data, declared, browse, alice, public):
    file = attachments.add(public, pictures.upload(name, data, declared), by=alice).file

    answer = browse().get(url_of(file))

    assert {header: answer[header] for header in INERT} == INERT
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "X-Evil" not in answer
    assert body_of(answer) == data


def test_a_thumbnail_is_a_small_webp(browse, alice, public):
    file = attachments.add(public, pictures.upload(), by=alice).file

    answer = browse().get(url_of(file, "small"))

    assert answer["Content-Type"] == "image/webp"
    assert body_of(answer)[8:12] == b"WEBP"


TEXT = bytes(range(65, 91)) * 4


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("bytes=0-3", 206, "bytes 0-3/104", b"ABCD"),
        ("bytes=100-", 206, "bytes 100-103/104", b"WXYZ"),
        ("bytes=-4", 206, "bytes 100-103/104", b"WXYZ"),
        ("bytes=100-999999", 206, "bytes 100-103/104", b"WXYZ"),
        ("bytes=104-", 416, "bytes */104", None),
        ("bytes=-0", 416, "bytes */104", None),
        ("bytes=3-1", 200, None, TEXT),
        ("bytes=0-1,4-5", 200, None, TEXT),
        ("bytes=-", 200, None, TEXT),
        ("lines=1-2", 200, None, TEXT),
        ("bytes=" + "9" * 40 + "-", 200, None, TEXT),
    ],
)
def test_a_part_can_be_asked_for(asked, status, told, body, browse, alice, public):
    file = attachments.add(public, pictures.upload("a.txt", TEXT, "text/plain"), by=alice).file

    answer = browse().get(url_of(file), headers={"Range": asked})

    assert (answer.status_code, answer.get("Content-Range")) == (status, told)
    if body is not None:
        assert body_of(answer) == body
        assert int(answer["Content-Length"]) == len(body)


def test_a_part_of_an_older_file_is_the_whole_of_this_one(browse, alice, public):
    file = attachments.add(public, pictures.upload("a.txt", TEXT, "text/plain"), by=alice).file

    answer = browse().get(url_of(file), headers={"Range": "bytes=0-3", "If-Range": '"older"'})

    assert answer.status_code == 200


def test_head_tells_the_length_and_brings_nothing(browse, alice, public):
    file = attachments.add(public, pictures.upload("a.txt", TEXT, "text/plain"), by=alice).file

    answer = browse().head(url_of(file))

    assert (answer["Content-Length"], answer.content) == ("104", b"")


def test_what_a_browser_kept_is_good_only_while_the_reader_may_see_it(browse, alice, public):
    file = attachments.add(public, pictures.upload(), by=alice).file
    visitor = browse()
    known = {"If-None-Match": visitor.get(url_of(file))["ETag"]}
    assert visitor.get(url_of(file), headers=known).status_code == 304

    authoring.change_envelope(public, by=alice, visibility="restricted")

    assert visitor.get(url_of(file), headers=known).status_code == 404


@pytest.mark.parametrize("size", ["", "small", "large"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_hidden_file_answers_byte_for_byte_as_one_that_never_was(
    method, size, browse, alice, charlie
):
    hidden = make_postmortem(team=alice.teams.get(), authors=(alice,), visibility="restricted")
    file = attachments.add(hidden, pictures.upload(), by=alice).file
    real = url_of(file, size)

    clients = (browse(), browse(charlie))
    hidden_answers = [told(getattr(client, method)(real)) for client in clients]
    file.delete()
    without_file = [told(getattr(client, method)(real)) for client in clients]
    hidden.delete()

    assert hidden_answers == without_file
    assert hidden_answers == [told(getattr(client, method)(real)) for client in clients]
    assert {status for status, _headers, _lines in hidden_answers} == {404}


def test_a_file_without_bytes_is_not_there(browse, alice, public):
    file = attachments.add(public, pictures.upload(), by=alice).file
    attachments.file_store.erase([file.pk])

    assert browse().get(url_of(file)).status_code == 404
