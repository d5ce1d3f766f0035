"""The last step of every way to sign in: a new session, and a browser that is known from now on."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from postmortems.audit import notes
from postmortems.models import User
from postmortems.web import known_browsers

BACKEND = "django.contrib.auth.backends.ModelBackend"


def come_in(request: HttpRequest, user: User, *, way_on: str) -> HttpResponse:
    """Sign in who has shown to be this user, and go on to that path."""
    before = request.session.session_key
    login(request, user, BACKEND)
    # Every sign-in gets a new key: one that somebody planted before is worth nothing. Django keeps
    # the key when the same person signs in again.
    if request.session.session_key == before:
        request.session.cycle_key()
    notes.signed_in(user)
    response = redirect(way_on)
    known_browsers.remember(request, response, user.username)
    return response
