"""What users give clients: a code that is good once, then tokens, until the grant ends.

Reuse is how theft shows (RFC 9700 §2.2.2, §4.14.2): a code or a refresh token that comes back ends its whole grant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.client_scopes import OpenidScope
from api.identifiers import new_id
from api.secrets_at_rest import digest_of, new_secret
from api.services import trail
from api.services.trail import Deed
from persistence.grants import Grant

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from api.auth.principals import Principal
    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.browser_sessions import Session
    from persistence.grants import RefreshToken
    from persistence.unit_of_work import UnitOfWork

CODE_AGAIN = "code used again"
REFRESH_AGAIN = "refresh token used again"
REVOKED = "revoked by the client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long what a client is given is good for."""

    code: timedelta
    access_token: timedelta
    refresh_token: timedelta
    """From the authorization on, however often it is used."""
    refresh_token_idle: timedelta
    """Of a single refresh token; 0 for no limit of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What a client asked for and is to get, once it shows the code and the verifier of the challenge."""

    client_id: str
    scopes: frozenset[str]
    redirect_uri: str
    code_challenge: str
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class GrantService:
    """Use cases of grants."""

    core: Core
    lifetimes: Lifetimes

    def give(self, code: str, asked: Authorization, session: Session, caller: Caller) -> None:
        """Give a client what a user who is signed in lets it have, for a new code."""
        at = self.core.clock.now()
        code_expires_at = at + self.lifetimes.code
        is_offline = OpenidScope.OFFLINE_ACCESS in asked.scopes
        grant = Grant(
            id=new_id(),
            client_id=asked.client_id,
            user_id=session.user_id,
            scopes=asked.scopes,
            amr=session.amr,
            acr=session.acr,
            authenticated_at=session.authenticated_at,
            created_at=at,
            # Without a refresh token, as long as an access token may live that a code used twice has to end.
            expires_at=at + self.lifetimes.refresh_token
            if is_offline
            else code_expires_at + self.lifetimes.access_token,
            code_expires_at=code_expires_at,
            code_challenge=asked.code_challenge,
            redirect_uri=asked.redirect_uri,
            nonce=asked.nonce,
        )

        def write(unit: UnitOfWork) -> None:
            unit.grants.add(grant, digest_of(code))
            _record(unit, Deed.GRANT_GIVEN, grant, caller, at, scopes=" ".join(sorted(grant.scopes)))

        self.core.database.transact(write)

    def find(self, code: str, client_id: str, caller: Caller) -> Grant | None:
        """Find the grant of a code that its client may redeem; a code that was redeemed before ends it."""
        at = self.core.clock.now()
        grant = self.core.database.read(lambda unit: unit.grants.find_by_code(digest_of(code), at))
        if grant is None or grant.client_id != client_id:
            return None
        if grant.redeemed_at is not None:
            self.end(grant, CODE_AGAIN, caller)
            return None
        return grant if at < grant.code_expires_at else None

    def redeem(self, grant: Grant, caller: Caller) -> Redeemed | None:
        """Use the code of a grant up; None where somebody else did so at this very moment, which ends the grant."""
        at = self.core.clock.now()
        refresh_token = new_secret() if OpenidScope.OFFLINE_ACCESS in grant.scopes else None

        def write(unit: UnitOfWork) -> bool:
            if not unit.grants.redeem(grant.id, at):
                self.end_within(unit, grant, CODE_AGAIN, caller, at)
                return False
            if refresh_token is not None:
                unit.grants.add_refresh(digest_of(refresh_token), grant.id, at, self._refresh_expires_at(grant, at))
            _record(unit, Deed.GRANT_REDEEMED, grant, caller, at)
            return True

        return Redeemed(refresh_token) if self.core.database.transact(write) else None

    def find_refresh(self, token: str, client_id: str, caller: Caller) -> RefreshToken | None:
        """Find a refresh token that its client may use; one that was used before ends its grant."""
        found = self.peek(token)
        if found is None or found.grant.client_id != client_id:
            return None
        if found.used_at is not None:
            self.end(found.grant, REFRESH_AGAIN, caller)
            return None
        return found if self.core.clock.now() < found.expires_at else None

    def peek(self, token: str) -> RefreshToken | None:
        """Return what is known of a refresh token, used or not, and do nothing about it."""
        at = self.core.clock.now()
        return self.core.database.read(lambda unit: unit.grants.find_refresh(digest_of(token), at))

    def rotate(self, token: str, grant: Grant, caller: Caller) -> str | None:
        """Use a refresh token up and return its successor; None where somebody else did, which ends the grant."""
        at, successor = self.core.clock.now(), new_secret()

        def write(unit: UnitOfWork) -> bool:
            if not unit.grants.use_refresh(digest_of(token), digest_of(successor), at):
                self.end_within(unit, grant, REFRESH_AGAIN, caller, at)
                return False
            unit.grants.add_refresh(digest_of(successor), grant.id, at, self._refresh_expires_at(grant, at))
            return True

        return successor if self.core.database.transact(write) else None

    def end(self, grant: Grant, reason: str, caller: Caller) -> None:
        """End a grant: its code, its refresh tokens, and the access tokens that came of it."""
        at = self.core.clock.now()
        self.core.database.transact(lambda unit: self.end_within(unit, grant, reason, caller, at))

    def end_within(self, unit: UnitOfWork, grant: Grant, reason: str, caller: Caller, at: datetime) -> None:
        """End a grant as a part of something larger."""
        # A grant that is gone already has been ended by somebody else, who has recorded it.
        if unit.grants.remove(grant.id):
            unit.revocations.add(grant.id, at, at, at + self.lifetimes.access_token)
            _record(unit, Deed.GRANT_ENDED, grant, caller, at, reason=reason)

    def revoke_access_token(self, principal: Principal, caller: Caller) -> None:
        """End one access token."""
        at, token_id = self.core.clock.now(), principal.token_id

        def write(unit: UnitOfWork) -> None:
            if token_id is not None:
                unit.revocations.add(token_id, at, at, principal.expires_at)
                trail.record(unit, Deed.TOKEN_REVOKED, caller, principal.user_id, at, token_id=token_id)

        self.core.database.transact(write)

    def _refresh_expires_at(self, grant: Grant, at: datetime) -> datetime:
        idle = self.lifetimes.refresh_token_idle
        return min(grant.expires_at, at + idle) if idle else grant.expires_at


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a code became beside an access token."""

    refresh_token: str | None


def _record(
    unit: UnitOfWork, deed: Deed, grant: Grant, caller: Caller, at: datetime, **detail: str | int | None
) -> None:
    trail.record(unit, deed, caller, grant.user_id, at, client_id=grant.client_id, grant_id=grant.id, **detail)
