"""What goes out of one site comes into an empty one without loss: exported again it is the same bytes."""

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from postmortems import attachments, authoring, content, file_store
from postmortems.document import Attachment, Relation
from postmortems.exchange import imports
from postmortems.exchange.export_files import Asked, pieces
from postmortems.exchange.importing import find_files
from postmortems.exchange.upload import Upload
from postmortems.models import Import, Postmortem, StoredFile, User
from tests import pictures
from tests.makers import SEEDS, make_document, make_postmortem
from tests.strategies import documents

PORTABLE = ("ndjson", "json", "markdown")
EVERY_STATUS = {"status": "draft,in_review,published,archived"}
ENDS = {"ndjson": "all.ndjson", "json": "all.json", "markdown": "all.zip"}


def export(wanted: str, by: User, **params: str) -> bytes:
    """Everything that somebody sees, in a format."""
    return b"".join(pieces(wanted, Asked("", EVERY_STATUS | params, by, "en"), str))


def empty() -> None:
    """The site without a postmortem."""
    Import.objects.all().delete()
    file_store.erase(StoredFile.objects.values_list("pk", flat=True))
    Postmortem.objects.all().delete()


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def into_an_empty_site(wanted: str, data: bytes, *, by: User, team) -> dict[str, int]:
    """What came of importing it there."""
    empty()
    batch = imports.bring_in([Upload(ENDS[wanted], data)], by=by, team=team)
    problems = [row.problems for row in batch.rows.all() if row.problems]
    assert problems == []
    return imports.counts_of(batch)


@pytest.fixture
def seeds(bring_in):
    """The incidents that come with the product."""
    files = find_files([SEEDS])
    bring_in(*files)
    return len(files)


@pytest.mark.parametrize("wanted", PORTABLE)
def test_the_seeds_come_into_an_empty_site_byte_for_byte(seeds, dana, platform, wanted):
    before = export(wanted, dana)

    counts = into_an_empty_site(wanted, before, by=dana, team=platform)

    assert counts == {"created": seeds, "updated": 0, "unchanged": 0, "problem": 0}
    assert export(wanted, dana) == before


@pytest.mark.parametrize("wanted", PORTABLE)
def test_what_was_exported_changes_nothing_where_it_came_from(seeds, dana, platform, wanted):
    data = export(wanted, dana)

    batch = imports.bring_in([Upload(ENDS[wanted], data)], by=dana, team=platform)

    assert imports.counts_of(batch)["unchanged"] == seeds
    assert export(wanted, dana) == data


@pytest.fixture
def entangled(alice, bob, platform, payments):
    """Postmortems of two teams, with and without import ids, that point to one another."""
    far = make_postmortem(team=payments, import_id="far/away", authors=(alice,))
    odd = make_postmortem(team=payments, status="draft", visibility="restricted", named=(bob,))
    upper = make_postmortem(import_id="Walrus", authors=(alice, bob), slug="sea")
    targets = (far.ref, odd.ref, upper.ref)
    relations = tuple(Relation("same-defect", target) for target in targets)
    make_postmortem(make_document(relations=relations), import_id="walrus", status="archived")
    make_postmortem(make_document(relations=(Relation("caused-by", upper.ref),)), import_id="海象")


@pytest.mark.parametrize("wanted", PORTABLE)
def test_relations_across_teams_and_odd_names_survive(entangled, dana, platform, wanted):
    before = export(wanted, dana)

    into_an_empty_site(wanted, before, by=dana, team=platform)

    assert export(wanted, dana) == before


