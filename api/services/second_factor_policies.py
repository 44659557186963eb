"""Whether a sign-in needs a second factor: the policy of the deployment, the client and the user, and the risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persistence.sign_ins import CLIENT, USER
from verification.factors import History, MfaPolicy, is_risky, policy_for
from verification.places import place_of
from verification.verifications import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.attempts import Asked, SignInRules
    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork


def policy_of(unit: UnitOfWork, rules: SignInRules, asked: Asked) -> MfaPolicy:
    """Return the policy that holds for a sign-in."""
    own = unit.sign_ins.policies(asked.client_id, asked.user_id)
    return policy_for(rules.mfa, own.get(CLIENT), own.get(USER))


def needs_more(
    core: Core,
    unit: UnitOfWork,
    rules: SignInRules,
    asked: Asked,
    *,
    password_changed_at: datetime,
    caller: Caller,
    at: datetime,
) -> bool:
    """Tell whether a right password is not enough."""
    policy = policy_of(unit, rules, asked)
    if policy is not MfaPolicy.RISKY:
        return policy is MfaPolicy.ON
    place = place_of(core.keys, caller.ip, caller.agent)
    number_changed_at = unit.verifications.last_approved_at(asked.user_id, Purpose.MOBILE)
    history = History(
        seen_at=unit.sign_ins.seen_at(asked.user_id, place) if place else None,
        changed_at=max(password_changed_at, number_changed_at or password_changed_at),
    )
    return is_risky(history, at)
