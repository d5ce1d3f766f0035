"""Signature only yet."""

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Overrepresented


def overrepresented_of(selected: Selected) -> Overrepresented:
    """See shapes.Overrepresented."""
    raise NotImplementedError
