"""Reads the judged postmortems and queries from YAML; pure. Called by `judging` and its tests.

A postmortem is written shorter than in a file of the product: `cause` maps paths to why (the first
is the primary one), a timeline entry is `kind: text`, a hypothesis `verdict: claim`, an action `status: text`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from postmortems.document import (
    SECTIONS,
    Action,
    Classification,
    Document,
    Hypothesis,
    Lesson,
    Reference,
    Signal,
    TimelineEntry,
    Translation,
    Workaround,
)
from postmortems.durations import parse_duration
from postmortems.moments import parse_moment

HERE = Path(__file__).parent
GROUPS = ("identifiers", "words", "chinese", "pasted", "questions", "fields")
KEYS = {
    *("id", "title", "language", "translations", "started", "duration", "cause", "severity"),
    *("terms", "summary", "signals", "workaround", "timeline", "hypotheses", "lessons", "actions"),
    *("references", *SECTIONS),
}


@dataclass(frozen=True)
class Query:
    """What somebody typed, what they need, and how well each postmortem serves it: 3 is what they
    came for, 2 helps much, 1 is about the same thing. What is not graded does not serve.

    An `exact` query is an identifier: all that is graded must be found. `mended` is what a mistyped
    query should be offered as.
    """

    text: str
    group: str
    need: str
    grades: Mapping[str, int]
    exact: bool = False
    mended: str = ""


@cache
def documents() -> Mapping[str, Document]:
    """The judged postmortems by id."""
    found = [entry for path in sorted(HERE.glob("documents/*.yaml")) for entry in _load(path)]
    by_id = {entry["id"]: _document(entry) for entry in found}
    if len(by_id) != len(found):
        raise ValueError("An id stands twice among the judged postmortems.")
    return by_id


@cache
def queries() -> tuple[Query, ...]:
    """The judged queries, group by group."""
    return tuple(
        Query(
            entry["query"],
            group,
            entry["need"],
            entry["grades"],
            entry.get("exact", False),
            entry.get("mended", ""),
        )
        for group in GROUPS
        for entry in _load(HERE / "queries" / f"{group}.yaml")
    )


def _load(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.load(path.read_text(), yaml.CSafeLoader)
    return found


def _document(entry: Mapping[str, Any]) -> Document:
    if unknown := entry.keys() - KEYS:
        raise ValueError(f"{entry['id']}: unknown keys {sorted(unknown)}")
    titles = entry.get("translations", {})
    return Document(
        title=entry["title"],
        language=entry.get("language", "en"),
        translations={key: Translation(**value) for key, value in titles.items()},
        started=parse_moment(str(entry.get("started", ""))),
        duration=parse_duration(entry["duration"]) if "duration" in entry else None,
        summary=entry.get("summary", ""),
        sections={key: entry[key].strip() for key in SECTIONS if key in entry},
        classifications=tuple(_classifications(entry)),
        **_lists(entry),
    )


def _lists(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that are lists, numbered as people number them."""
    return {
        "signals": tuple(Signal(f"s{n}", text) for n, text in _numbered(entry, "signals")),
        "workarounds": tuple(
            Workaround(f"w{n}", text, "verified") for n, text in _numbered(entry, "workaround")
        ),
        "timeline": tuple(
            TimelineEntry(f"t{n}", *next(iter(item.items())))
            for n, item in _numbered(entry, "timeline")
        ),
        "hypotheses": tuple(
            _hypothesis(f"h{n}", item) for n, item in _numbered(entry, "hypotheses")
        ),
        "lessons": tuple(Lesson(f"l{n}", text) for n, text in _numbered(entry, "lessons")),
        "actions": tuple(_action(f"a{n}", item) for n, item in _numbered(entry, "actions")),
        "references": tuple(
            Reference(f"r{n}", **item) for n, item in _numbered(entry, "references")
        ),
    }


def _numbered(entry: Mapping[str, Any], key: str) -> Iterator[tuple[int, Any]]:
    found = entry.get(key, [])
    return enumerate(found if isinstance(found, list) else [found], start=1)


def _hypothesis(id_: str, item: Mapping[str, str]) -> Hypothesis:
    verdict, claim = next(iter(item.items()))
    return Hypothesis(id_, claim, verdict=verdict, reason=item.get("because", ""))


def _action(id_: str, item: Mapping[str, str]) -> Action:
    status, text = next(iter(item.items()))
    return Action(id_, text, status=status, tracker=item.get("tracker", ""))


def _classifications(entry: Mapping[str, Any]) -> Iterator[Classification]:
    role = "primary"
    for path, why in entry["cause"].items():
        yield Classification("cause", path, role, why or "", "source")
        role = "contributing"
    yield Classification("severity", entry["severity"], assigned_by="source")
    named = [term.split(":", 1) for term in entry.get("terms", [])]
    if not any(vocabulary == "kind" for vocabulary, _path in named):
        named.append(["kind", "outage"])
    for vocabulary, path in named:
        yield Classification(vocabulary, path, assigned_by="source")
