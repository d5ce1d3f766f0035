"""The front door by the clock: the questions of the budget, the engine alone, and how cost grows."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from postmortems.search import counting, front_door, hits, index, scoring, search
from postmortems.search.front_door import Asked
from tests.benchmarks.synthetic import COMMON_WORD, RARE_WORD
from tests.benchmarks.timing import Figure, median_of, percentiles

VISITOR = AnonymousUser()
MILLION = 1_000_000


@dataclass(frozen=True)
class Case:
    """A question, and what it may take at 100,000 and at 1,000,000 documents, in ms."""

    name: str
    text: str
    params: dict[str, list[str]]
    budget: tuple[float, float] | None = None

    def limit(self, count: int) -> str:
        """The budget in words."""
        if self.budget is None:
            return "–"
        return f"p50 ≤ {self.budget[count >= MILLION]:g} ms"


CASES = (
    Case("commonest word", COMMON_WORD, {}, (20, 150)),
    Case("no text", "", {}, (8, 40)),
    Case("rare word", RARE_WORD, {}, (5, 8)),
    Case("commonest word, one facet", COMMON_WORD, {"cause": ["network"]}),
    Case("two facets", "", {"cause": ["network"], "severity": ["sev2"]}),
    Case("two common words", "cluster {0}", {}),
    Case("six words, most of them", "cluster {0} {1} {2} {3} {4} match:most", {}),
)


def forget_counts() -> None:
    """Counts are kept until the index changes; here each round has to count anew."""
    counting.forget()


def cases(words: list[str]) -> Iterator[tuple[Case, str]]:
    """The cases with their words."""
    for case in CASES:
        yield case, case.text.format(*words)


def front_door_figures(count: int, words: list[str]) -> Iterator[Figure]:
    """20 hits with snippets and all facets, each time counted anew, and with counts kept."""
    for case, text in cases(words):

        def ask(text: str = text, case: Case = case) -> object:
            return search(text, case.params, VISITOR)

        anew, kept = percentiles(ask, before=forget_counts), median_of(ask)
        value = f"{anew}; counts kept {kept:.1f} ms"
        yield Figure(f"search, {case.name}", value, case.limit(count))


def overhead_figures(words: list[str]) -> Iterator[Figure]:
    """What the front door adds to the engine's own search and aggregation."""
    for case, text in list(cases(words))[:3]:
        asked = front_door.understand(text, case.params, VISITOR)
        bare = median_of(lambda asked=asked: _engine(asked))
        whole = median_of(lambda t=text: search(t, {}, VISITOR), before=forget_counts)
        value = f"{whole:.1f} ms over {bare:.1f} ms: × {whole / bare:.1f}, + {whole - bare:.1f} ms"
        yield Figure(f"over the bare engine, {case.name}", value, "≤ × 1.5, else + 3 ms")


def _engine(asked: Asked) -> object:
    """The engine calls alone: the best twenty, and every column counted in one aggregation."""
    question = asked.question
    query = scoring.scored(question.query(), asked.clauses)
    hits.page_of_hits(asked.view.searcher, query, asked.sort, offset=0, size=20)
    columns = {
        name: {"terms": {"field": index.SETS.get(name, name), "size": counting.MOST_VALUES}}
        for name in index.COUNTED
    }
    return asked.view.searcher.aggregate(question.query(), columns)
