"""What holds for all templates: nothing inline, links that say where they go, a size that can be read."""

import re
import statistics
from pathlib import Path

import pytest
from django.template.loader import get_template

FOLDER = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
IDS = [str(path.relative_to(FOLDER)) for path in TEMPLATES]

# The policy forbids all of it: style attributes, style elements, event attributes, script text.
INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\ssrc=)|<script[^>]*>\s*[^<\s]""",
    re.I,
)
MOST_LINES = 150
MEDIAN_LINES = 35


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_a_template_has_no_inline_script_or_style(path):
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "bad", ['<a style="x">', "<style>", '<b onclick="x()">', "<script>x</script>"]
)
def test_the_search_for_inline_code_can_fail(bad):
    assert INLINE.search(bad)


@pytest.mark.parametrize("name", IDS)
def test_a_template_can_be_parsed(name):
    assert get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_a_form_that_posts_carries_the_token(path):
    for form in re.findall(r"<form\b[^>]*\bpost\b.*?</form>", path.read_text(), re.S | re.I):
        assert "{% csrf_token %}" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_no_link_opens_a_new_tab_and_no_address_leaves_the_site(path):
    text = path.read_text()

    assert "_blank" not in text
    assert re.findall(r'(?:href|src|action)="(?:https?:)?//', text) == []


def test_templates_stay_short():
    lines = [len(path.read_text().splitlines()) for path in TEMPLATES]

    assert max(lines) <= MOST_LINES
    assert statistics.median(lines) <= MEDIAN_LINES
