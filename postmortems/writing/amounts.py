"""Lengths of time in words: `3 min`, `an hour and a half`, `约3分钟`. Pure."""

import re
from fractions import Fraction

from postmortems.durations import UNIT_WORDS, UNITS

NUMBERS = {
    word: Fraction(number)
    for number, words in {
        1: "a an one 一 1个",
        2: "two 两 兩 二",
        3: "three 三",
        4: "four 四",
        5: "five 五",
        6: "six 六",
        7: "seven 七",
        8: "eight 八",
        9: "nine 九",
        10: "ten 十",
        12: "twelve",
        15: "fifteen",
        20: "twenty 二十",
        30: "thirty 三十",
        40: "forty 四十",
        45: "forty-five",
        50: "fifty 五十",
    }.items()
    for word in words.split()
} | {
    "half": Fraction(1, 2),
    "half a": Fraction(1, 2),
    "half an": Fraction(1, 2),
    "半": Fraction(1, 2),
}
SECONDS = {word: UNITS[unit] for word, unit in UNIT_WORDS.items()} | {
    **dict.fromkeys(("minute's", "分", "分钟", "分鐘"), 60),
    **dict.fromkeys(("小时", "小時", "个小时", "個小時", "钟头"), 3_600),
    **dict.fromkeys(("天", "日"), 86_400),
    **dict.fromkeys(("w", "week", "weeks", "周", "週", "个星期", "星期"), 7 * 86_400),
    **dict.fromkeys(("秒", "秒钟", "秒鐘"), 1),
}


def _either(words: dict[str, Fraction] | dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


PART = re.compile(
    rf"(?P<number>[0-9]{{1,6}}(?:\.[0-9]{{1,3}})?|{_either(NUMBERS)})(?P<extra>[个個]半)?[ -]?"
    rf"(?P<unit>{_either(SECONDS)})(?![a-z])(?P<half>半| and a half)?",
    re.IGNORECASE,
)
GLUE = re.compile(r"(?:[ ]?,|[ ]?and\b|[ ]?零|[ ]?又)?[ ]?", re.IGNORECASE)


def read_amount(text: str, start: int) -> tuple[Fraction, int] | None:
    """The seconds of the length that is written right there, and where it ends."""
    total, position, end = Fraction(0), start, start
    while match := PART.match(text, position):
        number = match["number"].lower()
        size = SECONDS[match["unit"].lower()]
        count = NUMBERS[number] if number in NUMBERS else Fraction(number)
        halves = Fraction(1, 2) if match["half"] or match["extra"] else 0
        total += (count + halves) * size
        end = match.end()
        glue = GLUE.match(text, end)
        position = glue.end() if glue else end
    return (total, end) if end > start else None
