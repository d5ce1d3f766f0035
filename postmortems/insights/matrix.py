"""Signature only yet."""

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Matrix


def matrix_of(
    selected: Selected,
    *,
    rows: str = "cause",
    columns: str = "component",
    depth: int = 1,
    colour: str = "count",
) -> Matrix:
    """See shapes.Matrix."""
    raise NotImplementedError
