"""When a second factor is asked for, and where users have signed in from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement, oldest
from persistence.tables_factors import mfa_policies, sign_in_places
from verification.factors import MfaPolicy

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link

CLIENT = "client"
USER = "user"

_POLICIES = Statement(
    select(mfa_policies.c.subject_kind, mfa_policies.c.policy).where(
        or_(
            and_(mfa_policies.c.subject_kind == CLIENT, mfa_policies.c.subject_id == bindparam("client_id")),
            and_(mfa_policies.c.subject_kind == USER, mfa_policies.c.subject_id == bindparam("user_id")),
        )
    )
)
_NEW_POLICY = insert(mfa_policies).values({column.name: bindparam(column.name) for column in mfa_policies.columns})
_SET_POLICY = Statement(
    _NEW_POLICY.on_conflict_do_update(
        index_elements=[mfa_policies.c.subject_kind, mfa_policies.c.subject_id],
        set_={"policy": _NEW_POLICY.excluded.policy},
    )
)
_UNSET_POLICY = Statement(
    delete(mfa_policies).where(
        mfa_policies.c.subject_kind == bindparam("subject_kind"), mfa_policies.c.subject_id == bindparam("subject_id")
    )
)
_SEEN_AT = Statement(
    select(sign_in_places.c.seen_at).where(
        sign_in_places.c.user_id == bindparam("user_id"), sign_in_places.c.place == bindparam("place")
    )
)
_NEW_PLACE = insert(sign_in_places).values({column.name: bindparam(column.name) for column in sign_in_places.columns})
_SEE = Statement(
    _NEW_PLACE.on_conflict_do_update(
        index_elements=[sign_in_places.c.user_id, sign_in_places.c.place],
        set_={"seen_at": _NEW_PLACE.excluded.seen_at},
    )
)
_PRUNE = Statement(oldest(sign_in_places.c.seen_at))


class SignIns:
    """Policies of second factors, and places of sign-ins."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def policies(self, client_id: str | None, user_id: str) -> dict[str, MfaPolicy]:
        """Find the policies that a client and a user have of their own, by `client` and `user`."""
        rows = self._link.rows(_POLICIES, {"client_id": client_id or "", "user_id": user_id})
        return {kind: MfaPolicy(policy) for kind, policy in rows}

    def set_policy(self, kind: str, subject_id: str, policy: MfaPolicy | None) -> None:
        """Give a client or a user a policy of its own, or None."""
        key = {"subject_kind": kind, "subject_id": subject_id}
        if policy is None:
            self._link.later(_UNSET_POLICY, key)
        else:
            self._link.later(_SET_POLICY, {**key, "policy": policy.value})

    def seen_at(self, user_id: str, place: str) -> datetime | None:
        """Find when a user last signed in from a place."""
        row = self._link.row(_SEEN_AT, {"user_id": user_id, "place": place})
        return None if row is None else row[0]

    def see(self, user_id: str, place: str, at: datetime) -> None:
        """Note that a user has signed in from a place."""
        self._link.later(_SEE, {"user_id": user_id, "place": place, "seen_at": at})

    def prune(self, before: datetime, limit: int) -> int:
        """Forget some places that nobody has signed in from since a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})
