"""Log lines: one JSON object each, on standard error, written at once."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, BinaryIO, cast

import orjson
import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from structlog.typing import EventDict, Processor, WrappedLogger

LEVELS = ("info", "warning", "error")
_STANDARD_ERROR = 2


class _StandardError:
    """Standard error as it is when a line is written: a logger that is kept must not outlive what it was made with."""

    def write(self, line: bytes) -> int:
        """Write a line."""
        return sys.stderr.buffer.write(line)

    def flush(self) -> None:
        """Hand on what was written."""
        sys.stderr.buffer.flush()


def configure_logs(level: str = "info", *context: Processor) -> None:
    """Have structlog write JSON lines; standard output belongs to the commands and the console provider.

    `context` are processors that add what is known where a line is written.
    """
    structlog.configure(
        processors=[
            *context,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _to_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(file=cast("BinaryIO", _StandardError())),
        cache_logger_on_first_use=True,
    )


def write_line(fields: Mapping[str, object]) -> None:
    """Write a line at once and by the shortest way there is: a request has one, and should not wait for it."""
    line = orjson.dumps(fields, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
    try:
        os.write(_STANDARD_ERROR, line)
    except OSError:
        # Nobody reads any more; that is no reason not to answer.
        return


def _to_json(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    return orjson.dumps(event, default=str)
