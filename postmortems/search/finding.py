"""All that a question finds, as one set: kept, and carried along when the index moves on."""

from pyroaring import BitMap
from tantivy import Query

from postmortems.search import members, states
from postmortems.search.combining import all_of
from postmortems.search.latest import Latest
from postmortems.search.questions import Question
from postmortems.search.states import State

KEPT = 64

_kept = Latest[tuple[State, BitMap]](KEPT)


def forget() -> None:
    """Drop all sets that are kept."""
    _kept.forget()


def all_found(question: Question, state: State) -> BitMap:
    """The primary keys of all that a question finds; shared, so it must not be changed."""
    key = question.key_of("")
    kept = _kept.get(key)
    if kept and kept[0] == state:
        # What is asked for again and again stays, however many others are asked for once.
        _kept.keep(key, kept)
        return kept[1]
    found = _carried(*kept, question, state) if kept else None
    if found is None:
        found = members.found_by(question.searcher, question.query(), question.searcher.num_docs)
    _kept.keep(key, (state, found))
    return found


def _carried(then: State, found: BitMap, question: Question, now: State) -> BitMap | None:
    """What was found of an earlier state, with what has changed since asked for again; None where
    that cannot be told or does not pay."""
    changed = states.changed_between(then, now)
    if changed is None:
        return None
    concerned = Query.term_set_query(question.schema, "pk", list(map(str, changed)))
    query = all_of([question.query(), concerned])
    again = members.found_by(question.searcher, query, question.searcher.num_docs)
    return (found - BitMap(changed)) | again
