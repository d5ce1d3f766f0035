"""What a node of a soak run does when it is told to: one function an act, plain values in and out."""

import os
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from postmortems import authoring, content, outbox, reviews
from postmortems.document import Document
from postmortems.models import Postmortem, SearchLog, User
from postmortems.search import generations, search, sync
from taxonomy import lookup
from tests import makers
from tests.benchmarks.synthetic import Generator
from tests.soak import history
from tests.soak.history import Story, Version

AT_ONCE = 100


def prepare() -> None:
    """Make the tables, the vocabularies and an administrator."""
    call_command("migrate", verbosity=0, interactive=False)
    makers.load_shipped_vocabularies()
    makers.make_user("dana", is_administrator=True)
    makers.make_user("charlie", team=makers.make_team("payments"))
    makers.make_team("platform")


def fill(count: int) -> list[str]:
    """Write so many postmortems in bulk; returns the words that each alone has."""
    system, team = User.objects.system(), makers.make_team("platform")
    keys = [history.word("s", number) for number in range(count)]
    documents = zip(keys, Generator(lookup.current()).documents(count), strict=True)
    starts = [
        authoring.Start(
            replace(document, title=title_of(key, 1)),
            team,
            visibility="public",
            status="published",
        )
        for key, document in documents
    ]
    with outbox.postponed():
        for first in range(0, count, AT_ONCE):
            authoring.create_many(starts[first : first + AT_ONCE], by=system)
    return keys


def title_of(key: str, number: int) -> str:
    """A title that holds which postmortem it is and how often it was changed."""
    return f"{key} {history.word('v', number)} {number}"


def number_of(key: str, viewer: str) -> int | None:
    """The version of a postmortem that a viewer finds, by its word; None when there is no hit."""
    return answer_of(key, viewer)[0]


def answer_of(key: str, viewer: str) -> tuple[int | None, bool]:
    """The version that a viewer finds, and whether the answer says that it may lack something."""
    is_lost = sync.view().is_rebuilding
    results = search(key, {}, _user(viewer))
    if results.count != len(results.hits) or results.count > 1:
        raise AssertionError(f"{key}: {results.count} counted, {len(results.hits)} shown")
    if not results.hits:
        return None, bool(results.notices) or is_lost or sync.view().is_rebuilding
    title = results.hits[0].title
    return int(title.split()[-1]), bool(results.notices)


def ask(text: str, viewer: str = "") -> dict[str, Any]:
    """One search."""
    results = search(text, {}, _user(viewer))
    shown = {hit.ref: hit.title for hit in results.hits}
    return {"count": results.count, "shown": shown, "notices": list(results.notices)}


def numbers(keys: list[str], viewer: str = "") -> dict[str, int | None]:
    """The versions that a viewer finds."""
    return {key: number_of(key, viewer) for key in keys}


def create(title: str, text: str = "", **envelope: Any) -> str:
    """Write one postmortem; returns its ref."""
    sections = {"impact": text} if text else {}
    document = makers.make_document(title, ("kind:stub",), sections=sections)
    return makers.make_postmortem(document, **envelope).ref


def edit(ref: str, title: str) -> None:
    """Give a postmortem another title."""
    postmortem = Postmortem.objects.get(ref=ref)
    document: Document = replace(content.read(postmortem), title=title)
    authoring.edit(postmortem, document, by=User.objects.system(), revision=postmortem.revision)


def change(ref: str, **envelope: Any) -> None:
    """Change the envelope of a postmortem."""
    authoring.change_envelope(Postmortem.objects.get(ref=ref), by=User.objects.system(), **envelope)


def publish(ref: str) -> None:
    """Publish a draft."""
    reviews.publish(Postmortem.objects.get(ref=ref), by=User.objects.system())


def remove(ref: str) -> None:
    """Put a postmortem into the bin."""
    with outbox.writing():
        postmortem = Postmortem.objects.get(ref=ref)
        postmortem.deleted_at = timezone.now()
        postmortem.version += 1
        postmortem.save()
        outbox.log_change(postmortem)


def differences() -> list[str]:
    """What `manage.py search verify` finds, of how many."""
    return sync.verify()


def state() -> dict[str, Any]:
    """How this node's index stands."""
    view = sync.view()
    named = generations.folder() / "current"
    return {
        "is_level": view.is_level,
        "is_rebuilding": view.is_rebuilding,
        "generation": named.read_text() if named.exists() else "",
        "entries": view.searcher.num_docs,
        "log": SearchLog.objects.newest().pk if SearchLog.objects.exists() else 0,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def set_backlog(count: int) -> None:
    """Let this node take fewer changes for too many."""
    sync.BACKLOG = count


_crowds: list[Any] = []


def crowd(
    book: str, stories: list[dict], still: list[str], writers: list[int], readers: int, seed: int
) -> None:
    """Let writers and readers loose."""
    from tests.soak.threads import Crowd

    known = [
        Story(**{**story, "versions": [Version(**item) for item in story["versions"]]})
        for story in stories
    ]
    _crowds.append(Crowd(Path(book), known, still))
    _crowds[-1].start(writers, readers, seed)


def answers_so_far() -> int:
    """How many answers were compared until now."""
    return _crowds[-1].answers


def disperse() -> int:
    """Stop writers and readers; returns how many answers were compared."""
    ended = _crowds.pop()
    ended.stop()
    return ended.answers


def pid() -> int:
    """Which process this is."""
    return os.getpid()


def _user(viewer: str) -> User | AnonymousUser:
    return User.objects.get(username=viewer) if viewer else AnonymousUser()
