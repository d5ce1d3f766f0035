"""What the history pages print: a page of revisions, two contents compared, an old content to read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils import translation

from postmortems import content, differences, history
from postmortems.access import Viewer
from postmortems.document import Document
from postmortems.models import Postmortem, Revision
from postmortems.moments import Moment
from postmortems.section_names import SectionNames
from postmortems.web import file_links
from postmortems.web.file_links import files_of, shown_in
from postmortems.web.history_parts import Names, PartRows, rows_of
from postmortems.web.history_words import name_of
from postmortems.web.read_parts import Relative
from postmortems.web.read_source import Source
from taxonomy import lookup

PAGE_SIZE = 50


@dataclass(frozen=True)
class RevisionRow:
    """A line of the list; `words` are those added and removed, None where they were not counted."""

    revision: Revision
    words: tuple[int, int] | None
    is_before: bool
    is_after: bool


@dataclass(frozen=True)
class Compared:
    """What differs between two contents, in rows and in words."""

    parts: list[PartRows]
    words: tuple[int, int]


@dataclass(frozen=True)
class PartChange:
    """A part and the revision that last changed it."""

    name: str
    number: int
    previous: int


def revision_rows(
    postmortem: Postmortem, page: int, chosen: tuple[int, int]
) -> tuple[list[RevisionRow], int]:
    """A page of revisions, the latest first, and how many there are in all."""
    found = history.revisions(postmortem)
    shown = list(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    words = history.words_changed(postmortem, [item.number for item in shown])
    before, after = chosen
    rows = [
        RevisionRow(item, words.get(item.number), item.number == before, item.number == after)
        for item in shown
    ]
    return rows, found.count()


def page_with(number: int, count: int) -> int:
    """The page of the list that a revision stands on."""
    return max(0, count - number) // PAGE_SIZE + 1


def compare(documents: Sequence[Document], viewer: Viewer, language: str) -> Compared:
    """What differs between two contents as the viewer may see it, without relations to what is hidden."""
    before, after = documents
    items = (*before.relations, *after.relations)
    relatives = relatives_of((item.target for item in items), viewer, language)
    terms = lookup.current()
    names = Names(terms, relatives, language, SectionNames(language, terms))
    found = differences.differences(_seen(before, relatives), _seen(after, relatives))
    return Compared(rows_of(found, names), differences.count_words(found))


def _seen(document: Document, relatives: dict[str, Relative]) -> Document:
    seen = tuple(item for item in document.relations if item.target in relatives)
    return replace(document, relations=seen)


def relatives_of(refs: Iterable[str], viewer: Viewer, language: str) -> dict[str, Relative]:
    """The other ends of relations that the viewer may see, by their refs."""
    wanted = set(refs)
    if not wanted:
        return {}
    found = Postmortem.objects.visible_to(viewer).filter(ref__in=wanted)
    return {item.ref: _relative(item, language) for item in found}


def _relative(item: Postmortem, language: str) -> Relative:
    title, title_language = item.title_in(language)
    started = Moment(**item.moments.get("started", {}))
    url = item.get_absolute_url()
    return Relative(item.ref, "", "", title, title_language, url, started)


def source_of(postmortem: Postmortem, document: Document, viewer: Viewer, language: str) -> Source:
    """An old content as the read page takes it, with the relations it had."""
    targets = relatives_of((item.target for item in document.relations), viewer, language)
    files = files_of(postmortem, document)
    summaries = [item.summary for item in document.translations.values() if item.summary]
    return Source(
        postmortem=postmortem,
        document=document,
        terms=lookup.current(),
        authors=(),
        named=(),
        relatives=tuple(
            replace(targets[item.target], kind=item.kind, note=item.note)
            for item in document.relations
            if item.target in targets
        ),
        rendered=shown_in(content.rendered([*content.paragraphs(document), *summaries]), files),
        files=file_links.rows_of(document.attachments, files),
        is_own=False,
    )


def changes_of(postmortem: Postmortem, number: int, source: Source) -> list[PartChange]:
    """Which revision last changed each part of a content, the latest first."""
    shows_relations = len(source.relatives) == len(source.document.relations) > 0
    changed = history.last_changed(postmortem, number)
    sections = SectionNames(translation.get_language() or "en", source.terms)
    return [
        PartChange(name_of(*name.partition("/")[::2], sections), at, at - 1)
        for name, at in sorted(changed.items(), key=lambda pair: -pair[1])
        if name != "relations" or shows_relations
    ]
