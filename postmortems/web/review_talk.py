"""The comments of a review as the page prints them: threads by the part they hang on, in the order of the page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems import rendering
from postmortems.models import Postmortem, ReviewComment, User
from postmortems.rendering import Rendered
from postmortems.reviews.comments import may_delete
from postmortems.web.read_page import Body, ReadPage

WHOLE = ""
# On the page these stand in a section of another name.
WITHIN = {"root-cause": "causes", "workarounds": "resolution"}
# Made of the rest of the page: what is said about it belongs to that.
NOT_TALKED_ABOUT = ("in-short",)
LABEL_LENGTH = 60


@dataclass(frozen=True)
class Talk:
    """One comment or answer."""

    id: int
    name: str
    at: datetime
    is_edited: bool
    is_gone: bool
    html: SafeString
    plain: str
    revision: int
    is_old: bool
    is_own: bool
    may_delete: bool


@dataclass(frozen=True)
class Thread:
    """A comment with its answers. `place` says on what; `label` the same beside a section of another
    name, and `target` is where that stands."""

    first: Talk
    replies: tuple[Talk, ...]
    anchor: str
    place: str
    label: str
    target: str
    settled_by: str
    is_settled: bool


@dataclass(frozen=True)
class Spot:
    """Something that can be commented on: the section itself, or one of its entries."""

    anchor: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Side:
    """What is said beside a section: open threads, settled ones, and what a new comment may hang on."""

    key: str
    label: str
    open: tuple[Thread, ...]
    settled: tuple[Thread, ...]
    spots: tuple[Spot, ...]
    is_writing: bool = False
    typed: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        """The id of its element; no section is called 0."""
        return f"side-{self.key or '0'}"

    @property
    def words(self) -> str:
        """How many there are, on the line that folds them away."""
        count = len(self.open) + len(self.settled)
        if not count:
            return _("Comment")
        return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": count}


@dataclass(frozen=True)
class Mark:
    """The number of open threads beside a heading or an entry, and where they stand."""

    count: int
    url: str
    label: str
    is_mark: bool = True


@dataclass(frozen=True)
class Typed:
    """What somebody has typed into a form that could not be saved, and why."""

    anchor: str = ""
    text: str = ""
    error: str = ""


@dataclass(frozen=True)
class Board:
    """All that is said, by the section beside which it stands."""

    sides: Mapping[str, Side]
    marks: Mapping[str, Mark]
    open: int
    settled: int
    first: tuple[Thread, ...] = field(default=())


def board_of(
    postmortem: Postmortem,
    page: ReadPage,
    viewer: User,
    *,
    is_meeting: bool = False,
    typed: Typed | None = None,
) -> Board:
    """The comments of a postmortem beside the sections of its page, or in a meeting beside each entry."""
    spots = _spots(page)
    if is_meeting:
        spots = _apart(spots)
    homes = {spot.anchor: key for key, found in spots.items() for spot in found}
    homes |= {name: section for name, section in WITHIN.items() if section in spots}
    labels = {spot.anchor: spot.label for found in spots.values() for spot in found}
    threads = list(_threads(postmortem, viewer, homes, labels))
    order = {anchor: number for number, anchor in enumerate(labels)}
    threads.sort(key=lambda thread: (order.get(thread.anchor, -1), thread.first.id))
    by_home: dict[str, list[Thread]] = {}
    for thread in threads:
        by_home.setdefault(homes.get(thread.anchor, WHOLE), []).append(thread)
    sides = {key: _side(key, found, by_home.get(key, []), typed) for key, found in spots.items()}
    still_open = tuple(thread for thread in threads if not thread.is_settled)
    return Board(
        sides=sides,
        marks=_marks(still_open, sides, homes),
        open=len(still_open),
        settled=len(threads) - len(still_open),
        first=still_open[:5],
    )


def _spots(page: ReadPage) -> dict[str, tuple[Spot, ...]]:
    """What can be commented on by the section in which it stands, the whole first."""
    entries = dict(_entries(page.body))
    found: dict[str, tuple[Spot, ...]] = {WHOLE: (Spot(WHOLE, _("The whole postmortem")),)}
    for line in page.contents:
        if line.id not in NOT_TALKED_ABOUT:
            found[line.id] = (Spot(line.id, line.title), *entries.get(line.id, ()))
    return found


def _entries(body: Body) -> Iterator[tuple[str, tuple[Spot, ...]]]:
    if body.rail:
        timed = ((entry.id, f"{entry.when} · {_short(entry.text)}") for entry in body.rail.entries)
        yield "timeline", tuple(Spot(*pair) for pair in timed)
    claims = (Spot(item.id, f"{item.label} · {_short(item.claim)}") for item in body.hypotheses)
    yield "hypotheses", tuple(claims)
    yield "lessons", tuple(Spot(item.id, _short(item.text)) for item in body.lessons)
    yield "actions", tuple(Spot(item.id, _short(item.text)) for item in body.actions)


def _short(text: str) -> str:
    return Truncator(text).chars(LABEL_LENGTH)


def _apart(spots: Mapping[str, tuple[Spot, ...]]) -> dict[str, tuple[Spot, ...]]:
    """Each entry with a place of its own."""
    alone: dict[str, tuple[Spot, ...]] = {}
    for found in spots.values():
        alone.update((spot.anchor, (spot,)) for spot in found)
    return alone


def _threads(
    postmortem: Postmortem, viewer: User, homes: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[Thread]:
    rows = list(
        ReviewComment.objects.filter(postmortem=postmortem)
        .select_related("author", "resolved_by")
        .order_by("pk")
    )
    rendered = rendering.render_many(row.text for row in rows)
    talks = {row.pk: _talk(row, rendered[row.text], postmortem, viewer) for row in rows}
    replies: dict[int, list[Talk]] = {}
    for row in rows:
        if row.parent_id:
            replies.setdefault(row.parent_id, []).append(talks[row.pk])
    for row in rows:
        if row.parent_id:
            continue
        is_entry = homes.get(row.anchor, WHOLE) != row.anchor
        is_there = row.anchor in labels
        label = labels.get(row.anchor) or _("A part that is gone")
        yield Thread(
            first=talks[row.pk],
            replies=tuple(replies.get(row.pk, ())),
            anchor=row.anchor,
            place=label,
            label=label if is_entry else "",
            target=row.anchor if is_there else "",
            settled_by=str(row.resolved_by or ""),
            is_settled=row.resolved_at is not None,
        )


def _talk(row: ReviewComment, rendered: Rendered, postmortem: Postmortem, viewer: User) -> Talk:
    return Talk(
        id=row.pk,
        name=str(row.author),
        at=row.created_at,
        is_edited=row.edited_at is not None,
        is_gone=row.deleted_at is not None,
        html=mark_safe(rendered.html),
        plain=rendered.plain,
        revision=row.revision,
        is_old=row.revision != postmortem.revision,
        is_own=row.author_id == viewer.pk,
        may_delete=may_delete(viewer, row),
    )


def _side(
    key: str, spots: tuple[Spot, ...], threads: Iterable[Thread], typed: Typed | None
) -> Side:
    found = list(threads)
    is_here = typed is not None and typed.anchor in {spot.anchor for spot in spots}
    chosen = typed.anchor if typed and is_here else key
    return Side(
        key=key,
        label=spots[0].label,
        open=tuple(thread for thread in found if not thread.is_settled),
        settled=tuple(thread for thread in found if thread.is_settled),
        spots=tuple(Spot(spot.anchor, spot.label, spot.anchor == chosen) for spot in spots),
        is_writing=is_here,
        typed=typed.text if typed and is_here else "",
        error=typed.error if typed and is_here else "",
    )


def _marks(
    threads: Iterable[Thread], sides: Mapping[str, Side], homes: Mapping[str, str]
) -> dict[str, Mark]:
    """A mark for every section and every entry that is talked about."""
    counts: dict[str, int] = {}
    for thread in threads:
        home = homes.get(thread.anchor, WHOLE)
        for key in {thread.anchor, home}:
            counts[key] = counts.get(key, 0) + 1
    return {
        key: Mark(count, f"#{sides[homes.get(key, WHOLE)].id}", _open_words(count))
        for key, count in counts.items()
    }


def _open_words(count: int) -> str:
    return ngettext("%(n)s open comment", "%(n)s open comments", count) % {"n": count}
