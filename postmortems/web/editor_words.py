"""What should be looked at in a text while it is written: words that judge a person, likely secrets."""

import re
from collections.abc import Iterable, Iterator, Mapping

from postmortems.writing import secrets, wording
from postmortems.writing.secrets import Finding

# The texts that say what an incident is about, for finding others like it.
TELLING = re.compile(r"title|summary|sections\..+|(?:signals|lessons)\.[0-9]+\.text")
MOST_POINTED_OUT = 20
# With every pause in typing the text is read again: of more than this the longest texts are cut.
MOST_CHARACTERS = 200_000


def telling_in(fields: Mapping[str, str]) -> list[str]:
    """The texts by which others like it are found; not the kinds and ids beside them."""
    return [text for name, text in fields.items() if TELLING.fullmatch(name)]


def looked_at(texts: Iterable[str]) -> tuple[list[str], bool]:
    """The texts, the longest ones cut so that all together are not too long, and whether any was."""
    every = list(texts)
    room, is_cut = MOST_CHARACTERS, False
    # The short ones first: what is left over goes to the long ones.
    for place in sorted(range(len(every)), key=lambda place: len(every[place])):
        is_cut = is_cut or len(every[place]) > room
        every[place] = every[place][:room]
        room -= len(every[place])
    return every, is_cut


def phrases_in(fields: Mapping[str, str]) -> list[dict[str, str]]:
    """Phrases that judge a person, with what to ask instead."""
    language = fields.get("language", "en")
    found = [
        {"text": phrase.words, "reason": str(phrase.reason), "ask": str(phrase.question)}
        for text in looked_at(fields.values())[0]
        for phrase in wording.phrases_in(text, language)
    ]
    return found[:MOST_POINTED_OUT]


def secrets_in(fields: Mapping[str, str]) -> list[str]:
    """A sentence for each kind of thing that is better left out."""
    found = (finding.sentence for _text, finding in _findings(fields))
    return list(dict.fromkeys(found))[:MOST_POINTED_OUT]


def secrets_added(fields: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """The same about what was not there before."""
    known = {text for text, _finding in _findings(before)}
    found = (finding.sentence for text, finding in _findings(fields) if text not in known)
    return list(dict.fromkeys(found))[:MOST_POINTED_OUT]


def _findings(fields: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    for text in looked_at(fields.values())[0]:
        for finding in secrets.pointed_out(text):
            yield text[finding.start : finding.end], finding
