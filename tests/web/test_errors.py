"""Error pages say what happened and what to do, and keep the way to search."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, RequestFactory

from postmortems.web import errors
from tests import makers


def raising(error):
    """What server_error answers while this error is being handled."""
    try:
        raise error
    except type(error):
        return errors.server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/p/4k7m2x9p/reddit-pi-day/", "reddit pi day"),
        ("/taxonomy/cause/dns-failure/", "cause dns failure"),
        ("/升级/失败", "升级 失败"),
        ("/incidents/2023/outage.html", "incidents 2023 outage"),
        ("/p/4k7m2x9p/", ""),
    ],
)
def test_words_of_an_address_leave_ids_and_route_words_out(path, words):
    assert errors.words_of(path) == words


def test_an_unknown_address_offers_a_search_for_its_words(browse, db):
    response = browse().get("/incidents/reddit-pi-day")

    assert response.status_code == 404
    assert "Nothing at this address" in response.text
    assert 'value="incidents reddit pi day"' in response.text


def test_markup_in_an_address_stays_text(browse, db):
    response = browse().get("/<script>alert(1)</script>")

    assert response.status_code == 404
    assert "<script>alert" not in response.text


def test_a_hidden_postmortem_answers_like_an_absent_one(browse, platform, charlie):
    made = {"visibility": "team", "slug": "one-name", "ref": "hddnpag2"}
    hidden = makers.make_postmortem(team=platform, **made)

    answers = [browse(charlie).get(f"/p/{ref}/one-name/") for ref in (hidden.ref, "zzzzzzz2")]
    texts = [answer.text.replace(hidden.ref, "zzzzzzz2") for answer in answers]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(texts[0]) == without_tokens(texts[1])


def without_tokens(page):
    """The page without what differs at each request."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_refusal_names_its_reason(rf, db):
    request = rf.get("/")
    request.user = makers.make_user("erin")

    response = errors.forbidden(request, PermissionDenied("Its team is Platform."))

    assert response.status_code == 403
    assert "Its team is Platform." in response.text


def test_a_form_without_its_token_is_refused_in_words(db):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/sign-in/", {"username": "alice", "password": "x"})

    assert response.status_code == 403
    assert "open for too long" in response.text


def test_a_defect_shows_the_request_id_and_asks_no_database():
    response = raising(ValueError("secret detail"))

    assert response.status_code == 500
    assert "That should not have happened" in response.text
    assert "secret detail" not in response.text


def test_a_lost_database_answers_that_it_will_be_back():
    response = raising(OperationalError("gone"))

    assert response.status_code == 503
    assert response["Retry-After"] == response["Refresh"] == "10"
    assert "tries again every 10 seconds" in response.text


def test_a_broken_request_has_a_page():
    response = errors.bad_request(RequestFactory().get("/"), ValueError())

    assert response.status_code == 400
    assert "That request cannot be read" in response.text


def test_more_than_is_taken_in_is_told_as_such(browse, alice, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5

    response = browse(alice).post("/settings/", {f"field-{number}": "x" for number in range(9)})

    assert response.status_code == 413
    assert "That is too much at once" in response.text


def test_the_address_of_a_form_has_words_for_who_opens_it(browse, alice):
    response = browse(alice).get("/settings/second-step/off/")

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "when a button is pressed" in response.text


@pytest.mark.parametrize("method", ["head", "put"])
def test_what_no_person_opens_is_refused_without_words(browse, alice, method):
    response = getattr(browse(alice), method)("/sign-out/")

    assert response.status_code == 405
    assert response.content == b""


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_error_pages_without_a_database_keep_the_theme(rf, theme):
    request = rf.get("/")
    request.COOKIES["hindsight_theme"] = theme

    assert f'data-theme="{theme}"' in errors.bad_request(request, ValueError()).text
