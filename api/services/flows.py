"""Flows as the use cases take them up: only who holds the secret goes on with one."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from api.identifiers import new_id
from api.secrets_at_rest import digest_of, new_secret
from api.services.errors import NoSuchFlow
from verification.flows import Flow

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from persistence.unit_of_work import UnitOfWork
    from verification.flows import FlowKind

_BETWEEN = "."
MOST_ATTEMPTS = 5
"""Wrong proofs in one flow; whoever needs more begins again, and is counted from the beginning."""


def begin_flow(
    kind: FlowKind,
    step: str,
    *,
    user_id: str | None,
    at: datetime,
    lifetime: timedelta,
    **data: Any,  # noqa: ANN401
) -> tuple[Flow, str]:
    """Make a flow and the secret of the one who begins it."""
    secret = new_secret()
    flow = Flow(
        id=new_id(),
        kind=kind,
        secret_digest=digest_of(secret),
        user_id=user_id,
        step=step,
        created_at=at,
        expires_at=at + lifetime,
        data=data,
    )
    return flow, secret


def token_of(flow: Flow, secret: str) -> str:
    """Return one text that names a flow and proves that it is one's own."""
    return f"{flow.id}{_BETWEEN}{secret}"


def open_flow(unit: UnitOfWork, kind: FlowKind, flow_id: str, secret: str, at: datetime) -> Flow:
    """Return the flow that somebody began and may go on with, or raise NoSuchFlow."""
    flow = unit.flows.lookup(flow_id, kind)
    if flow is None or not flow.is_open(at) or not hmac.compare_digest(flow.secret_digest, digest_of(secret)):
        raise NoSuchFlow
    return flow


def flow_of(unit: UnitOfWork, kind: FlowKind, token: str, at: datetime, *, user_id: str | None = None) -> Flow:
    """Return the flow of a token, where a user is given only one of this user; or raise NoSuchFlow."""
    flow_id, _, secret = token.partition(_BETWEEN)
    flow = open_flow(unit, kind, flow_id, secret, at)
    if user_id is not None and flow.user_id != user_id:
        raise NoSuchFlow
    return flow


def count_attempt(unit: UnitOfWork, flow: Flow) -> Flow:
    """Count a proof as wrong before it is looked at; raise NoSuchFlow where it is one too many, or comes too late."""
    counted = unit.flows.count_attempt(flow, MOST_ATTEMPTS)
    if counted is None:
        raise NoSuchFlow
    return counted


def move_on(unit: UnitOfWork, flow: Flow, following: Flow) -> None:
    """Take a step; raise NoSuchFlow where another request has taken it."""
    if not unit.flows.save(following, expected=flow):
        raise NoSuchFlow
