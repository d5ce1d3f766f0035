"""Postmortems as files of the product's own format; importing them again changes nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from django.utils import translation

from postmortems import access, content
from postmortems.access import Viewer
from postmortems.document import Document
from postmortems.exchange.carried import Carried, CarriedFiles
from postmortems.exchange.markdown_file import Envelope, print_file
from postmortems.models import Postmortem
from postmortems.section_names import SectionNames, kinds_of

BATCH = 100
LONGEST_TARGET = 200
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}", re.ASCII)


def export_postmortem(postmortem: Postmortem) -> str:
    """The file of one postmortem."""
    return next(export_many([postmortem]))[1]


def export_for(postmortem: Postmortem, viewer: Viewer) -> str:
    """The file of one postmortem that the viewer sees, with no more in it than they see."""
    return next(files_for([postmortem], viewer))[1]


def files_for(
    postmortems: Iterable[Postmortem], viewer: Viewer, *, language: str = "", whole: bool = False
) -> Iterator[tuple[Postmortem, str, tuple[Carried, ...]]]:
    """Each postmortem with its Markdown as the viewer sees it, which names the files that are
    attached, and has them with it, only when `whole`."""
    sections = _section_names(language)
    for postmortem, envelope, document, files in contents_for(postmortems, viewer):
        text = _printed(envelope, document, sections, whole=whole)
        yield postmortem, text, files if whole else ()


def contents_for(
    postmortems: Iterable[Postmortem], viewer: Viewer
) -> Iterator[tuple[Postmortem, Envelope, Document, tuple[Carried, ...]]]:
    """Each postmortem that the viewer sees with its envelope, content and files, as a file says them.

    Relations to what is hidden from them are left out; the accounts of its people stand in it for
    those who write in its team, who need them to bring it in again. A fixed number of statements
    for every hundred, and one for each team.
    """
    left = iter(postmortems)
    writes: dict[int, bool] = {}
    while batch := list(islice(left, BATCH)):
        documents = content.read_many(batch)
        seen = _seen_by(viewer, documents.values())
        names, carried = _Names(documents.values()), CarriedFiles(batch)
        for postmortem in batch:
            team = postmortem.team_id
            if team not in writes:
                writes[team] = access.may_write_in(viewer, postmortem.team)
            envelope = envelope_of(postmortem)
            if not writes[team]:
                envelope = replace(envelope, authors=None, named=None)
            document, files = carried.put_into(documents[postmortem.pk], postmortem)
            shown = tuple(item for item in document.relations if item.target in seen)
            document = names.put_into(replace(document, relations=shown), team)
            yield postmortem, envelope, document, files


def _seen_by(viewer: Viewer, documents: Iterable[Document]) -> set[str]:
    refs = {item.target for document in documents for item in document.relations}
    seen = Postmortem.objects.visible_to(viewer).filter(ref__in=refs)
    return set(seen.values_list("ref", flat=True))


def export_many(postmortems: Iterable[Postmortem]) -> Iterator[tuple[Postmortem, str]]:
    """Each postmortem with its Markdown, which names no files that are attached."""
    for postmortem, text, _files in export_whole(postmortems, whole=False):
        yield postmortem, text


def export_whole(
    postmortems: Iterable[Postmortem], *, whole: bool = True
) -> Iterator[tuple[Postmortem, str, tuple[Carried, ...]]]:
    """Each postmortem with its Markdown and files, in a fixed number of statements for every hundred.

    The caller has chosen what may be seen; here nothing is left out.
    """
    left, sections = iter(postmortems), _section_names()
    while batch := list(islice(left, BATCH)):
        documents = content.read_many(batch)
        names, carried = _Names(documents.values()), CarriedFiles(batch)
        for postmortem in batch:
            document, files = carried.put_into(documents[postmortem.pk], postmortem)
            document = names.put_into(document, postmortem.team_id)
            text = _printed(envelope_of(postmortem), document, sections, whole=whole)
            yield postmortem, text, files if whole else ()


def _printed(envelope: Envelope, document: Document, sections: SectionNames, *, whole: bool) -> str:
    if not whole:
        document = replace(document, attachments=())
    return print_file(envelope, document, _names(document, sections))


def _section_names(language: str = "") -> SectionNames:
    return SectionNames(language or translation.get_language() or "en")


def _names(document: Document, sections: SectionNames) -> dict[str, str]:
    kinds = kinds_of(document)
    return {key: sections.of(key, kinds) for key in document.sections}


def envelope_of(postmortem: Postmortem) -> Envelope:
    """The envelope as a file says it; the system user is no account to name."""
    authors = tuple(user.username for user in postmortem.authors.all() if not user.is_system)
    named = tuple(user.username for user in postmortem.named_people.all())
    return Envelope(
        import_id=postmortem.import_id or postmortem.ref,
        slug=postmortem.slug,
        status=postmortem.status,
        visibility=postmortem.visibility,
        team=postmortem.team.slug,
        authors=tuple(sorted(authors)),
        named=tuple(sorted(named)) or None,
    )


def file_name(postmortem: Postmortem) -> str:
    """What the file is called: the import id where that can be a name on every system, else the ref."""
    name = postmortem.import_id
    return f"{name if FILE_NAME.fullmatch(name) else postmortem.ref}.md"


class _Names:
    """What relations call their targets: the import id within a team, `team/import-id` elsewhere.

    What has no import id is known by its ref, here as there: another site has other refs.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        refs = {item.target for document in documents for item in document.relations}
        rows = Postmortem.objects.live().filter(ref__in=refs)
        found = rows.values_list("ref", "team_id", "team__slug", "import_id")
        self._known = {ref: (team, slug, import_id or ref) for ref, team, slug, import_id in found}

    def put_into(self, document: Document, team: int) -> Document:
        """The document of that team, whose relations name their targets so."""
        relations = tuple(
            replace(item, target=self._of(item.target, team)) for item in document.relations
        )
        return replace(document, relations=relations)

    def _of(self, ref: str, team: int) -> str:
        if ref not in self._known:
            return ref
        owner, slug, import_id = self._known[ref]
        name = import_id if owner == team else f"{slug}/{import_id}"
        return name if len(name) <= LONGEST_TARGET else ref
