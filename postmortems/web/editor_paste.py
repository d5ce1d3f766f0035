"""What a pasted text adds to the editor's fields: a chat's lines, or a whole postmortem with headings.

Rows come behind those that are there and nothing that was typed is overwritten.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.document import ITEMS, MOMENTS, Document
from postmortems.document_rules import short
from postmortems.item_ids import new_id
from postmortems.moments import Moment
from postmortems.section_names import SECTION_NAMES, SectionNames
from postmortems.web import editor_fields, editor_parts, editor_templates
from postmortems.web.editor_fields import LISTS, WITHOUT_ID, Fields, rows_of
from postmortems.web.history_words import FIELDS
from postmortems.web.incident_words import NAMES
from postmortems.writing import chat, headings
from postmortems.writing.days import read_day
from postmortems.writing.heading_names import SEVERITY
from postmortems.writing.moments_typed import PROBLEMS
from taxonomy import lookup

NUMBERED = re.compile(r"(classifications\.[^.]+|[a-z]+)\.(\d+)\.(.+)")


# How many entries, lines or people one sentence names.
NAMED = 8


@dataclass(frozen=True)
class Pasted:
    """The fields with what was pasted, sentences about what went where, the lines that did not fit,
    and of added entries the start of the first one's fields."""

    fields: Fields
    said: tuple[str, ...]
    rest: str = ""
    first: str = ""


def wrong_in(text: str, day: str) -> dict[str, str]:
    """What keeps lines from being pasted, by the name of the field; `day` may be left open."""
    wrong = {}
    if not text.strip():
        wrong["text"] = _("Paste the lines of a chat log here, or write some, one entry a line.")
    if day.strip():
        try:
            day_of(day)
        except ValueError as error:
            wrong["day"] = str(error)
    return wrong


def day_of(text: str) -> str:
    """The day that somebody wrote, as `2023-03-14`; ValueError with a sentence where it is none."""
    text = text.strip()
    day = read_day(text, 0)
    if day is None or day.end != len(text) or day.day is None or not day.iso():
        raise ValueError(_("This is no day of the calendar: write it as 2023-03-14."))
    if day.order == "either":
        raise ValueError(PROBLEMS["ambiguous-day"])
    return day.iso()


def with_chat(fields: Fields, text: str, *, day: str, zone: str, keep_names: bool) -> Pasted:
    """The lines of a chat as entries of the timeline; `day`, which `wrong_in` found right, and `zone`
    are those of its first line."""
    texts, _choices = LISTS["timeline"]
    rows = rows_of(fields, "timeline")
    filled = sum(any(row.values.get(name, "").strip() for name in texts) for row in rows)
    room = max(0, ITEMS - filled)
    day = day_of(day) if day.strip() else ""
    pasted = chat.entries_of(text, day=day, zone=zone, keep_names=keep_names, most=room)
    entries = tuple(entry.as_entry() for entry in pasted.entries)
    told = ngettext("%(n)s entry was added.", "%(n)s entries were added.", len(entries))
    added = with_new_ids(Document(title="", timeline=entries))
    said = (told % {"n": len(entries)}, *_read_so(pasted), *_unfitting(pasted.rest))
    first = f"timeline.{_next_number(fields, 'timeline')}" if entries else ""
    return Pasted(together(fields, added)[0], said, pasted.rest, first)


def with_whole(fields: Fields, text: str, *, keep_names: bool) -> Pasted:
    """A whole postmortem, each part where its heading says."""
    pasted = headings.document_of(
        text,
        keep_names=keep_names,
        severity_of=_severity_of,
        sections=editor_templates.headings(fields),
    )
    document, extra = _fitting(fields, pasted.document)
    both, left = together(fields, with_new_ids(document))
    left += extra
    names = place_names()
    sections = SectionNames(translation.get_language() or "en")
    placed = (
        _("“%(heading)s” went into “%(place)s”.")
        % {"heading": heading, "place": names.get(place) or sections.of(place)}
        for heading, place in pasted.headings
    )
    kept = (
        _("You had typed something else already; left out: “%(text)s”.") % {"text": text[:200]}
        for text in left
    )
    return Pasted(both, (*placed, *kept, *_read_so(pasted)))


def place_names() -> dict[str, str]:
    """What the places that a heading leads to are called."""
    terms, language = lookup.current(), translation.get_language() or "en"
    info = terms.vocabulary(SEVERITY)
    parts = {part.name: part.label for part in editor_parts.PARTS}
    names: dict[str, Any] = {**SECTION_NAMES, **parts, **NAMES}
    names |= {name: FIELDS[name] for name in ("title", "summary")} | {"duration": _("Duration")}
    names |= {SEVERITY: info.name(language)} if info else {}
    return {key: str(name) for key, name in names.items()}


