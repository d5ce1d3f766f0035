"""Pasted error messages and log lines: which texts are some, and the words of them that mean something. Pure."""

import re
from collections.abc import Collection

from postmortems.search.mostly import ASKED, STOP_WORDS
from postmortems.search.query import And, Any, Node, Phrase, Range, Word, leaves, quoted

LONG = 120
# A short line of which this share is neither letter nor space is no question either, nor is JSON.
MOSTLY_MARKS = 0.15
FEW = 24
JSON = re.compile(r'"\s*:\s*["\d{\[]')
MOST_WORDS = 40
# What the grammar itself is written with does not count as a mark.
MARKS = re.compile(r"[^\w\s\"*-]")

# How programs begin to say that something failed, and how they go on: one thing after another.
FAILING = re.compile(
    r"\W*(?:error|fatal|panic|exception|traceback|failed|fail|warning|caused by|rpc error)\b.{0,60}?:",
    re.IGNORECASE,
)
CHAINED = 2

# What differs from one occurrence to the next, and so is left out. Each pattern is linear.
CHANGING = re.compile(
    r"""
      \d{4}-\d\d-\d\d(?:[T\x20]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?  # dates, times
    | \b[IWEF]\d{4}\x20\d\d:\d\d:\d\d\.\d+(?:\x20+\d+)?           # the head of a klog line
    | \b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\x20+\d{1,2}\b(?:\x20\d\d:\d\d:\d\d)?
    | \b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\b
    | \b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b     # UUIDs
    | \b(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:[:/]\d+)?\b                # IPv4, with a port or a mask
    | \b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{0,4}\b               # IPv6, MAC
    | \b(?:sha\d+:)?(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{7,}\b # hashes
    | \b0x[0-9a-fA-F]+\b
    | (?<=\w):\d+(?::\d+)?\b                                      # a line of a source file, a port
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}           # mail addresses
    | -[0-9a-f]{8,10}-[0-9a-z]{5}\b                                # what a deployment adds to a pod's name
    """,
    re.VERBOSE,
)
# The frame of structured log lines; the message inside it is what counts.
FRAME = re.compile(
    r"\b(?:level|lvl|severity|ts|time|timestamp|msg|message|err|error|caller|logger|pid|tid|thread)"
    r"(?:=|\"\s*:)"
)
LEVELS = frozenset(
    ["info", "warn", "warning", "error", "err", "debug", "fatal", "trace", "notice", "panic"]
)
TOKEN = re.compile(r"[^\s\"'`,;=<>(){}\[\]|！，。；：（）“”]+")
EDGES = ".:-/\\!?*#$%&+~^"
NUMBER = re.compile(r"[\d.,:%/-]*(?:ms|s|m|h|KB|MB|GB|Ki|Mi|Gi|B|%)?")
VERSION = re.compile(r"v?\d+\.\d+(?:[.\w+-]*)")
STATUS = re.compile(r"[45]\d\d")


def is_pasted(text: str, node: Node) -> bool:
    """Whether a text was pasted rather than asked: several lines, long, or mostly marks. What uses
    the grammar's fields on one line is a question, however long."""
    if "\n" in text.strip() or JSON.search(text):
        return True
    found = [leaf for leaf, _no in leaves(node)]
    is_grammar = any(isinstance(leaf, Any | Range) for leaf in found)
    if is_grammar or all(isinstance(leaf, Phrase) for leaf in found):
        return False
    # One date may be asked for; two things that differ each time stand in a log line.
    return len(text) >= LONG or _is_line_of_a_log(text) or len(CHANGING.findall(text)) > 1


def _is_line_of_a_log(text: str) -> bool:
    if len(text) < FEW:
        return False
    is_marks = len(MARKS.findall(text)) >= MOSTLY_MARKS * len(text)
    return is_marks or bool(FAILING.match(text)) or text.count(": ") >= CHAINED


def words_of(text: str) -> list[str]:
    """The words of a pasted text in its order, each once: without times, ids, addresses, hashes,
    bare numbers and the frame of the log line; status codes and versions stay."""
    kept = FRAME.sub(" ", CHANGING.sub(" ", text))
    found = [token.strip(EDGES) for token in TOKEN.findall(kept)]
    return list(dict.fromkeys(word for word in found if _tells(word)))


def _tells(word: str) -> bool:
    if len(word) < 2 or word.lower() in STOP_WORDS or word.lower() in LEVELS:
        return len(word) == 1 and ord(word) > 0x2E7F
    if VERSION.fullmatch(word) or STATUS.fullmatch(word):
        return True
    return not NUMBER.fullmatch(word) and any(char.isalnum() for char in word)


def read(text: str, fields: Collection[str] = ()) -> Node | None:
    """A pasted text as a query for what has most of its words; None when nothing telling is in it.
    What would be a filter if it were typed stays a text: `fields` are the names of filters."""
    words = words_of(text)[:MOST_WORDS]
    nodes = [Phrase(word) if _is_filter(word, fields) else Word(word) for word in words]
    return And((*nodes, ASKED)) if words else None


def _is_filter(word: str, fields: Collection[str]) -> bool:
    name = re.split("[:<>]", word, maxsplit=1)[0]
    return name != word and name.lstrip("-").lower() in fields


def literal(text: str) -> str:
    """The query that searches a pasted text word for word, line by line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(quoted(line) for line in lines)
