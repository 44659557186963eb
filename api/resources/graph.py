"""/v1.0: the authentication methods API of Microsoft Graph, on the users of this service."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson
from flask import Blueprint, Response, request

from api.auth.scopes import Scope, requires
from api.bodies import read_json
from api.graph.bodies import read_email, read_pass, read_phone
from api.graph.documents import method_document, user_document
from api.graph.paths import PREFIX
from api.graph.queries import filtered, page_of, selected
from api.request_state import caller, principal
from api.resources.routes import add_route
from api.services.errors import NoSuchUser
from api.services.user_methods import UserMethod
from verification.decision import Actor
from verification.errors import MethodGone
from verification.graph_ids import EMAIL_ID, PHONE_IDS
from verification.graph_names import SEGMENTS
from verification.methods import Method, MethodKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.auth.scopes import View
    from api.services.callers import Caller
    from api.services.methods import MethodService
    from api.wiring import Services

Document = dict[str, Any]

MAX_BODY = 64 * 1024
USERS, ME = f"{PREFIX}/users/<user_id>", f"{PREFIX}/me"
ALL = "methods"
_PHONE_TYPES = {method_id: phone_type for phone_type, method_id in PHONE_IDS.items()}
_UNREMOVABLE = frozenset({MethodKind.PASSWORD})


class GraphViews:
    """The views; those of `/me` are the same without a user in the path, and need only the user's own token."""

    def __init__(self, services: Services) -> None:
        self._methods: MethodService = services.methods
        self._root = f"{services.settings.base_url}{PREFIX}"
        self._core = services.core

    def blueprint(self) -> Blueprint:
        """Build the blueprint."""
        blueprint = Blueprint("graph", __name__)
        add_route(blueprint, f"{PREFIX}/users", "GET", self.find_users, requires(Scope.USER_VIEW))
        for place, scope_of in ((USERS, _scope), (ME, _own_scope)):
            route = partial(_route, blueprint, place, scope_of)
            route("", "GET", self.get_user, Scope.USER_VIEW)
            route("/revokeSignInSessions", "POST", self.revoke, Scope.MFA_RESET)
            route(f"/authentication/{ALL}", "GET", partial(self.list, None), Scope.USER_VIEW)
            route(f"/authentication/{ALL}/<method_id>", "GET", partial(self.get, None), Scope.USER_VIEW)
            for kind, segment in SEGMENTS.items():
                path = f"/authentication/{segment}"
                route(path, "GET", partial(self.list, kind), Scope.USER_VIEW)
                route(f"{path}/<method_id>", "GET", partial(self.get, kind), Scope.USER_VIEW)
                if kind not in _UNREMOVABLE:
                    route(f"{path}/<method_id>", "DELETE", partial(self.remove, kind), Scope.MFA_RESET)
            for kind, add, change in (
                (MethodKind.PHONE, self.add_phone, self.change_phone),
                (MethodKind.EMAIL, self.add_email, self.change_email),
            ):
                path = f"/authentication/{SEGMENTS[kind]}"
                route(path, "POST", add, Scope.USER_UPDATE)
                route(f"{path}/<method_id>", "PATCH", change, Scope.USER_UPDATE)
        # Nobody gives a pass to oneself.
        passes = f"{USERS}/authentication/{SEGMENTS[MethodKind.TEMPORARY_ACCESS_PASS]}"
        add_route(blueprint, passes, "POST", self.issue_pass, requires(Scope.MFA_RESET))
        return blueprint

    def find_users(self) -> Response:
        """List the users that a filter names."""
        members = selected(request.args.get("$select"))
        found = self._methods.find_all(filtered(request.args.get("$filter")))
        return _answer(self._context("users"), {"value": [user_document(user, members) for user in found]})

    def get_user(self, user_id: str | None = None) -> Response:
        """Show a user."""
        members = selected(request.args.get("$select"))
        user = self._methods.find(_name(user_id))
        return _answer(self._context("users/$entity"), user_document(user, members))

    def revoke(self, user_id: str | None = None) -> Response:
        """End the sessions of a user."""
        self._methods.revoke_sessions(self._methods.find(_name(user_id)).id, caller())
        return _answer(self._context("Edm.Boolean"), {"value": True})

    def list(self, kind: MethodKind | None, user_id: str | None = None) -> Response:
        """List the methods of a kind, or of every kind that Graph knows."""
        segment = ALL if kind is None else SEGMENTS[kind]
        user, items = self._methods.list(_name(user_id))
        at = self._core.clock.now()
        page = page_of([method_document(item, at) for item in items if _is_of(item, kind)], request.args)
        body: Document = {"value": page.elements}
        if page.skiptoken is not None:
            query = urlencode({**request.args.to_dict(), "$skiptoken": page.skiptoken}, safe="$")
            body["@odata.nextLink"] = f"{self._root}/users/{user.id}/authentication/{segment}?{query}"
            if user_id is None:
                body["@odata.nextLink"] = f"{self._root}/me/authentication/{segment}?{query}"
        return _answer(self._context(_place(user.id, segment)), body)

    def get(self, kind: MethodKind | None, method_id: str, user_id: str | None = None) -> Response:
        """Show one method."""
        user, items = self._methods.list(_name(user_id))
        item = _found(items, kind, method_id)
        segment = ALL if kind is None else SEGMENTS[kind]
        context = self._context(_place(user.id, f"{segment}/$entity"))
        return _answer(context, method_document(item, self._core.clock.now()))

    def remove(self, kind: MethodKind, method_id: str, user_id: str | None = None) -> Response:
        """Remove a method."""
        user = self._methods.find(_name(user_id))
        self._methods.remove(user.id, kind, method_id, caller())
        return Response(status=204)

    def add_phone(self, user_id: str | None = None) -> Response:
        """Add a phone."""
        phone = read_phone(self._body(), self._core.policy.phone_policy)
        user = self._methods.find(_name(user_id))
        self._methods.add_phone(user.id, phone.phone_type, phone.number, _registrar())
        method = Method(MethodKind.PHONE, PHONE_IDS[phone.phone_type], phone_type=phone.phone_type)
        return self._added(user.id, UserMethod(method, number=phone.number))

    def change_phone(self, method_id: str, user_id: str | None = None) -> Response:
        """Change the number of a phone."""
        phone_type = _PHONE_TYPES.get(method_id)
        if phone_type is None:
            raise MethodGone
        phone = read_phone(self._body(), self._core.policy.phone_policy, known_type=phone_type)
        user = self._methods.find(_name(user_id))
        self._methods.change_phone(user.id, phone_type, phone.number, _registrar())
        return Response(status=204)

    def add_email(self, user_id: str | None = None) -> Response:
        """Add an e-mail address."""
        address = read_email(self._body())
        user = self._methods.find(_name(user_id))
        self._methods.add_email(user.id, address, caller())
        return self._added(user.id, UserMethod(Method(MethodKind.EMAIL, EMAIL_ID)))

    def change_email(self, method_id: str, user_id: str | None = None) -> Response:
        """Change the e-mail address."""
        if method_id != EMAIL_ID:
            raise MethodGone
        address = read_email(self._body())
        self._methods.change_email(self._methods.find(_name(user_id)).id, address, caller())
        return Response(status=204)

    def issue_pass(self, user_id: str) -> Response:
        """Give out a temporary access pass, which is in this answer alone."""
        wanted = read_pass(self._body(), self._core.clock.now())
        user = self._methods.find(user_id)
        record, issued = self._methods.issue_pass(user.id, wanted, caller())
        method = Method(MethodKind.TEMPORARY_ACCESS_PASS, record.method_id, created_at=record.created_at)
        document = method_document(UserMethod(method, record), self._core.clock.now())
        return _answer(
            self._context(_place(user.id, f"{SEGMENTS[method.kind]}/$entity")),
            {**document, "temporaryAccessPass": issued.code},
            201,
        )

    def _added(self, user_id: str, asked: UserMethod) -> Response:
        """Answer with a method as it is stored; a number that its owner has to prove first, as it was sent."""
        kind = asked.method.kind
        _, items = self._methods.list(user_id)
        stored = next((item for item in items if item.method.id == asked.method.id), asked)
        context = self._context(_place(user_id, f"{SEGMENTS[kind]}/$entity"))
        return _answer(context, method_document(stored, self._core.clock.now()), 201)

    def _body(self) -> object:
        return read_json(request, limit=MAX_BODY)

    def _context(self, fragment: str) -> str:
        return f"{self._root}/$metadata#{fragment}"


