"""What is asked for when a sender is set up, and the sender it makes.

A secret is told once and never given back: one that a later request leaves out stays as it is, while messages go where
they went. Who only may write cannot have it sent elsewhere and so learn it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.services.errors import UseCaseError
from api.services.sender_values import (
    BODY,
    HEADERS,
    Credentials,
    ProviderName,
    Sender,
)
from providers.authentication_types import NEEDED, AuthenticationType, properties_of
from providers.templates import DEFAULT_FORM, DEFAULT_JSON

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROVIDERS = {name.lower(): name for name in ProviderName}
_TYPES = {type_.value: type_ for type_ in AuthenticationType}
_SYNONYMS = {"token": "accessToken"}
"""The guide's product names one property in two ways."""


class ProviderMissing(UseCaseError):
    """The provider is missing."""

    code = "NSM-60003"


class BodyMissing(UseCaseError):
    """The property `body` is missing: a custom provider has no template of its own."""

    code = "NSM-60004"


class CredentialsConflict(UseCaseError):
    """The key and the secret contradict the authentication."""

    code = "NSM-60007"


class AuthenticationMissing(UseCaseError):
    """The type of the authentication is missing."""

    code = "NSM-60009"


class AuthenticationUnsupported(UseCaseError):
    """There is no such type of authentication."""

    code = "NSM-60010"


class FaultyMembers(UseCaseError):
    """Something is wrong with members of a sender, which are named."""

    def __init__(self, message: str | None = None, *members: str) -> None:
        super().__init__(message)
        self.members = members


class AuthenticationBlank(FaultyMembers):
    """A property of the authentication is blank."""

    code = "NSM-60011"


class AuthenticationIncomplete(FaultyMembers):
    """A property of the authentication is missing."""

    code = "NSM-60012"


class SenderRefused(FaultyMembers):
    """The sender cannot be set up so."""

    code = "SENDER_REFUSED"


class SecretsNeeded(SenderRefused):
    """The messages would go elsewhere: tell every secret again."""


@dataclass(frozen=True, slots=True)
class CredentialsDraft:
    """The authentication that is asked for."""

    type: str | None
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def told(cls, type_: str | None, properties: Mapping[str, str]) -> CredentialsDraft:
        """Return what a request says, each property by the one name it has here."""
        return cls(type_, {_SYNONYMS.get(name, name): text for name, text in properties.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderDraft:
    """What is asked for; None is what the request does not say."""

    provider: str | None = None
    content_type: str | None = None
    url: str = field(default="", repr=False)
    key: str | None = None
    secret: str | None = field(default=None, repr=False)
    sender: str = ""
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)
    credentials: CredentialsDraft | None = None

    def sender_named(self, name: str, before: Sender | None = None) -> Sender:
        """Return the sender it makes, with the secrets of the one before that it leaves out.

        Raises:
            UseCaseError: something is missing, or contradicts something else.
        """
        provider = _provider(self.provider)
        kept = before if before is not None and before.provider == provider else None
        whole = self if kept is None else self._with_secrets_of(kept)
        made = _made(whole, name, provider)
        is_moved = kept is not None and provider is ProviderName.CUSTOM and made.places != kept.places
        if is_moved and whole != self:
            raise SecretsNeeded
        return made

    def without(self, fault: UseCaseError) -> SenderDraft | None:
        """Return the same as if what is missing were not asked for, to see what else is wrong; None where it is not."""
        if isinstance(fault, BodyMissing):
            body = DEFAULT_FORM if (self.content_type or "").upper() == "FORM" else DEFAULT_JSON
            return replace(self, properties={**self.properties, BODY: body})
        if isinstance(fault, AuthenticationIncomplete | AuthenticationBlank):
            return replace(self, credentials=CredentialsDraft(AuthenticationType.NONE))
        return None

    def _with_secrets_of(self, kept: Sender) -> SenderDraft:
        properties, credentials, secret = self.properties, self.credentials, self.secret
        if HEADERS in kept.properties:
            properties = {HEADERS: kept.properties[HEADERS], **properties}
        is_same_account = secret is None and self.key in {None, kept.key}
        if kept.credentials is None:
            secret = kept.secret if is_same_account and kept.secret else secret
        elif credentials is None and is_same_account:
            credentials = CredentialsDraft(kept.credentials.type, kept.credentials.properties)
        elif credentials is not None and credentials.type == kept.credentials.type:
            credentials = replace(credentials, properties={**kept.credentials.secrets, **credentials.properties})
        return replace(self, properties=properties, credentials=credentials, secret=secret)


def _made(draft: SenderDraft, name: str, provider: ProviderName) -> Sender:
    if provider is ProviderName.CUSTOM and not draft.properties.get(BODY, "").strip():
        raise BodyMissing
    made = Sender(
        name=name,
        provider=provider,
        content_type=(draft.content_type or "JSON").upper(),
        url=draft.url.strip(),
        key=(draft.key or "").strip(),
        secret=draft.secret or "",
        sender=draft.sender.strip(),
        properties={name: text for name, text in draft.properties.items() if text.strip()},
    )
    is_needed = provider is ProviderName.CUSTOM
    if draft.credentials is not None and (is_needed or draft.credentials.type != AuthenticationType.NONE):
        return _agreed(made, _credentials(draft.credentials))
    if not is_needed or not (made.key or made.secret):
        return made
    if not (made.key and made.secret):
        raise CredentialsConflict("A key needs its secret, and a secret its key.")
    return _agreed(made, _basic(made.key, made.secret))


def _provider(text: str | None) -> ProviderName:
    if not text or not text.strip():
        raise ProviderMissing
    found = _PROVIDERS.get(text.strip().lower())
    if found is None:
        raise SenderRefused(f"The provider must be one of {', '.join(ProviderName)}.")
    return found


def _basic(username: str, password: str) -> Credentials:
    return Credentials(AuthenticationType.BASIC, {"username": username, "password": password})


def _credentials(draft: CredentialsDraft) -> Credentials:
    if not draft.type:
        raise AuthenticationMissing
    type_ = _TYPES.get(draft.type)
    if type_ is None:
        raise AuthenticationUnsupported
    given = draft.properties
    needed = NEEDED[type_]
    if absent := [name for name in needed if name not in given]:
        raise AuthenticationIncomplete(f"The authentication {type_} needs the {_properties(absent)}.", *absent)
    if blank := [name for name in needed if not given[name].strip()]:
        is_or_are = "is" if len(blank) == 1 else "are"
        raise AuthenticationBlank(f"The {_properties(blank)} of the authentication {is_or_are} blank.", *blank)
    known = properties_of(type_)
    return Credentials(type_, {name: text for name, text in given.items() if name in known and text.strip()})


def _properties(names: list[str]) -> str:
    return f"{'property' if len(names) == 1 else 'properties'} {', '.join(names)}"


def _agreed(made: Sender, credentials: Credentials) -> Sender:
    """Bring key and secret, which are another way to say BASIC, together with the authentication."""
    if credentials.type is not AuthenticationType.BASIC:
        if made.key or made.secret:
            raise CredentialsConflict
        return replace(made, credentials=credentials)
    username, password = credentials.properties["username"], credentials.properties["password"]
    if made.key not in {"", username} or made.secret not in {"", password}:
        raise CredentialsConflict
    return replace(made, key=username, secret=password, credentials=credentials)
