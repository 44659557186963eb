"""The application as schemathesis calls it: what the examples of the description name is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.auth.scopes import ALL_SCOPES
from api.openapi.samples import GROUP_ID, USER_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from persistence.unit_of_work import UnitOfWork
    from scim.resource_types import ResourceType
    from tests.factories.application import Application

# Named like the examples, so that these can be put over them.
_STANDING = (
    ("User", USER_ID, {"userName": "alice", "phoneNumbers": [{"type": "mobile", "value": "0111111111"}]}),
    ("Group", GROUP_ID, {"displayName": "Engineering"}),
)


class LateApplication:
    """A WSGI application that is decided upon when it is called: requests are generated before there is any."""

    def __init__(self) -> None:
        self.target: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Hand the request on."""
        answer: Iterable[bytes] = self.target(environ, start_response)
        return answer


class Standing:
    """A user with every scope, and a group; both are made anew where a request has removed them."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def headers(self) -> dict[str, str]:
        """Return the headers of a request of the user, who exists and is active by now."""
        core = self._application.services.core
        core.database.transact(self._restore)
        # Tokens of a user who was removed, deactivated or signed out are dead; those of the next second are not.
        self._application.clock.move(seconds=1)
        return {"Authorization": f"Bearer {self._application.user_token(USER_ID, ALL_SCOPES)}"}

    def _restore(self, unit: UnitOfWork) -> None:
        core = self._application.services.core
        for name, resource_id, document in _STANDING:
            resource_type = core.registry.resource_type(name)
            assert resource_type is not None
            stored = unit.resources.lookup(name, resource_id)
            if stored is None:
                self._free(unit, resource_type, document)
                unit.resources.add(resource_id, resource_type, document, core.clock.now())
            elif not stored.document().get("active", True):
                unit.resources.save(stored, resource_type, {**stored.document(), "active": True}, core.clock.now())

    def _free(self, unit: UnitOfWork, resource_type: ResourceType, document: dict[str, Any]) -> None:
        namesake = unit.resources.find(resource_type.name, document.get("userName") or document["displayName"])
        if namesake is not None:
            unit.resources.remove(namesake)
