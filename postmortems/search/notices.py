"""Notices as sentences: what was not understood, and how it was read instead."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postmortems.search.parser import Notice

SENTENCES: dict[str, str | Promise] = {
    "too-long": gettext_lazy("The query is very long; only its first part was used."),
    "unclosed-quote": gettext_lazy("A quotation mark was not closed, so it was left out."),
    "too-deep": gettext_lazy(
        "There are too many parentheses inside each other; the innermost were left out."
    ),
    "pasted": gettext_lazy("Read as an error message. Numbers, ids and times in it were left out."),
    "wildcards": gettext_lazy(
        "Only the first eight wildcards were used; “%s*” was read as a word."
    ),
    "no-value": gettext_lazy("“%s” has no value. Write it without a space, like cause:dns."),
    "unknown-field": gettext_lazy("“%s:” is no field, so it was read as plain words."),
    "unknown-part": gettext_lazy(
        "“in:%s” names no part. Parts are title, summary, timeline, lessons …"
    ),
    "unknown-value": gettext_lazy("“%s” is not known, so nothing has it."),
    "unread-range": gettext_lazy(
        "“%s” was read as plain words. Dates look like 2023-03 or >2022, durations like >4h."
    ),
    "too-many-values": gettext_lazy("Of “%s” only the first fifty values were used."),
    "page": gettext_lazy("That page does not exist; this is the first one."),
    "sort": gettext_lazy("That order does not exist; this is the usual one."),
}


def sentences(
    notices: Iterable[Notice | tuple[str, str]], problems: Iterable[str], *, is_catching_up: bool
) -> tuple[str, ...]:
    """One sentence a notice, each once."""
    found = [_sentence(*_pair(notice)) for notice in notices]
    found += [_sentence(problem, "") for problem in problems]
    if is_catching_up:
        found.append(_("The search index is catching up; the latest changes are not in it yet."))
    return tuple(dict.fromkeys(found))


def _pair(notice: Notice | tuple[str, str]) -> tuple[str, str]:
    return (notice.code, notice.text) if isinstance(notice, Notice) else notice


def _sentence(code: str, text: str) -> str:
    sentence = str(SENTENCES[code])
    return sentence % text[:80] if "%s" in sentence else sentence
