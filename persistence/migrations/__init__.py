"""The numbered migrations of the schema, and how they are made."""

from __future__ import annotations

from persistence.migrations.runner import downgrade, head, upgrade

__all__ = ["downgrade", "head", "upgrade"]
