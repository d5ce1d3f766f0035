"""The system checks of mode production."""

import pytest

from postmortems import checks
from tests import makers


@pytest.fixture
def production(settings):
    """Settings that are safe to serve with."""
    settings.MODE = "production"
    settings.ALLOWED_HOSTS = ["hindsight.example"]
    settings.BASE_URL = "https://hindsight.example"
    settings.SECRET_KEY = "x" * 50
    settings.MAIL_HOST = "none"
    return settings


def ids_of(messages):
    """The ids of the messages."""
    return [message.id for message in messages]


def test_safe_settings_pass(production):
    assert checks.production_settings(None) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", True, "hindsight.E001"),
        ("ALLOWED_HOSTS", ["*"], "hindsight.E002"),
        ("ALLOWED_HOSTS", [], "hindsight.E002"),
        ("BASE_URL", "", "hindsight.E003"),
        ("BASE_URL", "http://hindsight.example", "hindsight.E003"),
        ("SECRET_KEY", "short", "hindsight.E004"),
        ("MAIL_HOST", "", "hindsight.E011"),
    ],
)
def test_an_unsafe_setting_is_named_with_a_hint(production, name, value, expected):
    setattr(production, name, value)

    found = checks.production_settings(None)

    assert ids_of(found) == [expected]
    assert found[0].hint


def test_mode_demo_asks_for_none_of_it(settings):
    settings.MODE = "demo"
    settings.BASE_URL = ""

    assert checks.production_settings(None) == []


def test_an_account_with_the_published_password_is_named(production, db):
    makers.make_user("bob")
    alice = makers.make_user("alice")
    alice.set_password(production.DEMO_PASSWORD)
    alice.save()

    found = checks.production_accounts(None, databases=["default"])

    assert ids_of(found) == ["hindsight.E005"]
    assert "alice" in found[0].msg
    assert "bob" not in found[0].msg


def test_an_inactive_account_with_it_does_no_harm(production, db):
    dana = makers.make_user("dana", is_active=False)
    dana.set_password(production.DEMO_PASSWORD)
    dana.save()

    assert checks.production_accounts(None, databases=["default"]) == []
