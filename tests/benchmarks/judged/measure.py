"""How good an order of answers is, and how to say so. Pure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from tests.benchmarks.judged.collection import GROUPS, Query

CUT = 10
DEEP = 50
HELPS = 2


@dataclass(frozen=True, eq=False)
class Answer:
    """What a person saw: ids from the best down, how many of them were direct hits, and the first
    spelling that was offered."""

    query: Query
    ids: tuple[str, ...]
    direct: int = 0
    offered: str = ""

    @property
    def ndcg(self) -> float:
        """nDCG@10 of the order; a mistyped query that is not offered its right spelling has no more
        than what came all the same."""
        grades = self.query.grades
        return ndcg([grades.get(id_, 0) for id_ in self.ids], grades.values())

    @property
    def reciprocal_rank(self) -> float:
        """1 over the place of the first answer that helps; 0 without one."""
        grades = self.query.grades
        places = (n for n, id_ in enumerate(self.ids, 1) if grades.get(id_, 0) >= HELPS)
        place = next(places, None)
        return 1 / place if place else 0.0

    @property
    def recall(self) -> float:
        """The share of all graded postmortems among the first 50 direct hits."""
        found = set(self.ids[: min(self.direct, DEEP)])
        return len(found & self.query.grades.keys()) / len(self.query.grades)


def ndcg(shown: Sequence[int], graded: Iterable[int], cut: int = CUT) -> float:
    """Normalised discounted cumulative gain of the first `cut` places: 1 when no order is better.

    Järvelin and Kekäläinen, “Cumulated gain-based evaluation of IR techniques”, ACM TOIS 20 (4),
    2002; with the gain 2^grade − 1 and the discount log2(place + 1) that have become usual since.
    """
    best = _gain(sorted(graded, reverse=True)[:cut])
    return _gain(shown[:cut]) / best if best else 0.0


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def mean_ndcg(answers: Iterable[Answer]) -> float:
    """The mean over all queries, each of the same weight."""
    return mean(answer.ndcg for answer in answers)


def exact(answers: Iterable[Answer]) -> list[Answer]:
    """Those of identifiers, whose recall must be complete."""
    return [answer for answer in answers if answer.query.exact]


def figures(answers: Sequence[Answer]) -> list[tuple[str, str, str]]:
    """Lines of the benchmark's table: work, what was measured, what is to be reached."""
    identifiers = exact(answers)
    recall = mean(answer.recall for answer in identifiers)
    groups = ", ".join(
        f"{group} {mean_ndcg(found):.2f}" for group, found in _by_group(answers) if found
    )
    return [
        (
            f"nDCG@10, {len(answers)} judged queries",
            f"{mean_ndcg(answers):.3f} ({groups})",
            "≥ 0.9",
        ),
        (f"recall of {len(identifiers)} exact identifiers", f"{recall:.1%}", "100 %"),
    ]


def report(answers: Sequence[Answer], worst: int) -> Iterator[str]:
    """The figures by group, then the queries that are served worst, with what came instead."""
    for group, found in _by_group(answers):
        yield _line(group, found)
    yield _line("all", answers)
    identifiers = exact(answers)
    missed = [answer for answer in identifiers if answer.recall < 1]
    complete = len(identifiers) - len(missed)
    yield f"exact identifiers with all answers in the first {DEEP}: {complete} of {len(identifiers)}"
    mistyped = [answer for answer in answers if answer.query.mended]
    mended = sum(answer.offered == answer.query.mended for answer in mistyped)
    yield f"mistyped queries with the right spelling offered: {mended} of {len(mistyped)}"
    ordered = sorted(answers, key=lambda answer: (answer.ndcg, answer.query.text))
    for answer in dict.fromkeys([*ordered[:worst], *missed]):
        yield from _described(answer)


def _by_group(answers: Iterable[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    every = list(answers)
    for group in GROUPS:
        yield group, [answer for answer in every if answer.query.group == group]


def _line(name: str, answers: Sequence[Answer]) -> str:
    if not answers:
        return f"{name:12}    0 queries"
    rank = mean(answer.reciprocal_rank for answer in answers)
    return f"{name:12} {len(answers):4} queries  nDCG@10 {mean_ndcg(answers):.3f}  MRR {rank:.3f}"


def _described(answer: Answer) -> Iterator[str]:
    query = answer.query
    wanted = ", ".join(f"{id_}={grade}" for id_, grade in query.grades.items())
    came = ", ".join(f"{id_}={query.grades.get(id_, 0)}" for id_ in answer.ids[:CUT])
    lost = [id_ for id_ in query.grades if id_ not in answer.ids]
    yield ""
    yield f"{answer.ndcg:.3f}  [{query.group}] {query.text!r}  ({query.need})"
    yield f"       wanted: {wanted}"
    yield f"       came:   {answer.direct} direct; {came or 'nothing'}"
    if lost:
        yield f"       missed: {', '.join(lost)}"
    if answer.offered or query.mended:
        yield f"       offered: {answer.offered!r}, meant: {query.mended!r}"
