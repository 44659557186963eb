"""Charts of the published results, as SVG that is readable on light and dark pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WIDTH = 760
_LABELS = 330
_BAR = 20
_ROW = 34
_TOP = 52
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2937; }
.title { font-weight: 600; font-size: 15px; }
.note { font-size: 11px; fill: #6b7280; }
.bar { fill: #2563eb; }
.other { fill: #94a3b8; }
.mark { stroke: #b45309; stroke-width: 2; }
.aim { stroke: #047857; stroke-width: 2; stroke-dasharray: 4 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e5e7eb; } .note { fill: #9ca3af; } .bar { fill: #60a5fa; } .other { fill: #64748b; }
  .mark { stroke: #fbbf24; } .aim { stroke: #34d399; }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a label, a figure as text, how long the bar is (1 is the whole width), and where marks stand."""

    label: str
    shown: str
    length: float
    kind: str = "bar"
    mark: float | None = None
    aim: float | None = None


def write_charts(document: dict[str, Any], folder: Path) -> None:
    """Write the charts of a published summary."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "performance-goals.svg").write_text(goals_chart(document["goals"]))
    for engine in ("postgresql", "sqlite"):
        chart = rates_chart(document["measures"], engine)
        if chart:
            (folder / f"performance-{engine}.svg").write_text(chart)


def goals_chart(goals: Sequence[dict[str, Any]]) -> str:
    """Draw how far each figure is on its way to its goal: 1 is the goal, for smaller-is-better figures, too."""
    bars = [
        Bar(
            label=goal["name"],
            shown=f"{goal['figure']['median']:,.3g}{goal['unit']}",
            length=_share(_towards(goal, goal["figure"]["median"])),
            mark=_share(_towards(goal, goal["bar"])),
            aim=_share(1.0),
        )
        for goal in goals
        if goal["goal"]
    ]
    note = "length: the way to the goal (dashed); solid line: the bar. Smaller-is-better figures are turned round."
    return _chart("Against the bars and goals", note, bars)


def rates_chart(measures: dict[str, Any], engine: str) -> str:
    """Draw requests a second by size of the database."""
    bars = []
    for measure, contestants in measures.items():
        sites = {name: found for name, found in contestants.items() if name.startswith(f"{engine}-")}
        most = max((found["rate"]["median"] for found in sites.values()), default=0)
        for name, found in sites.items():
            rate = found["rate"]["median"]
            users = int(name.partition("-")[2])
            bars.append(Bar(f"{measure}, {users:,} users", f"{rate:,.0f}/s", rate / most if most else 0))
    return _chart(f"Requests a second on {engine}", "each operation has a scale of its own", bars) if bars else ""


def _towards(goal: dict[str, Any], figure: float) -> float:
    if not figure:
        return 0.0
    return float(goal["goal"] / figure if goal["is_smaller_better"] else figure / goal["goal"])


def _share(way: float) -> float:
    """Return the length of a bar, of which the goal is three quarters; what is further is cut off."""
    return min(way * 0.75, 1.0)


def _chart(title: str, note: str, bars: Sequence[Bar]) -> str:
    height = _TOP + _ROW * len(bars) + 10
    rows = [_row(bar, _TOP + number * _ROW) for number, bar in enumerate(bars)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}</style>",
            f'<text class="title" x="8" y="20">{escape(title)}</text>',
            f'<text class="note" x="8" y="38">{escape(note)}</text>',
            *rows,
            "</svg>\n",
        ]
    )


def _row(bar: Bar, top: int) -> str:
    room = _WIDTH - _LABELS - 90
    width = max(1.0, bar.length * room)
    parts = [
        f'<text x="8" y="{top + 15}">{escape(_cut(bar.label))}</text>',
        f'<rect class="{bar.kind}" x="{_LABELS}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="2"/>',
        f'<text x="{_LABELS + room + 8}" y="{top + 15}">{escape(bar.shown)}</text>',
    ]
    for place, kind in ((bar.mark, "mark"), (bar.aim, "aim")):
        if place is not None:
            x = _LABELS + place * room
            parts.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{top - 3}" y2="{top + _BAR + 3}"/>')
    return "".join(parts)


def _cut(label: str) -> str:
    longest = 48
    return label if len(label) <= longest else f"{label[: longest - 1]}…"
