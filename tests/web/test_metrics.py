"""Who may read the figures, and what never stands in them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import makers


def figures(client, **headers):
    """The figures by name and labels."""
    text = client.get("/metrics", headers=headers).text
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_programs_on_this_machine_may_read_them(client, db):
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_others_and_whoever_comes_through_a_proxy_find_nothing(client, db, extra):
    response = client.get("/metrics", **extra)

    assert (response.status_code, response.content) == (404, b"")


@pytest.mark.parametrize("given", ["", "secret", "Bearer wrong", "Bearer secret2", "Bearer säcret"])
def test_with_a_token_only_its_holder_may(client, db, settings, given):
    settings.METRICS_TOKEN = "secret"

    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    right = client.get("/metrics", headers={"Authorization": "Bearer secret"})
    assert right.status_code == 200


def test_each_request_is_one_more(browse, alice):
    key = (
        "hindsight_requests_total",
        ("method", "GET"),
        ("route", "help-topic"),
        ("status", "2xx"),
    )
    client = browse(alice)
    before = figures(client).get(key, 0)

    for _ in range(3):
        client.get("/help/search/")

    assert figures(client)[key] == before + 3


def test_an_invented_method_makes_no_series_of_its_own(client, db):
    client.generic("BREW", "/help/")

    methods = {dict(key[1:]).get("method") for key in figures(client)}
    assert "BREW" not in methods
    assert "other" in methods


def test_failed_sign_ins_are_counted(browse, alice):
    key = ("hindsight_sign_in_failures_total",)
    before = figures(browse())[key]

    browse().post("/sign-in/", {"username": "alice", "password": "wrong"})

    assert figures(browse())[key] == before + 1


def test_no_figure_names_a_person_a_postmortem_or_a_question(browse, alice, platform):
    hidden = makers.make_postmortem(team=platform, visibility="team", slug="a-secret-name")
    client = browse(alice)
    client.get(hidden.get_absolute_url())
    client.get("/?q=a-secret-question")

    text = client.get("/metrics").text

    for secret in (hidden.ref, "a-secret-name", "a-secret-question", "alice"):
        assert secret not in text
    assert 'route="postmortem"' in text
