"""The form of an SMS provider: the fields of the guide, and the sender that they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.sender_drafts import CredentialsDraft, SenderDraft
from api.services.sender_values import BODY, HEADERS, METHOD, SECRET, ProviderName
from providers.authentication_types import AuthenticationType, properties_of
from providers.templates import DEFAULT_JSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.services.sender_values import Sender

KEY, SENDER, URL, CONTENT_TYPE, HEADER_LINES = "key", "sender", "url", "content_type", "headers"
HTTP_METHOD, TEMPLATE, AUTHENTICATION = "http_method", "template", "authentication"
AUTH = "auth."
"""What stands before the name of a property of the authentication."""
CREDENTIALS: Mapping[str, list[AuthenticationType]] = {
    name: [type_ for type_ in AuthenticationType if name in properties_of(type_)]
    for name in dict.fromkeys(name for type_ in AuthenticationType for name in properties_of(type_))
}
"""The properties of the authentication, each with the types that have it."""
OF_MEMBER: Mapping[str, str] = {
    "key": KEY,
    SECRET: SECRET,
    "sender": SENDER,
    "providerURL": URL,
    "contentType": CONTENT_TYPE,
    BODY: TEMPLATE,
    METHOD: HTTP_METHOD,
    HEADERS: HEADER_LINES,
    "authentication": AUTHENTICATION,
    **{name: f"{AUTH}{name}" for name in CREDENTIALS},
}
"""The field of each member that the use case may find fault with."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind of provider, and where its form is."""

    kind: str
    provider: ProviderName

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/console/sms-provider/{self.kind}"


TABS = tuple(Tab(provider.lower(), provider) for provider in ProviderName)


def values_of(sender: Sender | None, provider: ProviderName) -> dict[str, str]:
    """Return what the form of a provider is filled in with; no secret is."""
    empty = dict.fromkeys(OF_MEMBER.values(), "")
    if sender is None or sender.provider != provider:
        return {**empty, TEMPLATE: DEFAULT_JSON, CONTENT_TYPE: "JSON", HTTP_METHOD: "POST", AUTHENTICATION: "NONE"}
    credentials = sender.credentials
    return {
        **empty,
        KEY: sender.key,
        SENDER: sender.sender,
        URL: sender.url,
        CONTENT_TYPE: sender.content_type,
        HTTP_METHOD: sender.properties.get(METHOD, "POST"),
        TEMPLATE: sender.properties.get(BODY, ""),
        AUTHENTICATION: credentials.type if credentials else AuthenticationType.NONE,
        **({f"{AUTH}{name}": text for name, text in credentials.shown.items()} if credentials else {}),
    }


def draft_of(form: Mapping[str, str], provider: ProviderName) -> SenderDraft:
    """Return what a form asks for; a secret that is left empty stays."""
    if provider is not ProviderName.CUSTOM:
        return SenderDraft(
            provider=provider,
            key=form.get(KEY, ""),
            secret=form.get(SECRET) or None,
            sender=form.get(SENDER, ""),
        )
    headers = {HEADERS: text} if (text := form.get(HEADER_LINES, "").strip()) else {}
    return SenderDraft(
        provider=provider,
        url=form.get(URL, ""),
        content_type=form.get(CONTENT_TYPE),
        properties={BODY: form.get(TEMPLATE, ""), METHOD: form.get(HTTP_METHOD, ""), **headers},
        credentials=_credentials(form),
    )


def _credentials(form: Mapping[str, str]) -> CredentialsDraft:
    type_ = form.get(AUTHENTICATION) or AuthenticationType.NONE
    names = properties_of(AuthenticationType(type_)) if type_ in set(AuthenticationType) else ()
    given = ((name, form.get(f"{AUTH}{name}", "").strip()) for name in names)
    return CredentialsDraft(type_, {name: text for name, text in given if text})
