"""Commands, options, settings, files and the words on buttons: the manual names only what there is."""

import re

import pytest
from django.core.management import get_commands, load_command_class

from tests.project.test_translations import catalog
from tests.web.test_help import ROOT, TOPICS, text_of

WHOLE = {topic: text_of(topic) for topic in TOPICS}
CALLS = sorted(
    {call for text in WHOLE.values() for call in re.findall(r"manage\.py ([^`\n]+)", text)}
)
# What stands in italics as on the page, but is said by commands, JavaScript or the figures themselves.
SAID_ELSEWHERE = {"Restored and verified", "Undo", "Not later than", "Counted anew", "Used", "CSV"}


def options_of(command: str) -> set[str]:
    """The options of a command and of what it can be asked to do."""
    parser = load_command_class(get_commands()[command], command).create_parser(
        "manage.py", command
    )
    found = set(parser._option_string_actions)
    for action in parser._actions:
        for inner in (action.choices or {}).values() if isinstance(action.choices, dict) else ():
            found |= set(inner._option_string_actions)
    return found


@pytest.mark.parametrize("call", CALLS)
def test_a_command_takes_the_options_that_are_named(call):
    command = re.match(r"\w+", call)[0]

    assert command in get_commands()
    assert set(re.findall(r"(?<!\S)--[a-z-]+", call)) <= options_of(command)


def test_every_setting_that_is_named_is_one():
    table = set(re.findall(r"^\| `(HINDSIGHT_\w+)` \|", WHOLE["running"], re.M))
    named = {
        name for text in WHOLE.values() for name in re.findall(r"`?(HINDSIGHT_\w+)`?(?!\w)", text)
    }

    # "that begin with `HINDSIGHT_MAIL`"
    assert named - table == {"HINDSIGHT_MAIL"}


@pytest.mark.parametrize("topic", TOPICS)
def test_no_setting_or_command_is_told_twice_in_a_table(topic):
    first = re.findall(r"^\| (`(?:[A-Z_]{6,}|manage\.py [^`]+|make [^`]+)`) \|", WHOLE[topic], re.M)

    assert len(set(first)) == len(first)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_file_of_the_release_that_is_named_is_there(topic):
    pattern = r"(?<![\w/.-])((?:requirements|fixtures|templates|static|tests)/[\w./-]+|[A-Z]+\.md)"

    assert [name for name in re.findall(pattern, WHOLE[topic]) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "good-postmortems"])
def test_the_words_in_italics_stand_on_pages(topic):
    text = re.sub(r"```.*?```|`[^`]*`|\*\*[^*]+\*\*", "", WHOLE[topic], flags=re.S)
    named = set(re.findall(r"(?<![\w*])\*([A-Z][^*\n]+)\*(?!\*)", text)) - SAID_ELSEWHERE
    pages = [entry.source.lower() for entry in catalog("zh_Hans")[1]]

    assert [
        name for name in named if not any(words.startswith(name.lower()) for words in pages)
    ] == []
