"""The tables of what limits and guards count of the codes that are sent; part of the same schema as the others."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# How often a limit on sends has been used: one row for a limit and whom it is about. `most`, `grain` and `opens`
# are those of the last send; a row that has expired is within no window any more.
send_marks = Table(
    "send_marks",
    metadata,
    Column("key", Key, primary_key=True, comment="the limit and its subject"),
    Column("marks", Text, nullable=False, comment="moments of sends, one after the other"),
    Column("unmarked", Integer, nullable=False, comment="sends since the last mark"),
    Column("grain", Integer, nullable=False, comment="sends that a mark stands for"),
    Column("most", Integer, nullable=False, comment="marks with which a window is full"),
    Column("opens", Key, nullable=False, comment="the mark up to which others were out of the window"),
    Column("expires_at", Moment, nullable=False, comment="rounded up, so that it seldom changes"),
    CheckConstraint("grain > 0 AND most > 0 AND unmarked >= 0 AND unmarked < grain", name="counts"),
)
Index("ix_send_marks_expires_at", send_marks.c.expires_at)

# Areas, of numbers with the same prefix or country, that get no codes until `ends_at`.
send_blocks = Table(
    "send_blocks",
    metadata,
    Column("id", Key, primary_key=True),
    Column("area", Key, nullable=False, comment="prefix:+9471234 or country:LK"),
    Column("began_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("repeats", Integer, nullable=False, comment="blocks before it that made it longer"),
    Column("sent", Integer, nullable=False, comment="the figures that it was begun with"),
    Column("verified", Integer, nullable=False),
    Column("lifted_by", Key, comment="who ended it before its time"),
)
Index("ix_send_blocks_area", send_blocks.c.area, send_blocks.c.ends_at)
Index("ix_send_blocks_ends_at", send_blocks.c.ends_at, send_blocks.c.id)

# Codes sent to areas and codes that came back, by the time at which they were made. Several slots, so that
# concurrent checks seldom wait for the same row.
send_counts = Table(
    "send_counts",
    metadata,
    Column("area", Key, primary_key=True),
    Column("bucket_at", Moment, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("sent", Integer, nullable=False),
    Column("verified", Integer, nullable=False),
)
Index("ix_send_counts_bucket_at", send_counts.c.bucket_at)

# Codes that were refused by the guard.
blocked_attempts = Table(
    "blocked_attempts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("user_id", Key, nullable=False),
    Column("purpose", Key, nullable=False),
    Column("target", Text, nullable=False, comment="masked"),
    Column("country", Key),
    Column("number_type", Key),
    Column("reason", Key, nullable=False),
    Column("actor", Key, nullable=False),
    Column("ip", Key),
    Column("request_id", Key, nullable=False),
)
Index("ix_blocked_attempts_at", blocked_attempts.c.at, blocked_attempts.c.id)
Index("ix_blocked_attempts_country", blocked_attempts.c.country, blocked_attempts.c.at, blocked_attempts.c.id)
Index("ix_blocked_attempts_reason", blocked_attempts.c.reason, blocked_attempts.c.at, blocked_attempts.c.id)
