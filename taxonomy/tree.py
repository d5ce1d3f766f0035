"""Trees of terms: nest flat rows, paths, the cycle test, and the plan of a move. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

SEPARATOR = "/"


class Row(Protocol):
    """What a row must have to be nested; siblings stand by position, then by slug."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def slug(self) -> str: ...
    @property
    def position(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Node:
    """The least that a term is in a tree."""

    id: int
    parent_id: int | None
    slug: str
    path: str = ""
    position: int = 0


RowType = TypeVar("RowType", bound=Row)


@dataclass(frozen=True, slots=True)
class Branch(Generic[RowType]):
    """A row with the branches below it."""

    row: RowType
    children: "tuple[Branch[RowType], ...]" = ()


def nest(rows: Iterable[RowType]) -> tuple[Branch[RowType], ...]:
    """The roots, each with everything below it.

    Raises ValueError when a row's parent is not among the rows or rows stand in a circle: a row
    must never be left out silently.
    """
    listed = sorted(rows, key=lambda row: (row.position, row.slug))
    below: dict[int | None, list[RowType]] = {}
    for row in listed:
        below.setdefault(row.parent_id, []).append(row)
    roots = _branches(None, below)
    if sum(1 for _ in walk(roots)) != len(listed):
        raise ValueError("Rows hang in a circle or below a parent that is not there.")
    return roots


def _branches(
    parent_id: int | None, below: Mapping[int | None, list[RowType]]
) -> tuple[Branch[RowType], ...]:
    return tuple(Branch(row, _branches(row.id, below)) for row in below.get(parent_id, ()))


def walk(branches: Iterable[Branch[RowType]], depth: int = 0) -> Iterator[tuple[RowType, int]]:
    """Every row with its depth (roots are 0), parents before children, in display order."""
    for branch in branches:
        yield branch.row, depth
        yield from walk(branch.children, depth + 1)


def join(parent_path: str, slug: str) -> str:
    """The path of a term called `slug` below the parent; at the root when that path is empty."""
    return f"{parent_path}{SEPARATOR}{slug}" if parent_path else slug


def split(path: str) -> tuple[str, str]:
    """The parent's path (empty for a root) and the slug."""
    parent, _, slug = path.rpartition(SEPARATOR)
    return parent, slug


def ancestors(path: str) -> list[str]:
    """The paths from the root down to the path itself: `a/b/c` gives `a`, `a/b`, `a/b/c`."""
    parts = path.split(SEPARATOR)
    return [SEPARATOR.join(parts[: count + 1]) for count in range(len(parts))]


def path_of(node_id: int, nodes: Mapping[int, Node]) -> str:
    """The path as parents and slugs say it. Raises ValueError when the parents run in a circle."""
    slugs = [nodes[upper].slug for upper in _upwards(node_id, nodes)]
    return SEPARATOR.join(reversed(slugs))


def would_cycle(node_id: int, new_parent_id: int | None, nodes: Mapping[int, Node]) -> bool:
    """Whether hanging the node below the new parent would put it below itself."""
    return new_parent_id is not None and node_id in _upwards(new_parent_id, nodes)


def move_plan(
    node_id: int, new_parent_id: int | None, nodes: Mapping[int, Node], *, slug: str = ""
) -> dict[str, str]:
    """Old path to new path of the node and everything below it; empty when nothing changes.

    `slug` renames the node on the way. Raises ValueError when the node would come to hang below
    itself, or when a node that does not move already has one of the new paths.
    """
    if would_cycle(node_id, new_parent_id, nodes):
        raise ValueError(f"{path_of(node_id, nodes)} cannot move below itself.")
    old_root = path_of(node_id, nodes)
    parent_path = "" if new_parent_id is None else path_of(new_parent_id, nodes)
    new_root = join(parent_path, slug or nodes[node_id].slug)
    if new_root == old_root:
        return {}
    paths = [path_of(other, nodes) for other in nodes]
    moving = [path for path in paths if is_under(path, old_root)]
    plan = {path: new_root + path.removeprefix(old_root) for path in moving}
    if taken := sorted(set(plan.values()) & (set(paths) - plan.keys())):
        raise ValueError(f"The path {taken[0]} is taken.")
    return plan


def is_under(path: str, root: str) -> bool:
    """Whether the path is the root or below it; `a/bc` is not under `a/b`."""
    return path == root or path.startswith(root + SEPARATOR)


def _upwards(node_id: int, nodes: Mapping[int, Node]) -> list[int]:
    """The node and its parents up to the root."""
    found: list[int] = []
    current: int | None = node_id
    while current is not None:
        if current in found:
            raise ValueError(f"The parents of node {node_id} run in a circle.")
        found.append(current)
        current = nodes[current].parent_id
    return found
