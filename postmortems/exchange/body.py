"""The Markdown below the front matter: summary, then sections under `## ` headings. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from postmortems.document import ITEMS, SECTIONS
from postmortems.document_json import clean
from postmortems.exchange.problems import PROBLEMS, FileProblem, did_you_mean

HEADINGS = {key: key.replace("-", " ").capitalize() for key in SECTIONS}
KEYS = {heading.lower(): key for key, heading in HEADINGS.items()}
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
WITH_KEY = re.compile(r".*\{#([^{}]*)\}")
# A line of the text that looks like a heading, or like one that was escaped already.
LOOKS_LIKE_HEADING = re.compile(r"^(\\*## )", re.MULTILINE)
ESCAPED = re.compile(r"^\\(\\*## )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A section's key and text, and the line of its heading."""

    key: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Body:
    """The summary, with the line it begins at, and the sections that have a text."""

    summary: str
    line: int
    sections: tuple[Section, ...]
    problems: tuple[FileProblem, ...]


def read(text: str, first_line: int = 1) -> Body:
    """The parts of a body, which stands at that line of its file."""
    summary, *rest = HEADING.split(text)
    sections: dict[str, Section] = {}
    problems: list[FileProblem] = []
    line = first_line + summary.count("\n")
    for heading, content in zip(rest[::2], rest[1::2], strict=True):
        if len(problems) == PROBLEMS:
            break
        section = Section(_key_of(heading.strip()), _unescaped(content), line)
        problem = _problem(section, heading.strip(), sections)
        if problem:
            problems.append(problem)
        elif section.text:
            sections[section.key] = section
        line += content.count("\n")
    return Body(_unescaped(summary), first_line, tuple(sections.values()), tuple(problems))


def _key_of(heading: str) -> str:
    match = WITH_KEY.fullmatch(heading)
    return match[1].strip() if match else KEYS.get(heading.lower(), "")


def _problem(section: Section, heading: str, known: Mapping[str, Section]) -> FileProblem | None:
    if not section.key:
        advice = did_you_mean(
            heading.capitalize(),
            HEADINGS.values(),
            "Begin the line with \\## when it belongs to the text, or give the heading a key "
            "such as {#my-section}.",
        )
        message = f"There is no section “{heading[:60]}”."
        return FileProblem(section.line, heading[:60], message, advice)
    if section.key in known:
        message = f"The section “{heading[:60]}” stands here a second time."
        return FileProblem(section.line, section.key[:60], message, "Join the two.")
    if len(known) == ITEMS:
        message = f"There are over {ITEMS} sections."
        return FileProblem(section.line, section.key, message, "Join some.")
    return None


def _unescaped(text: str) -> str:
    return clean(ESCAPED.sub(r"\1", text))


def print_body(
    summary: str, sections: Mapping[str, str], names: Mapping[str, str] | None = None
) -> str:
    """The text that `read` turns into the same parts; known sections come first, in their order.
    `names` are what the others are called, beside their keys."""
    order = [key for key in SECTIONS if key in sections]
    order += [key for key in sections if key not in HEADINGS]
    return "\n\n".join(_blocks(summary, {key: sections[key] for key in order}, names or {}))


def _blocks(summary: str, sections: Mapping[str, str], names: Mapping[str, str]) -> Iterable[str]:
    if summary:
        yield _escaped(summary)
    for key, text in sections.items():
        yield f"## {_heading_of(key, names.get(key, ''))}"
        yield _escaped(text)


def _heading_of(key: str, name: str) -> str:
    own = name or key.replace("-", " ").capitalize()
    return HEADINGS.get(key) or f"{own} {{#{key}}}"


def _escaped(text: str) -> str:
    return LOOKS_LIKE_HEADING.sub(r"\\\1", text)
