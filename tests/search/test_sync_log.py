"""The log that the index follows: shortened, restored, written on elsewhere. What cannot be told is not guessed."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from structlog.testing import capture_logs

from postmortems import authoring, outbox
from postmortems.models import Postmortem, SearchLog
from postmortems.search import following, generations, sources, sync
from tests.makers import make_document, make_postmortem
from tests.search.asking import found, refs

pytestmark = pytest.mark.django_db


@pytest.fixture
def quietly(monkeypatch):
    """Commits that no hook follows, as those of another node are."""
    monkeypatch.setattr(outbox, "after_commit", [])


def in_use() -> str:
    return (generations.folder() / "current").read_text()


def events(logs) -> list[str]:
    return [line["event"] for line in logs]


def write_lines(count: int) -> None:
    with outbox.writing():
        outbox.log_changes([0] * count)


def forget_lines_after(number: int) -> None:
    """As a restored database: the next line has a number that was given before."""
    SearchLog.objects.filter(pk__gt=number).delete()


def write_line_number(number: int, postmortem: Postmortem) -> None:
    newest = SearchLog.objects.newest()
    SearchLog.objects.create(pk=number, epoch=newest.epoch, postmortem_id=postmortem.pk)


def test_a_log_is_shortened_from_its_start():
    write_lines(10)
    newest = SearchLog.objects.newest().pk

    removed = SearchLog.objects.shorten(4)

    assert removed == 6
    assert [line.pk for line in SearchLog.objects.since(0)] == [newest - 3 + n for n in range(4)]


@pytest.mark.parametrize("keep", [0, -5, 1])
def test_the_last_line_always_stays(keep):
    write_lines(3)
    newest = SearchLog.objects.newest().pk

    SearchLog.objects.shorten(keep)

    assert [line.pk for line in SearchLog.objects.all()] == [newest]


def test_writing_shortens_the_log_from_time_to_time(monkeypatch):
    monkeypatch.setattr(outbox, "LINES_KEPT", 20)
    monkeypatch.setattr(outbox, "LINES_BETWEEN", 5)

    for _number in range(12):
        write_lines(7)

    assert 20 <= SearchLog.objects.count() <= 20 + 5 + 7


def test_an_empty_log_is_shortened_to_nothing():
    assert SearchLog.objects.shorten(5) == 0


def test_the_command_shortens_the_log(capsys):
    write_lines(10)

    call_command("search", "trim", "--keep=3")

    assert capsys.readouterr().out == "Removed 7 lines.\n"
    assert SearchLog.objects.count() == 3


def test_an_index_within_the_shortened_log_follows_on(quietly):
    kept = make_postmortem(make_document("Walrus"))
    assert found() == refs(kept)
    generation = in_use()
    new = make_postmortem(make_document("Otter"))

    SearchLog.objects.shorten(2)

    assert found() == refs(kept, new)
    assert in_use() == generation


def test_an_index_behind_the_shortened_log_is_made_anew(quietly, system):
    kept, hidden = make_postmortem(make_document("Walrus")), make_postmortem()
    assert found() == refs(kept, hidden)
    authoring.change_envelope(hidden, by=system, visibility="restricted")
    new = make_postmortem(make_document("Otter"))

    SearchLog.objects.shorten(1)

    with capture_logs() as logs:
        assert found() == refs(kept, new)
    assert events(logs) == ["search index is made anew", "search index made anew"]
    assert sync.verify() == []


def test_a_restored_database_is_noticed_at_the_number_it_stopped_at(quietly):
    kept, gone = make_postmortem(make_document("Walrus")), make_postmortem()
    position = SearchLog.objects.newest().pk
    assert found() == refs(kept, gone)

    Postmortem.objects.filter(pk=gone.pk).update(deleted_at=gone.created_at)
    forget_lines_after(position - 1)
    write_line_number(position, kept)

    assert found() == refs(kept)


@pytest.mark.parametrize("further", [1, 5])
def test_a_restored_database_that_was_written_on_is_noticed(quietly, further):
    kept, gone = make_postmortem(make_document("Walrus")), make_postmortem()
    position = SearchLog.objects.newest().pk
    assert found() == refs(kept, gone)

    # The same numbers and the same epoch, but another history: what was hidden there is not logged.
    Postmortem.objects.filter(pk=gone.pk).update(deleted_at=gone.created_at)
    forget_lines_after(position - 1)
    for number in range(position, position + further + 1):
        write_line_number(number, kept)

    assert found() == refs(kept)
    assert sync.verify() == []


def test_an_index_from_before_the_restored_time_follows_on(quietly):
    kept = make_postmortem(make_document("Walrus"))
    assert found() == refs(kept)
    generation = in_use()
    position = SearchLog.objects.newest().pk
    make_postmortem(make_document("Lost"))
    forget_lines_after(position)
    Postmortem.objects.exclude(pk=kept.pk).update(deleted_at=kept.created_at)

    new = make_postmortem(make_document("Otter"))

    assert found() == refs(kept, new)
    assert in_use() == generation


def test_a_gap_in_the_numbers_is_no_reason_to_start_anew(quietly):
    kept = make_postmortem(make_document("Walrus"))
    assert found() == refs(kept)
    generation = in_use()

    # As after a transaction that was rolled back.
    write_line_number(SearchLog.objects.newest().pk + 7, kept)

    assert found() == refs(kept)
    assert in_use() == generation


def test_what_is_saved_while_it_is_read_is_read_again(monkeypatch, system):
    postmortem = make_postmortem(make_document("Walrus"))
    load = sources.load
    readings = []

    def load_slowly(keys):
        loaded = load(keys)
        readings.append(len(loaded))
        if len(readings) == 1:
            authoring.change_envelope(postmortem, by=system, visibility="restricted")
        return loaded

    monkeypatch.setattr(sources, "load", load_slowly)
    (source,) = following.read_whole([postmortem.pk])

    assert readings == [1, 1]
    assert "everyone" not in source.audience


def test_an_old_log_line_is_known_by_its_time():
    line = SearchLog.objects.create(epoch="one", postmortem_id=1)
    position = following.newest()
    last = SearchLog.objects.create(epoch="one", postmortem_id=2)
    wanted = following.newest()
    assert following.changed_since(position, wanted) == [2]

    SearchLog.objects.filter(pk=line.pk).update(created_at=last.created_at + timedelta(seconds=1))

    assert following.changed_since(position, wanted) is None
