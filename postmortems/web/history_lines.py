"""Runs of text as lines to print: what came and went marked up, long unchanged stretches folded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from postmortems.word_diff import ADDED, KEPT, REMOVED, Run

# Unchanged lines around a change, and how many more of them are worth a fold.
CONTEXT = 1
LEAST_FOLDED = 3
# Characters of an unchanged stretch left at its ends inside a changed line, and of one that is told whole.
AROUND = 100
WHOLE = 2 * AROUND + 40
# What a page holds of one part: a text may have a million lines.
MOST_LINES = 1_000
LONGEST = 20_000
MOST_UNFOLDED = 20_000

TAGS = {ADDED: "ins", REMOVED: "del"}


@dataclass(frozen=True, slots=True)
class Told:
    """A text with its changes: both sides in one, and each side alone."""

    both: SafeString
    before: SafeString
    after: SafeString
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its changes, or a fold of `folded` unchanged lines: their text, if it is not too long."""

    told: Told | None = None
    folded: int = 0
    text: str = ""


@dataclass(slots=True)
class _Lines:
    """Collects lines from runs."""

    found: list[Line] = field(default_factory=list)
    open: list[Run] = field(default_factory=list)

    def add(self, run: Run) -> None:
        first, *others = run.text.split("\n") if run.kind != KEPT else [run.text]
        self.open.append(Run(run.kind, first))
        for text in others:
            self.close()
            self.open.append(Run(run.kind, text))

    def close(self) -> None:
        if any(run.text.strip() for run in self.open):
            self.found.append(Line(told(self.open)))
        self.open = []


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """The lines of a text in which something changed, with what stands around them."""
    lines = _Lines()
    runs = tuple(runs)
    for place, run in enumerate(runs):
        if len(lines.found) > MOST_LINES:
            break
        if run.kind == KEPT and "\n" in run.text:
            _add_kept(lines, run.text, is_first=place == 0, is_last=place == len(runs) - 1)
        else:
            lines.add(run)
    lines.close()
    return lines.found[:MOST_LINES]


def told(runs: Iterable[Run]) -> Told:
    """A text in one line."""
    pieces = list(_shortened([run for run in runs if run.text]))
    kinds = {run.kind for run in pieces if run.kind == KEPT or run.text.strip()}
    return Told(
        both=_html(pieces),
        before=_html(run for run in pieces if run.kind != ADDED),
        after=_html(run for run in pieces if run.kind != REMOVED),
        mark=_mark(kinds),
    )


def told_values(before: str, after: str) -> Told:
    """Two values, one in the place of the other."""
    runs = (Run(REMOVED, before), Run(KEPT, " "), Run(ADDED, after))
    return told(run for run in runs if (before and after) or run.kind != KEPT)


def _mark(kinds: set[str]) -> str:
    if kinds <= {KEPT}:
        return ""
    if kinds == {ADDED}:
        return "+"
    return "−" if kinds == {REMOVED} else "±"


def _html(runs: Iterable[Run]) -> SafeString:
    return mark_safe("".join(_piece(run) for run in runs))


def _piece(run: Run) -> str:
    tag = TAGS.get(run.kind)
    return f"<{tag}>{escape(run.text)}</{tag}>" if tag else escape(run.text)


def _shortened(runs: list[Run]) -> Iterator[Run]:
    """The same with the middle of long unchanged stretches left out, and the end of endless ones."""
    for place, run in enumerate(runs):
        text = run.text
        if run.kind != KEPT:
            yield run if len(text) <= LONGEST else Run(run.kind, f"{text[:LONGEST]} …")
        elif len(text) <= WHOLE:
            yield run
        else:
            start = text[:AROUND] if place or len(runs) == 1 else ""
            end = text[-AROUND:] if place < len(runs) - 1 else ""
            yield Run(KEPT, f"{start} … {end}")


def _add_kept(lines: _Lines, text: str, *, is_first: bool, is_last: bool) -> None:
    """An unchanged stretch of several lines: its ends belong to the lines that changed."""
    first, _newline, rest = text.partition("\n")
    middle, _newline, last = rest.rpartition("\n")
    if lines.open:
        lines.add(Run(KEPT, first))
        lines.close()
    else:
        middle = f"{first}\n{middle}"
    if is_last:
        middle, last = f"{middle}\n{last}", ""
    _add_middle(lines, middle, 0 if is_first else CONTEXT, 0 if is_last else CONTEXT)
    if last:
        lines.add(Run(KEPT, last))


def _add_middle(lines: _Lines, text: str, head: int, tail: int) -> None:
    between = [line for line in text.split("\n") if line.strip()]
    if len(between) < head + tail + LEAST_FOLDED and len(text) <= WHOLE:
        _add_whole(lines, between)
        return
    end = max(len(between) - tail, head)
    _add_whole(lines, between[:head])
    if folded := between[head:end]:
        shown = "\n".join(folded)
        # What is too long to be unfolded here stands on the page of the revision.
        text = shown if len(shown) <= MOST_UNFOLDED else ""
        lines.found.append(Line(folded=len(folded), text=text))
    _add_whole(lines, between[end:])


def _add_whole(lines: _Lines, texts: Iterable[str]) -> None:
    lines.found.extend(Line(told([Run(KEPT, text)])) for text in texts)
