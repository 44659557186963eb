"""The rules of the User type: what its owner can be reached by changes only when it is proved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services.changes import Change, Document, Effect
from api.services.contact_attributes import CONTACTS
from api.services.contacts import (
    NO_CONTACT,
    pending_value,
    requested_contact,
    stored_contact,
    wants_verification,
    with_contact,
    without_never_stored,
)
from api.services.effects import Scene
from api.services.notices import Owner, changed
from api.services.sending import Occasion, Permit, SendService
from api.services.trail import ASSERTED, CHANGED
from scim.errors import InvalidValue, TooManyRequests
from verification.decision import Actor, Contact, Decision, LiveVerification, decide, decide_creation
from verification.errors import LimitReached, MultipleNewValues, TargetRefused
from verification.lifecycle import Outcome, Request, Step, request_verification
from verification.targets import masked
from verification.texts import locale_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.contact_attributes import ContactAttributes
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.errors import ScimError
    from verification.verifications import Purpose, Verification


@dataclass(frozen=True, slots=True)
class _Sides:
    """The values of one kind of contact as they are stored, and as a request would have them."""

    where: ContactAttributes
    before: Document
    stored: Contact
    pending: str | None
    requested: Contact
    wants_proof: bool

    @property
    def is_touched(self) -> bool:
        """Tell whether the request is about them at all."""
        return (
            self.wants_proof
            or self.requested.primary != self.stored.primary
            or set(self.requested.listed) != set(self.stored.listed)
            or set(self.requested.verified) != set(self.stored.verified)
        )


@dataclass(frozen=True, slots=True)
class _Present:
    """What is live for a user before a request, whether the user stays, and the permits the request has been given."""

    live: Mapping[Purpose, Verification] = field(default_factory=dict)
    leaves: bool = False
    permits: list[Permit] = field(default_factory=list)

    def of(self, where: ContactAttributes) -> Verification | None:
        """Return what is live of one kind of contact."""
        return self.live.get(where.kind.purpose)

    def without(self, ended: Verification) -> _Present:
        """Return the same without a verification that has ended."""
        return replace(self, live={purpose: live for purpose, live in self.live.items() if live != ended})


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a decision to verify comes to, and how it is written."""

    outcome: Outcome
    effect: Effect


