"""What holds for all stylesheets and drawings: one place for colours, the layer order, the weight."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TOKENS = ROOT / "static" / "css" / "tokens.css"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = ROOT / "static" / "img" / "icons.svg"

COLOUR = re.compile(
    r"(?<!&)#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b(?!-)|\b(?:rgb|hsl|oklch)a?\(", re.I
)
LAYERS = "@layer reset, tokens, base, layout, components, utilities, print;"
KILOBYTE = 1024


def weight(paths: list[Path]) -> int:
    """Bytes of all files together, compressed as a server sends them."""
    return len(gzip.compress(b"".join(path.read_bytes() for path in paths), 9))


@pytest.mark.parametrize("path", [*SHEETS, *TEMPLATES], ids=lambda path: path.name)
def test_only_the_tokens_name_colours(path):
    links = re.sub(r'(?:href|src|action)="[^"]*"', "", path.read_text())

    assert bool(COLOUR.findall(links)) is (path == TOKENS)


def test_the_tokens_set_the_layer_order_before_anything_else():
    rules = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(), flags=re.S)

    assert rules.strip().startswith(LAYERS)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_stands_in_a_known_layer(path):
    outside = re.findall(r"^(?!@layer|@font-face|@media|\}|/\*|\s|$).+", path.read_text(), re.M)
    layers = set(re.findall(r"^@layer (\w+) \{", path.read_text(), re.M))

    assert outside == []
    assert layers <= set(LAYERS.removeprefix("@layer ").rstrip(";").split(", "))


def linked(path: Path) -> list[Path]:
    """The stylesheets that a template links."""
    return [SHEETS[0].parent / name for name in re.findall(r"css/([\w-]+\.css)", path.read_text())]


BASE = ROOT / "templates" / "base.html"
PAGES = [path for path in TEMPLATES if path != BASE and linked(path)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_stylesheets_of_a_page_stay_light(path):
    assert weight([*linked(BASE), *linked(path)]) <= 12 * KILOBYTE


def test_every_stylesheet_is_linked_somewhere():
    assert {sheet for path in [BASE, *PAGES] for sheet in linked(path)} == set(SHEETS)


def test_the_icons_stay_light():
    assert weight([ICONS]) <= 2 * KILOBYTE


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', ICONS.read_text()))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'"_icon.html" with (?:\w+=\S+ )*name="([\w-]+)"', path.read_text())
    }

    assert named - drawn == set()
