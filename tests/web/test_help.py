"""The manual: every topic opens, its links lead somewhere, and it names what there is to set and to run."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from postmortems import moments
from postmortems.exchange import markdown_file
from postmortems.web import help as manual
from taxonomy import lookup

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates" / "help"
TOPICS = ["index", *manual.TOPICS]
OWN_COMMANDS = {name for name, app in get_commands().items() if app == "postmortems"}


def text_of(topic):
    """The Markdown of a topic."""
    return (FOLDER / f"{topic}.md").read_text()


@pytest.mark.parametrize("topic", manual.TOPICS)
def test_a_topic_opens_with_its_contents(browse, db, topic):
    page = browse().get(f"/help/{topic}/").text
    read = manual.read(topic)

    assert f"<h1>{read.title}</h1>" in page
    assert all(f'<section id="{section.id}">' in page for section in read.sections)
    assert all(f'href="#{section.id}"' in page for section in read.sections)


def test_the_index_links_every_topic(browse, db):
    page = browse().get("/help/").text

    assert all(f'href="/help/{topic}/"' in page for topic in manual.TOPICS)


def test_an_unknown_topic_is_not_found(browse, db):
    assert browse().get("/help/settings/").status_code == 404


def test_every_help_file_is_a_topic():
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_links_in_the_manual_lead_somewhere(topic):
    for target in re.findall(r"\]\((/[^)#?]*)", text_of(topic)):
        try:
            resolve(target)
        except Resolver404:
            pytest.fail(f"{topic}.md links {target}")


def test_a_heading_in_a_code_block_begins_no_section():
    parts = manual.split("# T\n\n```\n## no\n```\n\n## yes\ntext")

    assert len(parts) == 2
    assert parts[1] == "## yes\ntext"


def test_every_setting_is_documented():
    code = "".join(path.read_text() for path in (ROOT / "postmortems").glob("*.py"))
    read = set(re.findall(r'read_\w+\(\s*"(\w+)"', code)) | {"DATABASE_URL"}

    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of("running"), re.M))

    assert documented == read


def test_every_command_is_documented():
    named = set(re.findall(r"manage\.py (\w+)", text_of("running")))

    assert named >= OWN_COMMANDS


def test_every_make_target_is_documented():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))

    assert set(re.findall(r"^\| `make (\w+)`", text_of("running"), re.M)) == targets


def test_every_system_check_is_documented():
    files = sorted((ROOT / "postmortems").glob("*checks.py"))
    code = "".join(path.read_text() for path in files)

    assert set(re.findall(r'"(?:hindsight\.)?([EW]\d{3})"', code)) == set(
        re.findall(r"`hindsight\.([EW]\d+)`", text_of("running"))
    )


def test_the_sample_file_can_be_imported_as_it_stands(db):
    sample = re.search(r"```markdown\n(.*?)```", text_of("importing"), re.S)[1]
    terms = lookup.current()

    parsed = markdown_file.parse(sample, {info.slug for info in terms.vocabularies})

    assert parsed.problems == ()
    assert parsed.document.title == "Checkout cannot resolve its database"
    for item in parsed.document.classifications:
        assert terms.get(item.vocabulary, item.term), item


def examples_of(topic, heading):
    """What stands as code in the first column of the tables below a heading."""
    section = next(
        part for part in manual.split(text_of(topic)) if part.startswith(f"## {heading}")
    )
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return [code for cell in rows for code in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("notation", examples_of("importing", "Moments"))
def test_the_moments_of_the_manual_can_be_read(notation):
    moment = moments.parse_moment(notation)

    assert moments.parse_moment(moments.format_moment(moment)) == moment
