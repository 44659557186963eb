"""Flows, moved on only where they are as they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Integer, bindparam, select, update

from persistence.documents import is_storable
from persistence.statements import Statement, adding, oldest
from persistence.tables_factors import flows
from persistence.types import Moment
from verification.flows import ENDED, Flow, FlowKind

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row

_COLUMNS = (
    flows.c.id,
    flows.c.kind,
    flows.c.secret_digest,
    flows.c.user_id,
    flows.c.step,
    flows.c.created_at,
    flows.c.expires_at,
    flows.c.turn,
    flows.c.attempts,
    flows.c.data,
)
_LOOKUP = Statement(select(*_COLUMNS).where(flows.c.id == bindparam("id"), flows.c.kind == bindparam("kind")))
_FIND_OPEN = Statement(
    select(*_COLUMNS)
    .where(
        flows.c.user_id == bindparam("user_id"),
        flows.c.kind == bindparam("kind"),
        flows.c.step == bindparam("step"),
        flows.c.expires_at > bindparam("now", type_=Moment),
    )
    .order_by(flows.c.created_at.desc(), flows.c.id)
    .limit(1)
)
_ADD = Statement(adding(flows))
_SAVE = Statement(
    update(flows)
    .where(flows.c.id == bindparam("the_id"), flows.c.turn == bindparam("old_turn"))
    .values(step=bindparam("new_step"), turn=bindparam("new_turn"), data=bindparam("new_data"))
)
_COUNT_ATTEMPT = Statement(
    update(flows)
    .where(
        flows.c.id == bindparam("the_id"),
        flows.c.turn == bindparam("old_turn"),
        flows.c.step != ENDED,
        flows.c.attempts < bindparam("maximum", type_=Integer),
    )
    .values(attempts=flows.c.attempts + 1)
    .returning(*_COLUMNS)
)
_UNCOUNT_ATTEMPT = Statement(
    update(flows).where(flows.c.id == bindparam("the_id")).values(attempts=flows.c.attempts - 1)
)
_PRUNE = Statement(oldest(flows.c.expires_at))


class Flows:
    """All flows that are under way."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def lookup(self, flow_id: str, kind: FlowKind) -> Flow | None:
        """Find a flow of a kind by its id, whatever has become of it."""
        row = self._link.row(_LOOKUP, {"id": flow_id, "kind": kind.value}) if is_storable(flow_id) else None
        return None if row is None else _read(row)

    def find_open(self, user_id: str, kind: FlowKind, step: str, now: datetime) -> Flow | None:
        """Find the latest flow of a user that waits for a step."""
        row = self._link.row(_FIND_OPEN, {"user_id": user_id, "kind": kind.value, "step": step, "now": now})
        return None if row is None else _read(row)

    def add(self, flow: Flow) -> None:
        """Add a flow."""
        self._link.later(
            _ADD,
            {
                "id": flow.id,
                "kind": flow.kind.value,
                "secret_digest": flow.secret_digest,
                "user_id": flow.user_id,
                "step": flow.step,
                "turn": flow.turn,
                "attempts": flow.attempts,
                "data": _text(flow),
                "created_at": flow.created_at,
                "expires_at": flow.expires_at,
            },
        )

    def save(self, new: Flow, *, expected: Flow) -> bool:
        """Move a flow on where it is as it was read; tell whether it was."""
        parameters = {
            "the_id": expected.id,
            "old_turn": expected.turn,
            "new_step": new.step,
            "new_turn": new.turn,
            "new_data": _text(new),
        }
        return self._link.run(_SAVE, parameters) > 0

    def count_attempt(self, flow: Flow, maximum: int) -> Flow | None:
        """Count a proof as wrong and return the flow after it; None where it may take no more, or has moved on.

        This is one statement: however many proofs come at once, no more than the maximum are counted.
        """
        row = self._link.row(_COUNT_ATTEMPT, {"the_id": flow.id, "old_turn": flow.turn, "maximum": maximum})
        return None if row is None else _read(row)

    def uncount_attempt(self, flow: Flow) -> None:
        """Take the count back for a proof that was not wrong."""
        self._link.later(_UNCOUNT_ATTEMPT, {"the_id": flow.id})

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some flows that expired up to a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})


def _text(flow: Flow) -> str:
    return orjson.dumps(dict(flow.data)).decode()


def _read(row: Row) -> Flow:
    flow_id, kind, secret_digest, user_id, step, created_at, expires_at, turn, attempts, data = row
    return Flow(
        id=flow_id,
        kind=FlowKind(kind),
        secret_digest=secret_digest,
        user_id=user_id,
        step=step,
        created_at=created_at,
        expires_at=expires_at,
        turn=turn,
        attempts=attempts,
        data=orjson.loads(data),
    )
