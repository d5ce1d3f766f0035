"""The one JSON shape of a hit: the API lists it, the export streams it."""

from dataclasses import asdict
from typing import Any

from postmortems.moments import Moment
from postmortems.search.results import Hit


def hit_body(hit: Hit) -> dict[str, Any]:
    """One hit, its best snippet included where it has any."""
    snippet = asdict(hit.snippets[0]) if hit.snippets else None
    return {
        "ref": hit.ref,
        "slug": hit.slug,
        "title": hit.title,
        "url": hit.url,
        "status": hit.status,
        "visibility": hit.visibility,
        "terms": hit.terms,
        "moments": {name: moment_body(moment) for name, moment in hit.moments.items()},
        "duration": asdict(hit.duration) if hit.duration else None,
        "snippet": snippet,
    }


def moment_body(moment: Moment) -> dict[str, Any]:
    """A moment's known fields; nothing for an unknown one."""
    return {name: value for name, value in asdict(moment).items() if value not in ("", None, False)}
