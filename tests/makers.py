"""Plain functions that make what tests need, through the verbs of the product."""

from dataclasses import replace
from itertools import count
from pathlib import Path

from postmortems import authoring, body_templates, file_store
from postmortems.document import Classification, Document
from postmortems.models import Membership, Postmortem, StoredFile, Team, User
from taxonomy import vocabulary

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "fixtures" / "seeds"
PASSWORD = "correct horse battery"

_number = count(1)


def load_shipped_vocabularies() -> None:
    """Load fixtures/taxonomy.yaml."""
    vocabulary.load((ROOT / "fixtures" / "taxonomy.yaml").read_text())


def load_shipped_templates() -> None:
    """Load fixtures/body_templates.yaml."""
    text = (ROOT / "fixtures" / "body_templates.yaml").read_text()
    body_templates.load_shipped(text, by=User.objects.system())


def make_team(slug: str) -> Team:
    """A team named after its slug."""
    return Team.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def make_user(username: str, *, team: Team | None = None, role: str = "author", **fields) -> User:
    """An account with PASSWORD, a member of `team` when given."""
    user = User(username=username, name=username.title(), **fields)
    user.set_password(PASSWORD)
    user.save()
    if team:
        Membership.objects.create(user=user, team=team, role=role)
    return user


def make_document(title: str = "", terms: tuple[str, ...] = (), **fields) -> Document:
    """A valid Document; `terms` are `vocabulary:path`, or `vocabulary.role:path`."""
    return Document(
        title=title or f"Postmortem {next(_number)}",
        classifications=tuple(_classification(term) for term in terms),
        **fields,
    )


def _classification(term: str) -> Classification:
    field, _, path = term.partition(":")
    vocabulary_slug, _, role = field.partition(".")
    return Classification(vocabulary_slug, path, role, assigned_by="source")


def make_postmortem(
    document: Document | None = None,
    *,
    team: Team | None = None,
    status: str = "published",
    visibility: str = "public",
    authors: tuple[User, ...] = (),
    named: tuple[User, ...] = (),
    **fields,
) -> Postmortem:
    """A postmortem as the system user makes it, published and public unless said otherwise."""
    system = User.objects.system()
    document = document or make_document()
    if status != "draft" and not document.classifications:
        stub = Classification("kind", "stub", assigned_by="source")
        document = replace(document, classifications=(stub,))
    elif status != "draft":
        document = _with_required(document)
    return authoring.create(
        document,
        by=system,
        team=team or make_team("platform"),
        visibility=visibility,
        authors=authors,
        named=named,
        status=status,
        **fields,
    )


def _with_required(document: Document) -> Document:
    """The document with a cause, severity and kind where it has none, so that it can be published."""
    present = {item.vocabulary for item in document.classifications}
    defaults = {
        "cause": Classification("cause", "network/dns", "primary", assigned_by="source"),
        "severity": Classification("severity", "sev3", assigned_by="source"),
        "kind": Classification("kind", "outage", assigned_by="source"),
    }
    missing = tuple(item for slug, item in defaults.items() if slug not in present)
    return replace(document, classifications=(*document.classifications, *missing))


def keep_file(owner: User, file_id: str, postmortem: Postmortem | None = None) -> None:
    """A picture of the postmortem, or of the owner alone, under that id."""
    with file_store.desk() as folder:
        sources = {size: folder / (size or "whole") for size in ("", *file_store.SIZES)}
        for source in sources.values():
            source.write_bytes(b"pixels")
        file_store.keep(file_id, sources)
    StoredFile.objects.create(
        pk=file_id,
        owner=owner,
        name="a.png",
        media_type="image/png",
        size=6,
        digest="d" * 64,
        width=1,
        height=1,
        postmortem=postmortem,
        claimed_at=postmortem and postmortem.created_at,
    )
