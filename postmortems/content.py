"""Database rows to Document and back; the only place that knows both."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from postmortems import document_json, rendering
from postmortems.document import MOMENTS, Document
from postmortems.models import (
    Action,
    Classification,
    Hypothesis,
    Lesson,
    Postmortem,
    Reference,
    Relation,
    RenderedText,
    TimelineEntry,
)
from postmortems.moments import Moment
from postmortems.uniting import united
from taxonomy import lookup

# Part of the Document -> its table and the columns that carry the same name in both.
PARTS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "timeline": (TimelineEntry, ("kind", "text", "when", "source")),
    "hypotheses": (Hypothesis, ("claim", "holder", "verdict", "reason", "evidence")),
    "lessons": (Lesson, ("text", "source")),
    "actions": (Action, ("text", "kind", "status", "owner", "due", "tracker")),
    "references": (Reference, ("title", "url", "label", "language", "kind", "archived")),
}
# What stands in columns of the postmortem itself under the same name.
SCALARS = (
    "schema",
    "title",
    "summary",
    "language",
    "translations",
    "duration",
    "sections",
    "signals",
    "workarounds",
    "attachments",
)


def read(postmortem: Postmortem) -> Document:
    """The postmortem's content."""
    return read_many([postmortem])[postmortem.pk]


def read_many(postmortems: Iterable[Postmortem]) -> dict[int, Document]:
    """The contents of many postmortems by primary key, in seven statements however many they are."""
    found = {postmortem.pk: _scalars(postmortem) for postmortem in postmortems}
    for name, (model, columns) in PARTS.items():
        for owner, item in _part_rows(model, columns, found):
            found[owner].setdefault(name, []).append(item)
    for owner, relation in _relations(found):
        found[owner].setdefault("relations", []).append(relation)
    for owner, classification in _classifications(found):
        found[owner].setdefault("classifications", []).append(classification)
    return {pk: document_json.build(data) for pk, data in found.items()}


def _scalars(postmortem: Postmortem) -> dict[str, Any]:
    values = {name: getattr(postmortem, name) for name in SCALARS}
    return {name: value for name, value in values.items() if value} | postmortem.moments


def _part_rows(
    model: type[models.Model], columns: tuple[str, ...], owners: Iterable[int]
) -> Iterable[tuple[int, dict[str, Any]]]:
    rows = (
        model._default_manager.filter(postmortem__in=list(owners))
        .order_by("postmortem_id", "position")
        .values_list("postmortem_id", "key", *columns)
    )
    for owner, key, *values in rows:
        item = {name: value for name, value in zip(columns, values, strict=True) if value}
        yield owner, {"id": key} | item


def _relations(owners: Iterable[int]) -> Iterable[tuple[int, dict[str, Any]]]:
    rows = (
        Relation.objects.filter(postmortem__in=list(owners))
        .order_by("postmortem_id", "position")
        .values_list("postmortem_id", "kind", "target_ref", "note")
    )
    for owner, kind, target, note in rows:
        yield owner, {"kind": kind, "target": target} | ({"note": note} if note else {})


def _classifications(owners: Iterable[int]) -> Iterable[tuple[int, dict[str, Any]]]:
    terms = lookup.current().by_id
    rows = (
        Classification.objects.filter(postmortem__in=list(owners))
        .order_by("postmortem_id", "position")
        .values_list("postmortem_id", "term_id", "role", "why", "assigned_by")
    )
    for owner, term_id, role, why, assigned_by in rows:
        term = terms[term_id]
        optional = {"role": role, "why": why, "assigned_by": assigned_by}
        item = {"vocabulary": term.vocabulary, "term": term.path}
        yield owner, item | {name: value for name, value in optional.items() if value}


def fill(postmortem: Postmortem, document: Document) -> dict[str, Any]:
    """Set the postmortem's own content columns (unsaved) and return the Document as JSON."""
    data = document_json.to_json(document)
    # A field that the Document leaves out gets the model's default, not what was there before.
    empty = Postmortem()
    for name in SCALARS:
        setattr(postmortem, name, data.get(name, getattr(empty, name)))
    postmortem.moments = {name: data[name] for name in MOMENTS if name in data}
    postmortem.started_day = _day_of(document.started)
    return data


def _day_of(moment: Moment) -> str:
    # A bound says when it was not; the day before which it began is no anniversary.
    is_whole_day = len(moment.date) == len("2023-03-14") and not moment.bound
    return moment.date[5:] if is_whole_day else ""


