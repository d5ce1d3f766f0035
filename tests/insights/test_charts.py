"""Rows to geometry: nothing overlaps, nothing leaves the picture, what is not known looks so."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.insights.charts import dated, dots, heat, stacks
from postmortems.insights.charts.places import letters, levels, percent

HOUR = 3_600


def share(text):
    """A place in per cent as a number."""
    assert text.endswith("%")
    return float(text[:-1])


# --- Levels ---------------------------------------------------------------------------------------

STRETCHES = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0.1, 20)).map(lambda pair: (pair[0], sum(pair))),
    max_size=30,
).map(sorted)


@given(STRETCHES)
def test_no_two_stretches_of_a_level_overlap(stretches):
    placed = list(zip(stretches, levels(stretches), strict=True))

    for (first, last), level in placed:
        others = [item for item, at in placed if at == level and item != (first, last)]
        assert all(end <= first or begin >= last for begin, end in others)


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([], []),
        ([(0, 1), (1, 2)], [0, 0]),
        ([(0, 5), (1, 2), (2, 3)], [0, 1, 1]),
        ([(0, 5), (1, 5), (2, 5)], [0, 1, 2]),
    ],
)
def test_the_lowest_free_level_is_taken(stretches, expected):
    assert list(levels(stretches)) == expected


def test_a_share_is_told_with_two_decimals():
    assert (percent(0), percent(100 / 3)) == ("0.00%", "33.33%")


# --- Stacked bars ---------------------------------------------------------------------------------


def period(label, *counts):
    """A period with one part a count."""
    return stacks.Period(
        label, tuple(stacks.Part(f"series-{at}", n) for at, n in enumerate(counts, 1))
    )


def test_the_pieces_of_a_bar_stand_on_each_other():
    [bar] = stacks.stacks([period("2023", 2, 0, 1)]).bars

    lower, upper = bar.pieces
    assert [piece.part.series for piece in bar.pieces] == ["series-1", "series-3"]
    assert lower.y + lower.height + 1 == stacks.BASE
    assert upper.y + upper.height + 1 == lower.y
    assert lower.height == pytest.approx(2 * upper.height, abs=1.1)


def test_an_empty_period_keeps_its_place():
    bars = stacks.stacks([period("1", 1), period("2", 0), period("3", 1)]).bars

    assert [len(bar.pieces) for bar in bars] == [1, 0, 1]
    assert share(bars[1].x) - share(bars[0].x) == share(bars[2].x) - share(bars[1].x)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_bars_stay_within_the_picture_and_the_scale_is_short(counts):
    chart = stacks.stacks([period(str(at), n) for at, n in enumerate(counts)])

    assert len(chart.lines) <= 4
    assert all(0 <= piece.y < stacks.BASE for bar in chart.bars for piece in bar.pieces)
    assert share(chart.bars[-1].x) + share(chart.bars[-1].width) <= 100


def test_a_name_below_a_bar_stays_in_the_picture():
    names = [f"2018年第{number}季度" for number in range(1, 17)]
    bars = stacks.stacks([period(name, 1) for name in names]).bars
    named = [bar for bar in bars if bar.tick]

    assert next((bar.anchor, bar.tick_x) for bar in named) == ("start", "0.00%")
    assert {bar.anchor for bar in named[1:]} <= {"middle", "end"}
    assert stacks.tick_step(names) > stacks.tick_step(["Q1 2018"] * 16)


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (1, 1), (3, 1), (4, 2), (7, 5), (15, 5), (16, 10), (4_000, 2_000)]
)
def test_the_scale_has_round_steps(highest, step):
    assert stacks.scale_step(highest) == step


@pytest.mark.parametrize(
    ("labels", "step"),
    [(["2023"], 1), (["2023"] * 8, 1), (["Q1 2023"] * 6, 2), (["Q1 2023"] * 24, 8), ([], 1)],
)
def test_names_stand_where_there_is_room_for_them(labels, step):
    assert stacks.tick_step(labels) == step


@pytest.mark.parametrize("number", range(1, 60))
@pytest.mark.parametrize("name", ["Q1 2021", "2021年第1季度", "2021"])
def test_names_below_bars_never_run_into_each_other(name, number):
    drawn = stacks.stacks([period(name, 1)] * number).bars
    width = stacks.LETTER * letters(name)
    before = {"start": 0.0, "middle": width / 2, "end": width}
    begins = [
        stacks.NARROWEST * share(bar.tick_x) / 100 - before[bar.anchor] for bar in drawn if bar.tick
    ]

    assert begins
    assert all(one + width < other for one, other in itertools.pairwise(begins))


def test_a_chart_of_nothing_is_empty():
    assert stacks.stacks([]).bars == ()


# --- Dots -----------------------------------------------------------------------------------------


def lane(*lengths, kind="exact", **more):
    """A lane of dots."""
    return dots.Lane("SEV1", tuple(dots.Dot(seconds, kind) for seconds in lengths), **more)


def test_longer_stands_further_right_and_ten_times_as_long_always_as_far():
    [placed] = dots.dots([lane(60, 600, 6_000)]).lanes

    places = [share(item.x) for item in placed.dots]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.02)
    assert dots.FIRST < places[0] < places[2] < dots.LAST


def test_dots_of_one_length_are_lifted_above_each_other():
    [placed] = dots.dots([lane(60, 60, 60, 90_000)]).lanes

    heights = [item.y for item in placed.dots]
    assert heights == [placed.base, placed.base - 11, placed.base - 22, placed.base]


def test_what_took_no_time_stands_before_the_axis():
    chart = dots.dots([lane(0, 60)])

    assert next(tick.seconds for tick in chart.ticks) == 0
    assert share(chart.lanes[0].dots[0].x) < dots.AFTER_AT_ONCE <= share(chart.lanes[0].dots[1].x)


@pytest.mark.parametrize(
    ("kind", "is_open"),
    [("exact", False), ("approximate", False), ("at-most", True), ("at-least", True)],
)
def test_a_bound_is_open(kind, is_open):
    [placed] = dots.dots([lane(60, kind=kind)]).lanes

    assert placed.dots[0].is_open is is_open


def tick_words(tick):
    """From where to where the words of a tick stand, in per cent."""
    begin = share(tick.x) - dots.BEFORE[tick.anchor] * dots.LABEL
    return begin, begin + dots.LABEL


@given(st.lists(st.integers(0, 1_600_000_000), min_size=1, max_size=60))
def test_every_dot_and_tick_has_its_place(lengths):
    chart = dots.dots([lane(*lengths)])

    assert len(chart.lanes[0].dots) == len(lengths)
    assert all(0 <= share(item.x) <= 100 for item in (*chart.lanes[0].dots, *chart.ticks))
    words = [tick_words(tick) for tick in chart.ticks]
    assert all(begin >= 0 and end <= 100 for begin, end in words)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(words))
    ticks = [share(tick.x) for tick in chart.ticks]
    assert all(after - before >= 10.9 for before, after in itertools.pairwise(ticks))


def test_lanes_stand_below_each_other_and_the_axis_below_all():
    first, second = dots.dots([lane(60, 60), lane(60)]).lanes

    assert second.y == first.y + first.height
    assert dots.dots([lane(60, 60), lane(60)]).axis_y == second.y + second.height


@pytest.mark.parametrize(
    ("low", "high", "is_drawn", "is_band"),
    [
        (HOUR, HOUR, True, False),
        (HOUR, 4 * HOUR, True, True),
        (None, HOUR, True, False),
        (HOUR, None, True, False),
        (None, None, False, False),
    ],
)
def test_the_median_is_a_tick_or_a_band_between_its_bounds(low, high, is_drawn, is_band):
    middle = dots.Middle(low, high, "median")
    [placed] = dots.dots([lane(600, 90_000, middle=middle)]).lanes

    assert bool(placed.middle) is is_drawn
    assert bool(placed.middle and share(placed.middle.width)) is is_band


def test_many_are_drawn_as_steps_with_open_ends():
    steps = (dots.Step(0, 900, 4), dots.Step(900, HOUR, 0), dots.Step(HOUR, None, 8))
    [placed] = dots.dots([dots.Lane("SEV3", steps=steps)]).lanes

    first, last = placed.steps
    assert (first.step.count, last.step.count) == (4, 8)
    assert last.height == 2 * first.height == dots.STEP_ROOM
    assert all(share(item.width) > 5 for item in placed.steps)


def test_a_chart_without_dots_can_be_drawn():
    assert dots.dots([lane()]).lanes[0].dots == ()


# --- Dates ----------------------------------------------------------------------------------------


def once(first, last, label="Mar 2024"):
    """A happening by ISO days."""
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    return dated.Happening(*days, label)


MARCH = once("2024-03-01", "2024-03-31")
SEPTEMBER = once("2023-09-01", "2023-09-30", "Sep 2023")
BOUND = once("", "2024-06-20", "≤ 20 Jun 2024")


def test_a_month_is_a_band_a_day_is_none():
    day = once("2024-01-01", "2024-01-01")
    marks = dated.dated([SEPTEMBER, day, MARCH]).marks

    assert [bool(mark.band_x) for mark in marks] == [True, False, True]
    assert share(marks[0].band_x) < share(marks[0].x)


def test_a_bound_is_an_open_mark_without_a_band():
    mark = dated.dated([SEPTEMBER, BOUND]).marks[1]

    assert (mark.is_open, mark.band_x, mark.happening.kind) == (True, "", "not-after")


def test_marks_of_one_day_stand_beside_each_other():
    first, second = dated.dated([SEPTEMBER, BOUND, BOUND]).marks[1:]

    assert share(second.x) - share(first.x) == pytest.approx(dated.MARK, abs=0.02)


def test_words_stand_between_the_marks_they_are_about_when_one_band_holds_others():
    year = once("2023-01-01", "2023-12-31", "2023")
    days = [once(f"2023-{month}-01", f"2023-{month}-01") for month in ("02", "11")]

    chart = dated.dated([year, *days], ["up to 1 month", "9 months"])

    assert [mark.happening for mark in chart.marks] == [year, *days]
    places = [share(mark.x) for mark in chart.marks]
    assert places == sorted(places)
    assert share(chart.marks[0].band_x) <= places[0] <= places[1]
    [words] = chart.intervals
    assert (words.words, places[1] < share(words.x) < places[2]) == ("9 months", True)


def test_labels_that_would_meet_stand_below_each_other():
    near = once("2024-03-05", "2024-03-05", "5 Mar 2024")
    heights = [mark.label_y for mark in dated.dated([SEPTEMBER, near, MARCH, BOUND]).marks]

    assert heights[1] != heights[2]


def test_what_has_no_date_is_told_apart():
    unknown = once("", "", "day unknown")

    chart = dated.dated([unknown, MARCH])
    assert ([mark.happening for mark in chart.marks], chart.undated) == ([MARCH], (unknown,))
    assert dated.dated([unknown]).marks == ()


INTERVALS = ["5 to 7 months", "at most 4 months", "the same day"]


def test_an_interval_is_named_where_there_is_room():
    shown = dated.dated([SEPTEMBER, MARCH, BOUND, BOUND], INTERVALS)

    assert [item.words for item in shown.intervals] == INTERVALS[:2]


def test_long_words_of_intervals_never_meet():
    days = [once(f"20{year}-01-01", f"20{year}-01-01") for year in (20, 21, 22, 23, 24, 25)]
    shown = dated.dated(days, ["11 to 13 months"] * 5).intervals

    middles, width = [share(item.x) for item in shown], dated.SMALL_LETTER * len("11 to 13 months")
    assert len(shown) == 3
    assert all(later - earlier > width for earlier, later in itertools.pairwise(middles))
    assert middles[0] >= width / 2
    assert middles[-1] <= 100 - width / 2


@given(st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=10))
def test_marks_stand_in_the_order_of_their_dates(days):
    days = sorted(days)
    marks = dated.dated([dated.Happening(day, day, str(day)) for day in days]).marks

    assert [mark.happening.first for mark in marks] == days
    places = [share(mark.x) for mark in marks]
    assert places == sorted(places)


# --- Heat map -------------------------------------------------------------------------------------


def test_the_cells_of_a_heat_map_stand_in_rows_and_columns():
    row = heat.HeatRow("Platform", (("5", 5, "/?a"), ("0", 0, "")))
    chart = heat.heat_map(["Kubernetes", "Calico"], [row, row])

    places = [(square.x, square.y) for square in chart.squares]
    assert len(set(places)) == 4
    assert places[0][1] == places[1][1] < places[2][1]
    assert [square.is_dark for square in chart.squares] == [True, False, True, False]
    assert all(square.x + square.width < chart.width for square in chart.squares)
