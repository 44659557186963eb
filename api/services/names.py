"""Who is behind an id, as people read it: a user, or a client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verification.errors import UnknownUser

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NameService:
    """The use case of a page that would else show ids."""

    core: Core

    def of(self, ids: Collection[str]) -> dict[str, str | None]:
        """Return what each user or client is called; None for an id that is neither's any more."""
        return self.core.database.read(lambda unit: _names(unit, ids)) if ids else {}

    def id_of(self, name: str) -> str:
        """Return the id of the user or the client of a name, or the name itself where there is none: perhaps an id."""
        user = self.core.database.read(lambda unit: unit.resources.find("User", name))
        if user is not None:
            return user.id
        clients = self.core.database.read(lambda unit: unit.clients.list())
        return next((client.id for client in clients if client.name == name), name)


def user_named(unit: UnitOfWork, name: str) -> str:
    """Return the id of the user of that name, or raise UnknownUser."""
    found = unit.resources.find("User", name)
    if found is None:
        raise UnknownUser
    return found.id


def _names(unit: UnitOfWork, ids: Collection[str]) -> dict[str, str | None]:
    users = unit.labels.of(ids)
    clients = {client.id: client.name for client in unit.clients.list()} if len(users) < len(ids) else {}
    return {each: users.get(each, clients.get(each)) for each in ids}
