"""Signature only yet."""

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Together


def together_of(selected: Selected) -> Together:
    """See shapes.Together."""
    raise NotImplementedError
