"""Signature only yet."""

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Findings


def findings_of(selected: Selected) -> Findings:
    """See shapes.Findings."""
    raise NotImplementedError
