"""Seeded synthetic postmortems with skewed words and terms: the same number gives the same collection."""

import random
from collections.abc import Iterator, Sequence

from postmortems.document import (
    Action,
    Classification,
    Document,
    Hypothesis,
    Lesson,
    Signal,
    TimelineEntry,
)
from postmortems.durations import Duration
from postmortems.moments import Moment
from taxonomy.lookup import TermInfo, Terms

SEED = 20230314
WORDS = 20_000
COMMON_WORD = "cluster"
COMMON_SHARE = 0.42
RARE_WORD = "zyzzyvarite"
RARE_EVERY = 2_000
SYLLABLES = (
    *("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se"),
    *("ti", "vo", "xu", "za", "bre", "cli", "dro", "fle", "gri", "plo", "sta", "tru"),
)
SINGLE = ("severity", "tier", "trigger", "environment", "organisation", "kind", "rollback")
# A stub has no other parts, and an operator's slip cannot be published as the only cause.
UNFIT_ALONE = ("stub", "process/operator-slip")
SEVERAL = ("cause", "component", "detection", "impact", "factor", "symptom", "resolution")


class Generator:
    """Makes documents number 0, 1, 2 … of one collection."""

    def __init__(self, terms: Terms, seed: int = SEED, words: float = 1.0) -> None:
        """`words` makes all documents so many times as long."""
        # The dictionary is the same whatever the seed: parts of one collection share their words.
        self.random = random.Random(SEED)
        self.words = [self._word() for _ in range(WORDS)]
        self.random = random.Random(seed)
        self.length = words
        # Zipf-like: the n-th word is used about 1/n as often as the first.
        self.word_weights = [1 / (rank + 8) for rank in range(WORDS)]
        self.terms = {info.slug: self._leaves(terms, info.slug) for info in terms.vocabularies}

    def _word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))

    @staticmethod
    def _leaves(terms: Terms, vocabulary: str) -> list[TermInfo]:
        found = [term for term in terms.by_id.values() if term.vocabulary == vocabulary]
        parents = {term.parent_id for term in found}
        return [term for term in found if term.id not in parents and term.path not in UNFIT_ALONE]

    def documents(self, count: int, first: int = 0) -> Iterator[Document]:
        """So many documents from number `first` on, about 200 words each (50 to 1,500)."""
        for number in range(first, first + count):
            yield self._document(number)

    def _document(self, number: int) -> Document:
        length = min(1500, max(50, int(self.random.lognormvariate(5.1, 0.6))))
        length = int(length * self.length)
        text = self.random.choices(self.words, self.word_weights, k=length)
        if self.random.random() < COMMON_SHARE:
            text[self.random.randrange(length)] = COMMON_WORD
        if number % RARE_EVERY == 0:
            text[0] = RARE_WORD
        parts = [" ".join(text[start::8]) for start in range(8)]
        return Document(
            title=f"{parts[0][:80].strip().capitalize()} {number}",
            summary=parts[1],
            started=self._started(),
            duration=self._duration(),
            sections={"impact": parts[2], "root-cause": parts[3]},
            signals=(Signal("s1", parts[4][:200].strip() or "slow"),),
            timeline=self._timeline(parts[5]),
            hypotheses=(Hypothesis("h1", parts[6] or "unclear", verdict="refuted"),),
            lessons=(Lesson("l1", parts[7] or "none"),),
            actions=(Action("a1", parts[7] or "none", status="open"),),
            classifications=tuple(self._classifications()),
        )

    def _started(self) -> Moment:
        if self.random.random() < 0.1:
            return Moment()
        day = f"{self.random.randint(2012, 2026)}-{self.random.randint(1, 12):02}"
        return Moment(f"{day}-{self.random.randint(1, 28):02}", "12:00", "UTC")

    def _duration(self) -> Duration | None:
        if self.random.random() < 0.3:
            return None
        return Duration(60 * self.random.randint(5, 3000))

    def _timeline(self, text: str) -> tuple[TimelineEntry, ...]:
        words = text.split()
        kinds = ("trigger", "detect", "action", "mitigate", "recover")
        return tuple(
            TimelineEntry(f"t{index}", kind, " ".join(words[index::5]) or kind)
            for index, kind in enumerate(kinds)
        )

    def _classifications(self) -> Iterator[Classification]:
        for slug in SINGLE:
            yield Classification(slug, self._pick(slug, 1)[0].path, assigned_by="source")
        for slug in SEVERAL:
            for index, term in enumerate(self._pick(slug, self.random.randint(1, 3))):
                role = "primary" if slug == "cause" and index == 0 else ""
                yield Classification(slug, term.path, role, assigned_by="source")

    def _pick(self, slug: str, count: int) -> Sequence[TermInfo]:
        leaves = self.terms[slug]
        weights = [1 / (rank + 2) for rank in range(len(leaves))]
        picked = self.random.choices(leaves, weights, k=count)
        return list(dict.fromkeys(picked))


PART = 2_000


def collection(terms: Terms, count: int, words: float) -> Iterator[Document]:
    """The first `count` documents of the collection, whoever makes them: each part has its own seed,
    so that several processes make the same ones."""
    for first in range(0, count, PART):
        yield from part(terms, first, min(PART, count - first), words)


def part(terms: Terms, first: int, size: int, words: float) -> Iterator[Document]:
    """One part of it."""
    return Generator(terms, seed=SEED + first, words=words).documents(size, first)
