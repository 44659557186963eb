"""The audit trail: what was done, by whom, on whose behalf; a row in the transaction of the deed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from api.identifiers import new_id
from persistence.audit import AuditEvent
from verification.verifications import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from api.services.callers import Caller
    from persistence.unit_of_work import UnitOfWork
    from verification.verifications import Verification


class Deed(StrEnum):
    """What is put on record."""

    SENDS_BLOCKED = "sends.blocked"  # hardly any code sent to a prefix or a country came back
    SENDS_UNBLOCKED = "sends.unblocked"  # before its time
    RESOURCE_CREATED = "resource.created"
    RESOURCE_CHANGED = "resource.changed"
    RESOURCE_REMOVED = "resource.removed"
    VERIFICATION_REQUESTED = "verification.requested"
    VERIFICATION_RESENT = "verification.resent"
    VERIFICATION_CHECKED = "verification.checked"  # a wrong or late check
    VERIFICATION_APPROVED = "verification.approved"
    VERIFICATION_ENDED = "verification.ended"
    PHONE_CHANGED = "user.phone_changed"
    EMAIL_CHANGED = "user.email_changed"
    METHOD_ADDED = "method.added"
    METHOD_CHANGED = "method.changed"
    METHOD_REMOVED = "method.removed"
    PASS_USED = "method.pass_used"  # noqa: S105 - the name of a deed
    SESSIONS_REVOKED = "session.all_ended"
    MFA_RESET_BEGUN = "mfa.reset_begun"
    MFA_RESET = "mfa.reset"
    PRUNED = "records.pruned"  # what had been kept for long enough was removed, of the trail as well
    USERS_EXPORTED = "users.exported"  # somebody took a copy of them
    IMPORT_BEGUN = "users.import_begun"
    IMPORT_REMOVED = "users.import_removed"
    AUDIT_EXPORTED = "audit.exported"  # somebody took a copy of the trail
    CHANGE_REVERTED = "user.change_reverted"
    NUMBERS_ASSERTED = "user.numbers_asserted"  # a privileged caller said they are proved
    ADDRESSES_ASSERTED = "user.addresses_asserted"
    SESSION_BEGUN = "session.begun"
    SESSION_ENDED = "session.ended"
    PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - the name of a deed
    INVITED = "user.invited"
    INVITATION_ACCEPTED = "user.invitation_accepted"
    FACTOR_ADDED = "mfa.factor_added"
    FACTOR_REMOVED = "mfa.factor_removed"
    RECOVERY_CODES_MADE = "mfa.recovery_codes_made"
    RECOVERY_CODE_USED = "mfa.recovery_code_used"
    POLICY_CHANGED = "mfa.policy_changed"
    RESTORE_BEGUN = "restore.begun"
    RESTORE_REFUSED = "restore.refused"
    PHONE_RESTORED = "user.phone_restored"
    RULE_SET = "governance.set"
    RULE_REVERTED = "governance.reverted"
    SENDER_ADDED = "sender.added"
    SENDER_CHANGED = "sender.changed"
    SENDER_REMOVED = "sender.removed"
    SENDER_TRIED = "sender.tried"  # a message was sent to find out whether it arrives
    SIGNED_IN = "sign_in.succeeded"
    SIGN_IN_FAILED = "sign_in.failed"
    ADMINISTRATOR_CHANGED = "administrator.changed"  # what somebody may do in the Console
    CLIENT_ADDED = "client.added"
    CLIENT_CHANGED = "client.changed"
    CLIENT_SECRET_ROTATED = "client.secret_rotated"  # noqa: S105 - the name of a deed
    CLIENT_REMOVED = "client.removed"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    GRANT_GIVEN = "grant.given"  # a code was issued
    GRANT_REDEEMED = "grant.redeemed"  # it became tokens
    GRANT_ENDED = "grant.ended"
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - the name of a deed


CHANGED: Mapping[Purpose, Deed] = {Purpose.MOBILE: Deed.PHONE_CHANGED, Purpose.EMAIL: Deed.EMAIL_CHANGED}
"""The deed of another primary value, by the purpose of the kind of contact."""
ASSERTED: Mapping[Purpose, Deed] = {
    Purpose.MOBILE: Deed.NUMBERS_ASSERTED,
    Purpose.EMAIL: Deed.ADDRESSES_ASSERTED,
}


def record(
    unit: UnitOfWork, deed: Deed, caller: Caller, subject_id: str | None, at: datetime, **detail: str | int | None
) -> None:
    """Put a deed on record; details are masked before they come here."""
    unit.audit.add(
        AuditEvent(
            id=new_id(),
            at=at,
            event=deed,
            actor=caller.subject,
            subject_id=subject_id,
            detail={name: value for name, value in detail.items() if value is not None},
            request_id=caller.request_id,
            ip=caller.ip,
        )
    )


def record_verification(
    unit: UnitOfWork, deed: Deed, caller: Caller, verification: Verification, at: datetime, reason: str | None = None
) -> None:
    """Put what became of a verification on record."""
    record(
        unit,
        deed,
        caller,
        verification.user_id,
        at,
        verification_id=verification.id,
        scenario=verification.scenario,
        target=verification.target.masked(),
        status=verification.status,
        reason=reason,
    )
