"""What is put into databases by tests."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from persistence.audit import AuditEvent
from persistence.members import Member
from persistence.tables import metadata
from tests.factories.schemas import group_type, user_type
from verification.delivery import Delivery
from verification.targets import Target
from verification.verifications import Purpose, Scenario, Status, Verification

if TYPE_CHECKING:
    from persistence.database import Database
    from persistence.documents import StoredResource
    from scim.resource_types import ResourceType
    from tests.factories.application import Application

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def new_id() -> str:
    """Return an id no other row has."""
    return str(uuid.uuid4())


def add_resource(
    database: Database, resource_type: ResourceType, document: dict[str, Any], at: datetime = AT
) -> StoredResource:
    """Add a resource of any type."""
    resource_id = new_id()
    return database.transact(lambda unit: unit.resources.add(resource_id, resource_type, document, at))


def add_user(database: Database, user_name: str = "bob", at: datetime = AT, **attributes: Any) -> StoredResource:
    """Add a user."""
    return add_resource(database, user_type(), {"userName": user_name, **attributes}, at)


def add_group(database: Database, display_name: str, *members: StoredResource) -> StoredResource:
    """Add a group with members."""
    group = add_resource(database, group_type(), {"displayName": display_name})
    rows = [Member(group.id, member.id, member.resource_type) for member in members]
    database.transact(lambda unit: unit.members.add(rows))
    return group


def new_verification(user_id: str, at: datetime = AT, **changes: Any) -> Verification:
    """Make a live verification of a user."""
    verification = Verification(
        id=new_id(),
        user_id=user_id,
        purpose=Purpose.MOBILE,
        scenario=Scenario.MOBILE_ON_UPDATE,
        target=Target("0123 456789", "0123456789"),
        kid="k1",
        digest=f"digest of {user_id}",
        generation=1,
        attempts=0,
        sends=1,
        status=Status.PENDING,
        created_at=at,
        sent_at=at,
        expires_at=at + timedelta(minutes=5),
        pending_until=at + timedelta(days=1),
        original_key="0111111111",
        locale="en",
    )
    return replace(verification, **changes)


def add_verification(database: Database, user_id: str, **changes: Any) -> Verification:
    """Add a live verification of a user."""
    verification = new_verification(user_id, **changes)
    database.transact(lambda unit: unit.verifications.add(verification))
    return verification


def add_delivery(database: Database, verification: Verification, at: datetime = AT) -> Delivery:
    """Queue the code of a verification."""
    delivery = Delivery.queue(new_id(), verification, at)
    database.transact(lambda unit: unit.deliveries.add(delivery))
    return delivery


def new_event(subject_id: str | None = None, at: datetime = AT, **changes: Any) -> AuditEvent:
    """Make an event of the audit trail."""
    return replace(
        AuditEvent(new_id(), at, "verification.requested", "admin", subject_id, {"status": "pending"}, "r1", "::1"),
        **changes,
    )


def everything_stored(application: Application) -> str:
    """Return all that is in the database of an application, as text."""
    engine = application.services.core.database._engine
    with engine.connect() as connection:
        return "\n".join(
            str(row) for table in metadata.sorted_tables for row in connection.execute(table.select()).fetchall()
        )
