"""Completes a query and gives back what a test compares; a bar in the text stands for the caret."""

from postmortems.search.completion import complete
from postmortems.search.completion_options import Completions, Option
from tests.search.asking import VISITOR


def completions(marked: str, by=VISITOR, *, shown_in="en", **params) -> Completions:
    """What may follow at the bar, or at the end of a text without one."""
    text, at = marked.replace("|", "", 1), (marked if "|" in marked else f"{marked}|").index("|")
    return complete(text, at, by, shown_in, params)


def options(marked: str, by=VISITOR, *, kind: str = "", shown_in="en", **params) -> list[Option]:
    """All options, or those of one kind."""
    groups = completions(marked, by, shown_in=shown_in, **params).groups
    found = [option for group in groups for option in group.options]
    return [option for option in found if kind in ("", option.kind)]


def inserts(marked: str, by=VISITOR, *, kind: str = "", shown_in="en", **params) -> list[str]:
    """What the options would put into the text."""
    found = options(marked, by, kind=kind, shown_in=shown_in, **params)
    return [option.insert for option in found]


def counted(marked: str, by=VISITOR, **params) -> dict[str, int | None]:
    """What the options of any kind would put into the text, with their counts."""
    return {option.insert: option.count for option in options(marked, by, **params)}


def taken(marked: str, option: Option, by=VISITOR) -> str:
    """The text after an option was taken."""
    text, found = marked.replace("|", "", 1), completions(marked, by)
    return text[: found.start] + option.insert + text[found.end :]
