"""`lineproof prune`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from api.clock import SystemClock
from api.commands.databases import prepare_database
from api.commands.deployment import deployed_settings, operator
from api.services.pruning import PruneService, Retention
from persistence.database import Database

if TYPE_CHECKING:
    from api.settings import Settings

_DAYS = click.IntRange(0, 36_500)


@click.command()
@click.option("--audit-days", type=_DAYS, default=None, help="Instead of LINEPROOF_KEEP_AUDIT_DAYS.")
@click.option("--verification-days", type=_DAYS, default=None, help="Instead of LINEPROOF_KEEP_VERIFICATIONS_DAYS.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
def prune(*, audit_days: int | None, verification_days: int | None, dry_run: bool) -> None:
    """Remove what has been kept for long enough; the service may run meanwhile."""
    settings = deployed_settings()
    prepare_database(settings)
    database = Database.open(settings.database_url)
    service = PruneService(database, _retention(settings, audit_days, verification_days))
    at = SystemClock().now()
    try:
        found = service.survey(at) if dry_run else service.prune(operator(), at)
    finally:
        database.close()
    for heap, count in found.items():
        click.echo(f"{heap}: {count} {'to remove' if dry_run else 'removed'}")


def _retention(settings: Settings, audit_days: int | None, verification_days: int | None) -> Retention:
    return Retention(
        audit=_span(settings.keep_audit_days if audit_days is None else audit_days),
        verifications=_span(settings.keep_verifications_days if verification_days is None else verification_days),
        limits=_span(settings.keep_limits_days),
        changes=_span_of_changes(settings),
    )


def _span_of_changes(settings: Settings) -> timedelta | None:
    """Return for how long changes and notices are kept: at least for as long as they are still of use."""
    span = _span(settings.keep_changes_days)
    if span is None:
        return None
    return max(span, settings.revert_lifetime, settings.revert_block, settings.notice_lifetime)


def _span(days: int) -> timedelta | None:
    return timedelta(days=days) if days else None
