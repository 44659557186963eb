"""The party that an access token speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """One verified access token, as the use cases need to know it.

    `user_id` is the SCIM id of the user the token was issued to, and None for a client or for a foreign subject
    that names no user here. `issued_at` is as fine as the issuer tells it: whole seconds for most, milliseconds
    for the embedded one. `grant_id` names what the user gave the client, where the token came of that.
    for the embedded one. `authenticated_at` is when the user proved to be one, where the issuer tells it.
    """

    subject: str
    issuer: str
    client_id: str | None
    scopes: frozenset[str]
    user_id: str | None
    is_embedded: bool
    token_id: str | None
    issued_at: datetime
    expires_at: datetime
    grant_id: str | None = None
    authenticated_at: datetime | None = None
