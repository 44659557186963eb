"""Charts: round scales, lines within their frame, and bars to one scale."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.charts import (
    HEIGHT,
    MOST_TICKS,
    NARROW,
    WIDE,
    Bar,
    Part,
    Series,
    bar_chart,
    line_chart,
    mark,
    number,
    percent,
    scale,
)

HOURS = tuple(f"{hour:02}:00" for hour in range(24))


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (7, (0, 2, 4, 6, 8)),
        (41, (0, 20, 40, 60)),
        (480, (0, 200, 400, 600)),
    ],
)
def test_a_scale_has_a_few_round_steps(most, steps):
    assert scale(most) == steps


@given(st.integers(0, 10**12))
def test_a_scale_reaches_the_largest_value(most):
    steps = scale(most)

    assert steps[-1] >= most
    assert len(steps) <= MOST_TICKS
    assert len({later - sooner for sooner, later in itertools.pairwise(steps)}) == 1


@given(
    st.integers(1, 31).flatmap(
        lambda count: st.lists(st.lists(st.integers(0, 10**6), min_size=count, max_size=count), min_size=1, max_size=4)
    ),
    st.sampled_from([WIDE, NARROW]),
)
def test_lines_stay_within_their_frame(values, width):
    moments = [f"{n}" for n in range(len(values[0]))]

    chart = line_chart(moments, [Series("sent", "sent", tuple(each)) for each in values], width)

    for line in chart.lines:
        for point in line.points.split():
            x, y = map(float, point.split(","))
            assert chart.left <= x <= chart.right + 0.05
            assert 0 <= y <= chart.bottom
        assert len(line.marks) == len(moments)


def test_the_largest_value_is_the_highest_and_every_value_is_said():
    chart = line_chart(("a", "b", "c"), [Series("sent", "sent", (0, 4, 2))])

    (line,) = chart.lines
    heights = [float(point.split(",")[1]) for point in line.points.split()]
    assert heights[1] < heights[2] < heights[0] == chart.bottom
    assert [each.said for each in line.marks] == ["a: 0 sent", "b: 4 sent", "c: 2 sent"]
    assert [tick.label for tick in chart.rows] == ["0", "1", "2", "3", "4"]
    assert chart.height == HEIGHT


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_moments_have_room_and_the_last_one_is_named(width):
    columns = line_chart(HOURS, [Series("sent", "sent", (0,) * 24)], width).columns

    assert columns[-1].label == "23:00"
    assert all(later.at - sooner.at >= 40 for sooner, later in itertools.pairwise(columns))


def test_one_moment_and_no_series_are_drawn():
    assert line_chart(("now",), [Series("sent", "sent", (3,))]).lines[0].points.count(",") == 1
    assert line_chart((), ()).lines == ()


def test_marks_differ():
    assert len({mark(n, 10, 10) for n in range(4)}) == 4
    assert mark(4, 10, 10) == mark(0, 10, 10)


def test_bars_are_drawn_to_one_scale():
    short = Bar("GB", "1", (Part("verified", "1 verified", 1), Part("rest", "0 not", 0)))
    long = Bar("LK", "4", (Part("verified", "3 verified", 3), Part("rest", "1 not", 1)))

    chart = bar_chart([long, short], NARROW)

    first, second = chart.rows
    assert [(box.part.name, box.x) for box in first.boxes] == [("verified", 1.0), ("rest", 254.5)]
    assert sum(box.width for box in first.boxes) == pytest.approx(NARROW - 2)
    assert [box.width for box in second.boxes] == [84.5]
    assert second.y - first.y == chart.height / 2


def test_no_bars_have_no_length():
    assert bar_chart([]).rows == ()
    assert bar_chart([Bar("GB", "0", (Part("verified", "0", 0),))]).rows[0].boxes == ()


def test_numbers_are_grouped_and_shares_are_whole():
    assert number(1234567) == "1\u202f234\u202f567"
    assert (percent(1, 3), percent(0, 0), percent(5, 4)) == ("33\u202f%", "0\u202f%", "100\u202f%")
