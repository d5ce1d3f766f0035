"""The contrast of every text colour over every background it may stand on, recomputed from tokens.css."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
PAIRS = {name: (light, dark) for name, light, dark in PAIR.findall(CSS.read_text())}

TINTS = ["accent-tint", "good-tint", "warn-tint", "bad-tint"]
EVERYWHERE = ["canvas", "surface", "sunken", *TINTS]
Q_LIGHT_TEXT = [f"q{step}" for step in range(5)]
Q_STRONG = [f"q{step}" for step in range(5, 9)]

# text, backgrounds, lowest ratio in light, lowest in dark
TABLE = [
    ("ink", EVERYWHERE, 14.42, 12.22),
    ("ink-2", EVERYWHERE, 7.41, 7.97),
    ("ink-3", EVERYWHERE, 4.97, 5.61),
    ("accent", ["canvas", "surface", "sunken", "accent-tint"], 5.80, 6.88),
    ("good", ["canvas", "surface", "good-tint"], 5.91, 9.11),
    ("warn", ["canvas", "surface", "warn-tint"], 6.25, 8.44),
    ("bad", ["canvas", "surface", "bad-tint"], 6.60, 7.06),
    ("on-accent", ["accent"], 6.75, 8.41),
    ("on-mark", ["mark"], 13.73, 7.75),
    ("on-sev1", ["sev1"], 7.94, 7.00),
    ("on-sev2", ["sev2"], 5.23, 8.62),
    ("on-sev3", ["sev3"], 7.63, 7.58),
    ("sev4", ["canvas", "surface"], 7.05, 9.15),
    ("sev5", ["canvas", "surface"], 5.39, 6.69),
    ("control", ["canvas", "surface", "sunken"], 3.26, 4.19),
]


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lowest(text: str, backgrounds: list[str], theme: int) -> float:
    """The lowest ratio of a text colour over those backgrounds; theme 0 is light, 1 dark."""
    return min(contrast(PAIRS[text][theme], PAIRS[name][theme]) for name in backgrounds)


def test_every_colour_has_a_light_and_a_dark_value():
    named = re.findall(r"--([\w-]+): light-dark", CSS.read_text())

    assert len(named) == len(PAIRS) == 47


@pytest.mark.parametrize(("text", "backgrounds", "light", "dark"), TABLE)
def test_the_lowest_contrast_is_the_designed_one(text, backgrounds, light, dark):
    assert round(lowest(text, backgrounds, 0), 2) == light
    assert round(lowest(text, backgrounds, 1), 2) == dark


@pytest.mark.parametrize(("theme", "expected"), [(0, 4.85), (1, 6.5)])
def test_numbers_on_the_heat_map_can_be_read(theme, expected):
    weak = lowest("ink", Q_LIGHT_TEXT, theme)
    strong = lowest("on-q", Q_STRONG, theme)

    assert round(min(weak, strong), 2) == expected
