"""One request to one gateway: bounded in time and size, no redirects, no retries, its failures in our words."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import requests
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import InvalidHeader, RequestException, SSLError, Timeout
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Timeout as Budget

from providers.addresses import PrivateAddress
from providers.connections import GatewayAdapter, PublicAdapter
from providers.faults import Reason, permanent, temporary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

MAX_ANSWER = 64 * 1024
"""Bytes of an answer that are read; the answers of gateways have a few hundred."""
LONGEST_PAUSE = 24 * 60 * 60
"""Seconds of Retry-After that are believed; no code lives that long."""

# An answer is small and often unread: unpacking it would only be a way to fill our memory.
OUR_HEADERS = {"User-Agent": "lineproof", "Accept": "application/json", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Transport:
    """How gateways are reached.

    Attributes:
        proxies: Proxies by scheme, and under `no` the hosts reached without one: what `urllib.request.getproxies()`
            returns. An operator's proxy is honoured, but read once by whoever builds the providers; an exchange
            never looks into the environment or at .netrc, whose password would go out in place of the configured one.
        ca_bundle: A file of certificate authorities to trust in place of the usual ones.
        connections: How many are kept alive for each gateway; as many as threads that send.
    """

    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_bundle: str | None = None
    connections: int = 32

    def proxies_for(self, url: str) -> dict[str, str]:
        """Return the proxy for a URL in the form of requests."""
        parts = urlsplit(url)
        proxy = self.proxies.get(parts.scheme) or self.proxies.get("all")
        if proxy is None or _is_exempt(parts.hostname or "", self.proxies.get("no", "")):
            return {}
        return {parts.scheme: proxy}


@dataclass(frozen=True, slots=True)
class Request:
    """What one message adds to the fixed part of a gateway's requests."""

    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said; `is_whole` is false where its body was cut off or too long."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    is_whole: bool = True

    @property
    def is_success(self) -> bool:
        """Tell whether the status is one of success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of the status (RFC 9110 §15.3)

    def document(self) -> dict[str, Any]:
        """Return the body as a JSON object; anything else is an empty one."""
        try:
            parsed = orjson.loads(self.content) if self.is_whole else None
        except orjson.JSONDecodeError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def retry_after(self, now: datetime) -> int | None:
        """Return the seconds of Retry-After, which may also name a moment (RFC 9110 §10.2.3)."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isdecimal():
            return min(int(text[:9]), LONGEST_PAUSE)
        try:
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
        except (TypeError, ValueError):  # not a date, or one without a zone
            return None
        return min(max(int(seconds), 0), LONGEST_PAUSE)


class Exchange:
    """The way to one URL, shared by all threads.

    Raises:
        PermanentDeliveryError: The URL is none.
    """

    def __init__(
        self, method: str, url: str, headers: Mapping[str, str], transport: Transport, *, is_url_trusted: bool = True
    ) -> None:
        try:
            prepared = requests.Request(method, url, headers={**OUR_HEADERS, **headers}).prepare()
        except (RequestException, ValueError):
            raise permanent(Reason.SETUP_REFUSED).error() from None
        self._method, self._url = method, prepared.url
        self._headers = dict(prepared.headers)
        self._headers.pop("Content-Length", None)
        self._verify = transport.ca_bundle or True
        # Through a proxy nobody here could tell where a connection ends.
        self._proxies = transport.proxies_for(url) if is_url_trusted else {}
        self._adapter = (GatewayAdapter if is_url_trusted else PublicAdapter)(transport.connections)

    def send(self, request: Request, within: timedelta) -> Answer:
        """Send one request and return the answer, whatever its status.

        Raises:
            TemporaryDeliveryError: There was no answer in time, or none that could be read.
            PermanentDeliveryError: The URL came through an API and leads to an address that is not public.
        """
        return ask(self._adapter, self._prepare(request), within, verify=self._verify, proxies=self._proxies)

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = self._method, self._url, request.content
        length = {"Content-Length": str(len(request.content))}
        # A plain dict does: the names are ours, and it is read once.
        prepared.headers = {**self._headers, **request.headers, **length}  # type: ignore[assignment]
        return prepared


def ask(
    adapter: GatewayAdapter,
    prepared: requests.PreparedRequest,
    within: timedelta,
    *,
    verify: str | bool,
    proxies: Mapping[str, str],
    most: int = MAX_ANSWER,
) -> Answer:
    """Send a prepared request and return the answer, of whose body at most so many bytes are read.

    Raises:
        TemporaryDeliveryError, PermanentDeliveryError: as `Exchange.send`.
    """
    try:
        response = adapter.send(
            prepared,
            stream=True,
            timeout=Budget(total=within.total_seconds()),  # type: ignore[arg-type]  # requests hands it on
            verify=verify,
            proxies=proxies,
        )
    except PrivateAddress:
        raise permanent(Reason.ADDRESS_REFUSED).error() from None
    except (OSError, HTTPError) as error:
        # Not `from error`: its text holds the URL, which may hold a key.
        raise temporary(_reason(error)).error() from None
    content, is_whole = _bounded_body(response, most)
    return Answer(response.status_code, response.headers, content, is_whole)


def basic_credentials(user: str, secret: str) -> str:
    """Return the value of Authorization for a user and a secret (RFC 7617 §2, in UTF-8)."""
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


def url_fault(setting: str, url: str) -> str | None:
    """Return a sentence about what is wrong with a gateway's URL, without the URL."""
    must = f"{setting}: must be an http or https URL with a host"
    if not url.isprintable() or " " in url:
        return must
    try:
        scheme, host = urlsplit(requests.Request("POST", url).prepare().url or "")[:2]
    except (RequestException, ValueError):
        return must
    return None if scheme in {"http", "https"} and host else must


def _is_exempt(host: str, no_proxy: str) -> bool:
    names = (name.strip().lstrip(".").lower() for name in no_proxy.split(","))
    return any(name == "*" or f".{host}".endswith(f".{name}") for name in names if name)


def _reason(error: Exception) -> Reason:
    if isinstance(error, Timeout):
        return Reason.TIMED_OUT
    if isinstance(error, SSLError):
        return Reason.GATEWAY_UNTRUSTED
    if isinstance(error, InvalidHeader | HTTPError):
        return Reason.UNREADABLE_ANSWER
    # requests wraps what went wrong before the request was on its way in MaxRetryError, and what came later not.
    if isinstance(error, ConnectionFailed) and not any(isinstance(cause, MaxRetryError) for cause in error.args):
        return Reason.CONNECTION_BROKEN
    return Reason.GATEWAY_UNREACHABLE


def _bounded_body(response: requests.Response, most: int) -> tuple[bytes, bool]:
    try:
        content = response.raw.read(most + 1, decode_content=False)
    except (OSError, HTTPError):
        response.raw.close()
        return b"", False
    if len(content) > most or response.raw.length_remaining:
        response.raw.close()
        return content[:most], False
    response.raw.release_conn()
    return content, True
