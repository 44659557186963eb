"""Second factors of a user: which there are, and whether what somebody submits proves one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import stored_contact
from api.services.flow_codes import CodeRequest, FlowCodes
from verification.factors import Method
from verification.texts import locale_for
from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.flow_codes import Refusal
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.targets import Target
    from verification.verifications import Verification

VERIFICATION = "verification"
"""Where a flow keeps the id of the verification whose code it was sent."""


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Look at second factors inside of a transaction that holds the user's row."""

    core: Core

    def methods(self, user: StoredResource) -> tuple[Method, ...]:
        """Return the second factors that a user has, the best first."""
        return (Method.SMS,) if self._number(user) else ()

    def send(
        self, unit: UnitOfWork, user: StoredResource, flow: Flow, caller: Caller, at: datetime
    ) -> Verification | None:
        """Send a code for a flow to the user's number; None where there is none that is verified.

        Raises:
            LimitReached: no code may be sent now.
        """
        number = self._number(user)
        if number is None:
            return None
        document = user.document()
        request = CodeRequest(
            flow=flow,
            user_id=user.id,
            purpose=Purpose.MFA,
            scenario=Scenario.SIGN_IN,
            target=number,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            verification_id=flow.data.get(VERIFICATION),
        )
        return FlowCodes(self.core).send(unit, request, caller, at)

    def check(self, unit: UnitOfWork, flow: Flow, user_id: str, code: str, caller: Caller, at: datetime) -> Refusal:
        """Check the code that a flow was sent; what is returned is raised once the count is committed."""
        return FlowCodes(self.core).check(
            unit,
            user_id=user_id,
            purpose=Purpose.MFA,
            verification_id=flow.data.get(VERIFICATION),
            code=code,
            caller=caller,
            at=at,
        )

    def _number(self, user: StoredResource) -> Target | None:
        contact = stored_contact(user.document(), MOBILE_NUMBERS, self.core.policy)
        return contact.primary if contact.is_primary_verified else None
