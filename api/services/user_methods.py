"""The authentication methods of a user of ours, gathered from where each is kept.

The mobile phone is the primary mobile number of the user's document, no second copy: it is a method once it is
verified, or once somebody has registered it as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import stored_contact
from verification.graph_ids import AUTHENTICATOR_ID, PASSWORD_ID, PHONE_IDS, RECOVERY_CODES_ID
from verification.methods import Method, MethodKind, PhoneType
from verification.targets import masked

if TYPE_CHECKING:
    from api.services.core import Core
    from persistence.methods import MethodRecord
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork

MOBILE_ID = PHONE_IDS[PhoneType.MOBILE]


@dataclass(frozen=True, slots=True)
class UserMethod:
    """A method of ours: what every directory tells of it, and the record it has, where it has one.

    Attributes:
        number: Of the mobile phone, its number as it is stored.
        is_verified: Of the mobile phone, whether the number is.
    """

    method: Method
    record: MethodRecord | None = None
    number: str | None = None
    is_verified: bool = False


def methods_of(unit: UnitOfWork, user: StoredResource, core: Core) -> tuple[UserMethod, ...]:
    """Return every method of a user: those there is one of, then the records, the oldest first."""
    records = unit.methods.list(user.id)
    mark = next((record for record in records if record.method_id == MOBILE_ID), None)
    found = (
        _password(unit, user.id),
        _mobile(user, mark, core),
        _authenticator(unit, user.id),
        _recovery_codes(unit, user.id),
        *(_recorded(record) for record in records if record is not mark),
    )
    return tuple(item for item in found if item is not None)


def _password(unit: UnitOfWork, user_id: str) -> UserMethod | None:
    found = unit.passwords.lookup(user_id)
    return UserMethod(Method(MethodKind.PASSWORD, PASSWORD_ID, created_at=found.changed_at)) if found else None


def _authenticator(unit: UnitOfWork, user_id: str) -> UserMethod | None:
    found = unit.factors.authenticator(user_id)
    return UserMethod(Method(MethodKind.SOFTWARE_OATH, AUTHENTICATOR_ID, created_at=found.added_at)) if found else None


def _recovery_codes(unit: UnitOfWork, user_id: str) -> UserMethod | None:
    left = unit.factors.count_codes(user_id)
    return UserMethod(Method(MethodKind.RECOVERY_CODES, RECOVERY_CODES_ID, f"{left} left")) if left else None


def _mobile(user: StoredResource, mark: MethodRecord | None, core: Core) -> UserMethod | None:
    contact = stored_contact(user.document(), MOBILE_NUMBERS, core.policy)
    if contact.primary is None or not (contact.is_primary_verified or mark):
        return None
    created_at = mark.created_at if mark else None
    method = Method(MethodKind.PHONE, MOBILE_ID, contact.primary.masked(), PhoneType.MOBILE, created_at)
    return UserMethod(method, mark, contact.primary.text, contact.is_primary_verified)


def _recorded(record: MethodRecord) -> UserMethod:
    detail = record.detail
    number, phone_type = detail.get("phoneNumber"), detail.get("phoneType")
    contact = number or detail.get("emailAddress")
    method = Method(
        kind=MethodKind(record.kind),
        id=record.method_id,
        label=masked(contact) if contact else str(detail.get("displayName") or ""),
        phone_type=PhoneType(phone_type) if phone_type else None,
        created_at=record.created_at,
    )
    return UserMethod(method, record, number)
