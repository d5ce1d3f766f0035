"""A known problem as one value: when it occurred, how it looks, what helps, its fix, what it was not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.document import CONTRIBUTING, Document
from postmortems.durations import resolve
from postmortems.intervals import Interval
from postmortems.known_parts import Gathered, KnownParts, parts_of
from postmortems.known_problems import MOST, KnownProblem, Occurrence
from postmortems.models import Postmortem
from postmortems.moments import Moment
from postmortems.web.fixes import FIXES
from postmortems.web.read_parts import (
    ActionRow,
    Beside,
    HypothesisRow,
    SignalRow,
    State,
    WorkaroundRow,
    actions_of,
    hypotheses_of,
    none_confirmed,
    signals_of,
    workarounds_of,
)
from postmortems.web.read_terms import TermUse, badges_of, names_of, uses_of
from postmortems.web.search_rows import CAUSES_SHOWN, FACTS, CauseChip, HitRow, status_words
from postmortems.web.sources import Sources
from taxonomy.lookup import Terms

Row = TypeVar("Row", SignalRow, WorkaroundRow, ActionRow, HypothesisRow)


@dataclass(frozen=True)
class Place:
    """One occurrence in the dated line; `since` is how long after the one before it."""

    url: str
    title: str
    language: str
    started: Moment
    since: Interval | None
    is_first: bool
    is_asked: bool


@dataclass(frozen=True)
class Said(Generic[Row]):
    """One item, its language, and the occurrences that say so, where there are several."""

    row: Row
    language: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class KnownPage:
    """Everything the page prints."""

    title: str
    language: str
    count: int
    counted: str
    line: list[Place]
    signals: list[Said[SignalRow]]
    workarounds: list[Said[WorkaroundRow]]
    permanent: list[Said[ActionRow]]
    none_confirmed: bool
    refuted: list[Said[HypothesisRow]]
    fix: State
    hits: list[HitRow]


def known_page_of(
    problem: KnownProblem,
    asked: Postmortem,
    terms: Terms,
    language: str,
    *,
    now: datetime,
    beside: Mapping[int, Beside],
) -> KnownPage:
    """The page for a reader of that language, who asked for one of the occurrences.

    `beside` is what is known of the actions of each, by the id of the postmortem.
    """
    occurrences = problem.occurrences
    parts = parts_of([item.document for item in occurrences])
    line = [
        _place(item, language, is_first=number == 0, is_asked=item.postmortem == asked)
        for number, item in enumerate(occurrences)
    ]
    fullest = line[parts.fullest]
    said = _said(parts, occurrences, line, now, beside)
    return KnownPage(
        title=fullest.title,
        language=fullest.language,
        count=len(line),
        counted=occurrence_words(len(line), is_cut=problem.is_cut),
        line=line,
        **said,
        none_confirmed=none_confirmed(one.row for one in said["permanent"]),
        fix=FIXES[parts.fix],
        hits=[_hit(item, terms, language) for item in occurrences],
    )


def occurrence_words(count: int, *, is_cut: bool = False) -> str:
    """`4 occurrences`; past the most that are gathered the number is not told."""
    if is_cut:
        return _("more than %(n)s occurrences") % {"n": MOST}
    return ngettext("%(n)s occurrence", "%(n)s occurrences", count) % {"n": count}


def _place(item: Occurrence, language: str, *, is_first: bool, is_asked: bool) -> Place:
    title, title_language = item.postmortem.title_in(language)
    return Place(
        url=item.postmortem.get_absolute_url(),
        title=title,
        language=title_language,
        started=item.document.started,
        since=item.since,
        is_first=is_first,
        is_asked=is_asked,
    )


def _said(
    parts: KnownParts,
    occurrences: Sequence[Occurrence],
    line: Sequence[Place],
    now: datetime,
    beside: Mapping[int, Beside],
) -> dict[str, Any]:
    """The four lists, each item as the read page prints it."""

    def said(
        gathered: Iterable[Gathered[Any]], rows_of: Callable[[Occurrence], Iterable[Any]]
    ) -> list[Said[Any]]:
        kept: dict[int, dict[str, Any]] = {}
        found = []
        for one in gathered:
            place = one.places[0]
            if place not in kept:
                kept[place] = {row.id: row for row in rows_of(occurrences[place])}
            row, places = kept[place][one.item.id], tuple(line[number] for number in one.places)
            language = occurrences[place].document.language
            found.append(Said(row, language, places if len(line) > 1 else ()))
        return found

    return {
        "signals": said(parts.signals, lambda item: signals_of(item.document)),
        "workarounds": said(parts.workarounds, lambda item: workarounds_of(item.document)),
        "permanent": said(
            parts.permanent,
            lambda item: actions_of(item.document, now, beside[item.postmortem.pk]),
        ),
        "refuted": said(
            parts.refuted,
            lambda item: hypotheses_of(item.document, Sources(item.document.references)),
        ),
    }


def _hit(item: Occurrence, terms: Terms, language: str) -> HitRow:
    """An occurrence as the row that a search would show."""
    postmortem, document = item.postmortem, item.document
    title, title_language = postmortem.title_in(language)
    badges = badges_of(document, terms, language)
    named = {slug: names_of(document, terms, slug, language)[:1] for slug in FACTS}
    causes = _root_causes(document, terms, language)
    return HitRow(
        ref=postmortem.ref,
        url=postmortem.get_absolute_url(),
        title=title,
        title_language=title_language,
        language=document.language,
        severity=badges.severity,
        tier=badges.tier,
        facts=[
            *(use.name for uses in named.values() for use in uses),
            *status_words(postmortem.status),
        ],
        has_organisation=bool(named["organisation"]),
        causes=[CauseChip(use.name, use.url, use.is_primary) for use in causes[:CAUSES_SHOWN]],
        snippets=[],
        more_places=[],
        started=document.started,
        duration=resolve(document.duration, document.started, document.resolved),
        lacks=(),
        reasons=(),
    )


def _root_causes(document: Document, terms: Terms, language: str) -> list[TermUse]:
    """The primary one first, contributing ones left out."""
    uses = [use for use in uses_of(document, "cause") if use.role != CONTRIBUTING]
    alone = replace(document, classifications=tuple(uses))
    found = names_of(alone, terms, "cause", language)
    return sorted(found, key=lambda use: not use.is_primary)