@dataclass(frozen=True, slots=True)
class UserRules:
    """Decide what becomes of the contact values of a user that a request would change."""

    core: Core
    contacts: tuple[ContactAttributes, ...]

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Store the values of a new user as given, and send a code where the request asks for one (rule 6).

        Somebody who is inactive from the start is sent none.
        """
        scene = Scene(resource_id, caller, at)
        change = Change(without_never_stored(document))
        present = _Present(leaves=not _is_active(document))
        for where in self.contacts:
            change = self._created(change, scene, document, where, present)
        return change

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Put what a request left through the decision table, and write what follows from it."""
        scene = Scene(stored.id, caller, at)
        before = stored.document()
        leaves = _is_active(before) and not _is_active(after)
        every = [self._sides(where, before, after) for where in self.contacts]
        touched = [sides for sides in every if sides.is_touched]
        # What is live is pending in the document, written in the same transactions.
        pending = [sides.where for sides in touched if sides.pending is not None]
        abandoned = [each for each in CONTACTS if each not in self.contacts and pending_value(before, each) is not None]
        present = _Present()
        asked = [where.kind.purpose for where in (*pending, *abandoned)]
        if asked or leaves:
            present = self.core.database.read(lambda unit: self._present(unit, scene, asked, leaves=leaves))
        change = Change(without_never_stored(after))
        if leaves:
            # Deactivation ends what is pending (L2), and the tokens.
            canceled = (scene.cancel(live, "user deactivated") for live in present.live.values())
            change = _with(change, change.document, *canceled, scene.revoke_tokens())
            present = _Present(leaves=True)
        # A kind that is verified no more is not in the document that a request left, so nothing may wait for it.
        ends = [scene.cancel(live, "verified no more") for live in map(present.of, abandoned) if live is not None]
        change = _with(change, change.document, *ends)
        for sides in every:
            if sides in touched:
                change = self._decided(change, scene, sides, present)
            else:
                kept = None if leaves else sides.pending
                change = _with(change, with_contact(change.document, sides.where, sides.stored, kept, before=before))
        return change

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """End the tokens of a user who is removed."""
        # Its verifications and deliveries go with the row.
        return (Scene(stored.id, caller, at).revoke_tokens(),)

    def faults(self, before: Document, after: Document) -> tuple[ScimError, ...]:
        """Name what is no number and no address, of each kind the first."""
        found: list[ScimError] = []
        for where in self.contacts:
            try:
                self._sides(where, before, after)
            except InvalidValue as error:
                found.append(error)
        return tuple(found)

    def _created(
        self, change: Change, scene: Scene, document: Document, where: ContactAttributes, present: _Present
    ) -> Change:
        decision = decide_creation(
            requested_contact(document, where, self.core.policy, before={}, stored=NO_CONTACT),
            wants_verification=wants_verification(document, where),
            actor=scene.caller.acts_on(scene.subject_id),
            policy=self.core.policy,
            kind=where.kind,
        )
        effects: list[Effect] = []
        if decision.contact.verified:
            effects.append(scene.record(ASSERTED[where.kind.purpose], count=len(decision.contact.verified)))
        begun = self._begun(scene, document, where, decision, present)
        if begun is not None:
            effects.append(begun.effect)
        pending = begun.outcome.verification.target.text if begun else None
        created = with_contact(change.document, where, decision.contact, pending, before={})
        return _with(change, created, *effects, sends=begun is not None)

    def _sides(self, where: ContactAttributes, before: Document, after: Document) -> _Sides:
        contact = stored_contact(before, where, self.core.policy)
        requested = requested_contact(after, where, self.core.policy, before=before, stored=contact)
        return _Sides(where, before, contact, pending_value(before, where), requested, wants_verification(after, where))

    def _present(self, unit: UnitOfWork, scene: Scene, asked: list[Purpose], *, leaves: bool) -> _Present:
        user_id = scene.subject_id
        if leaves:
            return _Present({live.purpose: live for live in unit.verifications.list_live(user_id)})
        live = {purpose: unit.verifications.find_live(user_id, purpose) for purpose in asked}
        return _Present({purpose: found for purpose, found in live.items() if found})

    def _decided(self, change: Change, scene: Scene, sides: _Sides, present: _Present) -> Change:
        where, live = sides.where, present.of(sides.where)
        try:
            decision = decide(
                sides.stored,
                sides.requested,
                wants_verification=sides.wants_proof,
                live=LiveVerification(live.target, live.scenario) if live else None,
                actor=scene.caller.acts_on(scene.subject_id),
                policy=self.core.policy,
                kind=where.kind,
            )
        except MultipleNewValues as error:
            raise InvalidValue(str(error)) from error
        effects: list[Effect] = []
        if scene.caller.acts_on(scene.subject_id) is Actor.WITNESS:
            effects.append(scene.record(ASSERTED[where.kind.purpose], count=1))
        if live is not None and decision.cancel:
            effects.append(scene.cancel(live, "value changed"))
            present = present.without(live)
        live = present.of(where)
        begun = self._begun(scene, change.document, where, decision, present)
        outcome = begun.outcome if begun else None
        if begun is not None:
            effects.append(begun.effect)
        document = with_contact(
            change.document, where, decision.contact, _pending(sides.pending, outcome, live), before=sides.before
        )
        effects += _on_record(scene, where, sides.stored, decision.contact)
        owner = Owner(scene.subject_id, sides.before)
        told = changed(self.core, owner, where.kind.purpose, before=sides.stored, after=decision.contact, at=scene.at)
        effects += told
        sends = bool(told) or (outcome is not None and outcome.is_code_sent)
        return _with(change, document, *effects, sends=sends)

    def _begun(
        self, scene: Scene, document: Document, where: ContactAttributes, decision: Decision, present: _Present
    ) -> _Begun | None:
        """Say what a decision to verify comes to; None where there is nothing to write."""
        # Who leaves begins nothing either.
        if decision.start is None or present.leaves:
            return None
        live, purpose = present.of(where), where.kind.purpose
        sender = SendService(self.core)
        occasion = Occasion(scene.subject_id, decision.start.target, purpose, scene.caller, scene.at)
        permit = sender.look(occasion, beside=present.permits)
        request = Request(
            user_id=scene.subject_id,
            new_id=new_id(),
            purpose=purpose,
            start=decision.start,
            primary=decision.contact.primary,
            at=scene.at,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            clearance=permit.clearance,
        )
        try:
            outcome = request_verification(request, live, ring=self.core.keys, policy=self.core.policy)
        except LimitReached as error:
            sender.note(error)
            raise TooManyRequests(f"{error.code}: {error}", retry_after=error.retry_after) from error
        except TargetRefused as error:
            sender.note(error)
            raise InvalidValue(f"{error.code}: {error}") from error
        # Asked for again, and nothing to write: the code in hand goes on working.
        if outcome.step is Step.KEPT and outcome.verification == live:
            return None
        if outcome.is_code_sent:
            present.permits.append(permit)
        return _Begun(outcome, scene.store_outcome(outcome, live, permit))


def _with(change: Change, document: Document, *effects: Effect, sends: bool = False) -> Change:
    return Change(document, (*change.effects, *effects), change.sends or sends)


def _on_record(scene: Scene, where: ContactAttributes, before: Contact, after: Contact) -> list[Effect]:
    if before.primary == after.primary:
        return []
    sides = (("before", before.primary), ("after", after.primary))
    return [
        scene.record(CHANGED[where.kind.purpose], **{name: masked(target.text) for name, target in sides if target})
    ]


def _pending(before: str | None, outcome: Outcome | None, live: Verification | None) -> str | None:
    """Return the pending value to show: what is live after the change, as it was spelled when it was asked for."""
    if outcome is not None and (live is None or outcome.ended is not None):
        return outcome.verification.target.text
    return before if live is not None else None


def _is_active(document: Document) -> bool:
    return document.get("active", True) is not False
