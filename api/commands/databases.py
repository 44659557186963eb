"""The database of the deployment, as commands find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.commands.deployment import CommandError
from persistence.database import Database
from persistence.migrations import upgrade

if TYPE_CHECKING:
    from api.settings import Settings


def prepare_database(settings: Settings) -> None:
    """Migrate an embedded database; refuse to go on with any other that is not at this version's schema.

    Raises:
        CommandError: the schema is old, and somebody has to decide when to change it.
    """
    if settings.has_embedded_database:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database.open(settings.database_url)
    try:
        is_current = database.is_current()
    finally:
        database.close()
    if is_current:
        return
    if not settings.has_embedded_database:
        raise CommandError("the database schema is not that of this version: run `lineproof migrate`")
    upgrade(settings.database_url)


def user_id_of(settings: Settings, user_name: str) -> str:
    """Return the id of the user of that name.

    Raises:
        CommandError: there is none.
    """
    prepare_database(settings)
    database = Database.open(settings.database_url)
    try:
        user = database.read(lambda unit: unit.resources.find("User", user_name))
    finally:
        database.close()
    if user is None:
        raise CommandError(f"there is no user {user_name}")
    return user.id
