"""The readers of environment variables fail loudly, and the secret key is made once."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from postmortems import environment


def test_a_value_outside_the_choices_is_named(monkeypatch):
    monkeypatch.setenv("HINDSIGHT_MODE", "staging")

    with pytest.raises(ImproperlyConfigured, match="HINDSIGHT_MODE is 'staging'"):
        environment.read_choice("HINDSIGHT_MODE", environment.MODES)


def test_the_first_choice_is_the_default(monkeypatch):
    monkeypatch.delenv("HINDSIGHT_MODE", raising=False)

    assert environment.read_choice("HINDSIGHT_MODE", environment.MODES) == "demo"


def test_a_list_leaves_empty_parts_out(monkeypatch):
    monkeypatch.setenv("HINDSIGHT_ALLOWED_HOSTS", " a.example, ,b.example,")

    assert environment.read_list("HINDSIGHT_ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_a_directory_that_cannot_be_made_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HINDSIGHT_DATA_DIR", str(tmp_path / "file" / "below"))

    with pytest.raises(ImproperlyConfigured, match="HINDSIGHT_DATA_DIR"):
        environment.read_directory("HINDSIGHT_DATA_DIR", tmp_path)


def test_the_secret_key_is_made_once_for_its_owner_alone(monkeypatch, tmp_path):
    monkeypatch.delenv("HINDSIGHT_SECRET_KEY", raising=False)

    first = environment.read_secret_key(tmp_path)

    assert len(first) >= 40
    assert environment.read_secret_key(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_an_empty_secret_key_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.delenv("HINDSIGHT_SECRET_KEY", raising=False)
    (tmp_path / "secret_key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty"):
        environment.read_secret_key(tmp_path)


def test_another_database_engine_is_refused():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        environment.known_database({"ENGINE": "django.db.backends.mysql"})
