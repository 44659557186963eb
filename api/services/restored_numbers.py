"""What is written when a proved number takes the place of a lost one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from api.services import trail
from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import stored_contact, with_contact
from api.services.notices import Owner, tell_restored
from api.services.trail import Deed
from verification.restoration import restored
from verification.targets import masked
from verification.verifications import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork

_INSTANT = timedelta(milliseconds=1)
"""A token tells its moment to the millisecond: one that is given for a restore must be later than what it ends."""


def persist_number(
    core: Core, unit: UnitOfWork, user: StoredResource, number: str, caller: Caller, at: datetime
) -> None:
    """Make a proved number the primary one in the place of a lost one, end what was begun with that, and tell of it.

    Raises:
        ChangesBlocked: a change of the number was taken back a short time ago.
    """
    document = user.document()
    before = stored_contact(document, MOBILE_NUMBERS, core.policy)
    target = MOBILE_NUMBERS.kind.stored(number, core.policy)
    after = restored(before, target, core.policy)
    tell_restored(core, unit, Owner(user.id, document), before=before, after=after, at=at)
    live = unit.verifications.find_live(user.id, Purpose.MOBILE)
    if live is not None:
        canceled = live.cancel(at)
        unit.verifications.save(canceled, expected=live)
        trail.record_verification(unit, Deed.VERIFICATION_ENDED, caller, canceled, at, "phone restored")
    unit.resources.save(user, core.user_type, with_contact(document, MOBILE_NUMBERS, after, None, before=document), at)
    unit.revocations.add(user.id, at - _INSTANT, at)
    old = {"before": masked(before.primary.text)} if before.primary else {}
    trail.record(unit, Deed.PHONE_RESTORED, caller, user.id, at, after=target.masked(), **old)
