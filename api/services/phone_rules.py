"""The rules of the User type: a phone number changes only when it is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services.changes import Change, Document, Effect
from api.services.contacts import (
    NO_CONTACT,
    pending_number,
    requested_contact,
    stored_contact,
    wants_verification,
    with_contact,
)
from api.services.effects import Scene
from api.services.sending import hourly_wait
from api.services.trail import Deed
from scim.errors import InvalidValue, TooManyRequests
from verification.decision import Decision, LiveVerification, decide, decide_creation
from verification.errors import LimitReached, MultipleNewNumbers
from verification.kinds import MOBILE
from verification.lifecycle import Outcome, Request, Step, request_verification
from verification.targets import masked
from verification.texts import locale_for

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.decision import Contact
    from verification.verifications import Verification


@dataclass(frozen=True, slots=True)
class PhoneRules:
    """Decide what becomes of the phone numbers of a user that a request would change."""

    core: Core

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Store the numbers of a new user as given, and send a code where the request asks for one (rule 6).

        Somebody who is inactive from the start is sent none.
        """
        scene = Scene(resource_id, caller, at)
        decision = decide_creation(
            requested_contact(document, NO_CONTACT, self.core.policy),
            wants_verification=wants_verification(document),
            actor=caller.acts_on(resource_id),
            policy=self.core.policy,
        )
        effects: list[Effect] = []
        if decision.contact.verified:
            effects.append(scene.record(Deed.NUMBERS_ASSERTED, count=len(decision.contact.verified)))
        outcome = self._outcome(scene, document, decision, None, 0) if _is_active(document) else None
        if outcome is not None:
            effects.append(scene.store_outcome(outcome, None))
        pending = outcome.verification.target.text if outcome else None
        return Change(with_contact(document, decision.contact, pending), tuple(effects), sends=outcome is not None)

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Put what a request left through the decision table, and write what follows from it."""
        scene = Scene(stored.id, caller, at)
        before = stored.document()
        contact = stored_contact(before, self.core.policy)
        requested = requested_contact(after, contact, self.core.policy)
        leaves = _is_active(before) and not _is_active(after)
        if _is_same(contact, requested) and not wants_verification(after) and not leaves:
            document = with_contact(after, contact, pending_number(before))
            return Change(document, self._on_record(scene, before, document))
        return self._decided(scene, before, after, contact, requested, leaves=leaves)

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """End the tokens of a user who is removed."""
        # Its verifications and deliveries go with the row.
        return (Scene(stored.id, caller, at).revoke_tokens(),)

    def _decided(
        self, scene: Scene, before: Document, after: Document, contact: Contact, requested: Contact, *, leaves: bool
    ) -> Change:
        live, wait = self.core.database.read(lambda unit: self._present(unit, scene))
        try:
            decision = decide(
                contact,
                requested,
                wants_verification=wants_verification(after),
                live=LiveVerification(live.target, live.scenario) if live else None,
                actor=scene.caller.acts_on(scene.subject_id),
                policy=self.core.policy,
            )
        except MultipleNewNumbers as error:
            raise InvalidValue(str(error)) from error
        effects: list[Effect] = []
        remaining = live
        if live is not None and (decision.cancel or leaves):
            effects.append(scene.cancel(live, "user deactivated" if leaves else "number changed"))
            remaining = None
        # Deactivation ends what is pending (L2), so it begins nothing either.
        outcome = None if leaves else self._outcome(scene, after, decision, remaining, wait)
        if outcome is not None:
            effects.append(scene.store_outcome(outcome, remaining))
        if leaves:
            effects.append(scene.revoke_tokens())
        document = with_contact(after, decision.contact, _pending(pending_number(before), outcome, remaining))
        return Change(
            document,
            (*effects, *self._on_record(scene, before, document)),
            sends=outcome is not None and outcome.is_code_sent,
        )

    def _present(self, unit: UnitOfWork, scene: Scene) -> tuple[Verification | None, int]:
        live = unit.verifications.find_live(scene.subject_id, MOBILE.purpose)
        return live, hourly_wait(unit, scene.subject_id, scene.at, self.core.policy)

    def _outcome(
        self, scene: Scene, document: Document, decision: Decision, live: Verification | None, wait: int
    ) -> Outcome | None:
        if decision.start is None:
            return None
        request = Request(
            user_id=scene.subject_id,
            new_id=new_id(),
            purpose=MOBILE.purpose,
            start=decision.start,
            primary=decision.contact.primary,
            at=scene.at,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            hourly_wait=wait,
        )
        try:
            outcome = request_verification(request, live, ring=self.core.keys, policy=self.core.policy)
        except LimitReached as error:
            raise TooManyRequests(f"{error.code}: {error}", retry_after=error.retry_after) from error
        # Asked for again, and nothing to write: the code in hand goes on working.
        return None if outcome.step is Step.KEPT and outcome.verification == live else outcome

    def _on_record(self, scene: Scene, before: Document, document: Document) -> tuple[Effect, ...]:
        old, new = (stored_contact(each, self.core.policy).primary for each in (before, document))
        if old == new:
            return ()
        shown = {name: masked(target.text) for name, target in (("before", old), ("after", new)) if target}
        return (scene.record(Deed.PHONE_CHANGED, **shown),)


def _pending(before: str | None, outcome: Outcome | None, remaining: Verification | None) -> str | None:
    """Return the pending number to show: what is live after the change, as it was spelled when it was asked for."""
    if outcome is not None and (remaining is None or outcome.ended is not None):
        return outcome.verification.target.text
    return before if remaining is not None else None


def _is_same(stored: Contact, requested: Contact) -> bool:
    return (
        requested.primary == stored.primary
        and set(requested.numbers) == set(stored.numbers)
        and set(requested.verified) == set(stored.verified)
    )


def _is_active(document: Document) -> bool:
    return document.get("active", True) is not False
