"""What to offer when nothing was found: filters to drop, spellings to mend, what has most of the words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from postmortems.search import chips, hits, nearest, ranking, scoring, spelling
from postmortems.search.compile import Compiler
from postmortems.search.query import EVERYTHING, Node, to_text
from postmortems.search.questions import Question, archive_of
from postmortems.search.results import Drop, Nearest, Suggestion
from postmortems.search.selection import Selection
from postmortems.search.snippets import wanted_of

MOST_DROPS = 8


@dataclass(frozen=True)
class Alternatives:
    """Asks beside a question that found nothing."""

    question: Question
    compiler: Compiler
    chosen: Selection
    node: Node
    language: str

    def drops(self, shown: chips.Chips) -> tuple[Drop, ...]:
        """Each filter or word that could go, with what there would be without it, the most first."""
        found = []
        for slug, label, url in shown.facet_drops():
            others = {name: choice for name, choice in self.chosen.choices.items() if name != slug}
            archive = archive_of(self.compiler, self.node, replace(self.chosen, choices=others))
            rest = {name: query for name, query in self.question.choices.items() if name != slug}
            less = replace(self.question, choices=rest, archive=archive)
            found.append(Drop(label, less.count(less.query()), url))
        if alone := shown.query_alone():
            label, url = alone
            archive = archive_of(self.compiler, self.node, replace(self.chosen, choices={}))
            less = replace(self.question, choices={}, archive=archive)
            found.append(Drop(label, less.count(less.query()), url))
        if not any(drop.count for drop in found) and len(self.chosen.choices) > 1:
            found += self._keeps(shown)
        for node, label, url in shown.query_drops():
            less = self._asking(node)
            found.append(Drop(label, less.count(less.query()), url))
        return tuple(sorted(found, key=lambda drop: -drop.count)[:MOST_DROPS])

    def _keeps(self, shown: chips.Chips) -> Iterator[Drop]:
        """Each filter alone, where leaving out one of several leaves nothing still."""
        for slug, label, url in shown.facet_keeps():
            chosen = replace(self.chosen, text="", choices={slug: self.chosen.choices[slug]})
            less = replace(
                self.question,
                written=self.compiler.compile(EVERYTHING),
                choices={slug: self.question.choices[slug]},
                archive=archive_of(self.compiler, EVERYTHING, chosen),
            )
            if count := less.count(less.query()):
                yield Drop(label, count, url)

    def did_you_mean(self, fields: Collection[str]) -> tuple[Suggestion, ...]:
        """The query with its mistyped words mended, if that finds anything: with the filters, or
        else without."""
        mended = spelling.mended(self.node, self.compiler, fields)
        if mended is None:
            return ()
        text = to_text(mended)
        for chosen in (self.chosen, replace(self.chosen, choices={})):
            beside = replace(self, chosen=chosen)
            asking = replace(
                beside._asking(mended),
                choices=self.question.choices if chosen.choices else {},
            )
            if count := asking.count(asking.query()):
                return (Suggestion(text, count, beside._url(text)),)
        return ()

    def nearest(self, least: int = 2) -> Nearest | None:
        """What has most of the words, if anything has; of fewer words than `least` nothing."""
        node = nearest.query_of(self.node, least)
        if node is None:
            return None
        asking = self._asking(node)
        query = scoring.scored(asking.query(), list(scoring.clauses_of(node, self.compiler)))
        sort = ranking.SORT_BY_VALUE["relevance"]
        page, count = hits.page_of_hits(asking.searcher, query, sort, offset=0, size=nearest.SHOWN)
        terms = self.compiler.terms
        shown = hits.hits_of(page, wanted_of(node, terms), terms, self.language)
        lacks = nearest.lacks_of(page, node, self.compiler)
        text = to_text(node)
        found = tuple(replace(hit, lacks=lacks[hit.ref]) for hit in shown)
        return Nearest(text, count, self._url(text), found) if count else None

    def _asking(self, node: Node) -> Question:
        archive = archive_of(self.compiler, node, self.chosen)
        return replace(self.question, written=self.compiler.compile(node), archive=archive)

    def _url(self, text: str) -> str:
        return self.chosen.with_text(reverse("search"), text)
