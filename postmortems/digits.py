"""Whole numbers as people and tools write them in addresses and forms."""


def number_in(text: str, low: int, high: int) -> int | None:
    """The number from `low` to `high` that the text is, in plain digits; None for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(high))
    number = int(text) if is_number else low - 1
    return number if low <= number <= high else None
