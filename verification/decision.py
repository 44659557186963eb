"""The decision table: what a request for other contact values does, from plain values alone.

P, N and V are the primary value, the list and the verified list as stored; p, n and v are those of the document
after all operations of the request. The latter count only where they differ, by key, from what is stored.
V is part of N, a P in V is verified, and no request puts an unproved value into V.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from verification.kinds import ContactKind
    from verification.policy import Policy
    from verification.targets import Target
    from verification.verifications import Scenario


class Actor(StrEnum):
    """Who asks for the change."""

    OWNER = "owner"
    PRIVILEGED = "privileged"
    REGISTRAR = "registrar"  # registers a value for somebody: it is written at once, unverified
    WITNESS = "witness"  # does the same, and vouches for it: it is written at once, verified


@dataclass(frozen=True, slots=True)
class Contact:
    """The values of one kind a user has; whether it is verified is said of the primary alone."""

    primary: Target | None = None
    listed: tuple[Target, ...] = ()
    verified: tuple[Target, ...] = ()
    is_primary_verified: bool = False


@dataclass(frozen=True, slots=True)
class LiveVerification:
    """What the decision needs to know of the verification that is live before the request."""

    target: Target
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Start:
    """A verification to start, or to go on with where its target is live already."""

    target: Target
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Decision:
    """What is stored, whether the verification live before ends, and which one starts.

    Cancel first, then start. Where neither is said, a live verification stays.
    """

    contact: Contact
    cancel: bool = False
    start: Start | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """A request beside what is stored: P, N, V in `before`, and what the request makes of each."""

    before: Contact
    primary: Target | None
    listed: tuple[Target, ...]
    verified: tuple[Target, ...]

    @property
    def has_primary(self) -> bool:
        return self.primary != self.before.primary

    @property
    def has_verified(self) -> bool:
        return set(self.verified) != set(self.before.verified)

    @property
    def dropped_from_list(self) -> frozenset[Target]:
        return frozenset(self.before.listed) - frozenset(self.listed)

    @property
    def dropped(self) -> frozenset[Target]:
        return self.dropped_from_list | (frozenset(self.before.verified) - frozenset(self.verified))


def decide(
    stored: Contact,
    requested: Contact,
    *,
    wants_verification: bool,
    live: LiveVerification | None,
    actor: Actor,
    policy: Policy,
    kind: ContactKind,
) -> Decision:
    """Decide what an update of a user does to the contact values of one kind.

    Raises:
        MultipleNewValues: Two or more values ask for their proof at once.
    """
    change = _change(stored, requested, kind, has_lists=kind.has_lists(policy))
    if actor is Actor.WITNESS:
        return _write_as_proved(change, live, policy, kind)
    is_skipped = actor is Actor.REGISTRAR or (kind.is_skippable(policy) and actor is Actor.PRIVILEGED)
    is_unclaimed = policy.use_verify_claim and not wants_verification
    if not kind.is_gated(policy) or is_skipped or is_unclaimed:
        return _write_at_once(change, live)

    new = _new(change)
    if len(new) > 1 and not change.has_primary:
        raise kind.multiple
    lists = _proved_lists(change, new)
    is_list_dropped = (
        live is not None and live.scenario is kind.on_list_update and live.target in change.dropped_from_list
    )
    if change.has_primary:
        return _change_primary(change, lists, live, kind, is_list_dropped=is_list_dropped)
    start = None
    if new:
        start = Start(new[0], kind.on_list_update)
    elif wants_verification and lists.primary is not None and not lists.is_primary_verified:
        start = Start(lists.primary, kind.on_update)
    return Decision(lists, cancel=is_list_dropped, start=start)


def decide_creation(
    requested: Contact,
    *,
    wants_verification: bool,
    actor: Actor,
    policy: Policy,
    kind: ContactKind,
) -> Decision:
    """Decide on a new user's contact values: stored as given, verified where a privileged caller asserts it."""
    has_lists = kind.has_lists(policy)
    asserted = _union(requested.verified, ()) if has_lists and actor is Actor.PRIVILEGED else ()
    contact = Contact(
        primary=requested.primary,
        listed=_union(requested.listed, asserted) if has_lists else (),
        verified=asserted,
        is_primary_verified=requested.primary in asserted,
    )
    is_asked = kind.is_gated(policy) and wants_verification
    if is_asked and contact.primary is not None and not contact.is_primary_verified:
        return Decision(contact, start=Start(contact.primary, kind.on_update))
    return Decision(contact)


