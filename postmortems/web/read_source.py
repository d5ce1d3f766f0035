"""What the read page reads from the database, in a number of statements that no content can raise."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from postmortems import content, document_json
from postmortems.access import Viewer
from postmortems.document import Classification, Document
from postmortems.models import Classification as ClassificationRow
from postmortems.models import Postmortem, Revision, User
from postmortems.moments import Moment
from postmortems.rendering import Rendered
from postmortems.web.read_parts import Relative
from taxonomy import lookup
from taxonomy.lookup import Terms

RELATIVE_COLUMNS = ("ref", "slug", "title", "language", "translations", "moments")


@dataclass(frozen=True)
class Source:
    """A postmortem with everything its page is made from."""

    postmortem: Postmortem
    document: Document
    terms: Terms
    authors: tuple[User, ...]
    named: tuple[User, ...]
    relatives: tuple[Relative, ...]
    rendered: dict[str, Rendered]
    is_own: bool


def source_of(postmortem: Postmortem, viewer: Viewer, language: str) -> Source:
    """Everything the page needs, as the viewer may see it in that language."""
    terms = lookup.current()
    document = _document(postmortem, terms)
    authors, named = _people(postmortem)
    return Source(
        postmortem=postmortem,
        document=document,
        terms=terms,
        authors=authors,
        named=named,
        relatives=tuple(_relatives(postmortem, document, viewer, language)),
        rendered=content.rendered(_markdown(document)),
        is_own=viewer in authors,
    )


def _people(postmortem: Postmortem) -> tuple[tuple[User, ...], tuple[User, ...]]:
    """The authors, and the people named where it is restricted to them, in one statement."""
    if postmortem.visibility != Postmortem.Visibility.RESTRICTED:
        return tuple(postmortem.authors.order_by("username")), ()
    authored = Postmortem.authors.through._default_manager.filter(postmortem=postmortem)
    named_in = Postmortem.named_people.through._default_manager.filter(postmortem=postmortem)
    people = list(
        User.objects.filter(Q(pk__in=authored.values("user")) | Q(pk__in=named_in.values("user")))
        .annotate(is_author=Exists(authored.filter(user=OuterRef("pk"))))
        .annotate(is_named=Exists(named_in.filter(user=OuterRef("pk"))))
        .order_by("username")
    )
    authors = tuple(person for person in people if person.is_author)
    return authors, tuple(person for person in people if person.is_named)


def _document(postmortem: Postmortem, terms: Terms) -> Document:
    """The current revision, one row instead of the many it was stored as.

    Its terms are read from their rows: a revision keeps the paths of its day, and terms move.
    """
    data = Revision.objects.values_list("document", flat=True).get(
        postmortem=postmortem, number=postmortem.revision
    )
    rows = ClassificationRow.objects.filter(postmortem=postmortem).order_by("position")
    uses = rows.values_list("term_id", "role", "why", "assigned_by")
    return replace(
        document_json.build(data),
        classifications=tuple(
            Classification(terms.by_id[pk].vocabulary, terms.by_id[pk].path, *others)
            for pk, *others in uses
        ),
    )


def _markdown(document: Document) -> list[str]:
    translated = [item.summary for item in document.translations.values() if item.summary]
    return [*content.paragraphs(document), *translated]


def _relatives(
    postmortem: Postmortem, document: Document, viewer: Viewer, language: str
) -> Iterable[Relative]:
    """Both directions in one statement: those this one names in its order, then those that name it."""
    inward = FilteredRelation(
        "relation_rows", condition=Q(relation_rows__target_ref=postmortem.ref)
    )
    rows = (
        Postmortem.objects.visible_to(viewer)
        .exclude(pk=postmortem.pk)
        .annotate(inward=inward)
        .annotate(inward_kind=F("inward__kind"), inward_note=F("inward__note"))
        .filter(Q(ref__in=[item.target for item in document.relations]) | Q(inward__isnull=False))
        .order_by("ref", "inward__position")
        .values(*RELATIVE_COLUMNS, "inward_kind", "inward_note")
    )
    found = list(rows)
    visible = {row["ref"]: row for row in found}
    for item in document.relations:
        if item.target in visible:
            yield _relative(visible[item.target], language, item.kind, item.note)
    for row in found:
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
