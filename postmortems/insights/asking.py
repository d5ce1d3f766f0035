"""A search understood once for all questions about its patterns, and the addresses of narrower ones."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from postmortems.insights.shapes import Count
from postmortems.models import User
from postmortems.search.front_door import Asked
from postmortems.search.questions import Question
from taxonomy.lookup import Terms

Values = str | Sequence[str]


@dataclass(frozen=True)
class Selected:
    """A search of one reader in one state of the index. `total` postmortems match; `base` is the
    address of the search list; `shown_in` is the language that terms are named in."""

    asked: Asked
    base: str
    total: int
    shown_in: str
    notices: tuple[str, ...]

    @property
    def terms(self) -> Terms:
        """The vocabularies that the state is read with."""
        return self.asked.compiler.terms

    @property
    def question(self) -> Question:
        """The search made ready for the engine; `question.query()` is all of it."""
        return self.asked.question

    @property
    def key(self) -> Hashable:
        """Equal for equal questions to the same state of the index with the same rights."""
        return (self.asked.view.state, self.question.key_of(""))

    @property
    def everything(self) -> Count:
        """How many match, with the address of their list."""
        return Count(self.total, self.url_of())

    def count(self, number: int, **more: Values) -> Count:
        """A number with the address that lists it: this selection, narrowed."""
        return Count(number, self.url_of(**more))

    def url_of(self, **more: Values) -> str:
        """The address of the list of this selection narrowed by more parameters: values of one field
        are alternatives, and one with `-` before it is excluded, as in the address of a search."""
        raise NotImplementedError


def selected(
    text: str,
    params: Mapping[str, object],
    by: User | AnonymousUser,
    *,
    language: str = "en",
) -> Selected:
    """What a text and parameters choose for `by`, understood as search understands it."""
    raise NotImplementedError
