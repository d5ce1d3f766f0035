"""Language and theme: chosen by a form, kept in a cookie and, for the signed-in, in the account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from postmortems import profiles
from postmortems.models import User
from postmortems.web.shortcuts import safe_next
from taxonomy.languages import LANGUAGES

THEME_COOKIE = "hindsight_theme"
YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Store the theme or the language that the pressed button carries, and go back."""
    theme = request.POST.get("theme")
    theme = "" if theme == "system" else theme
    language = request.POST.get("language")
    if theme not in (None, *profiles.THEMES) or language not in (None, *LANGUAGES):
        return HttpResponseBadRequest(_("That language or theme cannot be chosen."))
    # The cookie is set for the signed-in too, so that signing out does not change the page's language.
    response = redirect(safe_next(request))
    if theme is not None:
        _remember(response, THEME_COOKIE, theme)
    if language is not None:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    if isinstance(request.user, User):
        profiles.set_preferences(request.user, theme=theme, language=language)
    return response


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or "" for what the system says: the account's choice, else the cookie's."""
    user = getattr(request, "user", None)
    chosen = user.theme if isinstance(user, User) else ""
    chosen = chosen or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in profiles.THEMES else ""


def language_of(request: HttpRequest) -> str:
    """The account's language, else the cookie's, else what the browser accepts."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.language in LANGUAGES:
        return user.language
    return translation.get_language_from_request(request)


def _remember(response: HttpResponse, name: str, value: str) -> None:
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
