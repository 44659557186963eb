"""Authentication methods as Microsoft Graph writes them, read off its answers, and the paths they are found at.

There is no DELETE on `/methods/{id}`: each type is removed
at its own segment.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from verification.graph_names import SEGMENTS, kind_of
from verification.methods import Method, PhoneType
from verification.targets import masked


def read_method(document: dict[str, Any]) -> Method:
    """Read one element of a list of methods; a type we do not know is of the kind `other`."""
    phone_type = document.get("phoneType")
    return Method(
        kind=kind_of(str(document.get("@odata.type", ""))),
        id=str(document.get("id", "")),
        label=_label(document),
        phone_type=PhoneType(phone_type) if phone_type in set(PhoneType) else None,
        created_at=_moment(document.get("createdDateTime")),
    )


def method_path(user_id: str, method: Method) -> str:
    """Return the path at which a method is removed; ids may hold any character (facts C.1)."""
    return f"{methods_path(user_id, SEGMENTS[method.kind])}/{quote(method.id, safe='')}"


def methods_path(user_id: str, segment: str) -> str:
    """Return the path of a user's methods."""
    return f"/users/{quote(user_id, safe='')}/authentication/{segment}"


def _label(document: dict[str, Any]) -> str:
    if contact := document.get("phoneNumber") or document.get("emailAddress"):
        return masked(str(contact))
    return str(document.get("displayName") or document.get("model") or "")


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
