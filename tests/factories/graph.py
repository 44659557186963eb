"""A Microsoft Graph of our own on loopback: its paths, its rules of order, its errors (facts C)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.factories.http_gateway import Reply

if TYPE_CHECKING:
    from tests.factories.http_gateway import Received

USER = "0000-kim"
UPN = "kim@contoso.test"
MOBILE_ID = "3179e48a-750b-4051-897c-87b9720928f7"
ALTERNATE_ID = "b6332ec1-7057-4abe-9331-3d72feddfe41"
PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"
TYPES = {
    "passwordMethods": "passwordAuthenticationMethod",
    "phoneMethods": "phoneAuthenticationMethod",
    "microsoftAuthenticatorMethods": "microsoftAuthenticatorAuthenticationMethod",
    "fido2Methods": "fido2AuthenticationMethod",
    "softwareOathMethods": "softwareOathAuthenticationMethod",
    "emailMethods": "emailAuthenticationMethod",
}


def failure(status: int, code: str, message: str) -> Reply:
    """Return an error as Graph writes it."""
    inner = {"date": "2026-11-26T12:00:00", "request-id": "r", "client-request-id": "c"}
    return Reply(status, {"error": {"code": code, "message": message, "innerError": inner}})


def a_phone(phone_type: str, number: str = "+1 2065555555") -> dict[str, Any]:
    """Return a phone as Graph keeps it."""
    ids = {"mobile": MOBILE_ID, "alternateMobile": ALTERNATE_ID, "office": "e37fc753-ff3b-4958-9484-eaa9425c82bc"}
    return {"id": ids[phone_type], "phoneNumber": number, "phoneType": phone_type, "smsSignInState": "ready"}


@dataclass
class FakeGraph:
    """The behaviour of a gateway that is Graph and its token endpoint."""

    methods: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    default: str | None = None
    page_size: int = 100
    base_url: str = ""
    tokens: int = 0
    sessions_revoked: int = 0
    expires_in: int = 3599

    def __call__(self, received: Received) -> Reply:
        """Answer one request."""
        parts = urlsplit(received.path)
        segments = [unquote(segment) for segment in parts.path.strip("/").split("/")]
        if segments[-1] == "token":
            self.tokens += 1
            document = {"token_type": "Bearer", "expires_in": self.expires_in, "access_token": f"graph-{self.tokens}"}
            return Reply(200, document)
        if received.headers.get("authorization") != f"Bearer graph-{self.tokens}":
            return failure(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        if segments[:2] == ["v1.0", "users"]:
            return self._user(received.method, segments[2:], parts.query)
        return failure(404, "ResourceNotFound", "no such path")

    def _user(self, method: str, segments: list[str], query: str) -> Reply:
        user = {"id": USER, "userPrincipalName": UPN, "mail": "kim.lee@contoso.test"}
        if not segments:
            found = unquote(query).endswith("mail eq 'kim.lee@contoso.test'")
            return Reply(200, {"value": [user] if found else []})
        if segments[0] not in {USER, UPN}:
            return failure(404, "Request_ResourceNotFound", "Resource does not exist.")
        match segments[1:]:
            case []:
                return Reply(200, user)
            case ["revokeSignInSessions"]:
                self.sessions_revoked += 1
                return Reply(200, {"value": True})
        return self._authentication(method, segments[1:], query)

    def _authentication(self, method: str, segments: list[str], query: str) -> Reply:
        match segments:
            case ["authentication", "methods"]:
                return self._page(query)
            case ["authentication", "temporaryAccessPassMethods"]:
                return Reply(201, {"temporaryAccessPass": "TAP-once", "lifetimeInMinutes": 60})
            case ["authentication", segment, method_id] if method == "DELETE":
                return self._delete(segment, method_id)
        return failure(404, "ResourceNotFound", "no such path")

    def _page(self, query: str) -> Reply:
        everything = [
            {"@odata.type": f"#microsoft.graph.{TYPES.get(segment, segment)}", **element}
            for segment, elements in self.methods.items()
            for element in elements
        ]
        start = int(query.rpartition("skip=")[2] or 0)
        page: dict[str, Any] = {"@odata.context": "c", "value": everything[start : start + self.page_size]}
        if start + self.page_size < len(everything):
            path = f"/v1.0/users/{USER}/authentication/methods?$skip={start + self.page_size}"
            page["@odata.nextLink"] = self.base_url + path
        return Reply(200, page)

    def _delete(self, segment: str, method_id: str) -> Reply:
        elements = self.methods.get(segment, [])
        if method_id not in {element["id"] for element in elements}:
            return failure(404, "resourceNotFound", "no such method")
        removable = sum(len(found) for name, found in self.methods.items() if name != "passwordMethods")
        if method_id == self.default and removable > 1:
            text = f"The requested authentication method id of [{method_id}] matches the user's current default"
            return failure(400, "badRequest", text)
        if method_id == MOBILE_ID and any(element["id"] == ALTERNATE_ID for element in elements):
            return failure(400, "badRequest", "alternateMobile must be removed first: +1 2065555555")
        self.methods[segment] = [element for element in elements if element["id"] != method_id]
        return Reply(204)
