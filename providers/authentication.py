"""How a custom gateway is told who sends: by a header that stays, or by a token that is fetched for it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote_plus, urlencode

from providers.authentication_types import NEEDED, SCOPES, AuthenticationType
from providers.errors import ProviderConfigError
from providers.exchange import Exchange, Request, basic_credentials, url_fault
from providers.faults import Reason, permanent, refusal_of_status, temporary
from providers.headers import header_fault
from verification.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from providers.exchange import Answer, Transport
    from verification.ports import Clock

AUTHORIZATION = "Authorization"
EARLY = timedelta(seconds=30)
"""How long before its end a token is not used any more: a message may be on its way for some time."""
UNTOLD = timedelta(minutes=5)
"""How long a token is used whose endpoint does not tell its end."""
LONGEST = 24 * 60 * 60
"""Seconds for which a token is used at most, whatever its endpoint tells."""
FAILED_FOR = 1.0
"""Seconds in which an endpoint that gave no token is not asked again: who has waited for it does not wait anew."""


class Authentication(Protocol):
    """Who a message is from, in one header."""

    @property
    def header(self) -> str:
        """Return the name of the header; empty where there is none."""

    def headers(self, within: timedelta) -> Mapping[str, str]:
        """Return the header and its value, or raise a DeliveryError."""

    def renew(self) -> bool:
        """Tell whether another value may do, where this one was refused."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same value on every message, or none."""

    header: str = ""
    value: str = field(default="", repr=False)

    def headers(self, within: timedelta) -> Mapping[str, str]:
        """Return the header."""
        del within
        return {self.header: self.value} if self.header else {}

    def renew(self) -> bool:
        """Tell that there is no other."""
        return False


class Tokens:
    """An access token of a token endpoint (RFC 6749 §4.3, §4.4), kept for all threads until shortly before its end."""

    header = AUTHORIZATION

    def __init__(self, endpoint: Exchange, form: Mapping[str, str], clock: Clock) -> None:
        self._endpoint = endpoint
        self._content = urlencode(form).encode()
        self._clock = clock
        self._token = ""
        self._good_until: datetime | None = None
        self._failure: DeliveryError | None = None
        self._failed_at = 0.0
        self._lock = threading.Lock()

    def headers(self, within: timedelta) -> Mapping[str, str]:
        """Return the token, fetched where there is none in hand; waiting for who fetches it is part of the time."""
        ends_at = time.monotonic() + within.total_seconds()
        if not self._lock.acquire(timeout=within.total_seconds()):
            raise temporary(Reason.TIMED_OUT).error()
        try:
            good_until = self._good_until
            if good_until is None or self._clock.now() >= good_until:
                self._fetch(ends_at)
            return {AUTHORIZATION: f"Bearer {self._token}"}
        finally:
            self._lock.release()

    def renew(self) -> bool:
        """Forget the token, so that another one is fetched."""
        # Without the lock, which is held for as long as an endpoint takes.
        self._good_until = None
        return True

    def _fetch(self, ends_at: float) -> None:
        now = time.monotonic()
        if self._failure is not None and now - self._failed_at < FAILED_FOR:
            raise type(self._failure)(self._failure.reason)
        left = timedelta(seconds=ends_at - now)
        if left <= timedelta(0):
            raise temporary(Reason.TIMED_OUT).error()
        try:
            token, life = _read(self._endpoint.send(Request(self._content), left))
        except DeliveryError as error:
            self._failure, self._failed_at = error, time.monotonic()
            raise
        self._token, self._failure = token, None
        self._good_until = self._clock.now() + life


def read_authentication(
    type_: AuthenticationType,
    properties: Mapping[str, str],
    *,
    clock: Clock,
    transport: Transport,
    is_url_trusted: bool,
) -> Authentication:
    """Return the authentication of a type.

    Raises:
        ProviderConfigError: a property is missing or cannot be sent; it is named, never its value.
    """
    faults = [f"custom.authentication: {name} is missing" for name in NEEDED[type_] if not properties.get(name)]
    if faults:
        raise ProviderConfigError(*faults)
    if type_ in {AuthenticationType.CLIENT_CREDENTIAL, AuthenticationType.PASSWORD_CREDENTIAL}:
        return Tokens(_endpoint(properties, transport, is_url_trusted=is_url_trusted), _form(type_, properties), clock)
    fixed = _fixed(type_, properties)
    if fault := _fault(fixed):
        raise ProviderConfigError(f"custom.authentication: the header {fault}")
    return fixed


def _fixed(type_: AuthenticationType, properties: Mapping[str, str]) -> Fixed:
    if type_ is AuthenticationType.BASIC:
        return Fixed(AUTHORIZATION, basic_credentials(properties["username"], properties["password"]))
    if type_ is AuthenticationType.BEARER:
        return Fixed(AUTHORIZATION, f"Bearer {properties['accessToken']}")
    if type_ is AuthenticationType.API_KEY:
        return Fixed(properties["header"], properties["value"])
    return Fixed()


def _fault(fixed: Fixed) -> str | None:
    if fixed.header.lower() == "content-type":
        return "follows from the kind of payload"
    return header_fault(fixed.header, fixed.value) if fixed.header else None


def _endpoint(properties: Mapping[str, str], transport: Transport, *, is_url_trusted: bool) -> Exchange:
    url = properties["tokenEndpoint"].strip()
    if fault := url_fault("custom.authentication.tokenEndpoint", url):
        raise ProviderConfigError(fault)
    # RFC 6749 §2.3.1: both are encoded as a form is before they are put together.
    client = basic_credentials(quote_plus(properties["clientId"]), quote_plus(properties["clientSecret"]))
    headers = {AUTHORIZATION: client, "Content-Type": "application/x-www-form-urlencoded"}
    return Exchange("POST", url, headers, transport, is_url_trusted=is_url_trusted)


def _form(type_: AuthenticationType, properties: Mapping[str, str]) -> dict[str, str]:
    scope = {"scope": properties[SCOPES]} if properties.get(SCOPES) else {}
    if type_ is AuthenticationType.CLIENT_CREDENTIAL:
        return {"grant_type": "client_credentials", **scope}
    user = {"username": properties["username"], "password": properties["password"]}
    return {"grant_type": "password", **user, **scope}


def _read(answer: Answer) -> tuple[str, timedelta]:
    if not answer.is_success:
        # RFC 6749 §5.2: what it does not like about the client or the user is told by these two.
        is_refused = answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}
        raise (permanent(Reason.CREDENTIALS_REFUSED) if is_refused else refusal_of_status(answer.status)).error()
    document = answer.document()
    token, seconds = document.get("access_token"), document.get("expires_in")
    if not isinstance(token, str) or not token or header_fault(AUTHORIZATION, f"Bearer {token}"):
        raise temporary(Reason.UNREADABLE_ANSWER).error()
    return token, max(_life(seconds) - EARLY, timedelta(0))


def _life(seconds: object) -> timedelta:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        return UNTOLD
    return timedelta(seconds=min(seconds, LONGEST))
