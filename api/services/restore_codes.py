"""The codes of a restore: to the mailbox, whoever there is, and to the new number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from api.services.addresses import verified_address
from api.services.flow_codes import CodeRequest, FlowCodes
from verification.errors import Limit, LimitReached, VerificationError
from verification.limits import seconds_until
from verification.texts import locale_for
from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.targets import Target
    from verification.verifications import Verification

MAIL, SMS = "mail_verification", "sms_verification"
"""Where a flow keeps the ids of its verifications."""
_SENDS, _SENT_AT = "sends", "sent_at"


@dataclass(frozen=True, slots=True)
class RestoreCodes:
    """Sends and checks them."""

    core: Core

    def mail(
        self, unit: UnitOfWork, flow: Flow, user: StoredResource | None, caller: Caller, at: datetime
    ) -> Verification | None:
        """Send a code to the mailbox of a user, if there is one; None where none was sent: nobody is told why."""
        address = verified_address(user.document(), self.core.policy) if user else None
        if user is None or address is None:
            return None
        try:
            return self.send(unit, flow, user, Purpose.RESTORE_EMAIL, address, caller, at)
        except VerificationError:
            # Not told: it would say that there is such a user.
            return None

    def send(
        self,
        unit: UnitOfWork,
        flow: Flow,
        user: StoredResource,
        purpose: Purpose,
        target: Target,
        caller: Caller,
        at: datetime,
    ) -> Verification:
        """Send a code, or raise what forbids it."""
        document = user.document()
        by_mail = purpose is Purpose.RESTORE_EMAIL
        request = CodeRequest(
            flow=flow,
            user_id=user.id,
            purpose=purpose,
            scenario=Scenario.RESTORE_EMAIL if by_mail else Scenario.RESTORE_PHONE,
            target=target,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            verification_id=flow.data.get(MAIL if by_mail else SMS),
        )
        return FlowCodes(self.core).send(unit, request, caller, at)

    def check(
        self, unit: UnitOfWork, flow: Flow, purpose: Purpose, code: str, caller: Caller, at: datetime
    ) -> VerificationError | None:
        """Return what is wrong with a code, and count it."""
        return FlowCodes(self.core).check(
            unit,
            user_id=flow.user_id or flow.id,
            purpose=purpose,
            verification_id=flow.data.get(MAIL if purpose is Purpose.RESTORE_EMAIL else SMS),
            code=code,
            caller=caller,
            at=at,
        )

    def require_pause(self, flow: Flow, at: datetime) -> None:
        """Hold the flow to the limits of its code by what the flow knows itself: there may be no code at all."""
        rules = self.core.policy.otp
        if rules.max_sends and flow.data[_SENDS] >= rules.max_sends:
            raise LimitReached(Limit.SENDS, max(1, seconds_until(flow.expires_at, at)))
        wait = seconds_until(datetime.fromisoformat(flow.data[_SENT_AT]) + rules.resend_cooldown, at)
        if wait:
            raise LimitReached(Limit.COOLDOWN, wait)


def counted(data: Any, at: datetime) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    """Return the data of a flow about codes to the mailbox, one more than before."""
    return {_SENDS: data.get(_SENDS, 0) + 1, _SENT_AT: at.isoformat()}
