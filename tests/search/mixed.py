"""A collection in which everything is mixed that a count can go wrong on: rights, states, bounds, gaps, roles."""

import random
from collections.abc import Sequence
from dataclasses import replace

from postmortems import document as shape
from postmortems.document import Classification, Document, Relation, Translation
from postmortems.durations import Duration
from postmortems.models import Postmortem, Team, User
from postmortems.moments import Moment
from taxonomy import lookup
from tests.makers import make_postmortem

WORDS = ("walrus", "otter", "seal", "upgraded", "rollback", "kube-apiserver", "集群", "1.24")
# A part of a tree with a parent, two of its children, and something far away.
SOME_CAUSES = ("network", "network/dns", "network/cni-routing", "platform/host/kernel-bug", "time")
TERMS_A_VOCABULARY = 4
HOUR = 3_600
LENGTHS = (
    *(Duration(0), Duration(900), Duration(899), Duration(HOUR), Duration(4 * HOUR - 1)),
    *(Duration(24 * HOUR), Duration(90 * HOUR), Duration(2 * HOUR, "approximate")),
    *(Duration(900, "at-most"), Duration(HOUR, "at-most"), Duration(60, "at-most")),
    *(Duration(24 * HOUR, "at-least"), Duration(HOUR, "at-least"), Duration(96 * HOUR, "at-least")),
)
STARTS = (
    *(Moment("2020"), Moment("2021"), Moment("2021-03"), Moment("2021-12-31"), Moment("2022-02")),
    *(Moment("2023-03-14"), Moment("2023-03-14", "19:00", "UTC"), Moment("2023-11")),
    *(Moment("2022-01-01", "05:00", "Asia/Tokyo"), Moment("2019-12-31", "21:06", "-05:00")),
    *(Moment("2021-06", bound="not-after"), Moment("2022", bound="not-before")),
    *(Moment(text="years before"), Moment(), Moment()),
)


def terms_in_use() -> dict[str, tuple[str, ...]]:
    """A few paths of each vocabulary that is shown as a facet, by its slug."""
    terms = lookup.current()
    found = {
        info.slug: tuple(term.path for term in terms.terms_of(info.slug)[:TERMS_A_VOCABULARY])
        for info in terms.vocabularies
        if info.facet_shown
    }
    # A stub is a kind of its own, which forbids others.
    return found | {"cause": SOME_CAUSES, "kind": ("outage", "near-miss")}


def mixed_document(dice: random.Random) -> Document:
    """A valid Document with some of its parts."""
    started, resolved = dice.choice(STARTS), dice.choice((Moment(), Moment("2023-11-02")))
    if started.time:
        resolved = dice.choice((resolved, Moment(started.date, "23:30", started.zone)))
    language = dice.choice(shape.LANGUAGES)
    other = "en" if language != "en" else "zh-hans"
    return Document(
        title=" ".join(dice.choices(WORDS, k=3)),
        summary=dice.choice(("", dice.choice(WORDS))),
        language=language,
        translations=dice.choice(({}, {other: Translation("海象")})),
        started=started,
        detected=dice.choice((Moment(), Moment("2023-11-01"))),
        mitigated=dice.choice((Moment(), Moment("2023-11-01"))),
        resolved=resolved,
        duration=dice.choice((None, *LENGTHS)),
        classifications=tuple(_classifications(dice)),
        **_parts(dice),
    )


def _classifications(dice: random.Random):
    terms = lookup.current()
    for slug, paths in terms_in_use().items():
        info = terms.vocabulary(slug)
        many = dice.randint(0, 2) if info.many else dice.randint(0, 1)
        for place, path in enumerate(dice.sample(paths, min(many, len(paths)))):
            role = ("primary", "contributing")[min(place, 1)] if info.roles_allowed else ""
            yield Classification(slug, path, role, assigned_by="source")


def _parts(dice: random.Random) -> dict[str, object]:
    """Each part of a Document that is a list, there or not."""
    text = dice.choice(WORDS)
    verdicts = dice.sample(shape.VERDICTS, dice.randint(0, 2))
    statuses = dice.sample(shape.ACTION_STATUSES, dice.randint(0, 2))
    maybe = {
        "sections": {"impact": text},
        "signals": (shape.Signal("s1", text),),
        "workarounds": (shape.Workaround("w1", text),),
        "timeline": (shape.TimelineEntry("t1", "trigger", text),),
        "lessons": (shape.Lesson("l1", text),),
        "references": (shape.Reference("r1", text),),
    }
    return {name: part for name, part in maybe.items() if dice.random() < 0.5} | {
        "hypotheses": tuple(shape.Hypothesis(f"h{v}", text, verdict=v) for v in verdicts),
        "actions": tuple(shape.Action(f"a{s}", text, status=s) for s in statuses),
    }


def mixed_collection(
    dice: random.Random, size: int, teams: Sequence[Team], people: Sequence[User]
) -> list[Postmortem]:
    """So many postmortems of these teams, in every state and visibility, some of them related."""
    made: list[Postmortem] = []
    for _number in range(size):
        document = mixed_document(dice)
        if made and dice.random() < 0.3:
            kind, target = dice.choice(shape.RELATION_KINDS), dice.choice(made).ref
            document = replace(document, relations=(Relation(kind, target),))
        made.append(
            make_postmortem(
                document,
                team=dice.choice(teams),
                visibility=dice.choice(("public", "public", "internal", "team", "restricted")),
                status=dice.choice(("published", "published", "draft", "in_review", "archived")),
                authors=tuple(dice.sample(people, dice.randint(0, 1))),
                named=tuple(dice.sample(people, dice.randint(0, 1))),
            )
        )
    return made
