"""Below the API's address, what is not there answers as JSON."""

import pytest


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_unknown_address_is_a_problem_document(browse, method):
    response = getattr(browse(), method)("/api/v1/nothing/here")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


@pytest.mark.parametrize("address", ["postmortems/", "imports/", "me/", "search/"])
def test_each_address_says_what_may_be_asked_there(browse, alice, address):
    answer = browse(alice).options(f"/api/v1/{address}")

    assert answer.status_code == 200
    assert "GET" in answer["Allow"]
