"""The tables of files of users that are being taken in; part of the same schema as the others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# One file, and how far it is. While somebody works through it, `leased_until` is the end of the lease.
imports = Table(
    "imports",
    metadata,
    Column("id", Key, primary_key=True),
    Column("actor", Key, nullable=False),
    Column("form", Key, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("may_update", Boolean, nullable=False),
    Column("status", Key, nullable=False),
    Column("size", BigInteger, nullable=False, comment="bytes"),
    Column("line", Integer, nullable=False, comment="the last one that was taken"),
    Column("total", Integer, comment="lines that were checked; NULL: the check is not over"),
    Column("counts", Text, nullable=False, comment="a JSON object: how many lines became what"),
    Column("fault", Text, comment="why it cannot be read"),
    Column("lease_token", Key, comment="who works through it"),
    Column("leased_until", Moment),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("line >= 0", name="line"),
    CheckConstraint("(lease_token IS NULL) = (leased_until IS NULL)", name="lease"),
)
Index("ix_imports_created_at", imports.c.created_at, imports.c.id)

# The content of a file, sealed, as it may have passwords in it.
import_parts = Table(
    "import_parts",
    metadata,
    Column("import_id", Key, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", Text, nullable=False),
)

# Lines that were rejected, and why; what they say is in the file.
import_rejections = Table(
    "import_rejections",
    metadata,
    Column("import_id", Key, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
)
