"""Whom a request comes from: a proxy of ours is believed, and nobody else."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured

from postmortems import environment
from postmortems.web.client_address import client_address


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.4", None, "198.51.100.4"),
        ("198.51.100.4", "203.0.113.9", "198.51.100.4"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "203.0.113.9", "203.0.113.9"),
        ("fe80::1%" + "x" * 60, None, "fe80::1"),
        ("", "203.0.113.9", ""),
        ("unix:", None, ""),
    ],
)
def test_only_our_proxies_say_for_whom_they_speak(settings, peer, forwarded, address):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::1")]
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address({"REMOTE_ADDR": peer, **headers}) == address


def test_no_proxy_is_ours_unless_it_is_named(settings):
    asked = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}

    assert settings.TRUSTED_PROXIES == []
    assert client_address(asked) == "127.0.0.1"


def test_what_is_no_network_stops_the_start(monkeypatch):
    monkeypatch.setenv("HINDSIGHT_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example")

    with pytest.raises(ImproperlyConfigured, match="HINDSIGHT_TRUSTED_PROXIES"):
        environment.read_networks("HINDSIGHT_TRUSTED_PROXIES")
