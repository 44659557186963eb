"""What was rejected, in the form of the file it came in: to be mended, and taken in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from api.transfer.forms import Format, csv_line, header_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from api.transfer.forms import Line


def report_head(file: IO[bytes], form: Format) -> bytes:
    """Return what a report begins with: the header of a CSV with another column, for the reason."""
    return csv_line([*header_of(file), "reason"]).encode() if form is Format.CSV else b""


def rejected_line(line: Line, reason: str | None, form: Format) -> bytes:
    """Return a rejected line with its reason."""
    if form is Format.CSV:
        return csv_line([*line.cells, reason or ""]).encode()
    return orjson.dumps({"line": line.number, "reason": reason, "user": line.document}) + b"\n"


def rejected_lines(lines: Iterator[Line], rejections: Iterator[tuple[int, str]], form: Format) -> Iterator[bytes]:
    """Yield the rejected lines of a file; both come in the order of their numbers."""
    for number, reason in rejections:
        for line in lines:
            if line.number == number:
                yield rejected_line(line, reason, form)
                break
