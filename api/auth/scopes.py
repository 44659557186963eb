"""Scopes, and the declaration by which every route says what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any, TypeVar

from api.auth.errors import InsufficientScope, NotAuthenticated

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.auth.principals import Principal

View = TypeVar("View", bound="Callable[..., Any] | type")

_MARK = "__access__"


class Scope(StrEnum):
    """The scopes of the API; the names are those of WSO2."""

    USER_VIEW = "internal_user_mgt_view"
    USER_LIST = "internal_user_mgt_list"
    USER_CREATE = "internal_user_mgt_create"
    USER_UPDATE = "internal_user_mgt_update"
    USER_DELETE = "internal_user_mgt_delete"
    GROUP_VIEW = "internal_group_mgt_view"
    GROUP_CREATE = "internal_group_mgt_create"
    GROUP_UPDATE = "internal_group_mgt_update"
    GROUP_DELETE = "internal_group_mgt_delete"
    BULK_CREATE = "internal_bulk_resource_create"
    LOGIN = "internal_login"  # what a user may do to the own account: /Me
    USER_CODE_CREATE = "internal_user_code_mgt_create"  # check and resend codes for others
    USER_CODE_VIEW = "internal_user_code_mgt_view"  # see what became of the codes of others
    SENDER_CREATE = "internal_notification_senders_create"
    SENDER_UPDATE = "internal_notification_senders_update"
    SENDER_VIEW = "internal_notification_senders_view"
    SENDER_DELETE = "internal_notification_senders_delete"
    GOVERNANCE_VIEW = "internal_governance_view"
    GOVERNANCE_UPDATE = "internal_governance_update"
    MFA_RESET = "internal_mfa_reset"
    MFA_PHONE_ASSERT = "internal_mfa_phone_assert"  # phones that an application registers are verified
    INTROSPECT = "internal_oauth2_introspect"  # tokens that others were issued


ALL_SCOPES: frozenset[str] = frozenset(Scope)
"""What an administrator's token holds."""


class AccessKind(StrEnum):
    """How far a route is open."""

    PUBLIC = auto()  # to everybody; a token is not even looked at
    AUTHENTICATED = auto()  # to every valid token, whatever its scopes
    SCOPED = auto()  # to valid tokens that hold all the scopes named
    BROWSER = auto()  # a page, to everybody: no token is looked at, and what is posted must come from a page of ours
    SESSION = auto()  # a page, to who is signed in with this browser; everybody else is sent to sign in
    CONSOLE = auto()  # a page of the Console, to administrators who hold all the scopes named


@dataclass(frozen=True, slots=True)
class Access:
    """What a route needs."""

    kind: AccessKind
    scopes: frozenset[str] = frozenset()

    @property
    def is_page(self) -> bool:
        """Tell whether the route is a page for people."""
        return self.kind in {AccessKind.BROWSER, AccessKind.SESSION, AccessKind.CONSOLE}


class UndeclaredAccess(LookupError):
    """A route was registered without saying what it needs."""


def requires(*scopes: str) -> Callable[[View], View]:
    """Declare that a view, a view class or one of its methods needs a token with all these scopes."""
    if not scopes:
        raise ValueError("name at least one scope, or declare the view authenticated or public")
    return _marker(Access(AccessKind.SCOPED, frozenset(scopes)))


def authenticated(view: View) -> View:
    """Declare that any valid token will do; whether it must be a user's is for the view to say (404 there)."""
    return _marker(Access(AccessKind.AUTHENTICATED))(view)


def public(view: View) -> View:
    """Declare that no token is needed."""
    return _marker(Access(AccessKind.PUBLIC))(view)


def browser(view: View) -> View:
    """Declare that a view is a page that needs no session."""
    return _marker(Access(AccessKind.BROWSER))(view)


def signed_in(view: View) -> View:
    """Declare that a view is a page for users who are signed in with their browser."""
    return _marker(Access(AccessKind.SESSION))(view)


def console(*scopes: str) -> Callable[[View], View]:
    """Declare that a view is a page of the Console, for administrators with all these scopes; for any, without one."""
    return _marker(Access(AccessKind.CONSOLE, frozenset(scopes)))


def access_of(view: Callable[..., Any], method: str = "GET") -> Access:
    """Return what a registered view needs for an HTTP method.

    A declaration on the method of a view class comes before that on the class, and that before one on the function.

    Raises:
        UndeclaredAccess: nobody declared it. Such a route must stay shut.
    """
    view_class = getattr(view, "view_class", None)
    # Flask answers HEAD by the method for GET.
    name = "get" if method == "HEAD" and not hasattr(view_class, "head") else method.lower()
    for place in (getattr(view_class, name, None), view_class, view):
        access = getattr(place, _MARK, None)
        if isinstance(access, Access):
            return access
    if method == "OPTIONS" and view_class is not None:
        # No method of the class answers: Flask does, with the methods that there are.
        return Access(AccessKind.AUTHENTICATED)
    raise UndeclaredAccess(f"{getattr(view, '__qualname__', view)} does not declare its access for {method}")


def authorize(access: Access, principal: Principal | None) -> None:
    """Let a principal (None: the request had no token) through, or say what is missing.

    Raises:
        NotAuthenticated: a token is needed and none was sent.
        InsufficientScope: the token lacks one of the scopes.
    """
    if access.kind is AccessKind.PUBLIC or access.is_page:
        # Pages look at cookies: api/pages lets their visitors in.
        return
    if principal is None:
        raise NotAuthenticated
    if not access.scopes <= principal.scopes:
        raise InsufficientScope(access.scopes)


def _marker(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, access)
        return view

    return mark
