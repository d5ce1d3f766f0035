"""Text to tokens, the same for indexing, asking and highlighting: words, identifiers, Chinese characters.

A text becomes one stream of tokens joined by spaces, which the engine splits and stems. Identifiers
stand in the stream as their pieces in order, so that asking for the whole is a phrase of pieces.
Chinese stands as single characters in Simplified form; where Taiwan's words differ from the
mainland's (叢集 and 集群), the other form follows in a second stream.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc
import tantivy

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RUN = re.compile(f"[{HAN}]+")
RUN = re.compile(f"[{HAN}]+|[^{HAN}]+")
TOKEN = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
STREAM_TOKEN = re.compile(f"{TOKEN.pattern}|\x1f")
LONG_RUN = re.compile("[0-9A-Za-z]{81}")
# Letters in their small form, everything between words as a space.
PLAIN = {
    code: ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "\x1f" else ord(" ")
    for code in range(128)
}
CAMEL_HINT = re.compile(r"[a-z][A-Z]")
LETTERS = re.compile(r"[A-Za-z]+")
CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
VERSION_HINT = re.compile(r"[vV]\d+\.\d")
VERSION = re.compile(r"(?<![^\W_])[vV](\d+(?:\.\w+)+)")
LONGEST_TOKEN = 80
# Stands between streams, so that no phrase reaches from one into the next.
GAP = " \x1f "


@dataclass(frozen=True, slots=True)
class Piece:
    """A token and where it stands in the original text."""

    text: str
    start: int
    end: int


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@lru_cache(maxsize=50_000)
def simplify_characters(run: str) -> str:
    """Each character in its Simplified form (叢 to 丛); as long as the run."""
    return "".join(_simple_character(char) for char in run)


@lru_cache(maxsize=20_000)
def _simple_character(char: str) -> str:
    simple = str(_converter("t2s").convert(char))
    return simple if len(simple) == 1 else char


@lru_cache(maxsize=50_000)
def mainland_words(run: str) -> str:
    """The run in Simplified characters and mainland words (叢集 to 集群)."""
    return str(_converter("tw2sp").convert(run))


@cache
def _stemmer() -> tantivy.TextAnalyzer:
    return analyzer()


def analyzer() -> tantivy.TextAnalyzer:
    """The engine's analyzer of our token streams; registered on every opened index."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("english")).build()


def surface_analyzer() -> tantivy.TextAnalyzer:
    """The same without stemming: for wildcards, which are about words as they are written."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def fold(text: str) -> str:
    """NFKC, no case, no accents; as `1:1` as that allows."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def stream_of(texts: Iterable[str]) -> str:
    """Several texts as one stream in which no phrase reaches from one into the next."""
    return stream(GAP.join(text.replace("\x1f", " ") for text in texts))


def stream(text: str) -> str:
    """What is indexed of a text: its tokens joined by spaces, then the alternative streams."""
    if text.isascii() and not LONG_RUN.search(text):
        # Most text is so; this is fifteen times as quick and gives the same tokens.
        return GAP.join([text.translate(PLAIN), *_alternatives(text)])
    plain = unicodedata.normalize("NFKC", text)
    pieces = (_token(match.group()) for match in STREAM_TOKEN.finditer(plain))
    parts = [" ".join(pieces), *_alternatives(plain)]
    for run in dict.fromkeys(HAN_RUN.findall(plain)):
        words = mainland_words(run)
        if words != simplify_characters(run):
            parts.append(" ".join(words))
    return GAP.join(part for part in parts if part)


def _token(text: str) -> str:
    if HAN_RUN.match(text):
        return simplify_characters(text)
    return fold(text)[:LONGEST_TOKEN]


def _alternatives(text: str) -> list[str]:
    """The parts of words that read in two ways, a stream each."""
    found = (" ".join(piece.text for piece in other) for other in inner_pieces(text))
    return list(dict.fromkeys(found))


def inner_pieces(text: str) -> list[list[Piece]]:
    """The words inside FailOnSharedResource, and the numbers of v1.24 without its letter."""
    found = []
    if CAMEL_HINT.search(text):
        # Two plain steps instead of one pattern, which would be quadratic on a very long word.
        words = [match for match in LETTERS.finditer(text) if CAMEL_HINT.search(match.group())]
        found += [_inside(match.group(), match.start(), CAMEL) for match in words]
    if VERSION_HINT.search(text):
        found += [_inside(match[1], match.start(1), TOKEN) for match in VERSION.finditer(text)]
    return [pieces for pieces in found if len(pieces) > 1]


