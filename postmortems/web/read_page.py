"""The read page as one value: every part prepared, the empty ones left out, and the way through them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems.clocks import places_of
from postmortems.section_names import SectionNames
from postmortems.web.completeness import Completeness, completeness_of, is_stub
from postmortems.web.file_links import FileRow
from postmortems.web.in_short import ShortGroup, in_short_of
from postmortems.web.incident_words import HowLong, how_long_of
from postmortems.web.read_about import About, Notice, about_of, notices_of
from postmortems.web.read_parts import (
    ActionRow,
    HypothesisRow,
    LessonRow,
    RelatedGroup,
    SignalRow,
    SourceRow,
    WorkaroundRow,
    action_counts,
    actions_of,
    hypotheses_of,
    lessons_of,
    none_confirmed,
    references_of,
    related_groups,
    signals_of,
    verdict_counts,
    workarounds_of,
)
from postmortems.web.read_source import Source
from postmortems.web.read_terms import (
    Badges,
    TermGroup,
    TermUse,
    badges_of,
    causes_of,
    names_of,
    other_groups,
)
from postmortems.web.read_texts import (
    Text,
    Title,
    other_sections,
    section_of,
    summaries_of,
    titles_of,
)
from postmortems.web.sources import Sources
from postmortems.web.timeline_rail import Rail, rail_of


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of "On this page"."""

    id: str
    title: str
    count: int = 0


@dataclass(frozen=True)
class Head:
    """What stands above the columns."""

    title: Title
    other_titles: list[Title]
    badges: Badges
    organisations: list[TermUse]
    environments: list[TermUse]
    notices: list[Notice]


@dataclass(frozen=True)
class Body:
    """The article, part by part; a part that is empty is not printed."""

    language: str
    in_short: list[ShortGroup]
    how_long: HowLong | None
    summaries: list[Text]
    impact: Text | None
    signals: list[SignalRow]
    causes: list[TermUse]
    root_cause: Text | None
    what_happened: Text | None
    rail: Rail | None
    hypotheses: list[HypothesisRow]
    verdict_counts: str
    resolution: Text | None
    workarounds: list[WorkaroundRow]
    other_sections: list[Text]
    lessons: list[LessonRow]
    actions: list[ActionRow]
    action_counts: str
    has_due: bool
    none_confirmed: bool
    related: list[RelatedGroup]
    conflicting: Text | None
    references: list[SourceRow]
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class ReadPage:
    """Everything the templates print."""

    head: Head
    body: Body
    contents: list[ContentsLine]
    completeness: Completeness
    is_own: bool
    groups: list[TermGroup]
    about: About


def page_of(source: Source, language: str, *, zone: str) -> ReadPage:
    """The page for a reader of that language; known instants stand in `zone`, or as written."""
    body = _body(source, language, zone=zone)
    return ReadPage(
        head=_head(source, language),
        body=body,
        contents=list(_contents(body)),
        completeness=completeness_of(source.document),
        is_own=source.is_own,
        groups=other_groups(source.document, source.terms, language),
        about=about_of(source),
    )


def _head(source: Source, language: str) -> Head:
    document, terms = source.document, source.terms
    titles = titles_of(document, language)
    return Head(
        title=titles[0],
        other_titles=titles[1:],
        badges=badges_of(document, terms, language),
        organisations=names_of(document, terms, "organisation", language),
        environments=names_of(document, terms, "environment", language),
        notices=notices_of(source, is_stub=is_stub(document)),
    )


def _body(source: Source, language: str, *, zone: str) -> Body:
    document, rendered = source.document, source.rendered
    places, sources = places_of(document), Sources(document.references)
    names = SectionNames(language, source.terms)
    actions = actions_of(document, timezone.now(), source.beside_actions)
    return Body(
        language=document.language,
        in_short=in_short_of(document, source.terms, language),
        how_long=how_long_of(document, places, zone),
        summaries=summaries_of(document, rendered, language),
        impact=section_of(document, rendered, "impact", names),
        signals=signals_of(document),
        causes=causes_of(document, source.terms, language),
        root_cause=section_of(document, rendered, "root-cause", names),
        what_happened=section_of(document, rendered, "what-happened", names),
        rail=rail_of(document, places, sources, zone=zone) if document.timeline else None,
        hypotheses=hypotheses_of(document, sources),
        verdict_counts=verdict_counts(document),
        resolution=section_of(document, rendered, "resolution", names),
        workarounds=workarounds_of(document),
        other_sections=other_sections(document, rendered, names),
        lessons=lessons_of(document, sources),
        actions=actions,
        action_counts=action_counts(document),
        has_due=any(action.due for action in actions),
        none_confirmed=none_confirmed(actions),
        related=related_groups(source.relatives),
        conflicting=section_of(document, rendered, "conflicting-accounts", names),
        references=references_of(document),
        files=source.files,
    )


def _contents(body: Body) -> Iterator[ContentsLine]:
    """The parts that are there, in the order of the page."""
    lines = (
        (body.in_short, ContentsLine("in-short", _("In short"))),
        (body.how_long, ContentsLine("how-long", _("How long it took"))),
        (body.summaries, ContentsLine("summary", _("Summary"))),
        (body.impact, ContentsLine("impact", _("Impact"))),
        (body.signals, ContentsLine("signals", _("What it looked like"), len(body.signals))),
        (body.causes or body.root_cause, ContentsLine("causes", _("Causes"), len(body.causes))),
        (body.what_happened, ContentsLine("what-happened", _("What happened"))),
        (body.rail, ContentsLine("timeline", _("Timeline"), _length(body.rail))),
        (body.hypotheses, ContentsLine("hypotheses", _("Hypotheses"), len(body.hypotheses))),
        (body.resolution or body.workarounds, ContentsLine("resolution", _("Resolution"))),
    )
    yield from (line for is_there, line in lines if is_there)
    yield from (ContentsLine(text.id, text.title) for text in body.other_sections)
    related = sum(len(group.relatives) for group in body.related)
    last = (
        (body.lessons, ContentsLine("lessons", _("Lessons"), len(body.lessons))),
        (body.actions, ContentsLine("actions", _("Actions"), len(body.actions))),
        (related, ContentsLine("related", _("Related"), related)),
        (body.conflicting, ContentsLine("conflicting-accounts", _("Conflicting accounts"))),
        (body.references, ContentsLine("sources", _("Sources"), len(body.references))),
        (body.files, ContentsLine("files", _("Files"), len(body.files))),
    )
    yield from (line for is_there, line in last if is_there)


def _length(rail: Rail | None) -> int:
    return len(rail.entries) if rail else 0
