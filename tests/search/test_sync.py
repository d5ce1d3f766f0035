"""The index follows the log: nothing is missed, nothing stale is shown, kills and foreign files do no harm."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import tantivy
from structlog.testing import capture_logs

from postmortems import authoring, content, outbox
from postmortems.models import Postmortem, SearchLog
from postmortems.search import (
    background,
    entries,
    following,
    generations,
    index,
    members,
    sources,
    sync,
)
from taxonomy import lookup
from tests.apart import in_a_process
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, ask, found, refs

pytestmark = pytest.mark.django_db


def retitle(postmortem: Postmortem, title: str, by) -> None:
    fresh = Postmortem.objects.get(pk=postmortem.pk)
    document = replace(content.read(fresh), title=title)
    authoring.edit(fresh, document, by=by, revision=fresh.revision)


def in_use() -> str:
    return (generations.folder() / "current").read_text()


def in_use_after_a_search() -> str:
    sync.view()
    return in_use()


def test_the_next_search_finds_what_was_saved(system):
    postmortem = make_postmortem(make_document("Walrus"))
    assert found("walrus") == refs(postmortem)

    retitle(postmortem, "Otter", system)

    assert found("otter") == refs(postmortem)
    assert found("walrus") == set()


def test_what_is_indexed_is_level_with_the_log(system):
    for number in range(5):
        make_postmortem(make_document(f"Walrus {number}"))
        assert ask().count == number + 1

    assert sync.verify() == []


def test_a_purged_row_leaves_the_index(system):
    postmortem = make_postmortem(make_document("Walrus"))
    assert ask("walrus").count == 1
    pk = postmortem.pk
    postmortem.classifications.all().delete()
    postmortem.delete()
    with outbox.writing():
        outbox.log_changes([pk])

    assert ask("walrus").count == 0
    assert sync.verify() == []


def test_another_process_sees_a_commit_by_its_position(system):
    make_postmortem(make_document("Walrus"))
    sync.view()
    mine = generations.current()
    other = generations.Generation(
        mine.name, index.open_at(generations.folder() / mine.name), mine.state, mine.pid
    )
    make_postmortem(make_document("Otter"))

    sync._apply(other, [Postmortem.objects.latest("pk").pk], following.newest())

    assert ask("otter").count == 1
    assert sync.verify() == []


def test_another_process_sees_a_switch_by_the_pointer(system):
    make_postmortem(make_document("Walrus"))
    before = ask("walrus").count, in_use()
    opened = generations.current()

    sync.rebuild()
    generations._open = opened

    assert ask("walrus").count == before[0]
    assert in_use() != before[1]
    assert generations.current().name == in_use()


def test_a_rebuild_keeps_one_generation():
    make_postmortem(make_document("Walrus"))
    for _time in range(3):
        assert sync.rebuild() == 1

    assert [path.name for path in generations.folder().glob("gen-*")] == [in_use()]


FOREIGN = [
    lambda folder, name: (folder / "current").write_text("gen-of-nobody"),
    lambda folder, name: (folder / "current").write_text(""),
    lambda folder, name: (folder / "current").unlink(),
    lambda folder, name: (folder / name / "meta.json").write_text("{}"),
    lambda folder, name: (folder / name / "meta.json").write_bytes(b"\x00\xff"),
    lambda folder, name: [path.unlink() for path in (folder / name).glob("*.term")],
    lambda folder, name: [path.write_bytes(b"foreign") for path in (folder / name).glob("*.fast")],
    lambda folder, name: [
        path.write_bytes(path.read_bytes()[:40]) for path in (folder / name).glob("*.store")
    ],
]


@pytest.mark.parametrize("damage", FOREIGN)
def test_damaged_and_foreign_files_are_replaced(damage):
    postmortem = make_postmortem(make_document("Walrus"))
    assert found("walrus") == refs(postmortem)
    sync.forget()

    damage(generations.folder(), in_use())

    assert found("walrus") == refs(postmortem)
    assert sync.verify() == []


def test_another_format_is_rebuilt(monkeypatch):
    postmortem = make_postmortem(make_document("Walrus"))
    before = ask("walrus") and in_use()
    sync.forget()

    monkeypatch.setattr(index, "FORMAT", index.FORMAT + 1)

    assert found("walrus") == refs(postmortem)
    assert in_use() != before


def test_another_epoch_is_rebuilt():
    make_postmortem(make_document("Walrus"))
    before = ask("walrus") and in_use()

    SearchLog.objects.update(epoch="another history")

    assert ask("walrus").count == 1
    assert in_use() != before


def test_an_index_ahead_of_the_log_is_rebuilt():
    make_postmortem(make_document("Walrus"))
    gone = make_postmortem(make_document("Otter"))
    assert ask("otter").count == 1

    # As after restoring a backup from before the second one was written.
    Postmortem.objects.filter(pk=gone.pk).update(deleted_at=gone.created_at)
    SearchLog.objects.filter(pk=SearchLog.objects.newest().pk).delete()

    assert ask("otter").count == 0
    assert ask("walrus").count == 1


@pytest.fixture
def started(monkeypatch):
    """The commands that would have been started in the background."""
    calls = []
    monkeypatch.setattr(sync, "BACKLOG", 2)
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **options: calls.append((command, options))
    )
    return calls


def test_far_behind_it_rebuilds_beside_and_leaves_out_what_changed(started, system):
    kept = make_postmortem(make_document("Walrus kept"))
    several = [make_postmortem(make_document(f"Walrus {number}")) for number in range(3)]
    sync.rebuild()
    hooks, outbox.after_commit[:] = list(outbox.after_commit), []
    for postmortem in several:
        authoring.change_envelope(postmortem, by=system, visibility="restricted")
    outbox.after_commit[:] = hooks

    results = ask("walrus")

    assert [hit.ref for hit in results.hits] == [kept.ref]
    assert results.count == 1
    assert results.notices == (
        "The search index is catching up; the latest changes are not in it yet.",
    )
    ((command, options),) = started
    assert command[-2:] == ["search", "rebuild"]
    assert options["start_new_session"]

    sync.rebuild()
    assert ask("walrus").notices == ()
    assert sync.verify() == []


def test_one_background_rebuild_at_a_time():
    with generations.try_locked(generations.BACKGROUND) as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(30)"], pass_fds=[lock.fileno()]
        )
    try:
        with generations.try_locked(generations.BACKGROUND) as other:
            assert other is None
    finally:
        child.kill()
        child.wait()

    with generations.try_locked(generations.BACKGROUND) as other:
        assert other is not None


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def half_written(name: str, key: str, fields: entries.Values) -> None:
    fresh = index.open_at(generations.folder() / name)
    with generations.locked(generations.WRITING):
        writer = index.writer_of(fresh)
        writer.delete_documents_by_term("pk", key)
        for _number in range(50):
            writer.add_document(tantivy.Document.from_dict(fields, index.schema()))
        die()


def committed(name: str, key: str, fields: entries.Values, position: generations.Position) -> None:
    opened = index.open_at(generations.folder() / name)
    with generations.writing(opened) as writer:
        writer.delete_documents_by_term("pk", generations.META)
        writer.delete_documents_by_term("pk", key)
        writer.add_document(made := tantivy.Document.from_dict(fields, index.schema()))
        members.rewrite(writer, opened.searcher(), [int(key)], [made])
        writer.add_document(generations.state_entry(generations.State(position)))
    die()


def half_rebuilt() -> None:
    with generations.locked(generations.REBUILDING):
        _name, fresh = generations.begin()
        with generations.writing(fresh):
            die()


def latest() -> tuple[str, entries.Values]:
    """The key and the entry of the postmortem that was made last."""
    source = sources.load(sources.live_keys())[-1]
    return str(source.postmortem.pk), entries.fields(source, lookup.current())


def test_a_kill_while_writing_leaves_the_last_commit():
    make_postmortem(make_document("Walrus"))
    name = in_use_after_a_search()

    assert in_a_process(half_written, name, *latest()) == signal.SIGKILL
    make_postmortem(make_document("Otter"))

    assert (ask("walrus").count, ask("otter").count) == (1, 1)
    assert sync.verify() == []


def test_a_kill_after_a_commit_is_not_applied_twice():
    make_postmortem(make_document("Walrus"))
    name = in_use_after_a_search()
    make_postmortem(make_document("Otter"))

    assert in_a_process(committed, name, *latest(), following.newest()) == signal.SIGKILL

    assert ask("otter").count == 1
    assert sync.verify() == []


def test_a_kill_while_rebuilding_leaves_the_old_generation():
    make_postmortem(make_document("Walrus"))
    before = in_use_after_a_search()

    assert in_a_process(half_rebuilt) == signal.SIGKILL

    assert ask("walrus").count == 1
    assert in_use() == before
    sync.rebuild()
    assert [path.name for path in generations.folder().glob("gen-*")] == [in_use()]


def test_a_generation_in_the_making_is_not_tidied_away():
    make_postmortem()
    assert ask().count == 1
    with generations.locked(generations.REBUILDING):
        name, _index = generations.begin()
        sync.forget()
        (generations.folder() / "current").unlink()
        assert ask().count == 1

    assert (generations.folder() / name).is_dir()


def test_an_entry_that_cannot_be_built_leaves_the_index_usable(monkeypatch):
    kept = make_postmortem(make_document("Walrus"))
    assert ask("walrus").count == 1
    build = entries.entry
    monkeypatch.setattr(entries, "entry", lambda source, terms: 1 / 0)
    new = make_postmortem(make_document("Otter"))
    with capture_logs() as logs:
        assert found() == refs(kept)
    assert [line["error"] for line in logs] == ["division by zero"]

    monkeypatch.setattr(entries, "entry", build)
    sync.forget()

    assert found() == refs(kept, new)


def test_a_rebuild_that_fails_leaves_nothing_behind(monkeypatch):
    kept = make_postmortem(make_document("Walrus"))
    assert ask("walrus").count == 1
    monkeypatch.setattr(entries, "fields", lambda source, terms: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        sync.rebuild()

    assert [path.name for path in generations.folder().glob("gen-*")] == [in_use()]
    assert found() == refs(kept)


def test_a_hit_is_read_from_the_index_alone(django_assert_num_queries):
    for _number in range(3):
        make_postmortem()
    ask()

    # The log, the vocabularies' revision, and the names of the teams that are counted.
    with django_assert_num_queries(3):
        ask("postmortem", VISITOR)


def test_the_stored_entry_names_no_person(alice):
    make_postmortem(authors=(alice,), visibility="restricted")
    searcher = sync.view().searcher

    everything = searcher.search(tantivy.Query.all_query(), limit=10)
    stored = [searcher.doc(address)["payload"][0] for _score, address in everything.hits]

    # The entry, the sets that it is in, and how far the log was followed.
    assert len(stored) == 3
    assert not [text for text in stored if b"alice" in text.lower()]
