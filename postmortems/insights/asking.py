"""A search understood once for all questions about its patterns, and the addresses of narrower ones."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from pyroaring import BitMap

from postmortems.insights import addresses
from postmortems.insights.addresses import Addresses, Values
from postmortems.insights.shapes import Count
from postmortems.models import User
from postmortems.search import facets, finding, members, sync
from postmortems.search.front_door import Asked, notices_of, understand
from postmortems.search.members import Members
from postmortems.search.questions import Question, without_archived
from postmortems.search.states import State
from taxonomy.lookup import Terms


@dataclass(frozen=True, eq=False)
class Selected:
    """A search of one reader in one state of the index: `found` are the primary keys of what matches,
    `members` which of all there are has which term. `addresses` lead to the search list; `shown_in`
    is the language that terms are named in. `begun` is what has been begun for a question that is
    still to come, by what is asked."""

    asked: Asked
    by: User | AnonymousUser
    addresses: Addresses
    shown_in: str
    notices: tuple[str, ...]
    found: BitMap
    members: Members
    begun: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @property
    def total(self) -> int:
        """How many postmortems match."""
        return len(self.found)

    @property
    def terms(self) -> Terms:
        """The vocabularies that the state is read with."""
        return self.asked.compiler.terms

    @property
    def question(self) -> Question:
        """The search made ready for the engine; `question.query()` is all of it."""
        return self.asked.question

    @property
    def state(self) -> State:
        """What the answers hold for: the state of the index, and the vocabularies."""
        return (self.asked.view.state, self.terms)

    @property
    def key(self) -> Hashable:
        """Equal for equal questions with the same rights, whose numbers have the same addresses and
        names."""
        chosen = self.asked.chosen
        plain, choices = tuple(chosen.plain.items()), tuple(chosen.choices.items())
        return (self.question.key_of(""), plain, choices, self.shown_in)

    @cached_property
    def sets(self) -> dict[int, BitMap]:
        """The matching postmortems of each term that any has, those of its subtree included, by the
        term's id."""
        found = {}
        for term_id in self.terms.by_id:
            members = self.members.of("term", term_id)
            if number := members.intersection_cardinality(self.found):
                # What matches as a whole is not copied: of many postmortems that is a lot of room.
                found[term_id] = members if number == len(members) else members & self.found
        return found

    @property
    def everything(self) -> Count:
        """How many match, with the address of their list."""
        return self.count(self.total)

    def count(self, number: int, **more: Values) -> Count:
        """A number with the address that lists it: this selection, narrowed."""
        return Count(number, self.url_of(**more))

    def count_of(self, number: int, *conditions: tuple[str, str]) -> Count:
        """A number with the address that lists it: this selection with each condition, a field and
        a value, also where several are of one field."""
        first: dict[str, Values] = {}
        further = []
        for slug, value in conditions:
            if slug in first:
                further.append((slug, value))
            else:
                first[slug] = value
        return Count(number, self.addresses.narrowed(first, further))

    def without_any(self, slug: str) -> BitMap:
        """The matching postmortems that have no term of a vocabulary."""
        roots = self.terms.children(None, slug, retired=True)
        recorded = [self.sets[term.id] for term in roots if term.id in self.sets]
        return self.found - BitMap.union(*recorded) if recorded else self.found

    def url_of(self, **more: Values) -> str:
        """The address of the list of this selection narrowed by more parameters: values of one field
        are alternatives, and one with `-` before it is excluded, as in the address of a search.
        Empty in the rare case that no address says it."""
        return self.addresses.narrowed(more)

    def rest(self) -> Addresses | None:
        """The addresses of all that the reader may see and this search leaves out; None where no search
        says it."""
        if asked := addresses.left_out(self.asked):
            text, params = asked
            found = understand(text, params, self.by, language=self.asked.language)
            return Addresses(found, self.addresses.base)
        return None


@sync.mended
def selected(
    text: str,
    params: Mapping[str, object],
    by: User | AnonymousUser,
    *,
    language: str = "en",
) -> Selected:
    """What a text and parameters choose for `by`, understood as search understands it.

    `params` is the query string, of which the text is not read, as in `search`. All that the engine
    is asked for stands in what comes back; it raises nothing for any text or parameter.
    """
    asked = understand(text, params, by, language=language)
    state = (asked.view.state, asked.compiler.terms)
    return Selected(
        asked=asked,
        by=by,
        addresses=Addresses(asked, reverse("search")),
        shown_in=facets.language_of(language),
        notices=notices_of(asked),
        found=finding.all_found(asked.question, state),
        members=members.members_of(asked.question.searcher),
    )


def all_visible(one: Selected) -> BitMap:
    """All that the reader of a selection may see; archived ones only where it asks for these."""
    return finding.all_found(one.question.unnarrowed(), one.state)


def all_listed(one: Selected) -> BitMap:
    """All that a search for nothing lists: no archived ones, even if the selection asks for these."""
    whole = one.question.unnarrowed()
    listed = replace(whole, archive=whole.archive or without_archived(one.asked.aside))
    return finding.all_found(listed, one.state)
