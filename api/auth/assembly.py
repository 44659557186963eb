"""Put the verifier of a deployment together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.foreign import ForeignVerifier
from api.auth.introspection import Introspector
from api.auth.issuer import EmbeddedVerifier
from api.auth.remote_keys import RemoteKeys
from api.auth.subjects import SubjectMapper
from api.auth.verifier import TokenVerifier

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from api.auth.ports import OAuthHttp
    from api.auth.revocations import RevocationList
    from api.auth.subjects import FindUsers
    from api.auth.verified import JwtVerifier
    from api.settings import Settings
    from verification.ports import Clock


def assemble_verifier(
    settings: Settings,
    keys: KeySet,
    *,
    http: OAuthHttp,
    revocations: RevocationList,
    find_users: FindUsers,
    clock: Clock,
) -> TokenVerifier:
    """Return the verifier for the embedded issuer and whatever else the settings trust."""
    issuers: dict[str, JwtVerifier] = {
        issuer: ForeignVerifier(
            issuer=issuer,
            audience=settings.oauth_audience,
            keys=RemoteKeys(issuer, http),
            subject_claim=settings.oauth_subject_claim,
        )
        for issuer in settings.oauth_issuers
    }
    issuers[settings.base_url] = EmbeddedVerifier(issuer=settings.base_url, keys=keys)
    return TokenVerifier(
        issuers=issuers,
        introspector=_introspector(settings, http),
        revocations=revocations,
        subjects=SubjectMapper(find_users, settings.oauth_subject_attribute),
        clock=clock,
    )


def _introspector(settings: Settings, http: OAuthHttp) -> Introspector | None:
    if not settings.oauth_introspection_url:
        return None
    return Introspector(
        url=settings.oauth_introspection_url,
        client_id=settings.oauth_client_id,
        client_secret=settings.oauth_client_secret,
        audience=settings.oauth_audience,
        issuers=settings.oauth_issuers,
        subject_claim=settings.oauth_subject_claim,
        http=http,
    )
