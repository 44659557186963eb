"""/api/server/v1/audit: the audit trail, in pages or as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.exporting import csv_lines, json_lines, shown
from api.request_state import caller
from api.resources.json_blueprint import JsonBlueprint, walking
from api.schemas_lists import AuditPageSchema, AuditQuerySchema
from api.services.auditing import AuditFilter

if TYPE_CHECKING:
    from api.services.auditing import AuditService
    from api.services.callers import Caller

PREFIX = "/api/server/v1"
CSV = "text/csv"
JSON_LINES = "application/x-ndjson"

_WRITERS = {"csv": (CSV, csv_lines), "jsonl": (JSON_LINES, json_lines)}
_FORMS = {CSV: "csv", JSON_LINES: "jsonl", "application/jsonl": "jsonl"}


def audit_blueprint(audit: AuditService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("audit", __name__, url_prefix=PREFIX, description="The audit trail")

    @blueprint.route("/audit")
    class Trail(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.arguments(AuditQuerySchema, location="query")
        @blueprint.response(200, AuditPageSchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any] | Response:
            """Read the audit trail, newest first."""
            count, cursor, form = (
                query.pop("count"),
                query.pop("cursor", None),
                query.pop("format", None) or _accepted(),
            )
            wanted = AuditFilter(**query)
            if form != "json":
                return audit_file(audit, wanted, form, caller())
            with walking():
                page = audit.page(wanted, count, cursor)
            following = {"nextCursor": page.next_cursor} if page.next_cursor else {}
            return {"events": [shown(event) for event in page.rows], **following}

    return blueprint


def _accepted() -> str:
    best = request.accept_mimetypes.best_match(["application/json", *_FORMS], "application/json")
    return _FORMS.get(best, "json")


def audit_file(audit: AuditService, wanted: AuditFilter, form: str, caller: Caller) -> Response:
    """Answer with all events in a file, `csv` or `jsonl`, which is made while it is sent."""
    media_type, write = _WRITERS[form]
    response = Response(write(audit.export(wanted, form, caller)), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return response
