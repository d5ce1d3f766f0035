"""What the read page reads from the database, in a number of statements that no content can raise."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from postmortems import confirmations, content, document_json, helped, known_problems
from postmortems.access import FINISHED, Viewer
from postmortems.actions.listing import CONFIRMABLE
from postmortems.document import Classification, Document
from postmortems.helped import Help
from postmortems.models import Classification as ClassificationRow
from postmortems.models import Dismissal, Postmortem, Relation, Revision, Tracker, User
from postmortems.moments import Moment
from postmortems.rendering import Rendered
from postmortems.web.file_links import FileRow, files_of, rows_of, shown_in
from postmortems.web.read_parts import Beside, Relative
from taxonomy import lookup
from taxonomy.lookup import Terms

RELATIVE_COLUMNS = ("ref", "slug", "title", "language", "translations", "moments")


@dataclass(frozen=True)
class Saving:
    """Who saved a revision, and when."""

    by: User
    at: datetime


@dataclass(frozen=True)
class People:
    """The authors, the people and reviewers named where it is restricted, who saved the revisions asked for."""

    authors: tuple[User, ...]
    named: tuple[User, ...]
    savings: Mapping[int, Saving]


@dataclass(frozen=True)
class Source:
    """A postmortem with everything its page is made from.

    `last_changed` and `savings` say which revision last changed each part, and who saved it when;
    both are empty unless they were asked for, and who asks looks at the right. `dismissed` are the
    refs of what is not shown beside it; `occurrences` are those of its defect, itself included.
    """

    postmortem: Postmortem
    document: Document
    terms: Terms
    authors: tuple[User, ...]
    named: tuple[User, ...]
    relatives: tuple[Relative, ...]
    rendered: dict[str, Rendered]
    is_own: bool
    dismissed: frozenset[str] = frozenset()
    occurrences: int = 1
    files: tuple[FileRow, ...] = ()
    beside_actions: Beside = field(default_factory=Beside)
    last_changed: Mapping[str, int] = field(default_factory=dict)
    savings: Mapping[int, Saving] = field(default_factory=dict)
    help: Help = field(default_factory=Help)


def source_of(
    postmortem: Postmortem, viewer: Viewer, language: str, *, with_history: bool = False
) -> Source:
    """Everything the page needs, as the viewer may see it in that language."""
    terms = lookup.current()
    document, last_changed, help = _document(postmortem, terms, viewer)
    traced = last_changed if with_history else {}
    people = _people(postmortem, set(traced.values()))
    files = files_of(postmortem, document)
    around = _around(postmortem, document, viewer)
    return Source(
        postmortem=postmortem,
        document=document,
        terms=terms,
        authors=people.authors,
        named=people.named,
        relatives=tuple(_relatives(around, document, language)),
        rendered=shown_in(content.rendered(_markdown(document)), files),
        files=rows_of(document.attachments, files),
        beside_actions=beside_actions({postmortem.pk: document})[postmortem.pk],
        is_own=viewer in people.authors,
        dismissed=frozenset(row["ref"] for row in around if row["is_dismissed"]),
        occurrences=around[0]["occurrences"] if around else 1,
        last_changed=traced,
        savings=people.savings,
        help=help,
    )


def beside_actions(documents: Mapping[int, Document]) -> dict[int, Beside]:
    """What is known of the actions of postmortems beside their contents, by id of the postmortem.

    Two statements however many they are; nothing is asked for where no action could show it.
    """
    actions = [item for document in documents.values() for item in document.actions]
    has_key = any(item.tracker and "://" not in item.tracker for item in actions)
    trackers = tuple(Tracker.objects.all()) if has_key else ()
    dates = confirmations.dates_of(
        {
            pk: {item.id: item.status for item in document.actions if item.status in CONFIRMABLE}
            for pk, document in documents.items()
        }
    )
    return {pk: Beside(confirmed_at=dates[pk], trackers=trackers) for pk in documents}


def _people(postmortem: Postmortem, numbers: Collection[int]) -> People:
    """Everybody that the page names, in one statement; a person comes once for each revision."""
    authored = Postmortem.authors.through._default_manager.filter(postmortem=postmortem)
    named_in = Postmortem.named_people.through._default_manager.filter(postmortem=postmortem)
    wanted = Q(pk__in=authored.values("user"))
    people = User.objects.annotate(is_author=Exists(authored.filter(user=OuterRef("pk"))))
    if postmortem.visibility == Postmortem.Visibility.RESTRICTED:
        may_read = Q(pk__in=named_in.values("user"))
        if postmortem.status not in FINISHED:
            may_read |= Q(pk__in=postmortem.reviewers.values("user"))
        wanted |= may_read
        people = people.annotate(is_named=may_read)
    if numbers:
        saved = Q(revisions__postmortem=postmortem, revisions__number__in=numbers)
        revisions = Revision.objects.filter(postmortem=postmortem, number__in=numbers)
        wanted |= Q(pk__in=revisions.values("author"))
        people = people.annotate(saved=FilteredRelation("revisions", condition=saved))
        people = people.annotate(number=F("saved__number"), at=F("saved__created_at"))
    rows = list(people.filter(wanted).order_by("username"))
    savings = dict(_savings(rows)) if numbers else {}
    once = {row.pk: row for row in rows}.values()
    return People(
        authors=tuple(row for row in once if row.is_author),
        named=tuple(row for row in once if getattr(row, "is_named", False)),
        savings=savings,
    )


def _savings(rows: Iterable[Any]) -> Iterable[tuple[int, Saving]]:
    """The revisions asked for with who saved them, from rows that have both as annotations."""
    return ((row.number, Saving(row, row.at)) for row in rows if row.number)


def _document(
    postmortem: Postmortem, terms: Terms, viewer: Viewer
) -> tuple[Document, dict[str, int], Help]:
    """The current revision, one row instead of the many it was stored as; what changed when; whom it helped.

    Its terms are read from their rows: a revision keeps the paths of its day, and terms move.
    """
    current = Revision.objects.filter(postmortem=postmortem, number=postmortem.revision)
    count, own = helped.facts("postmortem", viewer)
    asked = current.annotate(helped=count, has_helped=own)
    data, last_changed, *help = asked.values_list(
        "document", "last_changed", "helped", "has_helped"
    ).get()
    rows = ClassificationRow.objects.filter(postmortem=postmortem).order_by("position")
    uses = rows.values_list("term_id", "role", "why", "assigned_by")
    document = replace(
        document_json.build(data),
        classifications=tuple(
            Classification(terms.by_id[pk].vocabulary, terms.by_id[pk].path, *others)
            for pk, *others in uses
        ),
    )
    return document, last_changed, Help(*help)


def _markdown(document: Document) -> list[str]:
    translated = [item.summary for item in document.translations.values() if item.summary]
    return [*content.paragraphs(document), *translated]


def _around(postmortem: Postmortem, document: Document, viewer: Viewer) -> list[dict[str, Any]]:
    """In one statement: those that it names, those that name it, once for each relation, and those
    that are not shown beside it; with each of them how often its defect occurred."""
    inward = FilteredRelation(
        "relation_rows", condition=Q(relation_rows__target_ref=postmortem.ref)
    )
    named = Postmortem.objects.filter(ref__in=[item.target for item in document.relations])
    naming = Relation.objects.filter(target_ref=postmortem.ref)
    dismissals = Dismissal.objects.hiding_from(viewer)
    # A union, because for one condition or another databases read the whole table.
    keys = named.values("pk").union(naming.values("postmortem"), *dismissals.sides_of(postmortem))
    pair = Q(first=postmortem, second=OuterRef("pk")) | Q(second=postmortem, first=OuterRef("pk"))
    rows = (
        Postmortem.objects.visible_to(viewer)
        .exclude(pk=postmortem.pk)
        .filter(pk__in=keys)
        .annotate(inward=inward, is_dismissed=Exists(dismissals.filter(pair)))
        .annotate(inward_kind=F("inward__kind"), inward_note=F("inward__note"))
        .annotate(occurrences=known_problems.count_for(postmortem, viewer))
        .order_by("ref", "inward__position")
    )
    return list(
        rows.values(*RELATIVE_COLUMNS, "inward_kind", "inward_note", "is_dismissed", "occurrences")
    )


def _relatives(
    around: Iterable[dict[str, Any]], document: Document, language: str
) -> Iterable[Relative]:
    """Those that this one names, in its order, then those that name it."""
    visible = {row["ref"]: row for row in around}
    for item in document.relations:
        if item.target in visible:
            yield _relative(visible[item.target], language, item.kind, item.note)
    for row in around:
        if row["inward_kind"]:
            relative = _relative(row, language, row["inward_kind"], row["inward_note"])
            yield replace(relative, is_inbound=True)


def _relative(row: dict[str, Any], language: str, kind: str, note: str) -> Relative:
    known = ("ref", "slug", "title", "language", "translations")
    other = Postmortem(**{name: row[name] for name in known})
    title, title_language = other.title_in(language)
    return Relative(
        ref=row["ref"],
        kind=kind,
        note=note,
        title=title,
        language=title_language,
        url=other.get_absolute_url(),
        started=Moment(**row["moments"].get("started", {})),
    )
