"""The operations of the twin of Microsoft Graph: the same for each kind of method, for a user and for oneself."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from api.graph.documents import USER_MEMBERS
from api.graph.paths import PREFIX
from api.openapi.failures import Form
from api.openapi.graph_schemas import METHOD, METHODS, PHONE, USER, USER_EXAMPLE, USERS, example_of
from api.openapi.messages import reference
from api.openapi.operations import OF_BODIES, Operation
from api.openapi.parameters import header_references
from verification.graph_names import SEGMENTS
from verification.methods import MethodKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Document = dict[str, Any]
Key = tuple[str, str]

_TAG = "Microsoft Graph"
_PAGED = ("GraphTop", "GraphSkiptoken")
_OF_USER = ("GraphUserUnknown", "GraphAmbiguous")
_LISTED = ("GraphRefused", *_OF_USER)
_OF_METHOD = ("GraphMethodUnknown", "GraphAmbiguous")
_WRITTEN = ("GraphRefused", *_OF_METHOD)
_BODIES = {
    MethodKind.PHONE: "GraphPhone",
    MethodKind.EMAIL: "GraphEmail",
    MethodKind.TEMPORARY_ACCESS_PASS: "GraphPass",
}
_CHANGED = frozenset({MethodKind.PHONE, MethodKind.EMAIL})


def graph_operations() -> Mapping[Key, Operation]:
    """Describe them."""
    found: dict[Key, Operation] = {
        (f"{PREFIX}/users", "get"): _operation(
            "graphFindUsers",
            "Users by name or address",
            _answer("The users.", USERS, {"@odata.context": "…", "value": [USER_EXAMPLE]}),
            parameters=("GraphFilter", "GraphSelect"),
            failures=("GraphRefused",),
        )
    }
    for place, owner in ((f"{PREFIX}/users/{{user_id}}", "User"), (f"{PREFIX}/me", "Own")):
        found |= dict(_of_user(place, owner))
        found |= dict(_of_methods(place, owner, "methods", "methods", None))
        for kind, segment in SEGMENTS.items():
            found |= dict(_of_methods(place, owner, segment, kind.value, kind))
    return found


def graph_parameters() -> Mapping[str, Document]:
    """Describe the parameters of queries among them."""
    return {
        "GraphFilter": _query(
            "$filter",
            "`mail eq '…'` or `userPrincipalName eq '…'`, or several joined by `or`.",
            "mail eq 'b@example.com'",
        ),
        "GraphSelect": _query("$select", "The members to show.", ",".join(USER_MEMBERS[:3])),
        "GraphTop": {**_query("$top", "The most elements of a page, 100 at most.", 100), "schema": _TOP},
        "GraphSkiptoken": _query("$skiptoken", "Where to go on: that of `@odata.nextLink`.", "IGE"),
    }


def _of_user(place: str, owner: str) -> Iterator[tuple[Key, Operation]]:
    yield (
        (place, "get"),
        _operation(
            f"graphGet{owner}",
            "A user",
            _answer("The user.", USER, USER_EXAMPLE),
            parameters=("GraphSelect",),
            failures=("GraphRefused", *_OF_USER),
        ),
    )
    revoked = {"type": "object", "required": ["value"], "properties": {"value": {"const": True}}}
    yield (
        (f"{place}/revokeSignInSessions", "post"),
        _operation(
            f"graphRevoke{owner}Sessions",
            "End the sessions of a user",
            _answer("They have ended.", revoked, {"value": True}),
            failures=_OF_USER,
        ),
    )


def _of_methods(
    place: str, owner: str, segment: str, name: str, kind: MethodKind | None
) -> Iterator[tuple[Key, Operation]]:
    path, called = f"{place}/authentication/{segment}", f"{owner}{name[0].upper()}{name[1:]}"
    example = example_of(kind or MethodKind.PHONE)
    is_own = owner == "Own"
    listed = _answer("The methods.", METHODS, {"@odata.context": "…", "value": [example]})
    yield (
        (path, "get"),
        _operation(
            f"graphList{called}",
            f"The {segment} of a user",
            listed,
            parameters=_PAGED,
            failures=("GraphRefused", *_OF_USER),
        ),
    )
    one = f"{path}/{{method_id}}"
    yield (
        (one, "get"),
        _operation(f"graphGet{called}", "A method", _answer("The method.", METHOD, example), failures=_OF_METHOD),
    )
    if kind in {None, MethodKind.PASSWORD}:
        return
    yield (one, "delete"), _operation(f"graphDelete{called}", "Remove a method", _NOTHING, failures=_WRITTEN)
    body = _BODIES.get(kind) if kind else None
    if body and not (is_own and kind not in _CHANGED):
        made = _answer("It is added.", METHOD, example)
        limits = ("GraphThrottled",) if kind is MethodKind.PHONE else ()
        yield (
            (path, "post"),
            _operation(
                f"graphAdd{called}", "Add a method", made, status="201", body=body, failures=(*_WRITTEN, *limits)
            ),
        )
        if kind in _CHANGED:
            yield (
                (one, "patch"),
                _operation(
                    f"graphChange{called}", "Change a method", _NOTHING, body=body, failures=(*_WRITTEN, *limits)
                ),
            )


def graph_bodies() -> Mapping[str, Document]:
    """Describe the bodies of requests among them."""
    text = {"type": "string"}
    email = {"type": "object", "properties": {"emailAddress": text}}
    lifetime = {"type": "integer", "minimum": 10, "maximum": 43200, "default": 60}
    members = {"lifetimeInMinutes": lifetime, "isUsableOnce": {"type": "boolean", "default": False}}
    return {
        "GraphPhone": _body(PHONE, {"phoneNumber": "+1 2065555555", "phoneType": "office"}),
        "GraphEmail": _body(email, {"emailAddress": "b@example.com"}),
        "GraphPass": _body(
            {"type": "object", "properties": {**members, "startDateTime": {**text, "format": "date-time"}}},
            {"lifetimeInMinutes": 60, "isUsableOnce": True},
        ),
    }


_TOP: Document = {"type": "integer", "minimum": 1, "maximum": 100, "examples": [100]}
_NOTHING: Document = {"description": "It is done.", "headers": header_references(("request-id", "client-request-id"))}


def _operation(
    name: str,
    summary: str,
    answer: Document,
    *,
    status: str | None = None,
    parameters: tuple[str, ...] = (),
    body: str | None = None,
    failures: tuple[str, ...] = (),
) -> Operation:
    usual = HTTPStatus.NO_CONTENT if answer is _NOTHING else HTTPStatus.OK
    return Operation(
        id=name,
        tag=_TAG,
        summary=summary,
        answers={status or str(usual.value): answer},
        form=Form.GRAPH,
        parameters=parameters,
        body=body,
        body_failures=OF_BODIES,
        failures=failures,
    )


def _answer(description: str, name: str | Document, example: object) -> Document:
    schema = reference(name) if isinstance(name, str) else name
    return {
        **_NOTHING,
        "description": description,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def _query(name: str, description: str, example: object) -> Document:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", "examples": [example]},
    }


def _body(schema: Document, example: Document) -> Document:
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
