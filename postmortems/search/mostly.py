"""`match:most`: which words of a query may be missing, and how many must be there. Pure."""

import re
from collections.abc import Iterable, Sequence

from postmortems.search.query import Any, Node, Phrase, Word

ASKED = Any("match", ("most",))
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LONG_RUN = re.compile(f"[{HAN}]{{4,}}")
IDENTIFIER = re.compile(r"[a-z][A-Z]|[A-Za-z0-9][_.:/-][A-Za-z0-9]|[A-Za-z]\d|\d[A-Za-z]")
# At least half of the words; of a long text this many, since most of a log line is about one site.
ENOUGH = 4
# Words that say nothing about an incident; a fixed list, because how often a word stands in
# postmortems that the viewer may not see must not decide anything.
SAYING_NOTHING = """
a about after again all also am an and any are as at be because been before being but by can cannot
could did do does doing during each few for from further had has have having he her here how i if in
into is it its just me more most my no nor not of off on once only or other our out over own same she
should so some such than that the their them then there these they this those through to too under
until up very was we were what when where which while who whom why will with would you your
anybody anyone else fix get got happen happened happens incident incidents issue issues learn learned
many may problem problems should use used
"""
STOP_WORDS = frozenset(SAYING_NOTHING.split())


def words_of(nodes: Iterable[Node]) -> list[Word | Phrase]:
    """The words and phrases among some nodes that stand side by side."""
    return [node for node in nodes if isinstance(node, Word | Phrase)]


def optional(children: Sequence[Node]) -> list[Word | Phrase]:
    """The words that may be missing; those that say nothing are left out while others remain."""
    words = words_of(children)
    telling = [leaf for leaf in words if leaf.text.lower() not in STOP_WORDS]
    return list(dict.fromkeys(telling or words))


def required(children: Sequence[Node]) -> list[Node]:
    """What must hold all the same: fields, exclusions, groups."""
    return [node for node in children if not isinstance(node, Word | Phrase) and node != ASKED]


def is_identifier(leaf: Word | Phrase) -> bool:
    """Whether a word is a name out of code or a log: it has capitals inside, or marks or digits
    between letters. One such word says more than many plain ones."""
    return isinstance(leaf, Word) and bool(IDENTIFIER.search(leaf.text))


def needed(words: int) -> int:
    """How many of so many words are enough."""
    return max(1, min((words + 1) // 2, ENOUGH))


def pieces(leaf: Word | Phrase) -> list[str]:
    """Each two neighbouring characters of a long Chinese run, which nobody writes spaces into; none
    for anything else."""
    runs = LONG_RUN.findall(leaf.text) if isinstance(leaf, Word) else []
    pairs = [run[start : start + 2] for run in runs for start in range(len(run) - 1)]
    return list(dict.fromkeys(pairs))


def needed_pieces(count: int) -> int:
    """How many pairs of a Chinese run are enough: about a third, since every second one lies
    across two words."""
    return max(1, count // 3)
