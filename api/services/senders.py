"""Use cases of senders: the gateways that administrators set up while the service runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from api.services import trail
from api.services.errors import UseCaseError
from api.services.sender_values import seal, unseal
from api.services.trail import Deed
from persistence.senders import StoredSender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.delivering import Carrier
    from api.services.sender_drafts import SenderDraft
    from api.services.sender_values import Sender
    from persistence.unit_of_work import UnitOfWork
    from verification.channels import Channel
    from verification.templates import Template
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

    def mail_carrier(self) -> Carrier:
        """Return who carries mail, or raise SenderRefused where nobody does."""

    def write(self, template: Template, channel: Channel, locale: str | None) -> Text:
        """Write a message."""


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
        self.core.senders.try_to_look()
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
        self.core.senders.try_to_look()
        return made

    def faults(self, name: str, draft: SenderDraft) -> tuple[UseCaseError, ...]:
        """Name all that is wrong with what is asked for, where `add` and `replace` stop at the first of it."""
        stored = self.core.database.read(lambda unit: unit.senders.lookup(name))
        before = None if stored is None else unseal(self.core.keys, stored)
        found: list[UseCaseError] = []
        rest: SenderDraft | None = draft
        while rest is not None:
            try:
                self.gateways.check(rest.sender_named(name, before))
            except UseCaseError as fault:
                members: tuple[str, ...] = getattr(fault, "members", ())
                # What names no member may come of what was made up.
                if members or not found:
                    found.append(fault)
                rest = rest.without(fault)
            else:
                break
        return tuple(found)

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
        self.core.senders.try_to_look()

    def _stored(self, name: str) -> StoredSender:
        found = self.core.database.read(lambda unit: unit.senders.lookup(name))
        if found is None:
            raise NoSuchSender
        return found
