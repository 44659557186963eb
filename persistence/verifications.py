"""Verifications, changed only where they are as they were read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, func, or_, select, update

from persistence.documents import is_storable
from persistence.statements import Statement, adding
from persistence.tables import VERIFICATION_IS_LIVE, verifications
from persistence.types import Key, Moment
from verification.targets import Target
from verification.verifications import Purpose, Scenario, Status, Verification

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Parameters, Row

COLUMNS = (
    verifications.c.id,
    verifications.c.user_id,
    verifications.c.purpose,
    verifications.c.scenario,
    verifications.c.target_text,
    verifications.c.target_key,
    verifications.c.kid,
    verifications.c.digest,
    verifications.c.generation,
    verifications.c.attempts,
    verifications.c.sends,
    verifications.c.status,
    verifications.c.created_at,
    verifications.c.sent_at,
    verifications.c.expires_at,
    verifications.c.pending_until,
    verifications.c.original_key,
    verifications.c.ended_at,
    verifications.c.locale,
)
# More live verifications with one code than this are not worth telling apart from several.
MOST_WITH_CODE = 10

_LOOKUP = Statement(select(*COLUMNS).where(verifications.c.id == bindparam("id")))
_FIND_LIVE = Statement(
    select(*COLUMNS).where(
        verifications.c.user_id == bindparam("user_id"),
        verifications.c.purpose == bindparam("purpose"),
        VERIFICATION_IS_LIVE,
    )
)
_LIST_LIVE = Statement(
    select(*COLUMNS)
    .where(verifications.c.user_id == bindparam("user_id"), VERIFICATION_IS_LIVE)
    .order_by(verifications.c.created_at, verifications.c.id)
)
_LIST_WAITED = Statement(
    select(*COLUMNS)
    .where(verifications.c.pending_until <= bindparam("now", type_=Moment), VERIFICATION_IS_LIVE)
    .order_by(verifications.c.pending_until)
    .limit(bindparam("limit", type_=Integer))
)
_LIST_USED_UP = Statement(
    select(*COLUMNS)
    .where(verifications.c.attempts >= bindparam("maximum"), VERIFICATION_IS_LIVE)
    .order_by(verifications.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_LAST_APPROVED = Statement(
    select(func.max(verifications.c.ended_at, type_=Moment)).where(
        verifications.c.user_id == bindparam("user_id"),
        verifications.c.purpose == bindparam("purpose"),
        verifications.c.status == Status.APPROVED.value,
    )
)
_ADD = Statement(adding(verifications))
# What a transition may change.
_CHANGING = (
    "scenario",
    "kid",
    "digest",
    "generation",
    "attempts",
    "sends",
    "status",
    "sent_at",
    "expires_at",
    "pending_until",
    "original_key",
    "ended_at",
)
_SAVE_CLAUSE = (
    update(verifications)
    .where(
        verifications.c.id == bindparam("the_id"),
        verifications.c.status == bindparam("old_status"),
        verifications.c.generation == bindparam("old_generation"),
        verifications.c.attempts == bindparam("old_attempts"),
    )
    .values({name: bindparam(f"new_{name}", type_=verifications.c[name].type) for name in _CHANGING})
)
_SAVE = Statement(_SAVE_CLAUSE)
_SAVE_LATER = Statement(_SAVE_CLAUSE, must_hit=1)
_COUNT_ATTEMPT = Statement(
    update(verifications)
    .where(
        verifications.c.id == bindparam("the_id"),
        VERIFICATION_IS_LIVE,
        or_(bindparam("maximum", type_=Integer) == 0, verifications.c.attempts < bindparam("maximum", type_=Integer)),
    )
    .values(attempts=verifications.c.attempts + 1)
    .returning(*COLUMNS)
)


class Verifications:
    """The verifications of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def lookup(self, verification_id: str) -> Verification | None:
        """Find a verification by its id, live or not."""
        row = self._link.row(_LOOKUP, {"id": verification_id}) if is_storable(verification_id) else None
        return None if row is None else read(row)

    def find_live(self, user_id: str, purpose: Purpose) -> Verification | None:
        """Find the one that is live for a user and a purpose."""
        row = self._link.row(_FIND_LIVE, {"user_id": user_id, "purpose": purpose.value})
        return None if row is None else read(row)

    def list_live(self, user_id: str) -> list[Verification]:
        """List those of a user that are live, oldest first."""
        rows = self._link.rows(_LIST_LIVE, {"user_id": user_id}) if is_storable(user_id) else []
        return [read(row) for row in rows]

    def list_lapsed(self, now: datetime, limit: int, *, max_attempts: int = 0) -> list[Verification]:
        """List live ones that have waited too long, or have no attempts left where there is a maximum."""
        found = self._link.rows(_LIST_WAITED, {"now": now, "limit": limit})
        if max_attempts and len(found) < limit:
            known = {row[0] for row in found}
            used_up = self._link.rows(_LIST_USED_UP, {"maximum": max_attempts, "limit": limit})
            found += [row for row in used_up if row[0] not in known][: limit - len(found)]
        return [read(row) for row in found]

    def find_live_by_digest(
        self, digests: Sequence[tuple[str, str]], purposes: Sequence[Purpose]
    ) -> list[Verification]:
        """Find the first few live ones whose current code has one of these digests, given by kid and digest."""
        if not digests or not purposes:
            return []
        parameters: Parameters = {}
        for number, (kid, digest) in enumerate(digests):
            parameters |= {f"kid_{number}": kid, f"digest_{number}": digest}
        parameters |= {f"purpose_{number}": purpose.value for number, purpose in enumerate(purposes)}
        return [read(row) for row in self._link.rows(_finding(len(digests), len(purposes)), parameters)]

    def last_approved_at(self, user_id: str, purpose: Purpose) -> datetime | None:
        """Find when a user last proved something for a purpose."""
        row = self._link.row(_LAST_APPROVED, {"user_id": user_id, "purpose": purpose.value})
        return None if row is None else row[0]

    def add(self, verification: Verification) -> None:
        """Add a verification.

        Where another one is live for its user and purpose, the whole work is done again at the commit.
        """
        self._link.later(_ADD, _row(verification))

    def save(self, new: Verification, *, expected: Verification) -> bool:
        """Write a transition where the verification is as it was read; tell whether it was."""
        return self._link.run(_SAVE, _transition(new, expected)) > 0

    def save_or_fail(self, new: Verification, *, expected: Verification) -> None:
        """Write a transition at the commit, which raises StaleVersion where the verification is not as it was read."""
        self._link.later(_SAVE_LATER, _transition(new, expected))

    def count_attempt(self, verification_id: str, maximum: int) -> Verification | None:
        """Count a check as wrong and return the verification after it; None where it has no attempts left.

        This is one statement: however many checks come at once, no more than the maximum are counted. A maximum
        of 0 is none.
        """
        row = self._link.row(_COUNT_ATTEMPT, {"the_id": verification_id, "maximum": maximum})
        return None if row is None else read(row)


