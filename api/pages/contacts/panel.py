"""What the controls of one kind of contact of a user show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.contact_attributes import EMAIL_ADDRESSES, MOBILE_NUMBERS, ContactAttributes
from api.services.contacts import pending_value, stored_contact
from verification.limits import seconds_until
from verification.policy import Alphabet

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.verifications import Pending
    from api.wiring import Services
    from persistence.resources import StoredResource
    from verification.policy import Policy

KINDS = {"mobile": MOBILE_NUMBERS, "email": EMAIL_ADDRESSES}
"""The kinds by their name in paths, fields and the keys of texts."""


@dataclass(frozen=True, slots=True)
class Proved:
    """When a value was last proved by a code, and by whom that was entered, in words; empty where nobody knows."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Value:
    """A number or an address of the user; `proved` is not told to its owner, whose history has it."""

    text: str
    key: str
    is_primary: bool
    is_verified: bool
    is_pending: bool
    proved: Proved | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for its code; `seconds` is how long the code is still good."""

    text: str
    live: Pending
    seconds: int

    @property
    def expires_at(self) -> datetime:
        """Return until when the code is good."""
        return self.live.expires_at


@dataclass(frozen=True, slots=True)
class Panel:
    """The numbers or addresses of a user, what waits among them, and where the forms go: below `base`.

    Of what can be done `may_change`, `may_check` and `may_send` tell whether the visitor may do it.
    """

    kind: str
    base: str
    values: tuple[Value, ...]
    waiting: Waiting | None
    has_lists: bool
    is_gated: bool
    is_numeric: bool
    may_change: bool = True
    may_check: bool = True
    may_send: bool = True
    typed: str = ""
    """What was refused, to be mended and sent again."""

    @property
    def primary(self) -> Value | None:
        """Return the value that is in force."""
        return next((value for value in self.values if value.is_primary), None)

    @classmethod
    def of(cls, services: Services, stored: StoredResource, kind: str, base: str) -> Panel:
        """Read the panel of a user."""
        where, policy = KINDS[kind], services.core.policy
        return cls(
            kind=kind,
            base=base,
            values=_values(stored, where, policy),
            waiting=_waiting(services, stored, where),
            has_lists=where.kind.has_lists(policy),
            is_gated=where.kind.is_gated(policy),
            is_numeric=policy.otp.alphabet is Alphabet.NUMERIC,
        )


def _values(stored: StoredResource, where: ContactAttributes, policy: Policy) -> tuple[Value, ...]:
    document = stored.document()
    contact, pending = stored_contact(document, where, policy), pending_value(document, where)
    waits_for = where.kind.stored(pending, policy) if pending else None
    primary = (contact.primary,) if contact.primary else ()
    listed = contact.listed if where.kind.has_lists(policy) else ()
    return tuple(
        Value(
            text=target.text,
            key=target.key,
            is_primary=target == contact.primary,
            is_verified=contact.is_primary_verified if target == contact.primary else target in contact.verified,
            is_pending=target == waits_for,
        )
        for target in dict.fromkeys((*primary, *listed))
    )


def _waiting(services: Services, stored: StoredResource, where: ContactAttributes) -> Waiting | None:
    text = pending_value(stored.document(), where)
    if text is None:
        return None
    scenarios = (where.kind.on_update, where.kind.on_list_update)
    live = next((item for item in services.verifications.pending(stored.id) if item.scenario in scenarios), None)
    if live is None:
        return None
    return Waiting(text, live, seconds_until(live.expires_at, services.core.clock.now()))