def _inside(word: str, start: int, pattern: re.Pattern[str]) -> list[Piece]:
    return [
        Piece(match.group().lower(), start + match.start(), start + match.end())
        for match in pattern.finditer(word[:LONGEST_TOKEN])
    ]


def script_runs(text: str) -> list[str]:
    """A word where Chinese and other writing touch (k8s集群), run by run."""
    return RUN.findall(text)


@lru_cache(maxsize=5_000)
def forms(text: str) -> tuple[tuple[str, ...], ...]:
    """The stemmed token sequences that stand for a word or phrase; one, or two for Chinese."""
    plain = unicodedata.normalize("NFKC", text)
    tokens = [_token(match.group()) for match in TOKEN.finditer(plain)]
    sequences = [stems(" ".join(tokens))]
    if HAN_RUN.search(plain):
        converted = HAN_RUN.sub(lambda match: mainland_words(match.group()), plain)
        other = [_token(match.group()) for match in TOKEN.finditer(converted)]
        sequences.append(stems(" ".join(other)))
    if version := VERSION.fullmatch(plain):
        sequences.append(stems(" ".join(TOKEN.findall(version[1]))))
    if len(tokens) == 1 and CAMEL_HINT.search(plain):
        # SharedResource is found inside FailOnSharedResource by its own words.
        sequences += [
            stems(" ".join(piece.text for piece in inner)) for inner in inner_pieces(plain)
        ]
    return tuple(dict.fromkeys(sequence for sequence in sequences if sequence))


def stems(tokens: str) -> tuple[str, ...]:
    """The stems of tokens joined by spaces."""
    return tuple(_stemmer().analyze(tokens))


def as_written(text: str) -> tuple[str, ...]:
    """The tokens of a text unstemmed; none for Chinese, where stem and form are one."""
    if HAN_RUN.search(text):
        return ()
    plain = unicodedata.normalize("NFKC", text)
    return tuple(_token(match.group()) for match in TOKEN.finditer(plain))


def last_token(text: str) -> tuple[tuple[str, ...], str]:
    """For `deploy*`: the stems before the last token, and the last token unstemmed."""
    tokens = [
        _token(match.group()) for match in TOKEN.finditer(unicodedata.normalize("NFKC", text))
    ]
    return stems(" ".join(tokens[:-1])), tokens[-1] if tokens else ""


def pieces(text: str) -> list[Piece]:
    """The stemmed tokens of a text with their places in it, in its own characters' forms."""
    found = [
        (_token(unicodedata.normalize("NFKC", match.group())), match.start(), match.end())
        for match in TOKEN.finditer(text)
    ]
    return [Piece(stem[0], start, end) for token, start, end in found if (stem := _stem_of(token))]


@lru_cache(maxsize=50_000)
def _stem_of(token: str) -> tuple[str, ...]:
    return stems(token)


def stem_of(token: str) -> str:
    """The stem of one folded token; empty for one that the engine leaves out."""
    return next(iter(_stem_of(token[:LONGEST_TOKEN])), "")


def inner_stems(text: str) -> list[list[Piece]]:
    """The stemmed tokens inside words that read in two ways, with their places in the text."""
    return [
        [
            Piece(stem[0], piece.start, piece.end)
            for piece in found
            if (stem := _stem_of(piece.text))
        ]
        for found in inner_pieces(text)
    ]


def other_pieces(text: str) -> list[list[Piece]]:
    """The stemmed tokens of each other way to read parts of the text, with their places in it."""
    inner = inner_stems(text)
    return [*inner, _mainland_pieces(text)] if HAN_RUN.search(text) else inner


def _mainland_pieces(text: str) -> list[Piece]:
    """The Chinese tokens of a text in mainland words, where these are as long as the original."""
    found = []
    for match in HAN_RUN.finditer(text):
        words = mainland_words(match.group())
        if len(words) == len(match.group()):
            found += [
                Piece(char, match.start() + index, match.start() + index + 1)
                for index, char in enumerate(words)
            ]
    return found
