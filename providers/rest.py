"""A JSON API at one host: many paths over kept connections, each call within its time, nothing followed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from providers.connections import HostAdapter
from providers.errors import ForeignAddress
from providers.exchange import OUR_HEADERS, Transport, ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from providers.exchange import Answer

MOST = 1024 * 1024
"""Bytes of an answer that are read; a page of Graph has some ten thousand."""


class RestApi:
    """The way to one API, shared by all threads.

    `base_url` is the operator's and trusted; what leads away from its host is refused, for the caller's headers
    hold a token.
    """

    def __init__(self, base_url: str, transport: Transport | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._origin = urlsplit(self.base_url)[:2]
        transport = transport or Transport()
        self._adapter = HostAdapter(transport.connections)
        self._proxies = transport.proxies_for(base_url)
        self._verify = transport.ca_bundle or True

    def call(
        self,
        method: str,
        path: str,
        *,
        within: timedelta,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Answer:
        """Send one request to a path below the base URL, or to a whole URL of the same host.

        Raises:
            ForeignAddress: the URL leads to another host.
            TemporaryDeliveryError: there was no answer in time, or none that could be read.
        """
        url = self.base_url + path if path.startswith("/") else path
        if urlsplit(url)[:2] != self._origin:
            raise ForeignAddress
        prepared = requests.PreparedRequest()
        prepared.prepare_method(method)
        prepared.prepare_url(url, None)
        # Without a body there is no length either, and none is sent in chunks.
        prepared.body = content or None
        length = {"Content-Length": str(len(content))} if content or method != "GET" else {}
        prepared.headers = {**OUR_HEADERS, **(headers or {}), **length}  # type: ignore[assignment]  # a plain dict does
        return ask(self._adapter, prepared, within, verify=self._verify, proxies=self._proxies, most=MOST)
