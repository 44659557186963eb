"""Foreign issuers of access tokens."""

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.setting_fields import setting, unset


@dataclass(frozen=True, kw_only=True)
class IssuerSettings:
    """Foreign issuers of access tokens."""

    oauth_issuers: tuple[str, ...] = unset(
        read.several(read.issuer),
        (),
        "Foreign issuers whose access tokens (JWT, RFC 9068) are trusted, comma-separated.",
    )
    oauth_audience: str = unset(
        read.text, "", "Audience that foreign access tokens must be meant for.", shown="BASE_URL"
    )
    oauth_introspection_url: str = unset(read.url, "", "Endpoint (RFC 7662) that is asked about opaque access tokens.")
    oauth_client_id: str = unset(read.text, "", "Client id for the introspection endpoint.")
    oauth_client_secret: str = unset(read.text, "", "Client secret for the introspection endpoint.", is_secret=True)
    oauth_subject_claim: str = setting(read.text, "sub", "Claim of a foreign token that names a user.")
    oauth_subject_attribute: str = setting(
        read.one_of("externalId", "userName", "id", "emails.value"),
        "externalId",
        "Attribute that this claim equals: `externalId`, `userName`, `id` or `emails.value`. "
        "Where no user or several have the value, the token is no user's.",
    )
