"""Changing a phone that is not lost: the old number is proved first, where the deployment asks for it.

A stolen session, or a stolen password, then does not change the number that codes go to. A proof is good for one
change, within ten minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import pending_value, requested_contact, stored_contact
from api.services.errors import NoSuchFactor, NoSuchFlow, NoSuchUser
from api.services.flow_codes import CodeRequest, FlowCodes
from api.services.flows import begin_flow, count_attempt, move_on
from api.services.sending import SendService
from persistence.errors import StaleVersion
from scim.errors import Forbidden
from verification.decision import Actor
from verification.errors import CodeInvalid
from verification.flows import FlowKind
from verification.texts import locale_for
from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Change, ChangeRules, Document, Effect
    from api.services.core import Core
    from api.services.flow_codes import Refusal
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.errors import ScimError
    from verification.flows import Flow
    from verification.targets import Target

_ASKED, _PROVED = "asked", "proved"
_VERIFICATION, _KEY = "verification", "number_key"
LIFETIME = timedelta(minutes=10)
_NEEDED = (
    "The present mobile number has to be proved before it is changed: POST /api/identity/user/v1.0/me/prove-number, "
    "and then its code to …/me/prove-number/confirm."
)


@dataclass(frozen=True, slots=True)
class OldNumberService:
    """The use cases of a proof of the present number, by its signed-in user."""

    core: Core

    def send(self, user_id: str, caller: Caller) -> str:
        """Send a code to the verified primary number, or send another; return where to, masked.

        Raises:
            NoSuchFactor: there is no verified number, and so nothing to be proved.
            LimitReached: no code may be sent now.
        """
        at = self.core.clock.now()
        sent_to = SendService(self.core).transact(lambda unit: self._send(unit, user_id, caller, at))
        self.core.wake()
        return sent_to

    def confirm(self, user_id: str, code: str, caller: Caller) -> None:
        """Take the code; the number may then be changed once.

        Raises:
            NoSuchFlow: no code was asked for.
            CodeInvalid, CodeExpired, LimitReached: the code will not do.
        """
        at = self.core.clock.now()
        self.core.answer(self.core.database.transact(lambda unit: self._confirm(unit, user_id, code, caller, at)))

    def _send(self, unit: UnitOfWork, user_id: str, caller: Caller, at: datetime) -> str:
        user = unit.resources.lock("User", user_id)
        if user is None:
            raise NoSuchUser
        number = verified_number(self.core, user.document())
        if number is None:
            raise NoSuchFactor
        begun = unit.flows.find_open(user_id, FlowKind.CHANGE, _ASKED, at)
        flow = begun or begin_flow(FlowKind.CHANGE, _ASKED, user_id=user_id, at=at, lifetime=LIFETIME)[0]
        document = user.document()
        request = CodeRequest(
            flow=flow,
            user_id=user_id,
            purpose=Purpose.OLD_NUMBER,
            scenario=Scenario.OLD_NUMBER,
            target=number,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            verification_id=flow.data.get(_VERIFICATION),
        )
        sent = FlowCodes(self.core).send(unit, request, caller, at)
        following = flow.advance(_ASKED, **{_VERIFICATION: sent.id, _KEY: number.key})
        if begun is None:
            unit.flows.add(following)
        else:
            move_on(unit, begun, following)
        return number.masked()

    def _confirm(self, unit: UnitOfWork, user_id: str, code: str, caller: Caller, at: datetime) -> Refusal:
        user = unit.resources.lock("User", user_id)
        flow = unit.flows.find_open(user_id, FlowKind.CHANGE, _ASKED, at)
        if user is None or flow is None:
            raise NoSuchFlow
        count_attempt(unit, flow)
        number = verified_number(self.core, user.document())
        if number is None or number.key != flow.data[_KEY]:
            return CodeInvalid()
        refusal = FlowCodes(self.core).check(
            unit,
            user_id=user_id,
            purpose=Purpose.OLD_NUMBER,
            verification_id=flow.data[_VERIFICATION],
            code=code,
            caller=caller,
            at=at,
        )
        if refusal is None:
            move_on(unit, flow, flow.advance(_PROVED))
        return refusal


@dataclass(frozen=True, slots=True)
class OldNumberRules:
    """Let users change or remove their verified primary number only with a proof of it."""

    others: ChangeRules
    core: Core

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Say what the others say: a new user has no number to lose."""
        return self.others.creation(resource_id, document, caller, at)

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Ask for the proof, and use it up with the change.

        Raises:
            Forbidden: there is none.
        """
        change = self.others.change(stored, after, caller, at)
        is_own = caller.acts_on(stored.id) is Actor.OWNER
        if not self.core.policy.change_needs_old_number or not is_own or not self._replaces(stored.document(), after):
            return change
        proof = self.core.database.read(lambda unit: unit.flows.find_open(stored.id, FlowKind.CHANGE, _PROVED, at))
        if proof is None:
            raise Forbidden(_NEEDED)
        return _with(change, _using_up(proof))

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """Say what the others say."""
        return self.others.removal(stored, caller, at)

    def faults(self, before: Document, after: Document) -> tuple[ScimError, ...]:
        """Say what the others say."""
        return self.others.faults(before, after)

    def _replaces(self, before: Document, after: Document) -> bool:
        contact = stored_contact(before, MOBILE_NUMBERS, self.core.policy)
        requested = requested_contact(after, MOBILE_NUMBERS, self.core.policy, before=before, stored=contact).primary
        if not contact.is_primary_verified or requested == contact.primary:
            return False
        # What is pending was asked for with a proof; to ask for it again is no other change.
        pending = pending_value(before, MOBILE_NUMBERS)
        return pending is None or requested != MOBILE_NUMBERS.kind.stored(pending, self.core.policy)


def verified_number(core: Core, document: Document) -> Target | None:
    """Return the primary number of a user where it is verified."""
    contact = stored_contact(document, MOBILE_NUMBERS, core.policy)
    return contact.primary if contact.is_primary_verified else None


def _using_up(proof: Flow) -> Effect:
    def write(unit: UnitOfWork) -> None:
        if not unit.flows.save(proof.end(), expected=proof):
            raise StaleVersion

    return write


def _with(change: Change, effect: Effect) -> Change:
    return replace(change, effects=(*change.effects, effect))
