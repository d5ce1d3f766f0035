"""Links in the manual lead to the very part they mean, and the list of topics is in order."""

import re

import pytest
from django.test import Client

from postmortems.web import help as manual
from tests.web.test_help import TOPICS, text_of

ANCHOR = re.compile(r"\]\(/help/(?:([a-z-]+)/)?#([\w-]+)\)")
ANCHOR_HERE = re.compile(r"\]\(#([\w-]+)\)")


def parts_of(topic: str) -> set[str]:
    """The addresses of the sections of a topic."""
    return {section.id for section in manual.read(topic).sections}


@pytest.mark.parametrize("topic", TOPICS)
def test_links_into_a_topic_lead_to_a_part_of_it(topic):
    text = text_of(topic)
    meant = ANCHOR.findall(text) + [(topic, part) for part in ANCHOR_HERE.findall(text)]

    assert [place for place in meant if place[1] not in parts_of(place[0] or "index")] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_two_parts_of_a_topic_have_one_address(topic):
    sections = manual.read(topic).sections

    assert len({section.id for section in sections}) == len(sections)


def test_every_topic_stands_in_one_group():
    listed = [slug for _group, topics in manual.grouped() for slug, _label in topics]

    assert listed == list(manual.TOPICS)
    assert set(manual.GROUPS) <= set(manual.TOPICS)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_the_list_of_topics_is_in_the_readers_language(db, language):
    page = Client(headers={"accept-language": language}).get("/help/glossary/").text

    assert f'<html lang="zh-{language[3:].title()}"' in page
    assert ">Glossary</a>" not in page
    assert ">Where to begin</a>" not in page


def test_a_wide_table_scrolls_in_a_box_with_a_name(browse, db):
    page = browse().get("/help/roles/").text

    assert page.count('role="region" tabindex="0"') == page.count("<table>") == 3
    assert 'aria-label="In a team"' in page
    assert 'role="region"' not in browse().get("/help/glossary/").text
