"""What postmortems can be alike in: terms, telling words, relations; each weighed by how rare it is to a viewer."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tantivy import Query

from postmortems.document import CONTRIBUTING, Document
from postmortems.models import Relation
from postmortems.search import analysis, mostly, names, paste
from postmortems.search.combining import all_of
from postmortems.search.common_words import COMMON_WORDS
from postmortems.search.compile import Compiler
from postmortems.search.hits import count_of
from postmortems.search.query import Word
from taxonomy.lookup import TermInfo, Terms

# What sharing a value of these says about two incidents; what is not named says nothing alone.
VOCABULARIES = {
    "cause": 4.0,
    "symptom": 2.0,
    "trigger": 2.0,
    "component": 1.5,
    "factor": 1.0,
    "resolution": 0.5,
    "impact": 0.5,
    "detection": 0.25,
}
# Being linked by a person outweighs everything that two texts may share.
RELATIONS = {
    "same-defect": 400.0,
    "public-version": 350.0,
    "same-defect-class": 300.0,
    "follow-up": 250.0,
    "caused-by": 250.0,
    "similar-pattern": 200.0,
}
WORD = 0.3
IDENTIFIER = 2.0
# A name two levels up says less than the number of its uses alone would tell.
ABOVE = 0.35
# What made it worse is shared by incidents that have little else in common.
LESS = 0.5
MOST_LOOKED_UP = 48
MOST_WORDS = 14
# What more than this share of all postmortems says is no sign of anything.
COMMON = 0.2
SHORTEST = 4


@dataclass(frozen=True, order=True)
class Link:
    """A relation to another postmortem; an inbound one stands in the other's text."""

    ref: str
    kind: str
    is_inbound: bool = False

    @property
    def weight(self) -> float:
        """What being linked so is worth."""
        return RELATIONS.get(self.kind, 0.0)


@dataclass(frozen=True)
class Subject:
    """What is compared: the role of each term by its id, texts from the most telling on, relations to
    others by ref."""

    ref: str
    roles: Mapping[int, str]
    texts: tuple[str, ...]
    relations: Mapping[str, Link]


@dataclass(frozen=True)
class Sign:
    """A word of the subject that few others have: as it was written, and what sharing it is worth."""

    text: str
    weight: float
    query: Query


def of_document(ref: str, document: Document, relations: Iterable[Link], terms: Terms) -> Subject:
    """A stored postmortem as the subject."""
    rows = [(item.vocabulary, item.term, item.role) for item in document.classifications]
    causes = [item.why for item in document.classifications if item.vocabulary == "cause"]
    signals = [item.text for item in document.signals]
    texts = [document.title, *signals, *causes, document.sections.get("root-cause", "")]
    texts += [document.summary, *(item.text for item in document.lessons)]
    return Subject(
        ref=ref,
        roles=roles_of(rows, terms),
        texts=tuple(filter(None, texts)),
        # Later pairs win in a dict: the weightiest relation to another comes last.
        relations={
            link.ref: link for link in sorted(relations, key=lambda item: (item.weight, item))
        },
    )


def roles_of(rows: Iterable[Sequence[str]], terms: Terms) -> dict[int, str]:
    """The role of each term by its id, from rows of vocabulary, path, role; of two the weightier."""
    known = [(terms.get(vocabulary, path), role) for vocabulary, path, role in rows]
    # Later pairs win in a dict: the weightier role comes last.
    ordered = sorted(known, key=lambda pair: pair[1] != CONTRIBUTING)
    return {term.id: role for term, role in ordered if term}


def relations_of(ref: str, document: Document) -> list[Link]:
    """The relations from both ends; one statement."""
    back = Relation.objects.filter(target_ref=ref).order_by("postmortem__ref")
    return [
        *(Link(item.target, item.kind) for item in document.relations),
        *(Link(*pair, is_inbound=True) for pair in back.values_list("postmortem__ref", "kind")),
    ]


def of_text(text: str, terms: Terms) -> Subject:
    """A pasted text as the subject: its words, and the terms that it names."""
    words = " ".join(paste.words_of(text))
    return Subject("", dict.fromkeys(named_in(text, terms), ""), (words,), {})


def named_in(text: str, terms: Terms) -> list[int]:
    """The terms that a text names, by id."""
    stream = "|".join(
        f" {' '.join(stems)} " for line in text.splitlines() for stems in _forms(line)
    )
    return [
        term_id
        for term_id, called in names.stemmed_names(terms)
        if any(len(name) > SHORTEST and name in stream for name in called.split("|"))
    ]


def _forms(line: str) -> Iterable[tuple[str, ...]]:
    return analysis.forms(line[:2_000])


@dataclass(frozen=True)
class Rarity:
    """How rare things are to one viewer: of `total` postmortems, `uses` have each term."""

    total: int
    uses: Mapping[str, int]

    def of_term(self, term: TermInfo) -> float:
        """What sharing a term is worth: bits, as in inverse document frequency (Spärck Jones 1972),
        but over what the viewer sees."""
        return self.of_uses(self.uses.get(str(term.id), 0))

    def of_uses(self, uses: int) -> float:
        """The same for anything that so many postmortems have."""
        return math.log2((self.total + 2) / (uses + 1))


def rarity_of(compiler: Compiler, base: Query) -> Rarity:
    """Counts every term once among the entries of `base`."""
    size = max(len(compiler.terms.by_id), 1)
    asked = {"term": {"terms": {"field": "term", "size": size}}}
    answer = compiler.searcher.aggregate(base, asked)
    uses = {bucket["key"]: bucket["doc_count"] for bucket in answer["term"]["buckets"]}
    return Rarity(count_of(compiler.searcher.search(base, limit=1)), uses)


def signs_of(subject: Subject, compiler: Compiler, base: Query, rarity: Rarity) -> list[Sign]:
    """The rarest words of the subject that at least one other postmortem has."""
    found = []
    for word in _telling(subject.texts):
        query = compiler.compile(Word(word))
        uses = count_of(compiler.searcher.search(all_of([base, query]), limit=1))
        if 0 < uses <= max(2, COMMON * rarity.total):
            factor = IDENTIFIER if mostly.is_identifier(Word(word)) else WORD
            found.append(Sign(word, factor * rarity.of_uses(uses), query))
    return sorted(found, key=lambda sign: (-sign.weight, sign.text))[:MOST_WORDS]


def _telling(texts: Sequence[str]) -> list[str]:
    """The words worth looking up, from the most telling text on; one for each stem."""
    by_stem: dict[tuple[str, ...], str] = {}
    for text in texts:
        for word in paste.words_of(text):
            stems = next(iter(analysis.forms(word)), ())
            if word.lower() in COMMON_WORDS:
                continue
            if stems and (len(word) >= SHORTEST or not word.isascii()):
                by_stem.setdefault(stems, word)
    return list(by_stem.values())[:MOST_LOOKED_UP]