def _route(
    blueprint: Blueprint,
    place: str,
    scope_of: Callable[[Scope], Scope],
    path: str,
    method: str,
    view: Callable[..., Response],
    scope: Scope,
) -> None:
    access: Callable[[View], View] = requires(scope_of(scope))
    add_route(blueprint, f"{place}{path}", method, view, access)


def _scope(scope: Scope) -> Scope:
    return scope


def _own_scope(scope: Scope) -> Scope:
    del scope
    return Scope.LOGIN


def _name(user_id: str | None) -> str:
    """Return what names the user of a request: the path, or the token where it is `/me`."""
    name = principal().user_id if user_id is None else user_id
    if name is None:
        raise NoSuchUser
    return name


def _registrar() -> Caller:
    vouches = Scope.MFA_PHONE_ASSERT in principal().scopes
    return replace(caller(), role=Actor.WITNESS if vouches else Actor.REGISTRAR)


def _is_of(item: UserMethod, kind: MethodKind | None) -> bool:
    return item.method.kind in SEGMENTS if kind is None else item.method.kind is kind


def _found(items: tuple[UserMethod, ...], kind: MethodKind | None, method_id: str) -> UserMethod:
    found = next((item for item in items if item.method.id == method_id and _is_of(item, kind)), None)
    if found is None:
        raise MethodGone
    return found


def _place(user_id: str, path: str) -> str:
    return f"users('{quote(user_id)}')/authentication/{path}"


def _answer(context: str, body: Document, status: int = 200) -> Response:
    content = orjson.dumps({"@odata.context": context, **body})
    return Response(content, status=status, content_type="application/json")
