"""What is said of senders, and what can go wrong with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from api.openapi.details import Details
from api.resources.senders import MAIL, V1, V2
from api.sender_schemas import NAME
from api.services.errors import InvalidRequest
from api.services.sender_drafts import (
    AuthenticationBlank,
    AuthenticationIncomplete,
    AuthenticationMissing,
    AuthenticationUnsupported,
    BodyMissing,
    CredentialsConflict,
    ProviderMissing,
    SenderRefused,
)
from api.services.senders import NoSuchSender, SenderChanged, SenderExists, TooManySenders
from verification.errors import InvalidEmailAddress, InvalidPhoneNumber, Limit, LimitReached, TargetRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.code_failures import Cause
    from api.openapi.details import Operation

SENDER_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "NoSuchSender": {"sender": NoSuchSender},
    "InvalidSender": {
        "faultyBody": InvalidRequest,
        "providerMissing": ProviderMissing,
        "bodyMissing": BodyMissing,
        "conflict": CredentialsConflict,
        "typeMissing": AuthenticationMissing,
        "typeUnsupported": AuthenticationUnsupported,
        "propertyBlank": AuthenticationBlank,
        "propertyMissing": AuthenticationIncomplete,
        "refused": partial(SenderRefused, "providerURL: It leads to an address that is not public."),
    },
    "SenderNotNew": {"exists": SenderExists, "tooMany": TooManySenders},
    "SenderChanged": {"changed": SenderChanged},
    "InvalidTrial": {
        "faultyBody": InvalidRequest,
        "notANumber": InvalidPhoneNumber,
        "refusedTarget": TargetRefused,
        "refusedSender": partial(SenderRefused, "secret is missing."),
    },
    "InvalidMailTrial": {
        "faultyBody": InvalidRequest,
        "notAnAddress": InvalidEmailAddress,
        "refusedTarget": TargetRefused,
        "noMail": partial(SenderRefused, "No mail is sent here: LINEPROOF_SMTP_URL is not set."),
    },
    "TooManyMailTrials": {"sendsToTheAddress": lambda: LimitReached(Limit.ADDRESS, 1800)},
    "TooManyTrials": {"sendsToTheNumber": lambda: LimitReached(Limit.NUMBER, 1800)},
}
"""By name: examples, and what causes each."""

_BODY: dict[str, Any] = {"key": "body", "value": '{"content": {{body}}, "to": {{mobile}}}'}
_METHOD: dict[str, Any] = {"key": "http.method", "value": "POST"}
_CUSTOM: dict[str, Any] = {
    "provider": "Custom",
    "providerURL": "https://sms.example.com/messages",
    "contentType": "JSON",
    "properties": [_BODY, _METHOD],
}
_HEADERS: dict[str, Any] = {
    **_CUSTOM,
    "properties": [_BODY, _METHOD, {"key": "http.headers", "value": "x-csrf: true, x-abc: some-value"}],
}
_TWILIO: dict[str, Any] = {
    "provider": "Twilio",
    "key": "AC00000000000000000000000000000000",
    "secret": "YourAuthToken",
    "sender": "+15005550006",
    "contentType": "FORM",
}
_VONAGE: dict[str, Any] = {
    "provider": "Vonage",
    "key": "YourAPIKey",
    "secret": "YourAPISecret",
    "sender": "+15005550006",
    "contentType": "FORM",
}
_BEARER: dict[str, Any] = {
    **_CUSTOM,
    "authentication": {"type": "BEARER", "properties": {"accessToken": "YourAccessToken"}},
}
_CLIENT: dict[str, Any] = {
    **_CUSTOM,
    "authentication": {
        "type": "CLIENT_CREDENTIAL",
        "properties": {
            "clientId": "YourClientId",
            "clientSecret": "YourClientSecret",
            "tokenEndpoint": "https://sms.example.com/token",
            "scopes": "sms",
        },
    },
}
_SHOWN: dict[str, Any] = {
    "name": NAME,
    "key": "",
    "sender": "",
    **_CUSTOM,
    "secretsSet": ["properties.http.headers"],
}
_SHOWN_V2: dict[str, Any] = {
    **_SHOWN,
    "secretsSet": ["authentication.accessToken"],
    "authentication": {"type": "BEARER", "properties": {}},
}
_TRIALS: dict[str, Any] = {"all": {"to": "+94771234567"}, "one": {"to": "+94771234567", "sender": NAME}}
_TRIAL: dict[str, Any] = {"outcome": "accepted", "provider": NAME, "reason": None, "reference": "SM1"}


def sender_details() -> Mapping[Operation, Details]:
    """Return the details of the senders, by version."""
    first = {"custom": _HEADERS, "twilio": _TWILIO, "vonage": _VONAGE}
    second = {**first, "bearer": _BEARER, "clientCredential": _CLIENT}
    mail = Details(
        id="tryMail",
        failures=("InvalidMailTrial", "TooManyMailTrials"),
        requests={"address": {"to": "bob@example.com"}},
        answer={"outcome": "accepted", "provider": "smtp", "reason": None, "reference": None},
    )
    return {(f"{MAIL}/try", "post"): mail, **_details(V1, "", first, _SHOWN), **_details(V2, "V2", second, _SHOWN_V2)}


def _details(prefix: str, suffix: str, bodies: Mapping[str, Any], shown: dict[str, Any]) -> dict[Operation, Details]:
    one = f"{prefix}/{{sender_name}}"
    return {
        (prefix, "get"): Details(id=f"listSenders{suffix}", answer=[shown]),
        (prefix, "post"): Details(
            id=f"addSender{suffix}",
            failures=("InvalidSender", "SenderNotNew"),
            requests={name: {"name": NAME, **body} for name, body in bodies.items()},
            answer=shown,
            headers=("Location",),
        ),
        (one, "get"): Details(id=f"getSender{suffix}", failures=("NoSuchSender",), answer=shown),
        (one, "put"): Details(
            id=f"replaceSender{suffix}",
            failures=("InvalidSender", "NoSuchSender", "SenderChanged"),
            requests=bodies,
            answer=shown,
        ),
        (one, "delete"): Details(id=f"removeSender{suffix}", failures=("NoSuchSender",)),
        (f"{prefix}/try", "post"): Details(
            id=f"trySender{suffix}",
            failures=("InvalidTrial", "NoSuchSender", "TooManyTrials"),
            requests=_TRIALS,
            answer=_TRIAL,
        ),
    }
