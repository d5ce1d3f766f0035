"""GET postmortems/REF/similar/ and POST similar/: the list shape, each hit with its reasons."""

import pytest

from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

TERMS = ("cause.primary:network/cni-routing", "component:calico", "trigger:upgrade")


@pytest.fixture
def alike():
    """Two that share rare terms among others."""
    found = [make_postmortem(make_document(title, terms=TERMS)) for title in ("Mine", "Other")]
    for number in range(8):
        make_postmortem(make_document(f"Else {number}", terms=("cause.primary:security",)))
    return found


def ask(client, text, **options):
    return client.post("/api/v1/similar/", {"text": text}, "application/json", **options)


def test_similar_to_a_postmortem(browse, alike):
    mine, other = alike
    body = browse().get(f"/api/v1/postmortems/{mine.ref}/similar/").json()

    assert (body["count"], body["next"], body["previous"]) == (1, None, None)
    assert body["results"][0]["ref"] == other.ref
    assert body["results"][0]["why"][0] == {
        "kind": "term",
        "text": "Root cause CNI and pod routing (2 in all)",
    }


def test_similar_to_a_text(browse, alike):
    body = ask(browse(), "calico broke after the upgrade").json()

    assert {hit["ref"] for hit in body["results"]} == {item.ref for item in alike}
    assert all(hit["why"] for hit in body["results"])


def test_a_hidden_postmortem_is_absent(browse, alice, charlie):
    hidden = make_postmortem(visibility="restricted", authors=(alice,))
    path = f"/api/v1/postmortems/{hidden.ref}/similar/"

    assert browse(charlie).get(path).status_code == 404
    assert browse(charlie).get(path).content == browse().get(path).content
    assert browse(alice).get(path).status_code == 200


@pytest.mark.parametrize("size", ["0", "21", "-1", "x", "1e1", "٣"])
def test_a_bad_page_size_is_refused(browse, alike, size):
    path = f"/api/v1/postmortems/{alike[0].ref}/similar/"

    assert browse().get(path, {"page_size": size}).status_code == 400


@pytest.mark.parametrize("text", [None, "", "a" * 100_001, ["a"], {"a": 1}])
def test_a_bad_text_is_refused_with_a_pointer(browse, text):
    answer = ask(browse(), text)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/text"


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '"a"'])
def test_a_bad_body_is_refused(browse, body):
    answer = browse().post("/api/v1/similar/", body, "application/json")

    assert answer.status_code == 400


def test_the_page_size_is_kept(browse, alike):
    body = (
        browse()
        .post("/api/v1/similar/?page_size=1", {"text": "calico upgrade"}, "application/json")
        .json()
    )

    assert body["count"] == 1
