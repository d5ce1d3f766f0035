"""Whatever happens to the index, pages stay up, nothing wrong is shown, it mends itself and says so."""

import shutil
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from structlog.testing import capture_logs

from postmortems import authoring, outbox
from postmortems.models import Postmortem, SearchLog
from postmortems.search import background, front_door, generations, index, sync
from postmortems.search.completion import complete
from postmortems.search.similar import similar_to_text
from postmortems.search.whole import whole_result
from tests.makers import make_document, make_postmortem
from tests.search import damage
from tests.search.asking import VISITOR, ask, found, refs

pytestmark = pytest.mark.django_db

ANEW = "search index is made anew"
UNREADABLE = "search index cannot be read"
UNWRITABLE = "search index cannot be brought up to date"
MADE = "search index made anew"
LEVEL = "search index is level again"
DAMAGED = "search index is damaged"


@pytest.fixture
def pages(browse):
    """Whether the pages that search answer, for a visitor."""

    def answer() -> list[int]:
        asked = ("/", "/?q=walrus", "/api/v1/search/?q=walrus")
        return [browse().get(url).status_code for url in asked]

    return answer


@pytest.fixture
def in_background(monkeypatch):
    """A large site: the reasons for which an index would have been made anew beside the old one."""
    reasons = []
    monkeypatch.setattr(sync, "BACKLOG", 2)
    monkeypatch.setattr(background, "start", lambda reason, serving: reasons.append(reason))
    return reasons


@pytest.fixture
def quietly(monkeypatch):
    """Commits that no hook follows, as those of another node are."""
    monkeypatch.setattr(outbox, "after_commit", [])


@pytest.fixture
def tried_once(monkeypatch):
    """What failed is not tried again by itself, however long the rest of a test takes."""
    monkeypatch.setattr(sync, "RETRY_SECONDS", 3_600.0)


def folder():
    return generations.folder() / (generations.folder() / "current").read_text()


def largest(suffix: str):
    return max(folder().glob(f"*.{suffix}"), key=lambda path: path.stat().st_size)


def events(logs) -> list[str]:
    """What was logged, beside the requests and their counting."""
    beside = ("request", "requests are not counted")
    return [line["event"] for line in logs if line["event"] not in beside]


def lose_the_directory() -> None:
    shutil.rmtree(generations.folder())


def point_to_nothing() -> None:
    (generations.folder() / "current").write_text("gen-gone")


def write_half_a_generation() -> None:
    half = generations.folder() / "gen-half"
    shutil.copytree(folder(), half)
    for path in half.glob("*.store"):
        path.unlink()
    (generations.folder() / "current").write_text(half.name)


