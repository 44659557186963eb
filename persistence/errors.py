"""What can go wrong between this service and its database."""

from __future__ import annotations

from scim.errors import Uniqueness


class PersistenceError(Exception):
    """The database could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class DatabaseUnavailable(PersistenceError):
    """The database does not answer at the moment."""


class ConnectionLost(DatabaseUnavailable):
    """The connection to the database broke, or could not be made."""


class WriteConflict(PersistenceError):
    """Another transaction got in the way; the same work done again may succeed."""


class ReferenceGone(WriteConflict):
    """A row that this one refers to has been removed meanwhile."""


class StaleVersion(PersistenceError):
    """The resource is no longer at the version this change was computed from."""


class UniqueViolation(PersistenceError):
    """A value that must be unique is taken."""

    def __init__(self, constraint: str) -> None:
        self.constraint = constraint
        super().__init__(f"{constraint}: {type(self).__doc__}")


class SchemaOutdated(PersistenceError):
    """The database was made by another version of this program: run `lineproof migrate`."""


def meaning(error: Exception) -> Exception:
    """Say what a unique value that is taken means; leave every other error as it is."""
    if not isinstance(error, UniqueViolation):
        return error
    if error.constraint in {"uq_resources_name_key", "uq_unique_values_value_key"}:
        return Uniqueness()
    if error.constraint == "uq_verifications_live":
        # Somebody else has started one since this work looked for it: looking again finds it.
        return WriteConflict()
    return error
