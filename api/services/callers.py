"""Who is calling a use case, and what that means for the resource it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verification.decision import Actor

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Token:
    """An access token of the embedded issuer, by its id, and until when it is good."""

    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated party of one request.

    `subject` is the token's subject, `user_id` the SCIM id of the user it stands for (None for an application),
    `ip` the client's address as the trusted hops tell it, `agent` what the client calls itself,
    `authenticated_at` when the user last proved to be one, `token` the access token that was sent, `role` how this
    party stands to everybody else.
    """

    subject: str
    user_id: str | None
    request_id: str
    ip: str | None = None
    agent: str | None = None
    authenticated_at: datetime | None = None
    token: Token | None = None
    role: Actor = Actor.PRIVILEGED

    def acts_on(self, user_id: str) -> Actor:
        """Return how this caller stands to a user: to oneself everybody is just the owner."""
        return Actor.OWNER if self.user_id == user_id else self.role
