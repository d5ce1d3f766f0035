"""A chart as a file of its own: the colours of light paper written into it, its links whole.

The drawings are those of the page. There a stylesheet colours their classes; a file has none, so each
class becomes the attributes that it stands for, with the colours of `tokens.css`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from postmortems.insights.charts import heat
from postmortems.web.patterns_bodies import ChainsBody, MatrixBody, TimesBody, TrendsBody
from postmortems.web.patterns_cards import Card
from postmortems.web.patterns_page import Question, words_of
from postmortems.web.patterns_pictures import heat_picture

WIDTH, MARGIN, HEAD, TITLE, LEGEND = 720, 20, 64, 26, 18
CLASS = re.compile(r' class="([^"]*)"')
LINK = re.compile(r'<a href="([^"]*)"')
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}),")
# What a class stands for: attributes, whose colours are named as in the tokens.
PAINT: dict[str, dict[str, str]] = {
    "words": {"fill": "ink-3"},
    "paper": {"fill": "surface"},
    "title": {"fill": "ink", "font-size": "16", "font-weight": "600"},
    "note": {"fill": "ink-3", "font-size": "12"},
    "name": {"fill": "ink", "font-size": "12"},
    "line": {"stroke": "line"},
    "axis": {"stroke": "control"},
    "stripe": {"stroke": "surface", "stroke-width": "2"},
    "dot": {"fill": "accent"},
    "open": {"fill": "surface", "stroke": "accent", "stroke-width": "1.75"},
    "about": {"fill": "accent-tint", "stroke": "accent", "stroke-width": "1.75"},
    "arrow": {"fill": "none", "stroke": "accent", "stroke-width": "1.5"},
    "target": {"fill": "none"},
    "median": {"fill": "ink"},
    "median-band": {"fill": "phase-3"},
    "band": {"fill": "phase-3"},
    "on-dark": {"fill": "on-q", "font-weight": "600"},
    "on-light": {"fill": "ink", "font-weight": "600"},
    **{f"series-{place}": {"fill": f"series-{place}"} for place in range(1, 7)},
    **{f"fill-sev-{step}": {"fill": f"sev{step}"} for step in range(1, 6)},
    **{f"heat-{step}": {"fill": f"q{step}"} for step in range(heat.STEPS + 1)},
}


@dataclass(frozen=True, slots=True)
class Part:
    """One chart of a file: its template with what it prints, and where it stands."""

    template: str
    context: dict[str, Any]
    height: int
    y: int = 0
    title: str = ""


def drawing(card: Card, question: Question, absolute: Callable[[str], str]) -> str:
    """The card's picture as a whole SVG file."""
    body = heat_picture(card.body.matrix) if isinstance(card.body, MatrixBody) else card.body
    parts = list(_stacked(_parts(body)))
    keys = body.picture.keys if isinstance(body, TrendsBody) else ()
    foot = parts[-1].y + parts[-1].height + MARGIN if parts else HEAD
    inner = body.width if isinstance(body, heat.HeatMap) else WIDTH
    context = {
        "title": card.title,
        "note": _note(question),
        "inner": inner,
        "width": inner + 2 * MARGIN,
        "height": foot + LEGEND * len(keys) + MARGIN,
        "parts": [(part, render_to_string(part.template, part.context)) for part in parts],
        "keys": [(key, foot + LEGEND * place) for place, key in enumerate(keys)],
    }
    text = render_to_string("patterns/svg/file.svg", context)
    return _with_whole_links(_painted(text), absolute)


def _note(question: Question) -> str:
    """What it is about: the search, how many, and when."""
    said = (words_of(question), f"n = {question.selected.total}", f"{timezone.now():%Y-%m-%d}")
    return " · ".join(filter(None, said))


def _parts(body: Any) -> Iterator[Part]:
    if isinstance(body, heat.HeatMap):
        yield Part("patterns/svg/_heat.html", {"chart": body}, body.height)
    elif isinstance(body, TrendsBody):
        chart = body.picture.chart
        yield Part("patterns/svg/_stacks.html", {"chart": chart}, chart.height)
    elif isinstance(body, TimesBody):
        context = {"chart": body.chart, "ticks": body.ticks}
        yield Part("patterns/svg/_dots.html", context, body.chart.height)
    elif isinstance(body, ChainsBody):
        for view in (*body.first, *body.others):
            if view.chart.marks:
                context = {"chart": view.chart}
                name = view.chain.name
                yield Part("patterns/svg/_dated.html", context, view.chart.height, title=name)


def _stacked(parts: Iterator[Part]) -> Iterator[Part]:
    y = HEAD
    for part in parts:
        y += TITLE if part.title else 0
        yield Part(part.template, part.context, part.height, y, part.title)
        y += part.height + MARGIN


def _painted(text: str) -> str:
    return CLASS.sub(lambda match: _attributes(match[1]), text)


def _attributes(classes: str) -> str:
    """The attributes of some classes, the last one's where two say the same."""
    made: dict[str, str] = {}
    for name in classes.split():
        made |= PAINT.get(name, {})
    colours = paper()
    return "".join(f' {name}="{colours.get(value, value)}"' for name, value in made.items())


@cache
def paper() -> dict[str, str]:
    """Each colour of the light theme by its name."""
    text = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    return dict(TOKEN.findall(text))


def _with_whole_links(text: str, absolute: Callable[[str], str]) -> str:
    return LINK.sub(lambda match: f'<a href="{escape(absolute(unescape(match[1])))}"', text)
