"""Signature only yet."""

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Trends


def trends_of(selected: Selected, *, span: str = "quarter", by: str = "cause") -> Trends:
    """See shapes.Trends."""
    raise NotImplementedError
