"""The context processor behind base.html: places, languages, themes."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from postmortems.notifications import reading
from postmortems.web.preferences import theme_of

LANGUAGE_TAGS = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
PLACES_BELOW = {
    "vocabularies": (
        *("vocabulary", "term", "vocabulary-new", "vocabulary-edit", "term-add", "term-edit"),
        *("term-move", "term-merge", "term-retire", "term-suggest", "suggestions", "suggestion"),
    ),
    "actions": ("lessons", "trackers", "tracker-edit", "tracker-remove"),
    "reviews": ("postmortem-review", "review-ask", "review-comment-edit", "review-rules"),
    "help": ("help-topic",),
}


@dataclass(frozen=True)
class Place:
    """One entry of the top bar; `key` follows `g` on the keyboard, `current` is for aria-current."""

    label: str
    url: str
    key: str
    current: str

    @property
    def is_current(self) -> bool:
        """Whether the page shown is this place or below it."""
        return bool(self.current)


@dataclass(frozen=True)
class Choice:
    """One button of the language and theme forms."""

    code: str
    name: str
    tag: str
    is_current: bool


@dataclass(frozen=True)
class Site:
    """What every page shows around its own content. `is_bare`: without anything that needs the database."""

    mode: str
    language_tag: str
    theme: str
    places: list[Place]
    languages: list[Choice]
    themes: list[Choice]
    is_search: bool
    # What the button of the identity provider says; empty where there is none.
    provider: str = ""
    is_bare: bool = False

    @property
    def other_theme(self) -> str:
        """What the switch in the top bar asks for; a script that knows the screen does better."""
        return "light" if self.theme == "dark" else "dark"


def site(request: HttpRequest) -> dict[str, Any]:
    """The variables of every template: `site`, and `unread_words`, which is only counted where it is shown."""
    shown = site_of(url_name_of(request), theme_of(request))
    return {"site": shown, "unread_words": SimpleLazyObject(lambda: _unread_words(request))}


def _unread_words(request: HttpRequest) -> str:
    """How many notifications the reader has not read: nothing, `3` or `99+`."""
    count = reading.unread_count(request.user)
    if count < reading.MOST_COUNTED:
        return str(count or "")
    return f"{reading.MOST_COUNTED - 1}+"


def site_of(url_name: str, theme: str, *, is_bare: bool = False) -> Site:
    """The surroundings of the page with that URL name."""
    language = translation.get_language() or "en"
    return Site(
        mode=settings.MODE,
        language_tag=LANGUAGE_TAGS.get(language, "en"),
        theme=theme,
        places=_places(url_name),
        languages=[
            Choice(code, str(name), LANGUAGE_TAGS[code], code == language)
            for code, name in settings.LANGUAGES
        ],
        themes=[
            Choice(code or "system", name, "", code == theme)
            for code, name in _theme_names().items()
        ],
        is_search=url_name == "search",
        provider=settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        is_bare=is_bare,
    )


def url_name_of(request: HttpRequest) -> str:
    """The name of the URL that answered; empty where none did, as on a 404."""
    match = request.resolver_match
    return match.url_name or "" if match else ""


def _theme_names() -> dict[str, str]:
    return {"": _("System"), "light": _("Light"), "dark": _("Dark")}


def _places(url_name: str) -> list[Place]:
    shown = (
        ("search", _("Search"), "s"),
        ("patterns", _("Patterns"), "p"),
        ("vocabularies", _("Taxonomy"), "t"),
        ("actions", _("Actions"), "a"),
        ("reviews", _("Reviews"), "r"),
        ("help", _("Help"), "h"),
    )
    return [
        Place(label, reverse(name), key, _current(name, url_name)) for name, label, key in shown
    ]


def _current(place: str, url_name: str) -> str:
    if url_name == place:
        return "page"
    return "true" if url_name in PLACES_BELOW.get(place, ()) else ""
