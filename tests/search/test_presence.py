"""has:, no:, and the fields of parts: verdicts, statuses, kinds of relations."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from postmortems.document import (
    Action,
    Hypothesis,
    Lesson,
    Reference,
    Relation,
    Signal,
    TimelineEntry,
    Translation,
    Workaround,
)
from postmortems.durations import Duration
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem
from tests.search.asking import found, refs

pytestmark = pytest.mark.django_db

PARTS = {
    "started": {"started": Moment("2023")},
    "detected": {"detected": Moment("2023")},
    "mitigated": {"mitigated": Moment("2023")},
    "resolved": {"resolved": Moment("2023")},
    "duration": {"duration": Duration(60, "at-most")},
    "summary": {"summary": "It broke."},
    "section": {"sections": MappingProxyType({"impact": "Much."})},
    "signal": {"signals": (Signal("s1", "error"),)},
    "workaround": {"workarounds": (Workaround("w1", "restart"),)},
    "timeline": {"timeline": (TimelineEntry("t1", "learn", "seen"),)},
    "hypothesis": {"hypotheses": (Hypothesis("h1", "DNS"),)},
    "lesson": {"lessons": (Lesson("l1", "test"),)},
    "action": {"actions": (Action("a1", "fix"),)},
    "reference": {"references": (Reference("r1", "Report"),)},
    "translation": {"translations": MappingProxyType({"zh-hans": Translation("标题")})},
}
PLURALS = {name: f"{name}s" for name in PARTS} | {"hypothesis": "hypotheses"}


@pytest.mark.parametrize("name", PARTS)
def test_what_is_there_and_what_is_not(name):
    having = make_postmortem(make_document(**PARTS[name]))
    lacking = make_postmortem()

    assert found(f"has:{name}") == found(f"has:{PLURALS[name]}") == refs(having)
    assert found(f"no:{name}") == found(f"-has:{name}") == refs(lacking)
    assert found(has=name) == refs(having)
    assert found(no=PLURALS[name].upper()) == refs(lacking)


def test_a_vocabulary_is_there_by_its_slug_its_alias_and_its_plural():
    having = make_postmortem(make_document(terms=("organisation:reddit", "component:argo-cd")))
    lacking = make_postmortem()

    assert found("has:organisation") == found("has:org") == found("has:components") == refs(having)
    assert found("no:organisation") == found("organisation:unknown") == refs(lacking)


def test_a_relation_is_there_from_both_ends_when_it_is_symmetric():
    first = make_postmortem()
    second = make_postmortem(
        replace(make_document(), relations=(Relation("same-defect", first.ref),))
    )
    alone = make_postmortem()

    assert found("has:relation") == found("relation:same-defect") == refs(first, second)
    assert found("no:relations") == refs(alone)
    assert found("relation:similar-pattern") == set()


def test_verdicts_and_statuses():
    refuted = make_postmortem(
        make_document(
            hypotheses=(
                Hypothesis("h1", "DNS", verdict="refuted"),
                Hypothesis("h2", "BGP", verdict="confirmed"),
            ),
            actions=(Action("a1", "fix", status="open"),),
        )
    )
    done = make_postmortem(make_document(actions=(Action("a1", "fix", status="done"),)))

    assert found("hypothesis:refuted") == found("hypothesis:confirmed") == refs(refuted)
    assert found("hypothesis:open") == set()
    assert found("action:open") == found(action="OPEN") == refs(refuted)
    assert found("action:open,done") == refs(refuted, done)
    assert found("-action:open") == refs(done)


def test_envelope_fields():
    draft = make_postmortem(make_document(language="zh-hant"), status="in_review")
    published = make_postmortem(visibility="internal")

    from postmortems.models import User

    dana = User.objects.create(username="dana", is_administrator=True)
    assert found('status:"in review"', by=dana) == found("status:in_review", by=dana) == refs(draft)
    assert found("language:zh-hant", by=dana) == found("lang:zh-hant", by=dana) == refs(draft)
    assert found("visibility:internal", by=dana) == refs(published)
    assert found("team:platform -status:published", by=dana) == refs(draft)


def test_a_scale_takes_ranges_of_its_terms():
    gravest = make_postmortem(make_document(terms=("severity:sev1",)))
    middle = make_postmortem(make_document(terms=("severity:sev3",)))
    least = make_postmortem(make_document(terms=("severity:sev5",)))

    assert found("severity:sev1..sev3") == found("sev:sev3..sev1") == refs(gravest, middle)
    assert found("severity:>=sev3") == refs(gravest, middle)
    assert found("severity:>sev3") == refs(gravest)
    assert found("severity:<sev3") == refs(least)
    assert found("match:most severity:sev5") == refs(least)
