"""The product itself as one of the engines: its front door, counted anew for each question."""

from postmortems.search import search
from taxonomy.lookup import Terms
from tests.benchmarks import asking
from tests.benchmarks.rivals.shape import Answer, Question


class Hindsight:
    """Hits with snippets, all facets with names and links, the histogram and the chips."""

    name = "Hindsight"

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def ask(self, question: Question) -> Answer:
        """One search; more is worked out than any of the others does."""
        asking.forget_counts()
        chosen = {"cause": [self.terms.by_id[question.term].path]} if question.term else {}
        results = search(question.word, chosen, asking.VISITOR)
        found = (value for facet in results.facets for value in facet.flat())
        terms = {value.term_id: value.count for value in found if value.term_id and value.count}
        return Answer(results.count, terms)
