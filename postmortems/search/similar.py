"""Similar postmortems, and why: shared terms, shared rare words, relations; all as the viewer sees them.

Rarity is counted among what the viewer may see, candidates are what the viewer may see, and ties are
ordered by ref: nothing hidden changes an answer, nor its order.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from tantivy import Occur, Query

from postmortems.access import tokens_of
from postmortems.document import CONTRIBUTING, Document
from postmortems.models import Postmortem, User
from postmortems.search import evidence, hits, labels, ranking, sync
from postmortems.search.combining import all_of, none_of
from postmortems.search.compile import Compiler
from postmortems.search.evidence import Link, Rarity, Sign, Subject
from postmortems.search.hits import Found
from postmortems.search.results import Hit
from taxonomy import lookup
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import TermInfo, Terms

CANDIDATES = 100
# Less than this is no more than chance: one common trigger, one word.
ENOUGH = 3.0
TERMS_TOLD = 3
WORDS_TOLD = 5
LONGEST_TEXT = 100_000
MOST_KEPT = 1_000
MANY = 5_000


@dataclass(frozen=True)
class Why:
    """One reason why two are alike: its kind (`relation`, `term`, `words`), a sentence, and for a
    term the address of all that have it."""

    kind: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Similar:
    """A postmortem like the one asked about, and at least one reason."""

    hit: Hit
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Asked:
    """How many are wanted, in which language, and which are not."""

    limit: int
    language: str
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shared:
    """A term that both have, or that stands above one of each; `weight` is what that says."""

    term: TermInfo
    weight: float


@dataclass(frozen=True)
class Counted:
    """How many have a term, the subject itself included where it is one of the collection."""

    uses: Mapping[str, int]
    subject: int

    def of(self, term: TermInfo) -> int:
        """All that have it, as the viewer sees them."""
        return self.uses.get(str(term.id), 0) + self.subject


@dataclass(frozen=True)
class Candidate:
    """Another postmortem with all that it shares."""

    found: Found
    relation: Link | None
    shared: list[Shared]
    signs: list[Sign]

    @property
    def score(self) -> float:
        """What it shares, added up."""
        related = self.relation.weight if self.relation else 0.0
        terms = sum(item.weight for item in self.shared)
        # Rounded, so that the order of adding never decides an order of hits.
        return round(related + terms + sum(sign.weight for sign in self.signs), 6)


@sync.mended
def similar_to(
    postmortem: Postmortem,
    document: Document,
    by: User | AnonymousUser,
    *,
    limit: int = 5,
    language: str = "en",
    relations: Iterable[Link] | None = None,
    terms: Terms | None = None,
    without: frozenset[str] = frozenset(),
    is_hurried: bool = False,
) -> tuple[Similar, ...] | None:
    """The postmortems most like this one that `by` may see, the most alike first, those of the refs
    `without` left out. `relations` (from both ends) and `terms` are for callers who have read them.
    Who is hurried gets None where finding them out takes long: among many, and not asked before."""
    terms = terms or lookup.current()
    view = sync.view()
    key = (view.state, view.pending, tokens_of(by), postmortem.ref, limit, language, without)
    kept = _answers.of(terms)
    if key in kept:
        return kept[key]
    if is_hurried and _are_many(view, by, terms):
        return None
    links = evidence.relations_of(postmortem.ref, document) if relations is None else relations
    subject = evidence.of_document(postmortem.ref, document, links, terms)
    asked = Asked(limit, language, without)
    kept[key] = _similar(subject, view, by, terms, asked)
    return kept[key]


def _are_many(view: sync.View, by: User | AnonymousUser, terms: Terms) -> bool:
    """Whether the viewer sees more postmortems than can be compared while a page waits."""
    compiler = Compiler(view, terms, tokens_of(by))
    return hits.count_of(view.searcher.search(compiler.visible(), limit=1)) > MANY


@sync.mended
def similar_to_text(
    text: str, by: User | AnonymousUser, *, limit: int = 10, language: str = "en"
) -> tuple[Similar, ...]:
    """The postmortems most like a pasted alert, log or chat. Reads its first 100,000 characters."""
    terms = lookup.current()
    subject = evidence.of_text(text[:LONGEST_TEXT].replace("\x00", " "), terms)
    return _similar(subject, sync.view(), by, terms, Asked(limit, language))


# The keys name the state of the index, so that whatever is saved makes the answers anew.
_answers: KeptPerSnapshot[Hashable, tuple[Similar, ...]] = KeptPerSnapshot(MOST_KEPT)


def _similar(
    subject: Subject,
    view: sync.View,
    by: User | AnonymousUser,
    terms: Terms,
    asked: Asked,
) -> tuple[Similar, ...]:
    compiler = Compiler(view, terms, tokens_of(by))
    base = _base(compiler, subject.ref)
    rarity = evidence.rarity_of(compiler, base)
    signs = evidence.signs_of(subject, compiler, base, rarity)
    page = _candidates(subject, compiler, base, rarity, signs)
    having = [(sign, hits.matching(page, sign.query, compiler)) for sign in signs]
    candidates = [
        Candidate(
            found,
            subject.relations.get(found.ref),
            _shared(subject, found, terms, rarity),
            [sign for sign, refs in having if found.ref in refs],
        )
        for found in page
    ]
    best = sorted(candidates, key=lambda item: (-item.score, item.found.ref))
    enough = [item for item in best if item.score >= ENOUGH]
    kept = [item for item in enough if item.found.ref not in asked.without][: asked.limit]
    shown = hits.hits_of([item.found for item in kept], [], terms, asked.language)
    # A stored subject counts too: two that share a term are two in all.
    shared_by = Counted(rarity.uses, int(bool(subject.ref)))
    return tuple(
        Similar(hit, tuple(_why(item, shared_by, terms, asked.language)))
        for hit, item in zip(shown, kept, strict=True)
    )


def _base(compiler: Compiler, ref: str) -> Query:
    """What may be named: what the viewer sees, archived ones and the subject itself left out."""
    schema = compiler.schema
    archived = Query.term_query(schema, "status", Postmortem.Status.ARCHIVED, "basic")
    without = [none_of(archived)]
    if ref:
        without.append(none_of(Query.term_query(schema, "ref", ref, "basic")))
    return all_of([compiler.visible(), *without])


def _candidates(
    subject: Subject, compiler: Compiler, base: Query, rarity: Rarity, signs: Sequence[Sign]
) -> list[Found]:
    """The most promising ones by what the engine can add up itself."""
    clauses = [ranking.scored(sign.query, sign.weight) for sign in signs]
    for term in _lines(subject.roles, compiler.terms):
        weight = evidence.VOCABULARIES.get(term.vocabulary, 0.0) * rarity.of_term(term)
        if weight > 0:
            query = Query.term_query(compiler.schema, "term", str(term.id), "basic")
            clauses.append(ranking.scored(query, weight))
    for ref, link in subject.relations.items():
        query = Query.term_query(compiler.schema, "ref", ref, "basic")
        clauses.append(ranking.scored(query, 10 * link.weight))
    if not clauses:
        return []
    # A filter first: without a shared thing there is nothing to say.
    some = Query.boolean_query([(Occur.Should, clause) for clause in clauses])
    query = Query.boolean_query([(Occur.Must, ranking.unscored(base)), (Occur.Must, some)])
    sort = ranking.SORT_BY_VALUE["relevance"]
    return hits.page_of_hits(compiler.searcher, query, sort, offset=0, size=CANDIDATES)[0]


def _lines(term_ids: Iterable[int], terms: Terms) -> list[TermInfo]:
    """The terms and all above them, each once."""
    every = (above for term_id in term_ids for above in terms.ancestors(terms.by_id[term_id]))
    return list({term.id: term for term in every}.values())


def _shared(subject: Subject, found: Found, terms: Terms, rarity: Rarity) -> list[Shared]:
    """For each term of the subject the deepest one that the other has too, or has something below."""
    theirs = _roles_with_above(found, terms)
    deepest: dict[int, Shared] = {}
    for term_id, role in subject.roles.items():
        term = terms.by_id[term_id]
        line = terms.ancestors(term)
        common = next((item for item in reversed(line) if item.id in theirs), None)
        if common is None:
            continue
        weight = evidence.VOCABULARIES.get(term.vocabulary, 0.0) * rarity.of_term(common)
        weight *= evidence.ABOVE ** (term.depth - common.depth)
        if CONTRIBUTING in (role, theirs[common.id]):
            weight *= evidence.LESS
        if weight > 0 and weight > deepest.get(common.id, Shared(common, 0)).weight:
            deepest[common.id] = Shared(common, weight)
    return sorted(deepest.values(), key=lambda item: (-item.weight, item.term.path))


def _roles_with_above(found: Found, terms: Terms) -> dict[int, str]:
    """The roles of the other's terms and of all above them."""
    roles: dict[int, str] = {}
    for term_id, role in evidence.roles_of(found.payload["terms"], terms).items():
        for above in terms.ancestors(terms.by_id[term_id]):
            if roles.get(above.id, CONTRIBUTING) == CONTRIBUTING:
                roles[above.id] = role
    return roles


def _why(item: Candidate, counted: Counted, terms: Terms, language: str) -> Iterable[Why]:
    if link := item.relation:
        yield Why("relation", labels.relation_label(link.kind, is_inbound=link.is_inbound))
    for shared in item.shared[:TERMS_TOLD]:
        term = shared.term
        url = f"{reverse('search')}?{term.vocabulary}={quote(term.path)}"
        yield Why("term", _term_sentence(term, counted, terms, language), url)
    if words := [sign.text for sign in item.signs[:WORDS_TOLD]]:
        told = pgettext("between names", ", ").join(words)
        yield Why(
            "words",
            ngettext("the word %(words)s", "the words %(words)s", len(words)) % {"words": told},
        )


def _term_sentence(term: TermInfo, counted: Counted, terms: Terms, language: str) -> str:
    info = terms.vocabulary(term.vocabulary)
    return _("%(field)s %(term)s (%(n)s in all)") % {
        "field": info.name(language) if info else term.vocabulary,
        "term": term.name(language),
        "n": counted.of(term),
    }
