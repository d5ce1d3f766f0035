"""Relations in the editor: found by words, named by their titles, under the rights of who looks."""

import pytest

from postmortems import content
from postmortems.models import Postmortem
from postmortems.web.editor_relations import ref_in
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

KEY = "k" * 16
FORM = {"key": KEY, "title": "Routes lost", "version": "0", "relations.0.kind": "same-defect"}


@pytest.fixture
def known(platform, alice) -> Postmortem:
    return make_postmortem(make_document("Calico drops routes"), team=platform, authors=(alice,))


@pytest.fixture
def hidden(payments, charlie) -> Postmortem:
    document = make_document("Calico secret")
    return make_postmortem(document, team=payments, authors=(charlie,), visibility="restricted")


def offered(client, typed: str, **more: str) -> list[tuple[str, str]]:
    rows = client.get("/drafts/relatives/", {"q": typed} | more).json()["found"]
    return [(row["ref"], row["title"]) for row in rows]


@pytest.mark.parametrize("typed", ["calico", "routes drops", "cali"])
def test_words_and_their_beginnings_find_what_one_may_see(browse, alice, known, hidden, typed):
    assert offered(browse(alice), typed) == [(known.ref, known.title)]


def test_a_ref_or_an_address_names_the_one(browse, alice, known):
    client = browse(alice)

    assert offered(client, known.ref) == [(known.ref, known.title)]
    assert offered(client, f"https://host{known.get_absolute_url()}") == [(known.ref, known.title)]


def test_the_ref_of_what_is_hidden_finds_nothing(browse, alice, hidden):
    assert offered(browse(alice), hidden.ref) == []


def test_nothing_is_related_to_itself(browse, alice, known):
    assert offered(browse(alice), "calico", ref=known.ref) == []


def test_its_title_stands_beside_what_is_typed(browse, alice, known):
    typed = FORM | {"relations.0.target": known.ref}
    client = browse(alice)

    answer = client.post("/drafts/keep/", typed).json()
    page = client.post("/p/new/", typed | {"do": "rows:lessons"}).text

    said = {item["id"]: (item["state"], item["words"]) for item in answer["understood"]}
    assert said["relations-0-target"] == ("good", known.title)
    assert known.title in page


def test_of_a_hidden_one_there_is_no_title(browse, alice, hidden):
    typed = FORM | {"relations.0.target": hidden.ref}

    answer = browse(alice).post("/drafts/keep/", typed).json()

    said = {item["id"]: (item["state"], item["words"]) for item in answer["understood"]}
    unseen = ("warn", "You see no postmortem with this address.")
    assert said["relations-0-target"] == unseen


def test_a_whole_address_is_saved_as_the_ref(browse, alice, known):
    typed = FORM | {"relations.0.target": f"http://host/p/{known.ref}/slug/", "do": "save"}

    browse(alice).post("/p/new/", typed)

    made = Postmortem.objects.exclude(pk=known.pk).get()
    assert [item.target for item in content.read(made).relations] == [known.ref]


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("ABCD2345", "abcd2345"),
        ("https://x.test/p/abcd2345", "abcd2345"),
        ("/p/abcd2345/edit/", "abcd2345"),
        ("some words", "some words"),
        ("/p/abcd23456/", "/p/abcd23456/"),
    ],
)
def test_a_ref_is_read_out_of_an_address(typed, ref):
    assert ref_in(typed) == ref
