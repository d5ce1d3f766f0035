"""The product's own files: what goes out comes back in unchanged."""

import pytest

from postmortems import content
from postmortems.document import Attachment, Relation
from postmortems.exchange.exporting import export_many, export_postmortem, file_name
from postmortems.exchange.importing import find_files
from postmortems.models import Postmortem
from tests.exchange.files import NOTHING
from tests.makers import SEEDS, make_document, make_postmortem


@pytest.fixture
def again(bring_in):
    """Imports texts and counts the outcomes."""

    def run(*texts):
        return bring_in(*((f"{n}.md", text.encode()) for n, text in enumerate(texts))).counts

    return run


def test_the_seeds_come_back_unchanged(bring_in, again):
    seeds = find_files([SEEDS])
    bring_in(*seeds)

    exported = [text for _, text in export_many(Postmortem.objects.all())]

    assert again(*exported) == NOTHING | {"same": len(seeds)}


def test_they_come_into_another_site_as_they_were(bring_in, again):
    bring_in(*find_files([SEEDS]))
    exported = dict(by_import_id())
    Postmortem.objects.all().delete()

    again(*exported.values())

    assert dict(by_import_id()) == exported


def by_import_id():
    return [(row.import_id, text) for row, text in export_many(Postmortem.objects.all())]


@pytest.mark.parametrize("status", ["draft", "in_review", "published", "archived"])
@pytest.mark.parametrize("visibility", ["public", "restricted"])
def test_every_state_comes_back_unchanged(again, alice, bob, status, visibility):
    postmortem = make_postmortem(
        status=status, visibility=visibility, authors=(alice,), named=(bob,)
    )

    assert again(export_postmortem(postmortem))["same"] == 1


def test_without_an_import_id_the_ref_is_the_identity(again):
    postmortem = make_postmortem()

    assert f"import_id: {postmortem.ref}" in export_postmortem(postmortem)
    assert again(export_postmortem(postmortem))["same"] == 1


def test_a_relation_names_the_import_id_and_elsewhere_the_team_too(payments):
    near = make_postmortem(import_id="near")
    far = make_postmortem(import_id="far", team=payments)
    relations = (Relation("same-defect", near.ref), Relation("caused-by", far.ref))

    text = export_postmortem(make_postmortem(make_document(relations=relations)))

    assert "to: near\n" in text
    assert "to: payments/far\n" in text


def test_attachments_and_the_order_of_vocabularies_survive_an_import(again):
    terms = ("kind:outage", "cause:network/dns", "kind:near-miss")
    document = make_document("Old", terms, attachments=(Attachment("f1", "log.txt"),))
    postmortem = make_postmortem(document, status="draft")

    assert again(export_postmortem(postmortem))["same"] == 1
    again(export_postmortem(postmortem).replace("title: Old", "title: New"))

    stored = content.read(Postmortem.objects.get())
    assert (stored.title, stored.attachments) == ("New", (Attachment("f1", "log.txt"),))


def test_a_site_user_is_not_named_as_author(system):
    text = export_postmortem(make_postmortem(authors=(system,)))

    assert "authors: []" in text


@pytest.mark.parametrize(
    ("import_id", "named_after_it"),
    [
        ("pi-day", True),
        ("PI_1.2", True),
        ("../x", False),
        ("a/b", False),
        (".x", False),
        ("日", False),
    ],
)
def test_a_file_is_called_like_its_import_id_where_it_can_be(db, import_id, named_after_it):
    postmortem = make_postmortem(import_id=import_id)

    expected = import_id if named_after_it else postmortem.ref
    assert file_name(postmortem) == f"{expected}.md"


@pytest.mark.parametrize("count", [1, 3])
def test_many_take_as_many_statements_as_one(db, count, django_assert_num_queries):
    document = make_document(relations=(Relation("caused-by", "00000000"),))
    for _ in range(count):
        make_postmortem(document)
    chosen = Postmortem.objects.select_related("team").prefetch_related("authors", "named_people")

    # Seven of content, one that asks for the vocabularies' state, one for import ids, one for
    # files, three here.
    with django_assert_num_queries(13):
        assert len(list(export_many(chosen))) == count
