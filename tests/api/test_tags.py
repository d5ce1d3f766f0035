"""Entity tags: what is unchanged is not sent again, and no header breaks an answer."""

import pytest

from postmortems.api import tags
from tests.api.tool import Tool, status

URL = "/api/v1/teams/platform/"
ANOTHER = '"0123456789abcdef"'


@pytest.fixture
def tool(alice):
    return Tool(alice)


@pytest.fixture
def tag(tool):
    return tool.get(URL)["ETag"]


def test_what_is_read_has_a_strong_tag_that_is_the_same_each_time(tool, tag):
    assert tag.startswith('"')
    assert tool.get(URL)["ETag"] == tag


def test_what_the_client_has_already_is_not_sent_again(tool, tag):
    answer = tool.get(URL, If_None_Match=tag)

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == tag
    assert "Content-Type" not in answer
    assert "RateLimit" in answer


@pytest.mark.parametrize("header", ["*", "W/{tag}", "{another}, {tag}", '{tag} , W/"x"', " {tag} "])
def test_every_way_to_name_the_tag_is_understood(tool, tag, header):
    sent = header.format(tag=tag, another=ANOTHER)

    assert tool.get(URL, If_None_Match=sent).status_code == 304


@pytest.mark.parametrize(
    "header", ["", '"', "W/", '"x', "x", ANOTHER, '"a" "b"', "**", '"a",,"b"', f'"{"x" * 2_000}"']
)
def test_another_tag_and_a_broken_one_are_answered_in_full(tool, tag, header):
    answer = tool.get(URL, If_None_Match=header)

    assert (answer.status_code, answer["ETag"]) == (200, tag)


def test_a_change_makes_another_tag(tool, tag, dana):
    Tool(dana).patch(URL, {"name": "Base"})

    answer = tool.get(URL, If_None_Match=tag)

    assert answer.status_code == 200
    assert answer["ETag"] != tag


def test_who_sees_something_else_has_another_tag(tag, dana):
    assert Tool(dana).get(URL)["ETag"] != tag


def test_head_has_the_tag_of_get(tool, tag):
    assert tool.ask("head", URL)["ETag"] == tag


def test_nothing_that_fails_has_a_tag(tool):
    answer = tool.get("/api/v1/teams/nothing/", If_None_Match="*")

    assert status(answer) == 404
    assert "ETag" not in answer


# --- If-Match -------------------------------------------------------------------------------------

VOCABULARY = "/api/v1/vocabularies/cause/"
CHANGE = {"facet": "open"}


@pytest.fixture
def curator(dana):
    return Tool(dana)


@pytest.fixture
def version(curator):
    return curator.get(VOCABULARY)["ETag"]


@pytest.mark.parametrize("header", ["{tag}", '"9-0123456789abcdef", {tag}', '{tag}, "x"'])
def test_a_change_of_what_was_read_is_made(curator, version, header):
    sent = header.format(tag=version)

    assert curator.patch(VOCABULARY, CHANGE, If_Match=sent).status_code == 200


def test_two_viewers_hold_two_tags_of_one_version():
    one, other = tags.tag_of(b"more", 7), tags.tag_of(b"less", 7)

    assert one != other
    assert [tags.OURS.fullmatch(tag.strip('"'))[1] for tag in (one, other)] == ["7", "7"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", 428),
        (" ", 428),
        ("*", 428),
        ("W/{tag}", 412),
        (ANOTHER, 412),
        ('"1-0123456789abcdef"', 412),
        ('"99999999999999999999999-0123456789abcdef"', 412),
        ('"١-0123456789abcdef"', 400),
        ('"', 400),
        ('"x', 400),
        ("x", 400),
        ('"a",,"b"', 400),
        (f'"{"x" * 2_000}"', 400),
    ],
)
def test_any_other_header_changes_nothing(curator, version, header, expected):
    answer = curator.patch(VOCABULARY, CHANGE, If_Match=header.format(tag=version))

    assert status(answer) == expected
    assert curator.get(VOCABULARY)["ETag"] == version


def test_a_refused_change_names_the_current_tag(curator, version, dana):
    curator.patch(VOCABULARY, CHANGE, If_Match=version)

    answer = curator.patch(VOCABULARY, {"facet": "closed"}, If_Match=version)

    assert status(answer) == 412
    assert answer["ETag"] == curator.get(VOCABULARY)["ETag"]
    assert (
        curator.patch(VOCABULARY, {"facet": "closed"}, If_Match=answer["ETag"]).status_code == 200
    )


def test_a_token_that_may_not_is_told_so_whatever_it_names(alice, version):
    assert status(Tool(alice).patch(VOCABULARY, CHANGE, If_Match=version)) == 403
