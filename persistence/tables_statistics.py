"""The tables of figures that outlive what they were counted from; part of the same schema as the others."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table

from persistence.tables import metadata
from persistence.types import Key, Moment

# Codes sent to a country and codes that came back, by the hour: what the guard does not judge by any more.
country_figures = Table(
    "country_figures",
    metadata,
    Column("hour_at", Moment, primary_key=True),
    Column("country", Key, primary_key=True, comment="a region, as in LK"),
    Column("sent", Integer, nullable=False),
    Column("verified", Integer, nullable=False),
)

# Calls of providers, by the hour and by how they went.
provider_calls = Table(
    "provider_calls",
    metadata,
    Column("hour_at", Moment, primary_key=True),
    Column("provider", Key, primary_key=True),
    Column("outcome", Key, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("milliseconds", BigInteger, nullable=False, comment="of all of them together"),
)

# Whether a worker asks a provider in its turn, as it last said itself.
provider_circuits = Table(
    "provider_circuits",
    metadata,
    Column("worker", Key, primary_key=True),
    Column("provider", Key, primary_key=True),
    Column("state", Key, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    CheckConstraint("seen_at >= changed_at", name="seen_at"),
)
Index("ix_provider_circuits_seen_at", provider_circuits.c.seen_at)
