"""Messages that try a gateway: sent by the request itself, which tells what the gateway has said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services import trail
from api.services.sending import Occasion, SendService
from api.services.trail import Deed
from verification.channels import Channel
from verification.errors import DeliveryError, PermanentDeliveryError
from verification.fixed_codes import PROVIDER
from verification.kinds import EMAIL, MOBILE
from verification.ports import Message
from verification.templates import Template
from verification.verifications import Purpose

if TYPE_CHECKING:
    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.delivering import Carrier
    from api.services.senders import Gateways, SenderService
    from persistence.unit_of_work import UnitOfWork
    from verification.targets import Target

_LASTS = timedelta(minutes=5)
"""How long a gateway may try to deliver a message that tries it."""
_CHANNEL = {Purpose.MOBILE: Channel.SMS, Purpose.EMAIL: Channel.EMAIL}


class Outcome(StrEnum):
    """What became of a message that tries a gateway."""

    ACCEPTED = "accepted"
    POSTPONED = "postponed"  # it might be taken later
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a gateway has said to a message that tries it.

    Attributes:
        provider: Who took it; None where nobody did.
        reason: Why not, in the words of deliveries.
        reference: The gateway's name of the message.
    """

    outcome: Outcome
    provider: str | None = None
    reason: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A trial as it is asked for."""

    target: Target
    purpose: Purpose
    caller: Caller
    locale: str | None
    sender: str | None = None

    @property
    def channel(self) -> Channel:
        """Return how it travels."""
        return _CHANNEL[self.purpose]


@dataclass(frozen=True, slots=True)
class TrialService:
    """Use cases of trials. They count as codes do; no transaction is open while a gateway is called."""

    core: Core
    gateways: Gateways
    senders: SenderService

    def by_sms(self, number: str, name: str | None, caller: Caller, locale: str | None = None) -> Trial:
        """Send a text to a number by one sender, or by all that are in force in their order.

        Raises:
            NoSuchSender: there is none of this name.
            SenderRefused: no message can be sent by it.
            InvalidPhoneNumber, LimitReached, TargetRefused: nothing can be sent there, or not now.
        """
        senders = self.senders.list() if name is None else (self.senders.show(name),)
        if name is not None:
            self.gateways.check(senders[0])
        target = MOBILE.read(number, self.core.policy)
        return self._try(_Wanted(target, Purpose.MOBILE, caller, locale, name), self.gateways.carrier(senders))

    def by_mail(self, address: str, caller: Caller, locale: str | None = None) -> Trial:
        """Send a mail to an address.

        Raises:
            SenderRefused: there is no mail server.
            InvalidEmailAddress, LimitReached, TargetRefused: nothing can be sent there, or not now.
        """
        carrier, target = self.gateways.mail_carrier(), EMAIL.read(address, self.core.policy)
        return self._try(_Wanted(target, Purpose.EMAIL, caller, locale), carrier)

    def _try(self, wanted: _Wanted, carrier: Carrier) -> Trial:
        # To a test number nothing is sent.
        trial = Trial(Outcome.ACCEPTED, PROVIDER) if self._count(wanted) else self._send(wanted, carrier)
        self._record(wanted, trial)
        return trial

    def _count(self, wanted: _Wanted) -> bool:
        """Count a message as a code is counted; tell whether it goes to a test number."""
        at = self.core.clock.now()
        sends = SendService(self.core)
        asker = wanted.caller.user_id or wanted.caller.subject
        occasion = Occasion(asker, wanted.target, wanted.purpose, wanted.caller, at)

        def write(unit: UnitOfWork) -> bool:
            permit = sends.look(occasion, unit)
            permit.clearance.require()
            permit.count(unit, at)
            return permit.is_test

        return sends.transact(write)

    def _send(self, wanted: _Wanted, carrier: Carrier) -> Trial:
        text = self.gateways.write(Template.TEST_MESSAGE, wanted.channel, wanted.locale)
        message = Message(
            to=wanted.target.destination,
            subject=text.subject,
            body=text.body,
            reference=new_id(),
            remaining=_LASTS,
        )
        try:
            carried = carrier.send(message)
        except PermanentDeliveryError as error:
            return Trial(Outcome.REFUSED, reason=error.reason)
        except DeliveryError as error:
            return Trial(Outcome.POSTPONED, reason=error.reason)
        return Trial(Outcome.ACCEPTED, carried.provider, reference=carried.reference)

    def _record(self, wanted: _Wanted, trial: Trial) -> None:
        at = self.core.clock.now()
        self.core.database.transact(
            lambda unit: trail.record(
                unit,
                Deed.SENDER_TRIED,
                wanted.caller,
                None,
                at,
                sender=wanted.sender,
                channel=wanted.channel,
                target=wanted.target.masked(),
                outcome=trial.outcome,
                provider=trial.provider,
                reason=trial.reason,
            )
        )
