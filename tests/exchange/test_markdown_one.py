"""One postmortem as a file: what goes out comes back in, with no more in it than the reader sees."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser

from postmortems import content
from postmortems.document import Relation
from postmortems.exchange import markdown_file
from postmortems.exchange.exporting import export_for
from postmortems.models import Postmortem
from tests.makers import SEEDS, make_document, make_postmortem
from tests.seed_documents import seed, vocabularies

NAMES = sorted(path.stem for path in SEEDS.glob("*.md"))
VISITOR = AnonymousUser()


def read_back(text):
    parsed = markdown_file.parse(text, vocabularies())
    assert parsed.problems == ()
    return parsed


@pytest.mark.parametrize("name", NAMES)
def test_the_file_of_a_seed_reads_back_as_the_same_document(db, name):
    postmortem = make_postmortem(replace(seed(name), relations=()))

    parsed = read_back(export_for(postmortem, VISITOR))

    assert parsed.document == markdown_file.as_file_holds(content.read(postmortem))


@pytest.mark.parametrize("name", NAMES)
def test_importing_the_file_of_a_seed_makes_the_same_document(bring_in, name):
    postmortem = make_postmortem(replace(seed(name), relations=()))
    was, text = content.read(postmortem), export_for(postmortem, VISITOR)
    postmortem.delete()

    bring_in((f"{name}.md", text.encode()))

    assert content.read(Postmortem.objects.get()) == markdown_file.as_file_holds(was)


@pytest.fixture
def related(platform, payments):
    """A public postmortem that names a public and two hidden ones of its team, with what it says of them."""
    seen = make_postmortem(team=platform, import_id="walrus-seen")
    hidden = make_postmortem(team=platform, visibility="restricted", import_id="walrus-hidden")
    draft = make_postmortem(team=platform, status="draft", import_id="walrus-draft")
    relations = tuple(
        Relation("follow-up", other.ref, f"note on {other.import_id}")
        for other in (seen, hidden, draft)
    )
    return make_postmortem(make_document(relations=relations), team=platform)


def test_relations_to_what_is_hidden_leave_no_trace_in_the_file(related, charlie, alice, dana):
    files = {
        name: export_for(related, viewer)
        for name, viewer in {"": VISITOR, "c": charlie, "a": alice, "d": dana}.items()
    }

    said = {
        name: [part in text for part in ("walrus-seen", "walrus-hidden", "walrus-draft")]
        for name, text in files.items()
    }
    assert said == {
        "": [True, False, False],
        "c": [True, False, False],
        "a": [True, False, True],
        "d": [True, True, True],
    }
    for other in Postmortem.objects.exclude(import_id="").exclude(import_id="walrus-seen"):
        assert other.ref not in files[""]


def test_the_accounts_of_people_stand_in_it_for_those_who_write_there(
    platform, alice, bob, charlie
):
    postmortem = make_postmortem(team=platform, authors=(alice,), named=(bob,))

    assert read_back(export_for(postmortem, bob)).envelope.authors == ("alice",)
    for outsider in (VISITOR, charlie):
        envelope = read_back(export_for(postmortem, outsider)).envelope
        assert (envelope.authors, envelope.named) == (None, None)


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_takes_as_many_statements_whatever_it_names(
    platform, bob, count, django_assert_num_queries
):
    relations = tuple(
        Relation("follow-up", make_postmortem(team=platform).ref) for _ in range(count)
    )
    postmortem = make_postmortem(make_document(relations=relations), team=platform)
    postmortem = Postmortem.objects.select_related("team").get(pk=postmortem.pk)

    # Seven of content and one that asks for the vocabularies' state, two for what is seen, one for
    # import ids, two for people, one for the role.
    with django_assert_num_queries(15):
        export_for(postmortem, bob)
