"""A SCIM service as a conforming client sees it: samples of the RFCs, calls with expectations, outside suites."""

from __future__ import annotations

import itertools
import json
import secrets
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests
from scim2_client import BaseSyncSCIMClient

from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from scim2_client.client import RawResponse
    from werkzeug.test import TestResponse

    from tests.factories.application import Application, Caller

CORE = "urn:ietf:params:scim:schemas:core:2.0"
USER = f"{CORE}:User"
GROUP = f"{CORE}:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
ERROR = f"{MESSAGES}:Error"
LIST_RESPONSE = f"{MESSAGES}:ListResponse"
PATCH_OP = f"{MESSAGES}:PatchOp"
SEARCH_REQUEST = f"{MESSAGES}:SearchRequest"
BULK_REQUEST = f"{MESSAGES}:BulkRequest"
BULK_RESPONSE = f"{MESSAGES}:BulkResponse"
SCIM_JSON = "application/scim+json"
SETTINGS = {"mobile_verification": "false", "multiple_mobile_numbers": "false"}
"""What suites need that know nothing of pending numbers."""

_SAMPLES = ROOT / "tests" / "conformance" / "samples"
_numbers = itertools.count(1)

Document = dict[str, Any]


def unique() -> str:
    """Return a word that nobody else uses; many tests share one database."""
    return f"{secrets.token_hex(4)}{next(_numbers)}"


def sample(name: str, **replaced: str) -> Any:
    """Read an example of an RFC; `$name` in it stands for what only the test at hand can know, and `$$` for `$`."""
    text = (_SAMPLES / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(string.Template(text).substitute(replaced))


def query(path: str, **parameters: object) -> str:
    """Write a URL with a query string."""
    return f"{path}?{urlencode({name: str(value) for name, value in parameters.items()})}"


def operation(op: str, path: str | None = None, value: object = None) -> Document:
    """Make an operation of a PATCH; what is None is left out."""
    members = {"op": op, "path": path, "value": value}
    return {name: member for name, member in members.items() if member is not None}


def expect_error(answer: TestResponse, status: int, scim_type: str | None = None) -> Document:
    """Make sure that an answer is an Error message as RFC 7644 §3.12 wants it, and return its body."""
    body: Document = answer.get_json(force=True)
    assert answer.status_code == status, body
    assert answer.headers["Content-Type"] == SCIM_JSON
    assert body["schemas"] == [ERROR]
    assert body["status"] == str(status)
    assert body.get("scimType") == scim_type, body
    assert isinstance(body["detail"], str)
    assert body["detail"]
    assert set(body) <= {"schemas", "status", "scimType", "detail"}
    return body


def expect(answer: TestResponse, status: int = 200) -> Document:
    """Make sure that an answer has a SCIM body and this status, and return the body."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == SCIM_JSON
    body: Document = answer.get_json(force=True)
    return body


@dataclass
class Client:
    """A client of one service, with names of its own in a database that others use as well."""

    application: Application
    caller: Caller
    mark: str = field(default_factory=unique)
    """Goes into the nickName of users and the names of groups, so that lists can be of one's own."""

    def name(self, word: str = "user") -> str:
        """Return a name that is unique, and recognisable in a fault."""
        return f"{word}-{self.mark}-{next(_numbers)}"

    def add_user(self, **attributes: Any) -> Document:
        """Create a user and return the resource."""
        body = {"schemas": [USER], "userName": self.name(), "nickName": self.mark, **attributes}
        return expect(self.caller.post("/scim2/Users", body), 201)

    def add_group(self, **attributes: Any) -> Document:
        """Create a group and return the resource."""
        body = {"schemas": [GROUP], "displayName": self.name("group"), **attributes}
        return expect(self.caller.post("/scim2/Groups", body), 201)

    def get(self, path: str, **parameters: object) -> TestResponse:
        """GET with a query."""
        return self.caller.get(query(f"/scim2{path}", **parameters) if parameters else f"/scim2{path}")

    def read(self, resource: Document, **parameters: object) -> Document:
        """Return a resource as it is now."""
        return expect(self.get(path_of(resource), **parameters))

    def patch(self, resource: Document, *operations: Document, **options: Any) -> TestResponse:
        """PATCH a resource by operations."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.caller.call("PATCH", f"/scim2{path_of(resource)}", body, **options)

    def patched(self, resource: Document, *operations: Document) -> Document:
        """PATCH a resource by operations that are in order, and return what it has become."""
        return expect(self.patch(resource, *operations))

    def put(self, resource: Document, body: object, **options: Any) -> TestResponse:
        """PUT a resource."""
        return self.caller.call("PUT", f"/scim2{path_of(resource)}", body, **options)

    def delete(self, resource: Document, **options: Any) -> TestResponse:
        """DELETE a resource."""
        return self.caller.call("DELETE", f"/scim2{path_of(resource)}", **options)

    def post(self, path: str, body: object, **options: Any) -> TestResponse:
        """POST."""
        return self.caller.call("POST", f"/scim2{path}", body, **options)

    def users(self, text: str | None = None, **parameters: object) -> list[Document]:
        """List the users of this client that a filter selects."""
        mine = f'nickName eq "{self.mark}"'
        found = expect(self.get("/Users", filter=f"{mine} and ({text})" if text else mine, **parameters))
        assert found["schemas"] == [LIST_RESPONSE]
        resources: list[Document] = found["Resources"]
        return resources


def path_of(resource: Document) -> str:
    """Return the path of a resource below the base of the service."""
    location: str = resource["meta"]["location"]
    return location.partition("/scim2")[2]


class RequestsScimClient(BaseSyncSCIMClient):
    """The client of scim2-tester over a session of requests."""

    def __init__(self, base_url: str, token: str) -> None:
        super().__init__()
        self._base_url = base_url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return not endpoint.startswith("http") or endpoint.startswith(f"{self._base_url}/")

    def request(self, method: str, url: str, **options: Any) -> RawResponse:
        """Send a request."""
        if "content" in options:
            options["data"] = options.pop("content")
        address = url if url.startswith("http") else f"{self._base_url}{url}"
        return self._session.request(method, address, timeout=20, **options)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
