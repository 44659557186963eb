"""Enrolling an authenticator: its secret is shown, and counts once a first code has proved that it has arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.loading import load
from api.services import trail
from api.services.notices import Owner, tell
from api.services.trail import Deed
from verification import sealing, totp
from verification.errors import CodeInvalid
from verification.templates import Template

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow

SECRET = "secret"  # noqa: S105 - a name
"""Where a flow keeps the sealed secret that is to be proved."""
ISSUER = "Lineproof"
"""What an authenticator shows beside the user name."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator that is to be proved: what it has to be told, as text, as URI and as QR code."""

    flow: str = field(repr=False)
    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr: str = field(repr=False)


def new_sealed_secret(core: Core, user_id: str) -> str:
    """Make the secret of an authenticator, in the form in which it is stored."""
    return sealing.seal(core.keys, totp.new_secret(), user_id)


def shown(core: Core, user: StoredResource, sealed: str, flow: str) -> Enrolment:
    """Return what the user's authenticator has to be told."""
    secret = sealing.unseal(core.keys, sealed, user.id)
    uri = totp.uri_of(secret, str(user.document()["userName"]), ISSUER)
    svg: str = load("api.services.qr_codes:svg_of")(uri)
    return Enrolment(flow, totp.shown(secret), uri, svg)


def confirm(
    core: Core, unit: UnitOfWork, user: StoredResource, flow: Flow, code: str, caller: Caller, at: datetime
) -> CodeInvalid | None:
    """Give the user the authenticator that a flow has shown, where its first code is right."""
    sealed = flow.data.get(SECRET)
    if sealed is None:
        return CodeInvalid()
    step = totp.matching_step(sealing.unseal(core.keys, sealed, user.id), code, at, totp.NEVER)
    if step is None:
        return CodeInvalid()
    unit.factors.save_authenticator(user.id, sealed, last_step=step, at=at)
    trail.record(unit, Deed.FACTOR_ADDED, caller, user.id, at, factor="totp")
    tell(core, unit, Owner(user.id, user.document()), Template.FACTOR_ADDED, at)
    return None
