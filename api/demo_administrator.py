"""The administrator of the demonstration, who opens the Console on a database that was empty.

The password follows from the keys of the deployment, so that each start can print it again and no two deployments
share it. Whoever changes it is told it no more. The second factor comes to the terminal, as all messages do there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from api.identifiers import new_id, new_resource_id
from api.services import trail
from api.services.administrators import EVERYTHING
from api.services.callers import Caller
from api.services.contact_attributes import EXTENSION
from api.services.passwords import PasswordService
from api.services.trail import Deed
from scim.validation import read_resource
from verification.codes import Label
from verification.passwords import PasswordRules

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

NAME = "admin"
NUMBER = "0100000000"
ACTOR = "demo"
_DIGITS = 20
_GROUP = 4


def demo_password(core: Core) -> str:
    """Return the password, in groups that the eye can hold."""
    digest = hmac.digest(core.keys.key(core.keys.first, Label.DEMO), NAME.encode(), hashlib.sha256)
    text = base64.b32encode(digest).decode().lower()[:_DIGITS]
    return "-".join(text[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))


def add_administrator(core: Core, unit: UnitOfWork, hashed: str, at: datetime) -> None:
    """Add the administrator, who may do everything."""
    document = {
        **read_resource({"userName": NAME, "displayName": "Demo administrator"}, core.user_type),
        "phoneNumbers": [{"type": "mobile", "value": NUMBER}],
        EXTENSION: {"mobileNumbers": [NUMBER], "verifiedMobileNumbers": [NUMBER], "phoneVerified": True},
    }
    user_id = unit.resources.add(new_resource_id(at), core.user_type, document, at).id
    unit.passwords.save(user_id, hashed, at)
    unit.administrators.save(user_id, EVERYTHING, at)
    caller = Caller(subject=ACTOR, user_id=None, request_id=new_id())
    trail.record(unit, Deed.ADMINISTRATOR_CHANGED, caller, user_id, at, scopes="*")


def hash_of(core: Core) -> str:
    """Return the hash of the password."""
    return PasswordService(PasswordRules()).hash_of(demo_password(core), {"userName": NAME})


def password_in_force(core: Core) -> str | None:
    """Return the password as long as it opens the Console, else None."""

    def read(unit: UnitOfWork) -> str | None:
        user = unit.resources.find(core.user_type.name, NAME)
        if user is None or not unit.administrators.lookup(user.id):
            return None
        stored = unit.passwords.lookup(user.id)
        return stored.hash if stored else None

    password, hashed = demo_password(core), core.database.read(read)
    is_right = hashed is not None and PasswordService(PasswordRules()).is_password(hashed, password)
    return password if is_right else None
