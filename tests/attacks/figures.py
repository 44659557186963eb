"""The figures of a run, as docs/security.md shows them."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.attacks.bounds import LEAST, SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.attacks.bounds import Difference
    from tests.attacks.killing import Aftermath
    from tests.attacks.timing import Contest

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"
_PUBLISHED = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)

_AFTERMATH = (
    "database",
    "killed",
    "acknowledged changes",
    "answers that never came",
    "messages",
    "sent again, the same",
    "lost",
    "messages of nothing stored",
    "codes that differ",
)


def report(compared: Sequence[tuple[Contest, Difference]], left: Sequence[Aftermath]) -> str:
    """Return the figures in Markdown."""
    machine = f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.0f}, niceness {os.nice(0)}"
    lines = [f"Measured on {datetime.now(UTC):%-d %B %Y} with Python {platform.python_version()} ({machine})."]
    if compared:
        lines += [
            "",
            f"A secret is told where the whole interval lies beyond {LEAST} ms, or beyond {SHARE:.0%} of the time.",
            "",
            "| times compared | medians (ms) | difference, 95 % (ms) | bound (ms) | first slower | a secret | told |",
            "|---|---|---|---|---|---|---|",
            *(_timed(contest, found) for contest, found in compared),
        ]
    if left:
        lines += [
            "",
            f"| {' | '.join(_AFTERMATH)} |",
            f"|{'---|' * len(_AFTERMATH)}",
            *map(_killed, left),
        ]
    return "\n".join(lines) + "\n"


def publish(text: str) -> None:
    """Write the figures into the document."""
    DOCUMENT.write_text(_PUBLISHED.sub(lambda _: f"\n{text}\n", DOCUMENT.read_text()))


def _timed(contest: Contest, found: Difference) -> str:
    cells = (
        contest.name,
        f"{found.first:.2f} / {found.second:.2f}",
        f"{found.low:+.2f} to {found.high:+.2f}",
        f"{found.bound:.2f}",
        f"{found.share:.0%}",
        "yes" if contest.is_secret else "no",
        "yes" if found.tells else "no",
    )
    return f"| {' | '.join(cells)} |"


def _killed(left: Aftermath) -> str:
    killed = ", ".join(f"{what}: {count}" for what, count in sorted(left.kills.items()))
    figures = (left.changes, left.cut_off, left.messages, left.repeated)
    bad = (len(left.lost), len(left.unfounded), len(left.differing))
    return f"| {left.engine} | {killed} | {' | '.join(map(str, (*figures, *bad)))} |"
