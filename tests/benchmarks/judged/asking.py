"""The judged collection in a site, and its queries put to the search. Needs a set-up Django."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.contrib.auth.models import AnonymousUser

from postmortems import authoring
from postmortems.document import Document
from postmortems.exchange import markdown_file
from postmortems.models import Team, User
from postmortems.models.postmortem import REF_ALPHABET, REF_LENGTH
from postmortems.search import search
from taxonomy import lookup
from tests.benchmarks.judged.collection import Query, documents, queries
from tests.benchmarks.judged.measure import DEEP, Answer

SEEDS = Path(__file__).resolve().parents[3] / "fixtures" / "seeds"
BATCH = 100


def load() -> None:
    """Publish all judged postmortems, the seeds among them, in a team of their own."""
    team = Team.objects.create(slug="judged", name="Judged")
    starts = [
        authoring.Start(document, team, "public", "published", import_id=id_, ref=ref_of(id_))
        for id_, document in collection().items()
    ]
    for first in range(0, len(starts), BATCH):
        authoring.create_many(starts[first : first + BATCH], by=User.objects.system())


@cache
def collection() -> Mapping[str, Document]:
    """The judged postmortems and the seeds by id; their relations name refs."""
    slugs = [info.slug for info in lookup.current().vocabularies]
    files = [markdown_file.parse(path.read_bytes(), slugs) for path in sorted(SEEDS.glob("*.md"))]
    seeds = {parsed.envelope.import_id: _by_ref(parsed.document) for parsed in files}
    return {**documents(), **seeds}


def _by_ref(document: Document) -> Document:
    relations = (replace(item, target=ref_of(item.target)) for item in document.relations)
    return replace(document, relations=tuple(relations))


def ref_of(id_: str) -> str:
    """The ref of a judged postmortem: always the same, since refs order what is equally good."""
    number = int.from_bytes(hashlib.sha256(id_.encode()).digest()[:8], "big")
    return "".join(REF_ALPHABET[number >> 5 * place & 31] for place in range(REF_LENGTH))


def ask_all(asked: Iterable[Query] | None = None) -> list[Answer]:
    """Every judged query put to the site as it is, by somebody who is not signed in."""
    ids = {ref_of(id_): id_ for id_ in collection()}
    return [ask(query, ids) for query in (queries() if asked is None else asked)]


def ask(query: Query, ids: Mapping[str, str]) -> Answer:
    """What a page shows from the top down: direct hits, then the nearest. Somebody whose mistyped
    query found nothing takes the spelling that is offered, if it is the one that was meant."""
    results = search(query.text, {}, AnonymousUser(), page_size=DEEP)
    offered = results.did_you_mean[0].text if results.did_you_mean else ""
    if query.mended and not results.count and offered == query.mended:
        mended = ask(replace(query, text=offered, mended=""), ids)
        return replace(mended, query=query, offered=offered)
    nearest = results.nearest.hits if results.nearest else ()
    shown = dict.fromkeys(ids[hit.ref] for hit in (*results.hits, *nearest))
    return Answer(query, tuple(shown), len(results.hits), offered)