def replace(postmortem: Postmortem, data: dict[str, Any]) -> None:
    """Replace the rows of all parts by those of a Document as JSON (what `fill` returned)."""
    # All rows anew: telling changed from moved ones would save statements and cost certainty.
    _delete_rows(postmortem)
    write_many([(postmortem, data)])


def write_many(pairs: Sequence[tuple[Postmortem, dict[str, Any]]]) -> None:
    """Write the rows of all parts of new contents, one statement a table.

    Raises ValidationError, keyed by JSON pointer, for a term that no vocabulary has.
    """
    terms = lookup.current()
    Classification.objects.bulk_create(
        row for postmortem, data in pairs for row in _new_classifications(postmortem, data, terms)
    )
    for name, (model, columns) in PARTS.items():
        model._default_manager.bulk_create(
            model(postmortem=postmortem, position=position, **_row_values(item, columns))
            for postmortem, data in pairs
            for position, item in enumerate(data.get(name, ()))
        )
    Relation.objects.bulk_create(
        Relation(
            postmortem=postmortem,
            position=position,
            kind=item["kind"],
            target_ref=item["target"],
            note=item.get("note", ""),
        )
        for postmortem, data in pairs
        for position, item in enumerate(data.get("relations", ()))
    )


def _row_values(item: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {"key": item["id"]} | {name: item[name] for name in columns if name in item}


def _delete_rows(postmortem: Postmortem) -> None:
    tables: list[type[models.Model]] = [model for model, _columns in PARTS.values()]
    tables += [Relation, Classification]
    for model in tables:
        model._default_manager.filter(postmortem=postmortem).delete()


def _new_classifications(
    postmortem: Postmortem, data: dict[str, Any], terms: lookup.Terms
) -> Iterable[Classification]:
    """The rows of all terms. One that was merged is written as the term it was merged into, also by
    who began before that; of two that came to be one, one stays."""
    of_each: dict[int, list[Classification]] = defaultdict(list)
    stands_for_another: set[int] = set()
    for position, item in enumerate(data.get("classifications", ())):
        term = terms.get(item["vocabulary"], item["term"])
        if term is None:
            message = _("The vocabulary “%(vocabulary)s” has no term “%(term)s”.") % item
            raise ValidationError({f"/classifications/{position}/term": [message]})
        heir = terms.heir(term)
        if heir.path != item["term"]:
            stands_for_another.add(heir.id)
        row = Classification(
            postmortem=postmortem,
            term_id=heir.id,
            role=item.get("role", ""),
            why=item.get("why", ""),
            assigned_by=item.get("assigned_by", ""),
            position=position,
        )
        of_each[heir.id].append(row)
    for term_id, rows in of_each.items():
        yield from [united(rows)] if term_id in stands_for_another else rows


def paragraphs(document: Document) -> list[str]:
    """The Markdown texts that are stored rendered: the summary and the sections."""
    return [text for text in (document.summary, *document.sections.values()) if text]


def lay_out(documents: Iterable[Document]) -> list[RenderedText]:
    """The paragraphs rendered, as rows not yet stored; call it before the transaction, it may be slow.

    What was put off because the machine was busy gets no row: reading tries it again.
    """
    texts = {text for document in documents for text in paragraphs(document)}
    digests = {rendering.digest(text): text for text in texts}
    known = set(RenderedText.objects.filter(pk__in=digests).values_list("pk", flat=True))
    missing = {digest: text for digest, text in digests.items() if digest not in known}
    results = rendering.render_many(missing.values())
    return [
        RenderedText(digest=digest, html=result.html, plain=result.plain, notice=result.notice)
        for digest, text in missing.items()
        if (result := results[text]).notice != rendering.BUSY
    ]


def store_rendered(rows: Iterable[RenderedText]) -> None:
    """Keep rendered paragraphs by their content, so that reading never waits for them."""
    # Another writer may have laid out the same text meanwhile; the digest says that it is the same.
    RenderedText.objects.bulk_create(rows, ignore_conflicts=True)


def rendered(texts: Iterable[str]) -> dict[str, rendering.Rendered]:
    """Each text with its HTML: from storage in one statement, else rendered now."""
    by_digest = {rendering.digest(text): text for text in texts if text}
    stored = RenderedText.objects.filter(pk__in=by_digest)
    result = {
        by_digest[row.digest]: rendering.Rendered(row.html, row.plain, row.notice) for row in stored
    }
    missing = [text for text in by_digest.values() if text not in result]
    return result | rendering.render_many(missing)
