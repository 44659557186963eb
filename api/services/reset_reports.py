"""What a reset is answered with, as it is kept for whoever asks again: plain values, no secret, no whole number."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from verification.resetting import Outcome, Overall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.services.mfa_reset import Wanted
    from verification.methods import DirectoryUser, Method
    from verification.resetting import Report

PLANNED = "planned"
"""Of a dry run, and of each method that would go."""


def report_of(
    reset_id: str,
    directory: str,
    user: DirectoryUser,
    report: Report,
    *,
    sessions_revoked: bool = False,
    notes: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Write down what became of each method, and of the whole; `notes` are what else failed, by name."""
    overall = report.overall
    if notes and overall is Overall.COMPLETE:
        overall = Overall.PARTIAL
    return {
        "id": reset_id,
        "directory": directory,
        "user": {"id": user.id, "user_name": user.user_name},
        "overall": overall.value,
        "methods": [
            {**_method(result.method), "outcome": result.outcome.value, "reason": result.reason}
            for result in report.results
        ],
        "sessions_revoked": sessions_revoked,
        "notes": dict(notes or {}),
    }


def plan_of(directory: str, user: DirectoryUser, kept: Report, leaving: Sequence[Method]) -> dict[str, Any]:
    """Write down what a reset would do."""
    shown = report_of("", directory, user, kept)
    planned = [{**_method(method), "outcome": PLANNED, "reason": None} for method in leaving]
    return {**shown, "id": None, "overall": PLANNED, "methods": [*planned, *shown["methods"]]}


def removed_count(report: Report) -> int:
    """Return how many methods went."""
    return sum(result.outcome is Outcome.REMOVED for result in report.results)


def digest_of_request(wanted: Wanted) -> str:
    """Return what tells one request from another that has the same Idempotency-Key."""
    kinds = None if wanted.kinds is None else sorted(wanted.kinds)
    content = [
        wanted.name,
        wanted.directory,
        kinds,
        wanted.reason,
        wanted.is_dry_run,
        wanted.revokes_sessions,
        wanted.issues_pass,
    ]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def _method(method: Method) -> dict[str, Any]:
    return {
        "type": method.kind.value,
        "id": method.id,
        "label": method.label or None,
        "phone_type": method.phone_type.value if method.phone_type else None,
    }
