"""For policies of an Azure AD B2C tenant: send a code to a number, check it, and make the number a user's own.

The policy has proved who the user is in its own way; here it is an application that acts for a user. The three steps
are one flow, which only who began it goes on with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.addresses import find_by_address
from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.errors import NoSuchFlow
from api.services.flow_codes import CodeRequest, FlowCodes
from api.services.flows import begin_flow, count_attempt, flow_of, move_on, token_of
from api.services.restored_numbers import persist_number
from api.services.sending import SendService
from verification.errors import UnknownUser, VerificationError
from verification.flows import FlowKind
from verification.texts import locale_for
from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.policy import Policy
    from verification.targets import Target

_CODE, _PROVED = "code", "proved"
_VERIFICATION, _NUMBER, _CLIENT = "verification", "number", "client"
LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Account:
    """How a policy names a user: by the object id, or by a sign-in name."""

    object_id: str | None = None
    sign_in_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A code on its way: the handle of the flow, and where it goes, masked."""

    handle: str = field(repr=False)
    sent_to: str


@dataclass(frozen=True, slots=True)
class B2cService:
    """The use cases of a policy."""

    core: Core

    def send(self, account: Account, number: str, caller: Caller) -> Sent:
        """Send a code to a number that is to be a user's.

        Raises:
            UnknownUser: the account names nobody, or several.
            InvalidPhoneNumber: the number is none.
            LimitReached: no code may be sent now.
        """
        at = self.core.clock.now()
        target = MOBILE_NUMBERS.kind.read(number.strip(), self.core.policy)
        sent = SendService(self.core).transact(lambda unit: self._send(unit, account, target, caller, at))
        self.core.wake()
        return sent

    def resend(self, handle: str, caller: Caller) -> str:
        """Send another code to the same number; return where to, masked.

        Raises:
            NoSuchFlow: the flow is over, or somebody else's.
            LimitReached: no code may be sent now.
        """
        at = self.core.clock.now()
        sent_to = SendService(self.core).transact(lambda unit: self._resend(unit, handle, caller, at))
        self.core.wake()
        return sent_to

    def verify(self, handle: str, code: str, caller: Caller) -> str:
        """Take the code; return the number that is proved, in its canonical form.

        Raises:
            NoSuchFlow: the flow is over, or somebody else's.
            CodeInvalid, CodeExpired, LimitReached: the code will not do.
        """
        at = self.core.clock.now()
        return self.core.answer(self.core.database.transact(lambda unit: self._verify(unit, handle, code, caller, at)))

    def persist(self, handle: str, caller: Caller) -> str:
        """Make the number that is proved the primary one of its user, in the place of the one before.

        Raises:
            NoSuchFlow: it is not proved, or the flow is over, or somebody else's.
            ChangesBlocked: a change of the number was taken back a short time ago.
        """
        at = self.core.clock.now()
        user_id = self.core.database.transact(lambda unit: self._persist(unit, handle, caller, at))
        self.core.wake()
        return user_id

    def _send(self, unit: UnitOfWork, account: Account, target: Target, caller: Caller, at: datetime) -> Sent:
        found = _found(unit, account, self.core.policy)
        user = unit.resources.lock("User", found.id) if found else None
        if user is None:
            raise UnknownUser
        flow, secret = begin_flow(
            FlowKind.B2C,
            _CODE,
            user_id=user.id,
            at=at,
            lifetime=LIFETIME,
            **{_NUMBER: target.text, _CLIENT: caller.subject},
        )
        unit.flows.add(self._with_code(unit, flow, user, target, caller, at))
        return Sent(token_of(flow, secret), target.masked())

    def _resend(self, unit: UnitOfWork, handle: str, caller: Caller, at: datetime) -> str:
        flow, user = self._under_way(unit, handle, _CODE, caller, at)
        target = MOBILE_NUMBERS.kind.stored(flow.data[_NUMBER], self.core.policy)
        move_on(unit, flow, self._with_code(unit, flow, user, target, caller, at))
        return target.masked()

    def _with_code(
        self, unit: UnitOfWork, flow: Flow, user: StoredResource, target: Target, caller: Caller, at: datetime
    ) -> Flow:
        document = user.document()
        request = CodeRequest(
            flow=flow,
            user_id=user.id,
            purpose=Purpose.RESTORE_PHONE,
            scenario=Scenario.RESTORE_PHONE,
            target=target,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            verification_id=flow.data.get(_VERIFICATION),
        )
        sent = FlowCodes(self.core).send(unit, request, caller, at)
        return flow.advance(_CODE, **{_VERIFICATION: sent.id})

    def _verify(
        self, unit: UnitOfWork, handle: str, code: str, caller: Caller, at: datetime
    ) -> str | VerificationError:
        flow, user = self._under_way(unit, handle, _CODE, caller, at)
        count_attempt(unit, flow)
        refusal = FlowCodes(self.core).check(
            unit,
            user_id=user.id,
            purpose=Purpose.RESTORE_PHONE,
            verification_id=flow.data[_VERIFICATION],
            code=code,
            caller=caller,
            at=at,
        )
        if refusal is not None:
            return refusal
        move_on(unit, flow, flow.advance(_PROVED))
        return MOBILE_NUMBERS.kind.stored(flow.data[_NUMBER], self.core.policy).key

    def _persist(self, unit: UnitOfWork, handle: str, caller: Caller, at: datetime) -> str:
        flow, user = self._under_way(unit, handle, _PROVED, caller, at)
        move_on(unit, flow, flow.end())
        persist_number(self.core, unit, user, flow.data[_NUMBER], caller, at)
        return user.id

    def _under_way(
        self, unit: UnitOfWork, handle: str, step: str, caller: Caller, at: datetime
    ) -> tuple[Flow, StoredResource]:
        flow = flow_of(unit, FlowKind.B2C, handle, at)
        user = unit.resources.lock("User", flow.user_id or "")
        if user is None or flow.step != step or flow.data[_CLIENT] != caller.subject:
            raise NoSuchFlow
        return flow, user


def _found(unit: UnitOfWork, account: Account, policy: Policy) -> StoredResource | None:
    """Find a user by the object id, which is the SCIM id or the externalId here, or by a sign-in name."""
    if account.object_id is not None:
        by_id = unit.resources.lookup("User", account.object_id)
        others = unit.resources.find_by_value("User", "externalId", account.object_id)
        return by_id or (others[0] if len(others) == 1 else None)
    name = account.sign_in_name or ""
    return unit.resources.find("User", name) or find_by_address(unit, name, policy)
