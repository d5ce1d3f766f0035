"""Postmortems as files of the product's own format; importing them again changes nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from django.utils import translation

from postmortems import access, content
from postmortems.access import Viewer
from postmortems.document import Document
from postmortems.exchange.markdown_file import Envelope, print_file
from postmortems.models import Postmortem
from postmortems.section_names import SectionNames, kinds_of

BATCH = 100
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}", re.ASCII)


def export_postmortem(postmortem: Postmortem) -> str:
    """The file of one postmortem."""
    return next(export_many([postmortem]))[1]


def export_for(postmortem: Postmortem, viewer: Viewer) -> str:
    """The file of one postmortem that the viewer sees, with no more in it than they see.

    Relations to what is hidden from them are left out; the accounts of its people stand in it for
    those who write in its team, who need them to bring it in again.
    """
    document = content.read(postmortem)
    seen = _seen_by(viewer, document)
    relations = tuple(item for item in document.relations if item.target in seen)
    import_ids = _import_ids([document])
    document = _with_import_ids(
        replace(document, relations=relations), postmortem.team_id, import_ids
    )
    envelope = envelope_of(postmortem)
    if not access.may_write_in(viewer, postmortem.team):
        envelope = replace(envelope, authors=None, named=None)
    return print_file(envelope, document, _names(document, _section_names()))


def _seen_by(viewer: Viewer, document: Document) -> set[str]:
    refs = [item.target for item in document.relations]
    seen = Postmortem.objects.visible_to(viewer).filter(ref__in=refs)
    return set(seen.values_list("ref", flat=True))


def export_many(postmortems: Iterable[Postmortem]) -> Iterator[tuple[Postmortem, str]]:
    """Each postmortem with its file, in a fixed number of statements for every hundred.

    A relation names its target by import id when that is in the same team, else by ref. The caller
    has chosen what may be seen; here nothing is left out.
    """
    left, sections = iter(postmortems), _section_names()
    while batch := list(islice(left, BATCH)):
        documents = content.read_many(batch)
        import_ids = _import_ids(documents.values())
        for postmortem in batch:
            document = _with_import_ids(documents[postmortem.pk], postmortem.team_id, import_ids)
            names = _names(document, sections)
            yield postmortem, print_file(envelope_of(postmortem), document, names)


def _section_names() -> SectionNames:
    return SectionNames(translation.get_language() or "en")


def _names(document: Document, sections: SectionNames) -> dict[str, str]:
    kinds = kinds_of(document)
    return {key: sections.of(key, kinds) for key in document.sections}


def envelope_of(postmortem: Postmortem) -> Envelope:
    """The envelope as a file says it; who was never more than the system user is not named."""
    authors = tuple(user.username for user in postmortem.authors.all() if not user.is_system)
    named = tuple(user.username for user in postmortem.named_people.all())
    return Envelope(
        import_id=postmortem.import_id or postmortem.ref,
        slug=postmortem.slug,
        status=postmortem.status,
        visibility=postmortem.visibility,
        team=postmortem.team.slug,
        authors=tuple(sorted(authors)) or None,
        named=tuple(sorted(named)) or None,
    )


def file_name(postmortem: Postmortem) -> str:
    """What the file is called: the import id where that can be a name on every system, else the ref."""
    name = postmortem.import_id
    return f"{name if FILE_NAME.fullmatch(name) else postmortem.ref}.md"


def _import_ids(documents: Iterable[Document]) -> dict[tuple[int, str], str]:
    refs = {item.target for document in documents for item in document.relations}
    rows = Postmortem.objects.live().filter(ref__in=refs).exclude(import_id="")
    return {
        (team, ref): import_id
        for team, ref, import_id in rows.values_list("team_id", "ref", "import_id")
    }


def _with_import_ids(
    document: Document, team: int, import_ids: Mapping[tuple[int, str], str]
) -> Document:
    relations = tuple(
        replace(item, target=import_ids.get((team, item.target), item.target))
        for item in document.relations
    )
    return replace(document, relations=relations)