@pytest.fixture
def with_files(alice, bob):
    """Postmortems with files of every kind, of which texts give the address; one was named before."""
    walrus = make_postmortem(import_id="walrus", authors=(alice,))
    uploads = [
        pictures.upload("chart.png"),
        pictures.upload("photo.jpg", pictures.photo("Riga"), "image/jpeg"),
        pictures.upload("sea.webp", pictures.picture("WEBP"), "image/webp"),
        pictures.upload("moving.gif", pictures.animation(), "image/gif"),
        pictures.upload("thumbs.db", b"no picture\n" * 99_999, "text/plain"),
        pictures.upload("all 日誌.zip", zipped({"a.txt": b"x"}), "application/zip"),
        pictures.upload("notes.md", b"# Notes\n", "text/markdown"),
    ]
    files = [attachments.add(walrus, upload, by=alice).file for upload in uploads]
    gone = attachments.add(walrus, pictures.upload("gone.png"), by=alice).file
    attachments.remove(walrus, gone.pk, by=alice)
    walrus.refresh_from_db()
    chart, photo = files[0].pk, files[1].pk
    document = replace(
        content.read(walrus), summary=f"![Load](file:{chart}) and [it](/attachments/{photo}/x.jpg)"
    )
    authoring.edit(walrus, document, by=alice, revision=walrus.revision)
    # A name alone: the file is that of another postmortem.
    make_postmortem(
        make_document(attachments=(Attachment(chart, "chart.png"),)),
        import_id="a-walrus",
        authors=(bob,),
    )


@pytest.mark.parametrize("wanted", PORTABLE)
def test_files_come_into_an_empty_site_and_out_of_it_byte_for_byte(
    with_files, dana, platform, wanted
):
    before = export(wanted, dana, files="1")

    into_an_empty_site(wanted, before, by=dana, team=platform)

    assert export(wanted, dana, files="1") == before
    walrus = Postmortem.objects.get(import_id="walrus")
    rows = {item.id for item in content.read(walrus).attachments}
    assert rows == {row.pk for row in StoredFile.objects.filter(claimed_at__isnull=False)}
    chart = StoredFile.objects.get(name="chart.png")
    assert f"(file:{chart.pk})" in content.read(walrus).summary
    assert attachments.find(dana, chart.pk) == chart


@pytest.mark.parametrize("wanted", PORTABLE)
@pytest.mark.parametrize("whole", ["0", "1"])
def test_files_that_come_back_are_known_again(with_files, dana, platform, wanted, whole):
    into_an_empty_site(wanted, export(wanted, dana, files="1"), by=dana, team=platform)
    count = StoredFile.objects.count()

    data = export(wanted, dana, files=whole)
    batch = imports.bring_in([Upload(ENDS[wanted], data)], by=dana, team=platform)

    assert imports.counts_of(batch)["unchanged"] == 2
    assert StoredFile.objects.count() == count


def with_own_terms(document):
    """The content with terms that there are, and no relations to what is not there."""
    return replace(document, classifications=(), relations=())


@pytest.mark.parametrize("wanted", PORTABLE)
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=documents())
def test_generated_content_survives(dana, platform, wanted, document):
    empty()
    authoring.create(with_own_terms(document), by=dana, team=platform, import_id="any")
    before = export(wanted, dana)

    into_an_empty_site(wanted, before, by=dana, team=platform)

    assert export(wanted, dana) == before


def test_an_outsider_exports_the_same_with_and_without_what_is_hidden(charlie, platform, alice):
    shown = make_postmortem(make_document("Shown"), import_id="shown")
    before = {wanted: export(wanted, charlie) for wanted in PORTABLE}

    hidden = make_postmortem(visibility="restricted", authors=(alice,), import_id="hidden")
    document = make_document(
        "Shown", ("kind:stub",), relations=(Relation("caused-by", hidden.ref),)
    )
    authoring.edit(shown, document, by=User.objects.system(), revision=1)

    assert {wanted: export(wanted, charlie) for wanted in PORTABLE} == before
    assert b"hidden" in export("ndjson", alice)


def test_people_are_named_to_those_who_write_in_the_team(alice, charlie, platform):
    make_postmortem(import_id="a", authors=(alice,))

    assert b'"authors": ["alice"]' in export("ndjson", alice)
    assert b"alice" not in export("ndjson", charlie)
