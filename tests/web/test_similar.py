"""Similar postmortems on the read page and the page for pasted texts."""

import pytest

from postmortems.document import Signal
from postmortems.search import similar, sync
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

TERMS = ("cause.primary:network/cni-routing", "component:calico", "trigger:upgrade")


@pytest.fixture
def alike():
    """Two that share rare terms, and one that does not."""
    signal = Signal("s1", "BGP route reflectors not ready")
    mine = make_postmortem(make_document("Mine", terms=TERMS, signals=(signal,)))
    other = make_postmortem(make_document("Calico loses routes", terms=TERMS))
    for number in range(8):
        make_postmortem(make_document(f"Else {number}", terms=("cause.primary:security",)))
    return mine, other


def test_the_read_page_names_what_is_similar_and_why(browse, alike):
    mine, other = alike
    page = browse().get(mine.get_absolute_url()).text

    assert "Similar, and why" in page
    assert other.get_absolute_url() in page
    assert "Component Calico (2 in all)" in page


def test_the_read_page_stands_without_it(browse, alike, monkeypatch):
    mine, _other = alike

    def broken():
        raise OSError("no space left on device")

    monkeypatch.setattr(sync, "view", broken)
    answer = browse().get(mine.get_absolute_url())

    assert answer.status_code == 200
    assert "could not be worked out" in answer.text


def test_a_pasted_text_finds(browse, alike):
    _mine, other = alike
    answer = browse().post("/similar/", {"text": "after the upgrade calico has no routes"})

    assert answer.status_code == 200
    assert other.get_absolute_url() in answer.text
    assert "after the upgrade calico" in answer.text


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "nothing in the box"), ("a" * 100_001, "more than 100,000"), ("xyzzy", "Nothing here")],
)
def test_what_finds_nothing_says_so(browse, alike, text, words):
    assert words in browse().post("/similar/", {"text": text}).text


def test_restricted_ones_are_not_named(browse, alike, alice):
    mine, _other = alike
    hidden = make_postmortem(
        make_document("Hidden", terms=TERMS), visibility="restricted", authors=(alice,)
    )
    path = hidden.get_absolute_url()

    assert path not in browse().get(mine.get_absolute_url()).text
    assert path not in browse().post("/similar/", {"text": "calico upgrade"}).text
    assert path in browse(alice).get(mine.get_absolute_url()).text


def test_among_many_the_page_asks_for_it_when_it_is_there(browse, alike, monkeypatch):
    mine, other = alike
    monkeypatch.setattr(similar, "MANY", 3)
    address = f"/p/{mine.ref}/similar/"

    page = browse().get(mine.get_absolute_url()).text
    beside = browse().get(address, headers={"HX-Request": "true"}).text

    assert f'hx-get="{address}"' in page
    assert other.get_absolute_url() not in page
    assert other.get_absolute_url() in beside
    assert "<html" not in beside
    assert other.get_absolute_url() in browse().get(address).text
    # Now that it is known the page has it at once.
    assert other.get_absolute_url() in browse().get(mine.get_absolute_url()).text


def test_a_reason_leads_to_all_that_have_it(browse, alike):
    mine, _other = alike

    assert (
        '<a href="/?component=calico">Component Calico'
        in browse().get(mine.get_absolute_url()).text
    )
