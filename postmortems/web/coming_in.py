"""The last step of every way to sign in: a code where one is asked for, then a new session."""

import time

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from postmortems import marks, second_step
from postmortems.audit import notes
from postmortems.guessing import digest_of_name
from postmortems.models import User
from postmortems.web import known_browsers

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What the session holds between the password and the code.
HALF_WAY = "half_way"
HALF_WAY_SECONDS = 600
NOTED_EVERY_SECONDS = 60


def come_in(request: HttpRequest, user: User, *, way_on: str) -> HttpResponse:
    """Sign in who has shown to be this user, or ask for a code first; then go on to that path."""
    if not second_step.is_on(user):
        return let_in(request, user, way_on=way_on)
    request.session.flush()
    request.session[HALF_WAY] = {
        "user": user.pk,
        # A password that is changed meanwhile ends this, too.
        "hash": user.get_session_auth_hash(),
        "until": time.time() + HALF_WAY_SECONDS,
        "way_on": way_on,
    }
    return redirect("sign-in-code")


def let_in(request: HttpRequest, user: User, *, way_on: str) -> HttpResponse:
    """Begin the session of who has shown all there is to show."""
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


def note_too_many(username: str) -> None:
    """Tell the audit log of guesses that are not looked at, once a minute a name: these must stay cheap."""
    if marks.once(f"too-many:{digest_of_name(username)}", seconds=NOTED_EVERY_SECONDS):
        notes.refused_sign_in(username)
