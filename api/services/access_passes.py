"""Temporary access passes: codes that let their user in for a while, to register methods anew.

A user has one at a time. The row holds its digest under a key, so that the database alone yields no pass.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.moments import rfc3339
from api.services import trail
from api.services.trail import Deed
from persistence.methods import MethodRecord
from verification.codes import ALPHANUMERICS, digest, normalise
from verification.errors import MethodRefused, UserNotFound
from verification.methods import MethodKind, TemporaryAccessPass

if TYPE_CHECKING:
    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

LENGTH = 12
"""Letters of a pass: nearly 58 bits, which nobody guesses within its life."""
KIND = MethodKind.TEMPORARY_ACCESS_PASS
ONE_AT_A_TIME = "The user has a temporary access pass already."
_MINUTE = timedelta(minutes=1)


def issue_pass(
    core: Core,
    user_id: str,
    caller: Caller,
    at: datetime,
    *,
    lifetime: timedelta,
    is_usable_once: bool,
    starts_at: datetime | None = None,
) -> tuple[MethodRecord, TemporaryAccessPass]:
    """Give a user a pass; it is told only here.

    Raises:
        UserNotFound: there is no such user.
        MethodRefused: the user has one that is still good.
    """
    code = "".join(secrets.choice(ALPHANUMERICS) for _ in range(LENGTH))
    kid = core.keys.first
    record = MethodRecord(
        user_id=user_id,
        kind=KIND,
        method_id=new_id(),
        created_at=at,
        detail={
            "kid": kid,
            "digest": digest(core.keys, kid, code),
            "lifetimeInMinutes": lifetime // _MINUTE,
            "isUsableOnce": is_usable_once,
            "startDateTime": rfc3339(starts_at or at),
        },
    )

    def write(unit: UnitOfWork) -> None:
        if unit.resources.lock("User", user_id) is None:
            raise UserNotFound
        for other in _passes(unit, user_id):
            if fault_of(other, at) is None or fault_of(other, at) == NOT_YET:
                raise MethodRefused(ONE_AT_A_TIME)
            unit.methods.remove(user_id, KIND, other.method_id)
        unit.methods.add(record)
        trail.record(unit, Deed.METHOD_ADDED, caller, user_id, at, kind=KIND)

    core.database.transact(write)
    return record, TemporaryAccessPass(code, lifetime // _MINUTE)


def use_pass(unit: UnitOfWork, core: Core, user_id: str, submitted: str, at: datetime) -> bool:
    """Tell whether a text is the user's pass, good now; one that is good once is used up by it.

    The caller has locked the user's row, so that two who have the pass do not both get in.
    """
    code = normalise(submitted)
    for record in _passes(unit, user_id):
        kid = record.detail["kid"]
        if kid not in core.keys.kids or fault_of(record, at) is not None:
            continue
        if hmac.compare_digest(record.detail["digest"], digest(core.keys, kid, code)):
            if record.detail["isUsableOnce"]:
                detail = {**record.detail, "usedAt": rfc3339(at)}
                unit.methods.save(MethodRecord(user_id, KIND, record.method_id, record.created_at, detail))
            return True
    return False


EXPIRED, NOT_YET, USED = "Expired", "NotYetValid", "OneTimeUsed"
"""Why a pass is not good, in Graph's words (`methodUsabilityReason`)."""


def fault_of(record: MethodRecord, at: datetime) -> str | None:
    """Return why a pass is not good at a moment; None where it is."""
    starts_at = datetime.fromisoformat(record.detail["startDateTime"])
    if at < starts_at:
        return NOT_YET
    if at >= starts_at + _MINUTE * record.detail["lifetimeInMinutes"]:
        return EXPIRED
    return USED if "usedAt" in record.detail else None


def _passes(unit: UnitOfWork, user_id: str) -> list[MethodRecord]:
    return [record for record in unit.methods.list(user_id) if record.kind == KIND]
