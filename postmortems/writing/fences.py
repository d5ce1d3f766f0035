"""Blocks of code in a text, by the lines that open and close them. Pure."""

from collections.abc import Sequence

FENCES = ("```", "~~~")


def closing_fences(lines: Sequence[str]) -> dict[int, int]:
    """The index of each line that opens a block of code, with that of the line that closes it.

    A block that nobody closed is none: what follows is text.
    """
    fences = [index for index, line in enumerate(lines) if line.lstrip().startswith(FENCES)]
    return dict(zip(fences[::2], fences[1::2], strict=False))


def code_lines(lines: Sequence[str]) -> set[int]:
    """The indices of the lines within blocks of code, the fences too."""
    pairs = closing_fences(lines).items()
    return {index for start, end in pairs for index in range(start, end + 1)}
