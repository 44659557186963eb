"""Each route declares its access; only what is declared is let through."""

from __future__ import annotations

from functools import wraps

import pytest
from flask import Flask
from flask.views import MethodView

from api.auth.errors import InsufficientScope, NotAuthenticated
from api.auth.scopes import (
    ALL_SCOPES,
    Access,
    AccessKind,
    Scope,
    UndeclaredAccess,
    access_of,
    authenticated,
    authorize,
    public,
    requires,
)
from tests.factories.tokens import claims, signed, token_verifier

VIEW = Access(AccessKind.SCOPED, frozenset({"view"}))


@pytest.fixture
def principal():
    return token_verifier().verify(signed(claims(scope="view list")))


def registered(view_class):
    app = Flask("test")
    app.add_url_rule("/thing", view_func=view_class.as_view("thing"))
    return app.view_functions["thing"]


def test_administrator_has_all_scopes_of_the_contract():
    assert {
        *(f"internal_user_mgt_{verb}" for verb in ("view", "list", "create", "update", "delete")),
        *(f"internal_group_mgt_{verb}" for verb in ("view", "create", "update", "delete")),
        *(f"internal_notification_senders_{verb}" for verb in ("create", "update", "view", "delete")),
        "internal_bulk_resource_create",
        "internal_login",
        "internal_user_code_mgt_create",
        "internal_user_code_mgt_view",
        "internal_governance_view",
        "internal_governance_update",
        "internal_mfa_phone_assert",
        "internal_mfa_reset",
        "internal_oauth2_introspect",
    } == ALL_SCOPES


def test_function_says_what_it_needs():
    @requires(Scope.USER_VIEW, Scope.USER_LIST)
    def view():
        """Answer."""

    assert access_of(view) == Access(AccessKind.SCOPED, frozenset({"internal_user_mgt_view", "internal_user_mgt_list"}))


def test_declaration_survives_a_decorator_above_it():
    @public
    def view():
        """Answer."""

    @wraps(view)
    def decorated():
        return view()

    assert access_of(decorated) == Access(AccessKind.PUBLIC)


def test_methods_of_a_view_class_say_what_each_needs():
    class Thing(MethodView):
        @requires("view")
        def get(self):
            """Answer."""

        @authenticated
        def put(self):
            """Answer."""

    view = registered(Thing)

    assert access_of(view, "GET") == VIEW
    assert access_of(view, "PUT") == Access(AccessKind.AUTHENTICATED)


def test_head_needs_what_get_needs():
    class Thing(MethodView):
        @requires("view")
        def get(self):
            """Answer."""

    assert access_of(registered(Thing), "HEAD") == VIEW


def test_head_of_its_own_says_what_it_needs():
    class Thing(MethodView):
        @requires("view")
        def get(self):
            """Answer."""

        @public
        def head(self):
            """Answer."""

    assert access_of(registered(Thing), "HEAD") == Access(AccessKind.PUBLIC)


def test_options_that_flask_answers_need_any_token():
    class Thing(MethodView):
        @requires("view")
        def post(self):
            """Answer."""

    assert access_of(registered(Thing), "OPTIONS") == Access(AccessKind.AUTHENTICATED)


def test_class_speaks_for_methods_that_do_not():
    @requires("view")
    class Thing(MethodView):
        def get(self):
            """Answer."""

        @public
        def post(self):
            """Answer."""

    view = registered(Thing)

    assert access_of(view, "GET") == VIEW
    assert access_of(view, "POST") == Access(AccessKind.PUBLIC)


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_route_without_declaration_is_noticed(method):
    class Thing(MethodView):
        def get(self):
            """Answer."""

    with pytest.raises(UndeclaredAccess, match=method):
        access_of(registered(Thing), method)


def test_declaration_without_scopes_is_a_mistake():
    with pytest.raises(ValueError, match="scope"):
        requires()


def test_public_is_open_to_everybody(principal):
    assert authorize(Access(AccessKind.PUBLIC), None) is None
    assert authorize(Access(AccessKind.PUBLIC), principal) is None


@pytest.mark.parametrize("access", [VIEW, Access(AccessKind.AUTHENTICATED)], ids=["scoped", "authenticated"])
def test_everything_else_needs_a_token(access):
    with pytest.raises(NotAuthenticated):
        authorize(access, None)


def test_any_token_will_do_where_none_in_particular_is_asked_for(principal):
    assert authorize(Access(AccessKind.AUTHENTICATED), principal) is None


def test_token_with_the_scope_is_let_through(principal):
    assert authorize(VIEW, principal) is None


def test_token_with_one_of_two_scopes_is_refused(principal):
    access = Access(AccessKind.SCOPED, frozenset({"view", "delete"}))

    with pytest.raises(InsufficientScope) as refused:
        authorize(access, principal)

    assert refused.value.required == {"view", "delete"}