def read(row: Row) -> Verification:
    """Build a verification from its columns."""
    (number, user_id, purpose, scenario, text, key, kid, digest, generation, attempts, sends, status, *rest) = row
    created_at, sent_at, expires_at, pending_until, original_key, ended_at, locale = rest
    return Verification(
        id=number,
        user_id=user_id,
        purpose=Purpose(purpose),
        scenario=Scenario(scenario),
        target=Target(text, key),
        kid=kid,
        digest=digest,
        generation=generation,
        attempts=attempts,
        sends=sends,
        status=Status(status),
        created_at=created_at,
        sent_at=sent_at,
        expires_at=expires_at,
        pending_until=pending_until,
        original_key=original_key,
        ended_at=ended_at,
        locale=locale,
    )


def _row(verification: Verification) -> Parameters:
    return {
        "id": verification.id,
        "user_id": verification.user_id,
        "purpose": verification.purpose.value,
        "scenario": verification.scenario.value,
        "target_text": verification.target.text,
        "target_key": verification.target.key,
        "kid": verification.kid,
        "digest": verification.digest,
        "generation": verification.generation,
        "attempts": verification.attempts,
        "sends": verification.sends,
        "status": verification.status.value,
        "created_at": verification.created_at,
        "sent_at": verification.sent_at,
        "expires_at": verification.expires_at,
        "pending_until": verification.pending_until,
        "original_key": verification.original_key,
        "ended_at": verification.ended_at,
        "locale": verification.locale,
    }


def _transition(new: Verification, expected: Verification) -> dict[str, Any]:
    row = _row(new)
    return {
        "the_id": expected.id,
        "old_status": expected.status.value,
        "old_generation": expected.generation,
        "old_attempts": expected.attempts,
        **{f"new_{name}": row[name] for name in _CHANGING},
    }


@cache
def _finding(digests: int, purposes: int) -> Statement:
    """Build the search for so many digests; there is one for each key of the ring."""
    any_digest = or_(
        *(
            and_(verifications.c.digest == bindparam(f"digest_{n}"), verifications.c.kid == bindparam(f"kid_{n}"))
            for n in range(digests)
        )
    )
    any_purpose = verifications.c.purpose.in_([bindparam(f"purpose_{n}", type_=Key) for n in range(purposes)])
    return Statement(
        select(*COLUMNS)
        .where(any_digest, any_purpose, VERIFICATION_IS_LIVE)
        .order_by(verifications.c.id)
        .limit(MOST_WITH_CODE)
    )
