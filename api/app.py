"""The WSGI application: blueprints, the gate in front of every view, and what is added to every answer."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from api import errors
from api.auth.basic import SCHEME, BasicVerifier
from api.auth.bearer import bearer_token
from api.auth.scopes import AccessKind, access_of, authorize
from api.b2c_paths import is_b2c_path
from api.following import Following
from api.graph.paths import is_graph_path
from api.lane import Lane, places_of
from api.loading import load
from api.metrics_server import MetricsApplication
from api.pages.routes import Pages
from api.receiving import find_receipt_reader
from api.request_facts import set_principal, set_route
from api.request_state import request_id
from api.resource_wiring import GROUP, USER
from api.resources.answers import ON_EVERY_ANSWER
from api.resources.audit import audit_blueprint
from api.resources.b2c import b2c_blueprint
from api.resources.changes import change_blueprint
from api.resources.codes import code_blueprint
from api.resources.documentation import documentation_blueprint
from api.resources.factors import factor_blueprint
from api.resources.governance import governance_blueprint
from api.resources.graph import GraphViews
from api.resources.graph_login import GraphLogin
from api.resources.guard import guard_blueprint
from api.resources.health import health_blueprint
from api.resources.histories import history_blueprint
from api.resources.invitations import invitation_blueprint
from api.resources.json_blueprint import JsonApi
from api.resources.methods import method_blueprint
from api.resources.metrics import metrics_blueprint
from api.resources.mfa_reset import mfa_reset_blueprint
from api.resources.old_numbers import old_number_blueprint
from api.resources.openid import OpenidViews
from api.resources.receipts import ReceiptViews
from api.resources.restore import restore_blueprint
from api.resources.scim_bulk import BulkViews
from api.resources.scim_discovery import DiscoveryViews
from api.resources.scim_lists import ListViews
from api.resources.scim_me import MeViews
from api.resources.scim_resources import GROUP_SCOPES, USER_SCOPES, ResourceViews
from api.resources.senders import sender_blueprints
from api.resources.statistics import statistics_blueprint
from api.routing import CollectedRules, MatchedRule, map_of
from api.scraping import ScrapersDoor
from api.services.bulk import MAX_OPERATIONS, MAX_PAYLOAD
from api.services.cursors import TIMEOUT
from api.services.lists import DEFAULT_PAGE, MAX_PAGE
from api.watching import Watched
from scim.discovery import BulkLimits, Features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from wsgiref.types import WSGIApplication

    from api.auth.verifier import TokenVerifier
    from api.wiring import Services
    from scim.resource_types import Registry

SCIM_PREFIX = "/scim2"


def create_app(services: Services) -> Flask:
    """Build the application around the use cases; it goes on under each other policy that comes into force."""
    app = _application(services)
    following = Following(app.wsgi_app, services, lambda others: _application(others).wsgi_app)
    app.wsgi_app = following  # type: ignore[method-assign]  # Flask's way
    return app


def _application(services: Services) -> Flask:
    app = Flask("lineproof", static_folder=None)
    app.url_rule_class = MatchedRule
    app.url_map = rules = CollectedRules()
    app.config.update(
        API_TITLE="Lineproof",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
    )
    views = _resource_views(services)
    app.register_blueprint(_scim_blueprint(services, views))
    app.register_blueprint(health_blueprint(services.readiness))
    app.register_blueprint(metrics_blueprint(services.exposition))
    find_reader = partial(find_receipt_reader, readers=services.receipt_readers, senders=services.core.senders)
    receipts = ReceiptViews(services.receipts, find_reader, services.settings.base_url)
    app.register_blueprint(receipts.blueprint())
    openid = OpenidViews(services)
    for blueprint in openid.blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(GraphViews(services).blueprint())
    app.register_blueprint(GraphLogin(lambda: openid.provider, services.core.clock).blueprint())
    json_api = JsonApi(app)
    json_api.register_blueprint(code_blueprint(services.codes, services.verifications, services.settings.dialect))
    json_api.register_blueprint(guard_blueprint(services.guard))
    json_api.register_blueprint(statistics_blueprint(services.statistics))
    json_api.register_blueprint(change_blueprint(services.reverts, services.verifications))
    json_api.register_blueprint(invitation_blueprint(services.invitations))
    json_api.register_blueprint(factor_blueprint(services.factors, services.verifications))
    json_api.register_blueprint(mfa_reset_blueprint(services.resets))
    json_api.register_blueprint(method_blueprint(services.methods, services.registered_methods))
    json_api.register_blueprint(history_blueprint(services.histories))
    json_api.register_blueprint(audit_blueprint(services.audit))
    json_api.register_blueprint(restore_blueprint(services.restore, services.issuer))
    json_api.register_blueprint(old_number_blueprint(services.old_numbers, services.verifications))
    json_api.register_blueprint(b2c_blueprint(services.b2c))
    json_api.register_blueprint(governance_blueprint(services.governance))
    for blueprint in sender_blueprints(services.senders, services.trials):
        json_api.register_blueprint(blueprint)
    app.register_blueprint(documentation_blueprint(lambda: _described(app, services.core.registry)))
    pages = Pages(services)
    pages.register(app)
    app.url_map = map_of(rules.collected)
    errors.register(app)
    basic = BasicVerifier(services.clients.lookup, services.settings.base_url, services.core.clock)
    app.before_request(_gate(services.verifier, basic, pages))
    app.after_request(_finish)
    hops = services.settings.trusted_proxies
    if hops:
        # The settings say how many hops may be believed; without any the peer is the client.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]  # Flask's way
    lane = Lane(app.wsgi_app, services.verifier, places_of(app, SCIM_PREFIX, views, views[USER]))
    app.wsgi_app = _watched(lane, services)  # type: ignore[method-assign, assignment]
    return app


def _described(app: Flask, registry: Registry) -> dict[str, Any]:
    # Loaded when somebody asks: to answer requests nobody needs it.
    describe: Callable[[Flask, Registry], dict[str, Any]] = load("api.openapi.description:describe")
    return describe(app, registry)


def _watched(application: WSGIApplication, services: Services) -> WSGIApplication:
    token = services.settings.metrics_token
    if token:
        application = ScrapersDoor(application, MetricsApplication(services.exposition), token)
    return Watched(
        application,
        services.metrics.requested,
        services.core.clock,
        # Faults are told at every level.
        lines_from=0 if services.settings.log_level == "info" else HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _resource_views(services: Services) -> dict[str, ResourceViews]:
    resources, renderer = services.resources, services.renderer
    types = {item.name: item for item in services.core.registry.resource_types}
    return {
        name: ResourceViews(
            service=service,
            lists=ListViews(resources.lists[name], renderer, types),
            computing=resources.computing[name],
            renderer=renderer,
            scopes=GROUP_SCOPES if name == GROUP else USER_SCOPES,
        )
        for name, service in resources.by_type.items()
    }


def _scim_blueprint(services: Services, views: Mapping[str, ResourceViews]) -> Blueprint:
    blueprint = Blueprint("scim", __name__, url_prefix=SCIM_PREFIX)
    resources, renderer = services.resources, services.renderer
    types = {item.name: item for item in services.core.registry.resource_types}
    for view in views.values():
        view.register(blueprint)
    MeViews(views[USER]).register(blueprint)
    ListViews(resources.root_lists, renderer, types).register_root(blueprint)
    BulkViews(resources.bulk, renderer, {name: view.scopes for name, view in views.items()}).register(blueprint)
    discovery = DiscoveryViews.build(
        services.core.registry,
        Features(
            default_page_size=DEFAULT_PAGE,
            max_results=MAX_PAGE,
            bulk=BulkLimits(MAX_OPERATIONS, MAX_PAYLOAD),
            cursor_timeout=int(TIMEOUT.total_seconds()),
            may_change_password=True,
        ),
        services.core.policy,
        dialect=services.settings.dialect,
        scim_url=f"{services.settings.base_url}{SCIM_PREFIX}",
    )
    discovery.register(blueprint)
    return blueprint


def _gate(verifier: TokenVerifier, basic: BasicVerifier, pages: Pages) -> Callable[[], Response | None]:
    def check_access() -> Response | None:
        if request.url_rule is not None:
            set_route(request.environ, request.url_rule.rule)
        if "HTTP_TRANSFER_ENCODING" in request.environ and request.environ.get("CONTENT_LENGTH"):
            # RFC 9112 §6.3: both together is how requests are smuggled past a proxy.
            raise BadRequest
        if request.endpoint is None:
            # There is nothing here: Flask answers 404 or 405.
            return None
        access = access_of(current_app.view_functions[request.endpoint], request.method)
        if access.kind is AccessKind.PUBLIC:
            return None
        if access.is_page:
            return pages.admit(access)
        header = request.headers.get("Authorization")
        if header is not None and header.startswith(SCHEME) and is_b2c_path(request.path):
            principal = basic.verify(header)
        else:
            principal = verifier.verify(bearer_token(header))
        set_principal(request.environ, principal)
        authorize(access, principal)
        return None

    return check_access


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if is_graph_path(request.path):
        response.headers["request-id"], response.headers["client-request-id"] = errors.request_ids()
    for name, value in ON_EVERY_ANSWER:
        response.headers.setdefault(name, value)
    return response