DAMAGES = {
    "directory deleted": (lose_the_directory, [ANEW, MADE]),
    "current points to nothing": (point_to_nothing, [UNREADABLE, ANEW, MADE]),
    "half-written generation": (write_half_a_generation, [UNREADABLE, ANEW, MADE]),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_while_serving_mends_itself(name, pages):
    work, told = DAMAGES[name]
    postmortem = make_postmortem(make_document("Walrus"))
    assert pages() == [200, 200, 200]

    work()
    with capture_logs() as logs:
        answered = pages()

    assert answered == [200, 200, 200]
    assert events(logs) == told
    assert found("walrus") == refs(postmortem)
    assert sync.verify() == []


@pytest.mark.parametrize("suffix", ["store", "term", "idx", "pos", "fast", "fieldnorm"])
@pytest.mark.parametrize("harm", [damage.cut_short, damage.turn_a_byte])
def test_a_damaged_segment_is_seen_when_a_process_opens_it(harm, suffix, pages):
    postmortem = make_postmortem(make_document("Walrus"))
    assert pages() == [200, 200, 200]
    sync.forget()

    harm(largest(suffix))
    with capture_logs() as logs:
        answered = pages()

    assert answered == [200, 200, 200]
    assert events(logs) == [UNREADABLE, ANEW, MADE]
    assert found("walrus") == refs(postmortem)


def test_an_older_format_is_made_anew(monkeypatch, pages):
    make_postmortem(make_document("Walrus"))
    with monkeypatch.context() as older:
        older.setattr(index, "FORMAT", index.FORMAT - 1)
        assert ask("walrus").count == 1
    sync.forget()

    with capture_logs() as logs:
        answered = pages()

    assert answered == [200, 200, 200]
    assert events(logs) == [UNREADABLE, ANEW, MADE]
    assert logs[0]["error"] == f"it has format {index.FORMAT - 1}, not {index.FORMAT}"


DOORS = {
    "search": lambda: found("walrus"),
    "export": lambda: {record.hit.ref for record in whole_result("walrus", {}, VISITOR)},
    "completion": lambda: complete("walr", 4, VISITOR).groups[0].options[0].count,
    "similar": lambda: {item.hit.ref for item in similar_to_text("walrus otter lynx", VISITOR)},
}


# A dictionary of other bytes may find nothing without failing; it is seen when a process opens it.
@pytest.mark.parametrize("suffix", ["idx", "store", "fast"])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_overwritten_while_it_is_searched_is_mended_in_the_same_search(suffix, door):
    # Followed and not built: several threads build, and which entries stand together would be chance.
    assert ask().count == 0
    for number in range(20):
        make_postmortem(make_document(f"Something else {number}"))
    make_postmortem(make_document("Walrus otter lynx"))
    before = DOORS[door]()
    assert before
    assert ask().count == 21

    damage.overwrite(largest(suffix))
    with capture_logs() as logs:
        answered, all_of_them = DOORS[door](), ask().count

    assert (answered, all_of_them) == (before, 21)
    assert not logs or (events(logs)[0], events(logs)[-1]) == (DAMAGED, MADE)


def test_a_fault_of_ours_is_not_taken_for_a_damage(monkeypatch):
    make_postmortem(make_document("Walrus"))
    assert ask("walrus").count == 1

    def faulty(*_arguments: object) -> None:
        raise ValueError("a query that cannot be")

    monkeypatch.setattr(front_door, "question_of", faulty)

    with pytest.raises(ValueError, match="a query that cannot be"):
        ask("walrus")


# --- Where nothing can be written ----------------------------------------------------------------


@pytest.mark.parametrize("trouble", [damage.full_disk, lambda: damage.read_only(folder().parent)])
def test_without_writing_the_old_index_answers_less_what_changed(
    trouble, pages, system, quietly, tried_once
):
    kept, changed = make_postmortem(make_document("Walrus")), make_postmortem()
    assert found() == refs(kept, changed)
    authoring.change_envelope(changed, by=system, visibility="restricted")
    new = make_postmortem(make_document("Otter"))

    with trouble(), capture_logs() as logs:
        answered = pages()
        while_in_trouble = found()
        saved = make_postmortem(make_document("Lynx"))

    assert answered == [200, 200, 200]
    assert while_in_trouble == refs(kept)
    assert events(logs) == [UNWRITABLE]
    sync._health.waits_until = 0
    with capture_logs() as logs:
        assert found() == refs(kept, new, saved)
    assert events(logs) == [LEVEL]
    assert sync.verify() == []


def test_without_writing_and_without_an_index_search_finds_nothing_and_says_so(pages, tried_once):
    make_postmortem(make_document("Walrus"))

    with damage.full_disk(), capture_logs() as logs:
        answered = pages()
        view = sync.view()

    assert answered == [200, 200, 200]
    assert view.is_rebuilding
    assert view.searcher.num_docs == 0
    assert events(logs) == [ANEW, ANEW, UNWRITABLE]
    assert list(generations.folder().glob("gen-*")) == []


def test_a_failure_is_not_tried_again_by_every_search(tried_once, quietly):
    make_postmortem(make_document("Walrus"))
    assert ask().count == 1
    make_postmortem(make_document("Otter"))

    with damage.full_disk(), capture_logs() as logs:
        for _time in range(5):
            assert ask().count == 1

    assert events(logs) == [UNWRITABLE]


# --- A large site --------------------------------------------------------------------------------


def test_on_a_large_site_an_open_index_serves_on_when_its_files_are_gone(
    in_background, pages, system, quietly
):
    several = [make_postmortem(make_document(f"Walrus {number}")) for number in range(4)]
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sync, "BACKLOG", 100)
        assert found() == refs(*several)

    lose_the_directory()
    authoring.change_envelope(several[0], by=system, visibility="restricted")

    assert pages() == [200, 200, 200]
    assert found("walrus") == refs(*several[1:])
    assert set(in_background) == {"there is none"}
    sync.rebuild()
    assert found() == refs(*several[1:])
    assert sync.view().is_level


def test_on_a_large_site_without_a_readable_index_pages_stay_up_and_nothing_is_found(
    in_background, pages, browse
):
    several = [make_postmortem(make_document(f"Walrus {number}")) for number in range(4)]

    assert pages() == [200, 200, 200]
    assert sync.view().is_rebuilding
    assert ask("walrus").count == 0
    assert browse().get("/readyz").status_code == 503
    sync.rebuild()

    assert found() == refs(*several)
    assert browse().get("/readyz").status_code == 200


def test_on_a_large_site_the_index_of_another_history_is_not_shown(in_background, pages):
    several = [make_postmortem(make_document(f"Walrus {number}")) for number in range(4)]
    sync.rebuild()
    assert found() == refs(*several)

    SearchLog.objects.update(epoch="another history")

    assert pages() == [200, 200, 200]
    assert ask("walrus").count == 0
    assert set(in_background) == {"its place in the log is lost"}


def test_the_command_says_that_a_backlog_is_not_caught_up_with(in_background, quietly):
    sync.rebuild()
    for number in range(4):
        make_postmortem(make_document(f"Walrus {number}"))

    with pytest.raises(CommandError, match="not level with the log yet"):
        call_command("search", "sync")

    sync.rebuild()
    call_command("search", "sync")


def test_the_view_that_everything_starts_from_leaves_out_what_changed(
    in_background, system, quietly
):
    several = [make_postmortem(make_document(f"Walrus {number}")) for number in range(4)]
    sync.rebuild()
    for postmortem in several[1:]:
        document = replace(make_document("Otter"), classifications=())
        Postmortem.objects.filter(pk=postmortem.pk).update(title=document.title)
        with outbox.writing():
            outbox.log_change(postmortem)

    view = sync.view()
    hits = view.searcher.search(view.visible(["everyone"]), limit=10).hits

    assert len(hits) == 1
    assert len(view.pending) == 3
