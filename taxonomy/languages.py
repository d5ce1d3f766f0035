"""Texts in several languages, and which one to show. Pure; for models, snapshot and file."""

from collections.abc import Mapping

LANGUAGES = ("en", "zh-hans", "zh-hant")

# A reader of Traditional Chinese reads Simplified more easily than English.
FALLBACKS: dict[str, tuple[str, ...]] = {"zh-hant": ("zh-hant", "zh-hans", "en")}


def pick(texts: Mapping[str, str], language: str, default: str = "") -> str:
    """The text in `language`, else in its nearest fallback, else `default`."""
    wanted = language.lower()
    for code in FALLBACKS.get(wanted, (wanted, "en")):
        if text := texts.get(code):
            return text
    return default
