"""Every page scored by the rules of MDN's HTTP Observatory, written down here as a table."""

import pytest
from django.urls import reverse

from tests.project.test_urls import GETS, label
from tests.project.url_cast import cast, made_once

__all__ = ["cast", "made_once"]
pytestmark = pytest.mark.any_database
LEAST = 115


def directives_of(response) -> dict[str, list[str]]:
    """The content security policy by directive."""
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def is_strict(response) -> bool:
    """default-src 'none', nothing unsafe, forms only to here: the best that the scale knows."""
    policy = directives_of(response)
    # Pictures that a stylesheet holds as data run nothing: the scale takes nothing off for them.
    policy["img-src"] = [value for value in policy.get("img-src", []) if value != "data:"]
    values = {value for listed in policy.values() for value in listed}
    return (
        policy["default-src"] == ["'none'"]
        and policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        and policy["form-action"] in (["'self'"], ["'none'"])
        and values <= {"'none'", "'self'"}
    )


def are_cookies_safe(response) -> bool:
    """Each is for https and same-site; those that sign in are out of reach of scripts and neighbours."""
    cookies = response.cookies.values()
    kept = all(cookie["secure"] and cookie["samesite"] and cookie["httponly"] for cookie in cookies)
    return kept and all(
        cookie.key.startswith("__Host-") and cookie["path"] == "/" and not cookie["domain"]
        for cookie in cookies
        if "session" in cookie.key or "csrf" in cookie.key
    )


def is_hsts_long(response) -> bool:
    """Half a year is what the scale asks for; a year with subdomains is what we promise."""
    parts = response.headers.get("Strict-Transport-Security", "").split("; ")
    return (
        int(parts[0].removeprefix("max-age=") or 0) >= 31_536_000 and "includeSubDomains" in parts
    )


# (what must hold, what its absence costs, what its presence adds)
RULES = (
    (is_strict, -25, 10),
    (are_cookies_safe, -20, 5),
    (is_hsts_long, -20, 0),
    (lambda r: r.headers.get("Referrer-Policy") == "same-origin", -5, 5),
    (lambda r: r.headers.get("X-Content-Type-Options") == "nosniff", -5, 0),
    (lambda r: r.headers.get("X-Frame-Options") == "DENY", -20, 5),
    (lambda r: r.headers.get("Cross-Origin-Resource-Policy") == "same-origin", 0, 10),
    (lambda r: r.headers.get("Cross-Origin-Opener-Policy") == "same-origin", 0, 10),
    (lambda r: r.headers.get("Cross-Origin-Embedder-Policy") == "require-corp", 0, 10),
    (lambda r: "Access-Control-Allow-Origin" not in r.headers, -50, 0),
    (lambda r: bool(r.headers.get("Permissions-Policy")), -5, 0),
)


def score(response) -> int:
    """100 and what the rules add or take; additions count only from 90 on."""
    held = [(rule(response), cost, gain) for rule, cost, gain in RULES]
    base = 100 + sum(cost for holds, cost, _gain in held if not holds)
    return base + sum(gain for holds, _cost, gain in held if holds) if base >= 90 else base


@pytest.fixture
def https(settings):
    """The settings that https:// in HINDSIGHT_BASE_URL brings."""
    settings.IS_HTTPS = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
    return settings


@pytest.mark.parametrize("row", GETS, ids=label)
def test_every_address_has_the_best_score_for_everybody(row, cast, browse, https):
    for viewer in cast:
        assert score(browse(viewer).get(row.path, secure=True)) >= LEAST


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/static/css/tokens.css", "/x"])
def test_what_has_no_page_has_it_too(browse, db, https, path):
    assert score(browse().get(path, secure=True)) >= LEAST


def test_a_form_that_is_refused_has_it_too(browse, db, https):
    assert score(browse().post(reverse("sign-in"), {"username": "x"}, secure=True)) >= LEAST


def test_the_scale_can_find_fault(browse, db, https):
    response = browse().get("/help/", secure=True)
    response.headers["Content-Security-Policy"] = (
        "default-src 'self' 'unsafe-inline'; base-uri x; frame-ancestors x; form-action x"
    )

    assert score(response) < 90
