"""Language and theme: kept in a cookie and in the account, and told to the browser."""

import pytest
from django.core.exceptions import ValidationError

from postmortems import profiles

URL = "/settings/preferences/"
HELP = "/help/"


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("en-GB", "en"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("fr", "en"),
    ],
)
def test_the_language_follows_the_browser(browse, db, accepted, tag):
    response = browse().get(HELP, headers={"Accept-Language": accepted})

    assert f'<html lang="{tag}"' in response.text
    assert response["Content-Language"] == tag.lower()
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in response["Vary"].split(",")}


def test_a_visitors_choice_is_kept_in_a_cookie(browse, db):
    client = browse()

    response = client.post(URL, {"language": "zh-hant", "next": HELP})

    assert response["Location"] == HELP
    assert '<html lang="zh-Hant"' in client.get(HELP).text


def test_the_accounts_choice_outweighs_cookie_and_browser(browse, alice):
    client = browse(alice)
    client.post(URL, {"language": "zh-hans"})
    client.cookies["django_language"] = "en"

    page = client.get(HELP, headers={"Accept-Language": "en"}).text

    alice.refresh_from_db()
    assert alice.language == "zh-hans"
    assert '<html lang="zh-Hans"' in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_stands_on_the_page(browse, alice, theme):
    client = browse(alice)

    client.post(URL, {"theme": theme})

    alice.refresh_from_db()
    assert alice.theme == theme
    assert f'data-theme="{theme}"' in client.get(HELP).text


def test_the_system_theme_takes_the_choice_back(browse, alice):
    client = browse(alice)
    client.post(URL, {"theme": "dark"})

    client.post(URL, {"theme": "system"})

    alice.refresh_from_db()
    assert alice.theme == ""
    assert "data-theme=" not in client.get(HELP).text


@pytest.mark.parametrize(
    "fields", [{"theme": "pink"}, {"language": "tlh"}, {"language": "../../etc"}]
)
def test_what_does_not_exist_cannot_be_chosen(browse, alice, fields):
    client = browse(alice)

    response = client.post(URL, fields)

    alice.refresh_from_db()
    assert response.status_code == 400
    assert (alice.theme, alice.language) == ("", "")


def test_a_theme_cookie_of_someone_elses_making_is_ignored(browse, db):
    client = browse()
    client.cookies["hindsight_theme"] = '"><script>'

    assert "data-theme" not in client.get(HELP).text.split("<head>")[0]


def test_a_link_cannot_change_preferences(browse, db):
    assert browse().get(URL).status_code == 405


def test_set_preferences_leaves_the_rest(alice):
    alice.theme = "dark"

    profiles.set_preferences(alice, time_zone="Europe/Berlin")

    alice.refresh_from_db()
    assert (alice.theme, alice.time_zone) == ("", "Europe/Berlin")


def test_set_preferences_names_the_field_that_is_wrong(alice):
    with pytest.raises(ValidationError) as caught:
        profiles.set_preferences(alice, time_zone="Mars/Base")

    assert set(caught.value.message_dict) == {"time_zone"}
