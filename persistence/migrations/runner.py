"""Making migrations, by Alembic without its command line.

Alembic takes longer to load than the rest of this package. A start that finds the database current needs none of
it, so it is loaded when there is something to migrate.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from persistence.database import HEAD, Database

if TYPE_CHECKING:
    from types import ModuleType


def head() -> str:
    """Return the number of the newest migration."""
    return HEAD


def upgrade(database: str | Database, revision: str = HEAD) -> None:
    """Bring a database, given itself or by its URL, to the newest schema."""
    _alembic().upgrade(_url(database), revision)


def downgrade(database: str | Database, revision: str) -> None:
    """Take a database back to an older schema; `base` is an empty one."""
    _alembic().downgrade(_url(database), revision)


def _alembic() -> Any:  # noqa: ANN401 a module
    module: ModuleType = import_module("persistence.migrations.alembic_runner")
    return module


def _url(database: str | Database) -> str:
    return database if isinstance(database, str) else database.url.render_as_string(hide_password=False)
