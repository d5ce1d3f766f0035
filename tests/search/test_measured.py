"""Times to detect and to mitigate, permanent fixes, and refs, as fields of the search."""

import pytest

from postmortems.document import Action
from postmortems.moments import Moment, parse_moment
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, found, refs, value

pytestmark = pytest.mark.django_db

START = "2023-03-14 19:00 UTC"


def detected(text: str, **fields):
    moments = {"started": parse_moment(START), "detected": parse_moment(text)}
    return make_postmortem(make_document(**moments, **fields))


@pytest.fixture
def four():
    ends = ("2023-03-14 19:04 UTC", "~2023-03-14 20:00 UTC", "≤ 2023-03-14 19:10 UTC", "")
    return [detected(end) for end in ends]


def test_a_time_to_detect_is_asked_for_like_a_duration(four):
    exact, about, at_most, unknown = four

    assert found("to-detect:<5min") == refs(exact)
    assert found("to-detect:<=10min") == refs(exact, at_most)
    assert found("to-detect:0s..<5min") == refs(exact)
    assert found("to-detect:>30min") == refs(about)
    assert found("to-detect:known") == refs(exact, about)
    assert found("to-detect:bounded") == refs(at_most)
    assert found(**{"to-detect": "unknown"}) == refs(unknown)
    assert found("-to-detect:unknown") == refs(exact, about, at_most)


def test_mitigation_and_duration_are_asked_for_apart(db):
    ends = {"started": parse_moment(START), "mitigated": parse_moment("2023-03-14 19:30 UTC")}
    mitigated = make_postmortem(make_document(**ends))
    resolved = make_postmortem(
        make_document(
            started=parse_moment(START), resolved=Moment("2023-03-14", "19:30", zone="UTC")
        )
    )

    assert found("to-mitigate:30min") == refs(mitigated)
    assert found("duration:known") == refs(resolved)
    assert found("duration:unknown") == refs(mitigated)


def test_a_permanent_fix_is_asked_for_by_its_status(db):
    permanent = Action("a1", "Upgrade", kind="permanent", status="open")
    stopgap = Action("a1", "Restart", kind="temporary", status="done")
    fixed = make_postmortem(make_document(actions=(permanent,)))
    patched = make_postmortem(make_document(actions=(stopgap,)))

    assert found("fix:open") == found("has:fix") == refs(fixed)
    assert found("fix:done") == set()
    assert found("no:fix") == refs(patched)
    assert value(ask(), "no", "fix").count == 1


def test_refs_list_just_these(four):
    first, second, *_rest = four

    assert found(f"ref:{first.ref},{second.ref}") == refs(first, second)
    assert found(ref=first.ref.upper()) == refs(first)
    assert found(f"ref:{first.ref} to-detect:known") == refs(first)


def test_a_hidden_ref_is_answered_like_one_that_does_not_exist(four, charlie):
    hidden = make_postmortem(visibility="restricted")
    first = four[0]

    asked = ask(f"ref:{first.ref},{hidden.ref}", charlie)
    invented = ask(f"ref:{first.ref},zzzzzzzz", charlie)

    assert {hit.ref for hit in asked.hits} == refs(first)
    assert [text.replace(hidden.ref, "zzzzzzzz") for text in asked.notices] == [*invented.notices]