def promote(contact: Contact, target: Target, scenario: Scenario, *, policy: Policy, kind: ContactKind) -> Contact:
    """Return the contact values after the target has been proved."""
    is_update = scenario is kind.on_update
    primary = contact.primary
    # The same value stays as it is spelled already, unless only the spelling that was proved counts.
    if primary is None or (kind.keeps_spelling if primary == target else is_update):
        primary = target
    is_verified = primary == target or contact.is_primary_verified
    if not kind.has_lists(policy):
        return Contact(primary, is_primary_verified=is_verified)
    old = (contact.primary,) if is_update and contact.primary is not None and contact.is_primary_verified else ()
    return Contact(
        primary,
        listed=_union(contact.listed, (target, *old)),
        verified=_union(contact.verified, (target, *old)),
        is_primary_verified=is_verified,
    )


def _change(stored: Contact, requested: Contact, kind: ContactKind, *, has_lists: bool) -> _Change:
    """Set the request beside what is stored; a value spelled otherwise keeps its stored spelling."""
    before = replace(
        stored,
        listed=stored.listed if has_lists else (),
        verified=stored.verified if has_lists else (),
        is_primary_verified=stored.is_primary_verified or (has_lists and stored.primary in stored.verified),
    )
    known = {target: target for target in before.verified} if kind.keeps_spelling else {}
    if stored.primary is not None:
        known[stored.primary] = stored.primary
    return _Change(
        before,
        primary=None if requested.primary is None else known.get(requested.primary, requested.primary),
        listed=_respelled(requested.listed, before.listed) if has_lists else (),
        verified=_respelled(requested.verified, before.verified) if has_lists else (),
    )


def _write_at_once(change: _Change, live: LiveVerification | None) -> Decision:
    """Write what is sent without a proof; nothing becomes verified by it (rule 1)."""
    before = change.before
    verified = _without(before.verified, change.dropped)
    contact = Contact(
        primary=change.primary,
        listed=_union(change.listed, verified),
        verified=verified,
        is_primary_verified=change.primary in verified if change.has_primary else before.is_primary_verified,
    )
    return Decision(contact, cancel=live is not None and (change.has_primary or change.has_verified))


def _write_as_proved(change: _Change, live: LiveVerification | None, policy: Policy, kind: ContactKind) -> Decision:
    """Write what is sent, and the primary value as if its code had come back (rule 5)."""
    decision, before, target = _write_at_once(change, live), change.before, change.primary
    if target is None or (not change.has_primary and before.is_primary_verified):
        return decision
    written = replace(decision.contact, primary=before.primary, is_primary_verified=before.is_primary_verified)
    contact = promote(written, target, kind.on_update, policy=policy, kind=kind)
    return Decision(contact, cancel=decision.cancel or (live is not None and live.target == target))


def _new(change: _Change) -> tuple[Target, ...]:
    """Return what v holds beyond V, but for a primary that is verified already (rule 2)."""
    before = change.before
    proved = {*before.verified, before.primary} if before.is_primary_verified else set(before.verified)
    return _without(change.verified, proved)


def _proved_lists(change: _Change, new: tuple[Target, ...]) -> Contact:
    """Return what is stored, with the lists of the request less what needs its proof (rule 3)."""
    verified = _without(change.verified, {*new, *change.dropped_from_list})
    return replace(change.before, listed=_union(change.listed, verified), verified=verified)


def _change_primary(
    change: _Change, lists: Contact, live: LiveVerification | None, kind: ContactKind, *, is_list_dropped: bool
) -> Decision:
    """Take, await or remove another primary value (rule 4, p counts)."""
    if change.primary is None:
        return Decision(replace(lists, primary=None, is_primary_verified=False), cancel=live is not None)
    if change.primary not in lists.verified:
        return Decision(lists, cancel=is_list_dropped, start=Start(change.primary, kind.on_update))
    old = change.before.primary
    kept = (old,) if old is not None and lists.is_primary_verified and old not in change.dropped else ()
    contact = Contact(
        change.primary,
        listed=_union(lists.listed, kept),
        verified=_union(lists.verified, kept),
        is_primary_verified=True,
    )
    return Decision(contact, cancel=live is not None)


def _respelled(sent: tuple[Target, ...], stored: tuple[Target, ...]) -> tuple[Target, ...]:
    if set(sent) == set(stored):
        return stored
    known = {target: target for target in stored}
    return tuple(dict.fromkeys(known.get(target, target) for target in sent))


def _union(first: tuple[Target, ...], second: tuple[Target, ...]) -> tuple[Target, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _without(targets: tuple[Target, ...], removed: Collection[Target | None]) -> tuple[Target, ...]:
    return tuple(target for target in targets if target not in removed)
