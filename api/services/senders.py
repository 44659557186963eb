"""Use cases of senders: the gateways that administrators set up while the service runs, and messages that try them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from api.identifiers import new_id
from api.services import trail
from api.services.errors import UseCaseError
from api.services.sender_values import seal, unseal
from api.services.sending import Occasion, SendService
from api.services.trail import Deed
from persistence.senders import StoredSender
from verification.channels import Channel
from verification.errors import DeliveryError, PermanentDeliveryError
from verification.fixed_codes import PROVIDER
from verification.kinds import MOBILE
from verification.ports import Message
from verification.templates import Template
from verification.verifications import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.delivering import Carrier
    from api.services.sender_drafts import SenderDraft
    from api.services.sender_values import Sender
    from persistence.unit_of_work import UnitOfWork
    from verification.targets import Target
    from verification.texts import Text

MOST = 10
"""Senders that there may be: each one is a gateway that a message may have to be offered to."""
_LASTS = timedelta(minutes=5)
"""How long a gateway may try to deliver a message that tries it."""


class NoSuchSender(UseCaseError):
    """There is no such sender."""

    code = "NSM-60006"


class SenderExists(UseCaseError):
    """There is a sender of this name."""

    code = "NSM-60002"


class SenderChanged(UseCaseError):
    """Somebody else has changed the sender meanwhile."""

    code = "SENDER_CHANGED"


class TooManySenders(UseCaseError):
    """There may be no more senders."""

    code = "SENDER_LIMIT"


class Gateways(Protocol):
    """What leads to gateways; loaded where it is used."""

    def check(self, sender: Sender) -> None:
        """Raise SenderRefused where no message can be sent by a sender."""

    def carrier(self, senders: Sequence[Sender]) -> Carrier:
        """Return who carries by these senders; without any, by the providers of the environment."""

    def write(self, template: Template, channel: Channel, locale: str | None) -> Text:
        """Write a message."""

    @property
    def providers(self) -> tuple[str, ...]:
        """Return the names of the environment's providers in their order."""


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
class SenderService:
    """Use cases of senders of SMS."""

    core: Core
    gateways: Gateways

    def list(self) -> tuple[Sender, ...]:
        """List all senders in the order in which they are tried."""
        stored = self.core.database.read(lambda unit: unit.senders.list())
        return tuple(unseal(self.core.keys, each) for each in stored)

    def show(self, name: str) -> Sender:
        """Return a sender.

        Raises:
            NoSuchSender: there is none.
        """
        return unseal(self.core.keys, self._stored(name))

    def add(self, name: str, draft: SenderDraft, caller: Caller) -> Sender:
        """Set a sender up, after all others.

        Raises:
            UseCaseError: there is one of this name, there are too many, or something is wrong with this one.
        """
        made = draft.sender_named(name)
        self.gateways.check(made)
        at = self.core.clock.now()
        stored = StoredSender(name, made.provider, seal(self.core.keys, made), at, at)

        def write(unit: UnitOfWork) -> None:
            if len(unit.senders.list()) >= MOST:
                raise TooManySenders
            if not unit.senders.add(stored):
                raise SenderExists
            trail.record(unit, Deed.SENDER_ADDED, caller, None, at, sender=name, provider=made.provider)

        self.core.database.transact(write)
        return made

    def replace(self, name: str, draft: SenderDraft, caller: Caller) -> Sender:
        """Set a sender up anew; secrets that are left out stay as they are.

        Raises:
            UseCaseError: there is none of this name, or something is wrong with it.
        """
        before = self._stored(name)
        made = draft.sender_named(name, unseal(self.core.keys, before))
        self.gateways.check(made)
        at = self.core.clock.now()
        after = StoredSender(name, made.provider, seal(self.core.keys, made), before.created_at, at)

        def write(unit: UnitOfWork) -> None:
            if not unit.senders.save(after, expected=before.changed_at):
                raise SenderChanged
            trail.record(unit, Deed.SENDER_CHANGED, caller, None, at, sender=name, provider=made.provider)

        self.core.database.transact(write)
        return made

    def remove(self, name: str, caller: Caller) -> None:
        """Remove a sender.

        Raises:
            NoSuchSender: there is none.
        """
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            if not unit.senders.remove(name):
                raise NoSuchSender
            trail.record(unit, Deed.SENDER_REMOVED, caller, None, at, sender=name)

        self.core.database.transact(write)

    def try_out(self, number: str, name: str | None, caller: Caller, locale: str | None = None) -> Trial:
        """Send a text to a number by one sender, or by all that are in force in their order.

        Nobody else waits for it: no transaction is open meanwhile.

        Raises:
            NoSuchSender: there is none of this name.
            SenderRefused: no message can be sent by it.
            InvalidPhoneNumber, LimitReached, TargetRefused: nothing can be sent there, or not now.
        """
        senders = self.list() if name is None else (self.show(name),)
        if name is not None:
            self.gateways.check(senders[0])
        target = MOBILE.read(number, self.core.policy)
        if self._count(target, caller):
            trial = Trial(Outcome.ACCEPTED, PROVIDER)
        else:
            trial = self._send(target, senders, locale)
        self._record(target, name, trial, caller)
        return trial

    def _count(self, target: Target, caller: Caller) -> bool:
        """Count a message as a code is counted; tell whether it goes to a test number, to which nothing is sent."""
        at = self.core.clock.now()
        sends = SendService(self.core)
        occasion = Occasion(caller.user_id or caller.subject, target, Purpose.MOBILE, caller, at)

        def write(unit: UnitOfWork) -> bool:
            permit = sends.look(occasion, unit)
            permit.clearance.require()
            permit.count(unit, at)
            return permit.is_test

        return sends.transact(write)

    def _send(self, target: Target, senders: Sequence[Sender], locale: str | None) -> Trial:
        text = self.gateways.write(Template.TEST_MESSAGE, Channel.SMS, locale)
        message = Message(
            to=target.destination, subject=text.subject, body=text.body, reference=new_id(), remaining=_LASTS
        )
        try:
            carried = self.gateways.carrier(senders).send(message)
        except PermanentDeliveryError as error:
            return Trial(Outcome.REFUSED, reason=error.reason)
        except DeliveryError as error:
            return Trial(Outcome.POSTPONED, reason=error.reason)
        return Trial(Outcome.ACCEPTED, carried.provider, reference=carried.reference)

    def _record(self, target: Target, name: str | None, trial: Trial, caller: Caller) -> None:
        at = self.core.clock.now()
        self.core.database.transact(
            lambda unit: trail.record(
                unit,
                Deed.SENDER_TRIED,
                caller,
                None,
                at,
                sender=name,
                target=target.masked(),
                outcome=trial.outcome,
                provider=trial.provider,
                reason=trial.reason,
            )
        )

    def _stored(self, name: str) -> StoredSender:
        found = self.core.database.read(lambda unit: unit.senders.lookup(name))
        if found is None:
            raise NoSuchSender
        return found