def _severity_of(words: str) -> str:
    """The term that is called so, or whose name or symbol stands first: `SEV2`, `SEV2 (high)`."""
    terms = lookup.current()
    first = words.split()[0].strip("()（）,.:;") if words.split() else ""
    for called in (words, first):
        found = terms.resolve(SEVERITY, called) if called else ()
        if len(found) == 1 and not found[0].retired:
            return found[0].path
    return ""


def _fitting(fields: Fields, document: Document) -> tuple[Document, list[str]]:
    """The document without a severity where one is chosen already, and what was left out so."""
    chosen = rows_of(fields, f"classifications.{SEVERITY}")
    if not any(row.values.get("term") for row in chosen):
        return document, []
    left = [item.term for item in document.classifications]
    return replace(document, classifications=()), left


def _read_so(pasted: chat.Pasted | headings.PastedDocument) -> Iterator[str]:
    """What a person should look at: who became whom, how times were read, what was left out."""
    people = [
        _("“%(name)s” became “%(role)s”.") % {"name": name, "role": role}
        for name, role in pasted.people.items()
    ]
    yield from _some(people)
    yield from (notice.sentence for notice in pasted.notices)
    read_so: dict[str, list[str]] = defaultdict(list)
    for entry in pasted.entries:
        for notice in entry.notices:
            read_so[notice.sentence].append(entry.text)
    for sentence, texts in read_so.items():
        yield _("%(notice)s At: %(entries)s") % {"notice": sentence, "entries": _quoted(texts)}
    if lines := [line for line in pasted.left_out if any(map(str.isalnum, line))]:
        yield _("Lines that only date or head others were left out: %(lines)s") % {
            "lines": _quoted(lines)
        }


def _unfitting(rest: str) -> Iterator[str]:
    if rest:
        count = rest.count("\n") + 1
        told = ngettext(
            "%(n)s line did not fit; it stands in the box again.",
            "%(n)s lines did not fit; they stand in the box again.",
            count,
        )
        yield told % {"n": count}


def _quoted(texts: Iterable[str]) -> str:
    """The first words of each."""
    return " · ".join(
        _some([_("“%(words)s”") % {"words": short(" ".join(text.split()))} for text in texts])
    )


def _some(texts: Sequence[str]) -> list[str]:
    """The first ones, and how many more there are."""
    more = len(texts) - NAMED
    # One more is as short to name as to count.
    if more > 1:
        return [*texts[:NAMED], ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}]
    return list(texts)


def together(fields: Fields, document: Document) -> tuple[Fields, list[str]]:
    """The fields with those of a document, and its texts that found their place taken.

    Items come behind those that are there, paragraphs below what is written; a line of its own
    (title, times) keeps what was typed.
    """
    both, left = dict(fields), []
    firsts: dict[str, int] = {}
    for name, text in editor_fields.fields_of(document).items():
        if match := NUMBERED.fullmatch(name):
            start, number, rest = match.groups()
            first = firsts.setdefault(start, _next_number(fields, start))
            both |= {} if rest == "at" else {f"{start}.{first + int(number)}.{rest}": text}
        elif name == "language" or not fields.get(name, "").strip():
            both[name] = text
        elif name.startswith("sections.") or name == "summary":
            both[name] = _below(fields[name], text)
        elif fields[name].strip() != text:
            left.append(text)
    return both, left


def with_new_ids(document: Document) -> Document:
    """The document with ids that nobody else's items have; what counts from an entry follows it."""
    ids = {entry.id: new_id("timeline") for entry in document.timeline}
    changes: dict[str, Any] = {
        name: tuple(_renamed(item, ids.get(item.id) or new_id(name)) for item in items)
        for name, items in _lists_with_ids(document)
    }
    changes["timeline"] = tuple(
        replace(entry, when=_following(entry.when, ids)) for entry in changes["timeline"]
    )
    changes |= {name: _following(getattr(document, name), ids) for name in MOMENTS}
    return replace(document, **changes)


def _lists_with_ids(document: Document) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for name in LISTS:
        if name not in WITHOUT_ID:
            yield name, getattr(document, name)


def _renamed(item: Any, item_id: str) -> Any:
    facts = getattr(item, "evidence", ())
    if not facts:
        return replace(item, id=item_id)
    renamed = tuple(replace(fact, id=new_id("evidence")) for fact in facts)
    return replace(item, id=item_id, evidence=renamed)


def _following(when: Moment, ids: Mapping[str, str]) -> Moment:
    return replace(when, after=ids.get(when.after, when.after))


def _next_number(fields: Fields, start: str) -> int:
    return 1 + max((int(row.number) for row in rows_of(fields, start)), default=-1)


def _below(text: str, more: str) -> str:
    """Both paragraphs; once where the one has the other already, as after pasting twice."""
    return text if more.strip() in text else f"{text.rstrip()}\n\n{more}"
