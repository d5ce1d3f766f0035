"""Texts in several languages, and which one to show. Pure; for models, snapshot and file."""

from collections.abc import Mapping

LANGUAGES = ("en", "zh-hans", "zh-hant")

# A reader of Traditional Chinese reads Simplified more easily than English.
FALLBACKS: dict[str, tuple[str, ...]] = {"zh-hant": ("zh-hant", "zh-hans", "en")}


def preferred(language: str) -> tuple[str, ...]:
    """The languages to look for a text in, the best first."""
    wanted = language.lower()
    return FALLBACKS.get(wanted, (wanted, "en"))


def pick(texts: Mapping[str, str], language: str, default: str = "") -> str:
    """The text in `language`, else in its nearest fallback, else `default`."""
    for code in preferred(language):
        if text := texts.get(code):
            return text
    return default


def best(texts: Mapping[str, str], language: str, own: str) -> tuple[str, str]:
    """The text that a reader of `language` reads best, and the language it is in; that in its own
    language when there is no nearer one."""
    code = next((code for code in preferred(language) if texts.get(code)), own)
    return texts.get(code, ""), code
