"""The README is true: what it names exists, its pictures are light, its layers are those of the code."""

import re
import struct
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import get_commands

from postmortems.web import help as manual

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
LINKS = re.findall(r"!?\[([^\]]+)\]\(([^)]+)\)", README)
PICTURES = [path for path in (target for _words, target in LINKS) if path.endswith(".png")]
# The rows of the layers table: its words, and the modules it names.
LAYERS = re.findall(r"^\| ([^|`]+) \| (`(?:postmortems|taxonomy)/.*) \|$", README, re.M)
HEAVIEST = 150 * 1024


@pytest.mark.parametrize("target", [target for _words, target in LINKS])
def test_what_is_linked_is_there(target):
    assert (ROOT / target).is_file()


def test_a_link_to_the_manual_says_the_name_of_the_topic():
    topics = [(Path(target).stem, words) for words, target in LINKS if "templates/help" in target]
    # Where the manual begins is linked by the names of its languages.
    named = {topic: words for topic, words in topics if topic != "index"}
    labels = {slug: str(label) for slug, label in manual.TOPICS.items()}

    assert {slug: labels[slug] for slug in named} | {"backups": "Backups"} == named


@pytest.mark.parametrize("path", re.findall(r"`((?:postmortems|taxonomy)/[\w/.]*)`", README))
def test_a_module_that_is_named_is_there(path):
    found = ROOT / path

    assert found.is_dir() if path.endswith("/") else found.is_file()


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(
        re.findall(r"^(?:make|PORT=9000 make) (\w+)|`(?:PORT=9000 )?make (\w+)", README, re.M)
    )
    flat = {name for pair in named for name in pair if name}

    assert flat > {"run", "test"}
    assert flat <= targets


def test_every_command_it_names_exists():
    named = set(re.findall(r"manage\.py (\w+)", README))

    assert len(named) > 5
    assert named <= set(get_commands())


def test_it_begins_with_three_sentences_and_two_pictures():
    begin = README.partition("## ")[0]
    first = begin.split("\n\n")[1]

    assert len(re.findall(r"[.?](?:\s|$)", first)) == 3
    assert len(PICTURES) == 2


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_is_light_and_wide(path):
    picture = (ROOT / path).read_bytes()
    width, height = struct.unpack(">II", picture[16:24])

    assert len(picture) <= HEAVIEST
    assert (width, height) == (1440, 900)


def test_the_number_of_incidents_and_the_password_are_true(settings):
    number = int(re.search(r"comes with (\d+) public incidents", README)[1])

    assert number == len(list((ROOT / "fixtures" / "seeds").glob("*.md")))
    assert f"`{settings.DEMO_PASSWORD}`" in README


def test_its_layers_are_those_that_are_held():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    held = project["tool"]["importlinter"]["contracts"][0]["layers"]
    place = {name: row for row, names in enumerate(held) for name in re.findall(r"\w+", names)}
    named = [re.findall(r"`postmortems/(\w+)", modules) for _words, modules in LAYERS]
    rows = [sorted(place[name] for name in names) for names in named if names]

    assert len(rows) == len(LAYERS) - 1 > 6
    assert [low for low, high in pairwise(rows) if low[-1] > high[0]] == []


def test_every_package_has_a_layer_in_it():
    packages = {path.parent.name for path in (ROOT / "postmortems").glob("*/__init__.py")}
    inner = {"migrations", "templatetags", "postgresql", "body_templates", "writing"}

    assert packages - inner <= set(re.findall(r"`postmortems/(\w+)/`", README))
