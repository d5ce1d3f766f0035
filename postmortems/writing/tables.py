"""Rows of Markdown tables in pasted texts. Pure."""

import re

RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*")
# A row with more cells than this is a log line with bars.
MOST_CELLS = 50


def cells_of(line: str) -> list[str]:
    """The cells of a table's row, trimmed; empty when the line is no row."""
    line = line.strip()
    if not line.startswith("|") or line.count("|") < 2 or line.count("|") > MOST_CELLS:
        return []
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    parts = line.replace("\\|", "\0").split("|")
    return [part.replace("\0", "|").strip() for part in parts]


def is_rule(line: str) -> bool:
    """Whether the line is the one of dashes below a table's header."""
    return "|" in line and len(line) < 1_000 and bool(RULE.fullmatch(line.strip()))
