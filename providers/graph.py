"""Microsoft Graph as a directory: its users' authentication methods, listed and removed.

A token is asked for once and kept until shortly before its end; a call that is throttled waits for as long as it is
told to, within the time that the whole reset has. No token, number or address is in any error or log line.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import getproxies

import orjson

from providers.errors import ForeignAddress
from providers.exchange import Transport
from providers.graph_answers import error_of, reason_of, whole, word
from providers.graph_methods import method_path, methods_path, read_method
from providers.graph_tokens import TokenSource
from providers.rest import RestApi
from verification.errors import (
    DeliveryError,
    DirectoryUnavailable,
    MethodGone,
    MethodRefused,
    UserAmbiguous,
    UserNotFound,
)
from verification.methods import DirectoryUser, TemporaryAccessPass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from providers.exchange import Answer
    from verification.methods import Method
    from verification.ports import Clock

CALL_TIMEOUT = timedelta(seconds=10)
BUDGET = timedelta(seconds=25)
"""For one reset in all, waits included: somebody waits for its answer."""
FIRST_WAIT = 1
"""Seconds before a call is repeated where Graph names none; doubled each time."""
MOST_PAGES = 50
PASS_MINUTES = 60

_AGAIN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(slots=True)
class GraphDirectory:
    """The directory behind Graph, for one reset: its time runs from the first call."""

    api: RestApi
    tokens: TokenSource
    clock: Clock
    request_id: str
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    _ends_at: float | None = None

    def find(self, name: str) -> DirectoryUser:
        """Return the user of that id, user principal name or e-mail address."""
        fields = "?$select=id,userPrincipalName,mail"
        answer = self._call("GET", f"/users/{quote(name, safe='')}{fields}")
        if answer.status == HTTPStatus.OK:
            return _user(answer.document())
        if answer.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}:
            raise _unavailable(answer)
        # A mail address need not be the user principal name. In a filter a quote is doubled (OData 4.01, 5.1.1.6.1).
        text = name.replace("'", "''")
        answer = self._call("GET", f"/users{fields}&$filter=" + quote(f"mail eq '{text}'", safe=""))
        if answer.status != HTTPStatus.OK:
            raise _unavailable(answer)
        found = _elements(answer.document())
        if len(found) > 1:
            raise UserAmbiguous
        if not found:
            raise UserNotFound
        return _user(found[0])

    def methods(self, user: DirectoryUser) -> tuple[Method, ...]:
        """Return every method of a user, of all pages."""
        path = methods_path(user.id, "methods")
        return tuple(read_method(element) for page in self._pages(path) for element in _elements(page))

    def remove(self, user: DirectoryUser, method: Method) -> None:
        """Remove a method at the segment of its type."""
        self._done(self._call("DELETE", method_path(user.id, method)))

    def revoke_sessions(self, user: DirectoryUser) -> None:
        """End the user's sessions and refresh tokens."""
        answer = self._call("POST", f"/users/{quote(user.id, safe='')}/revokeSignInSessions")
        if not answer.is_success:
            raise _unavailable(answer)

    def issue_pass(self, user: DirectoryUser) -> TemporaryAccessPass:
        """Give out a pass that is good once."""
        content = orjson.dumps({"lifetimeInMinutes": PASS_MINUTES, "isUsableOnce": True})
        answer = self._call("POST", methods_path(user.id, "temporaryAccessPassMethods"), content)
        self._done(answer)
        document = answer.document()
        code = document.get("temporaryAccessPass")
        if not isinstance(code, str):
            raise DirectoryUnavailable("the directory gave no pass")
        return TemporaryAccessPass(code, whole(document.get("lifetimeInMinutes")) or PASS_MINUTES)

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        following: object = path
        for _ in range(MOST_PAGES):
            answer = self._call("GET", str(following))
            if answer.status == HTTPStatus.NOT_FOUND:
                raise UserNotFound
            if answer.status != HTTPStatus.OK or not answer.is_whole:
                raise _unavailable(answer)
            page = answer.document()
            yield page
            following = page.get("@odata.nextLink")
            if not following:
                return
        raise DirectoryUnavailable("the directory's list does not end")

    def _call(self, method: str, path: str, content: bytes = b"") -> Answer:
        wait = FIRST_WAIT
        is_renewed = False
        while True:
            token = self.tokens.token(self._time())
            answer = self._once(method, path, token, content)
            if answer.status == HTTPStatus.UNAUTHORIZED and not is_renewed:
                # Revoked before its end, or the keys have changed.
                self.tokens.forget(token)
                is_renewed = True
            elif answer.status in _AGAIN:
                seconds = answer.retry_after(self.clock.now())
                self._wait(wait if seconds is None else seconds)
                wait *= 2
            else:
                return answer

    def _once(self, method: str, path: str, token: str, content: bytes) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "client-request-id": self.request_id}
        if content:
            headers["Content-Type"] = "application/json"
        try:
            return self.api.call(method, path, within=self._time(), headers=headers, content=content)
        except DeliveryError as error:
            raise DirectoryUnavailable(error.reason) from error
        except ForeignAddress as error:
            raise DirectoryUnavailable("the directory's list leads to another host") from error

    def _done(self, answer: Answer) -> None:
        if answer.is_success:
            return
        if answer.status == HTTPStatus.NOT_FOUND:
            raise MethodGone
        if answer.status in _REFUSALS:
            raise MethodRefused(reason_of(answer))
        raise _unavailable(answer)

    def _time(self) -> timedelta:
        left = self._left()
        if left <= 0:
            raise DirectoryUnavailable("the directory took too long")
        return min(CALL_TIMEOUT, timedelta(seconds=left))

    def _wait(self, seconds: float) -> None:
        if seconds >= self._left():
            raise DirectoryUnavailable("the directory asks for a longer pause than there is time for")
        self.sleep(seconds)

    def _left(self) -> float:
        if self._ends_at is None:
            self._ends_at = self.monotonic() + BUDGET.total_seconds()
        return self._ends_at - self.monotonic()


def connect(
    *, base_url: str, login_url: str, tenant: str, client_id: str, client_secret: str, clock: Clock
) -> Callable[[str], GraphDirectory]:
    """Return what makes the directory for one reset, given the id of its request; an operator's proxy is honoured."""
    transport = Transport(getproxies())
    api = RestApi(base_url, transport)
    tokens = TokenSource(RestApi(login_url, transport), tenant, client_id, client_secret, clock)
    return lambda request_id: GraphDirectory(api, tokens, clock, request_id)


def _user(document: dict[str, Any]) -> DirectoryUser:
    mail = document.get("mail")
    return DirectoryUser(
        str(document.get("id", "")), str(document.get("userPrincipalName", "")), str(mail) if mail else None
    )


def _elements(page: dict[str, Any]) -> list[dict[str, Any]]:
    elements = page.get("value")
    return [element for element in elements if isinstance(element, dict)] if isinstance(elements, list) else []


def _unavailable(answer: Answer) -> DirectoryUnavailable:
    if answer.status == HTTPStatus.FORBIDDEN:
        return DirectoryUnavailable("the directory does not allow it: a permission is missing")
    return DirectoryUnavailable(f"the directory answered {answer.status} {word(error_of(answer).get('code'))}".rstrip())
