"""What completion offers: frozen, ready to print, the same for page and API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to take. `insert` stands in for the text that the caret is in; `count` is how many
    postmortems have it among those that the rest of the query finds, None where that means nothing;
    `hint` says where it belongs or what it means; `url` is set where taking it opens a page."""

    kind: str
    insert: str
    label: str
    hint: str = ""
    count: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Options of one kind under a heading."""

    kind: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Completions:
    """What may stand in the place of text[start:end]; positions count characters."""

    start: int
    end: int
    groups: tuple[Group, ...] = ()
