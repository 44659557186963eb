"""Column types that mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Text, TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class _MomentText(TypeDecorator[datetime]):
    """A moment as text of one width, so that comparing the texts compares the moments; for SQLite."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 SQLAlchemy's
        """Write an aware moment in UTC."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's
        """Read the moment back."""
        return None if value is None else datetime.fromisoformat(value)


class Octets(TypeDecorator[bytes]):
    """A text that is read as the bytes it is stored as, to be handed on."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 SQLAlchemy's
        """Undo what a driver has decoded; where one can be kept from it, this is not called."""
        return None if value is None else value.encode()


def moment_text(moment: datetime) -> str:
    """Write an aware moment as text that sorts by time."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


# What is looked up, made unique or sorted by. Compared byte by byte on both databases, so an index serves
# ranges and prefixes, and the order is the same whatever locale a database was made with.
Key = Text().with_variant(Text(collation="C"), "postgresql")
# A point in time, to the microsecond.
Moment = DateTime(timezone=True).with_variant(_MomentText(), "sqlite")
