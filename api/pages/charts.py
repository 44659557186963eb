"""Charts as geometry: what a template draws as SVG. Nothing here knows of pages, texts or colours.

A chart is drawn for a width in pixels, so that its texts have the size of other texts: once for a phone and once for a
wide window. Series are told apart by dashes and marks, parts of bars by their filling, so that nobody needs colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE, NARROW, HALF = 720, 340, 400
"""The widths that lines are drawn for, in a wide window and on a phone, and that of bars, side by side in twos."""
HEIGHT = 260
MOST_TICKS = 5
LEFT, RIGHT, TOP, BOTTOM = 48, 24, 12, 28
"""Room around the lines: for the numbers on the left and the moments below."""
LABEL = 64
"""Room that a moment below the lines takes."""
ROW, BAR = 52, 18
"""Height of a bar with the text above it, and of the bar alone."""
SMALL = 3.0
"""Half the size of a mark."""
THIN = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Series:
    """One line: the class it is drawn by, what it is called, and a value for each moment."""

    name: str
    label: str
    values: tuple[int, ...]

    @property
    def total(self) -> str:
        """Return the sum of its values."""
        return number(sum(self.values))


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a line: the path of its mark, and what is said of it."""

    path: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is drawn."""

    series: Series
    points: str
    marks: tuple[Mark, ...]
    sample: str
    """Its mark, for a legend, in the middle of 32 by 14 pixels."""


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines above an axis of moments, beside an axis of numbers."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: the class it is drawn by, what is said of it, and how much it is."""

    name: str
    said: str
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar before it is drawn: the text above it, the numbers beside that, and its parts from the left."""

    label: str
    said: str
    parts: tuple[Part, ...]

    @property
    def value(self) -> int:
        """Return how long it is."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a bar as it is drawn."""

    part: Part
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A bar as it is drawn."""

    bar: Bar
    text_y: int
    y: int
    height: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below each other, all to one scale."""

    width: int
    height: int
    rows: tuple[Row, ...]


def line_chart(moments: Sequence[str], series: Sequence[Series], width: int = WIDE) -> LineChart:
    """Lay lines out; each series has as many values as there are moments."""
    steps = scale(max((value for each in series for value in each.values), default=0))
    right, bottom = width - RIGHT, HEIGHT - BOTTOM
    across = (right - LEFT) / max(1, len(moments) - 1)
    up = (bottom - TOP) / steps[-1]
    every = -(-len(moments) * LABEL // (right - LEFT))

    def line(number_of: int, each: Series) -> Line:
        places = [(LEFT + across * n, bottom - up * value) for n, value in enumerate(each.values)]
        marks = (
            Mark(mark(number_of, x, y), f"{moments[n]}: {number(each.values[n])} {each.label}")
            for n, (x, y) in enumerate(places)
        )
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return Line(each, points, tuple(marks), mark(number_of, 16, 7))

    return LineChart(
        width=width,
        height=HEIGHT,
        left=LEFT,
        right=right,
        bottom=bottom,
        rows=tuple(Tick(bottom - up * step, number(step)) for step in steps),
        # The last moment always has its label: it is the one that people look for.
        columns=tuple(
            Tick(LEFT + across * n, moments[n]) for n in range(len(moments)) if (len(moments) - 1 - n) % every == 0
        ),
        lines=tuple(line(n, each) for n, each in enumerate(series)),
    )


def bar_chart(bars: Sequence[Bar], width: int = HALF) -> BarChart:
    """Lay bars out; the longest one takes all of the width."""
    along = (width - 2) / max(1, *(bar.value for bar in bars), 1)

    def row(number_of: int, bar: Bar) -> Row:
        x, boxes = 1.0, []
        for part in bar.parts:
            if part.value:
                boxes.append(Box(part, round(x, 1), round(part.value * along, 1)))
            x += part.value * along
        top = number_of * ROW
        return Row(bar, top + ROW - BAR - 14, top + ROW - BAR - 6, BAR, tuple(boxes))

    return BarChart(width, max(1, len(bars)) * ROW, tuple(row(n, bar) for n, bar in enumerate(bars)))


def scale(most: int) -> tuple[int, ...]:
    """Return round numbers from 0 to at least the largest value, in even steps."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            count = -(-most // step)
            if count < MOST_TICKS:
                return tuple(step * n for n in range(max(1, count) + 1))
        size *= 10


def mark(number_of: int, x: float, y: float) -> str:
    """Return the path of the mark of a series: a diamond, a square, a triangle, a cross."""
    low, high, left, right = y + SMALL, y - SMALL, x - SMALL, x + SMALL
    shapes = (
        f"M{x:.1f} {high - 1:.1f}L{right + 1:.1f} {y:.1f}L{x:.1f} {low + 1:.1f}L{left - 1:.1f} {y:.1f}Z",
        f"M{left:.1f} {high:.1f}H{right:.1f}V{low:.1f}H{left:.1f}Z",
        f"M{x:.1f} {high - 1:.1f}L{right + 1:.1f} {low:.1f}H{left - 1:.1f}Z",
        f"M{left:.1f} {high:.1f}L{right:.1f} {low:.1f}M{left:.1f} {low:.1f}L{right:.1f} {high:.1f}",
    )
    return shapes[number_of % len(shapes)]


def number(value: int) -> str:
    """Write a number with its digits in groups, as ISO 80000-1 has them in every language."""
    return f"{value:,}".replace(",", THIN)


def percent(part: int, whole: int) -> str:
    """Write a share in whole percent; a part may be larger than its whole where it is counted later."""
    return f"{min(100, round(part * 100 / whole)) if whole else 0}{THIN}%"
